import type {FieldValue, StoredLine, StoredRecord} from '../engine-types.ts'
import {Refused} from '../refused.ts'
import {customer as schema} from '../schema/lists.ts'
import type {State} from '../state.ts'
import {isTrue, textOf} from '../values.ts'
import {require} from './check.ts'

export type CustomerRules = Readonly<{
  state: State
  /** OneWorld: a customer belongs to a subsidiary. */
  oneWorld: boolean
  /** Without auto-generated numbers the name is the entity's id and must be unique. */
  uniqueNames: boolean
}>

type CustomerDraft = Readonly<{id: string; fields: Record<string, FieldValue>; lines: Record<string, StoredLine[]>}>

/** Completes a customer as NetSuite does when it is saved: names, number, defaults. Throws Refused. */
export function completeCustomer(rules: CustomerRules, draft: CustomerDraft, held: StoredRecord | undefined): void {
  const {fields} = draft
  if (held === undefined) setDefaults(rules.state, fields)
  require(fields, schema.fields, isTrue(fields['isPerson']) ? ['lastName'] : ['companyName'])
  if (rules.oneWorld) require(fields, schema.fields, ['subsidiary'])
  const name = isTrue(fields['isPerson'])
    ? [fields['firstName'], fields['middleName'], fields['lastName']]
        .filter((part) => typeof part === 'string')
        .join(' ')
    : (textOf(fields['companyName']) ?? '')
  const generated = textOf(fields['entityId']) === undefined
  if (generated) fields['entityId'] = rules.uniqueNames ? name : `CUS${draft.id}`
  fields['altName'] = name
  // A generated number is unique by itself; looking through all entities each time would cost too much.
  if (!generated && fields['entityId'] !== held?.fields['entityId']) checkUnique(rules, draft)
  else if (rules.uniqueNames) checkUnique(rules, draft)
  oneDefault(draft.lines['addressbook'] ?? [], 'defaultShipping')
  oneDefault(draft.lines['addressbook'] ?? [], 'defaultBilling')
}

function setDefaults(state: State, fields: Record<string, FieldValue>): void {
  fields['isPerson'] ??= false
  fields['isInactive'] ??= false
  fields['stage'] = 'CUSTOMER'
  fields['currency'] ??= baseCurrency(state)
}

function baseCurrency(state: State): FieldValue {
  const base = [...state.records('currency')].find((currency) => isTrue(currency.fields['isBaseCurrency']))
  return base === undefined ? null : state.refTo(base)
}

/** Two customers with one number cannot be told apart on any list (codes of NetSuite's StatusDetailCodeType). */
function checkUnique({state, uniqueNames}: CustomerRules, {id, fields}: CustomerDraft): void {
  const number = textOf(fields['entityId'])?.toLowerCase()
  for (const other of state.records('entity')) {
    if (other.id === id || textOf(other.fields['entityId'])?.toLowerCase() !== number) continue
    if (uniqueNames) throw new Refused('DUP_ENTITY', 'This entity already exists.', 'entityId')
    throw new Refused(
      'UNIQUE_CUST_ID_REQD',
      'A customer record with this ID already exists. You must enter a unique customer ID for each record you create.',
      'entityId',
    )
  }
}

/** An address book has at most one default of each kind: the last one set. */
function oneDefault(lines: readonly StoredLine[], name: string): void {
  const last = lines.findLast((line) => isTrue(line.fields[name]))
  for (const line of lines) if (line !== last && isTrue(line.fields[name])) line.fields[name] = false
}
