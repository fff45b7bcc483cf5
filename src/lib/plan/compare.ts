import type {Change} from '../core/diff.ts'
import {zero} from '../core/money.ts'
import type {HeldSalesOrder, SalesOrder, SalesOrderChange} from '../netsuite/types.ts'
import {differs, type Compared, type Field} from './field.ts'
import {headerFields, newFields, totalFields} from './fields.ts'
import {extraFields, lineFields, matchLines, type LineMatch} from './match.ts'
import {isAsWritten, pinOf, type Memory} from './memory.ts'
import {pinnedPlan} from './pins.ts'

/**
 * A customer brings defaults of its own to an order. Whether an update that names another customer keeps what stands there
 * is not documented, so what the plan decides of these is sent along, and the lines with their prices.
 */
const BROUGHT_BY_CUSTOMER = [
  'billingAddress',
  'shippingAddress',
  'email',
  'terms',
  'shipMethod',
  'shippingCost',
] as const

/**
 * What an update must write so that NetSuite holds the plan; null: nothing. Only what the plan decides is compared: a
 * field that it leaves null is NetSuite's, and so is the status. The entity is compared where it is an internal id:
 * resolve it first. Lines are complete when any of them differs; a line without a plan is not among them. An order or
 * a line that was closed in NetSuite is never reopened: describeChanges shows it.
 * @param memory what is remembered of the record: a value that a person decided to keep is left, or put back
 */
export function changesTo(planned: SalesOrder, held: HeldSalesOrder, memory?: Memory): SalesOrderChange | null {
  const fields = compareFields(planned, held, memory)
  const changed = fields.filter((field) => field.differs)
  const writes = new Set(changed.flatMap(({writes: name}) => name ?? []))
  if (writes.size === 0) return null
  const plan = pinnedPlan(planned, fields)
  if (writes.has('entity')) {
    for (const name of BROUGHT_BY_CUSTOMER) if (plan[name] !== null) writes.add(name)
    writes.add('lines')
  }
  const hasNewLines = writes.delete('lines')
  if (hasNewLines && plan.taxDetails !== null) writes.add('taxDetails')
  if (writes.has('shippingCost') && plan.shippingTaxCode !== null) writes.add('shippingTaxCode')
  const values = Object.fromEntries([...writes].map((name) => [name, valueOf(plan, name, changed)]))
  const lines = hasNewLines ? linesOf(matchLines(plan.lines, held.lines), held.status) : null
  return {type: 'salesOrder', id: held.id, fields: values, lines}
}

/**
 * Every difference between the plan and what NetSuite holds, field by field, for people; lines by their keys.
 * @param held null: NetSuite holds nothing, everything planned is new
 */
export function describeChanges(planned: SalesOrder, held: HeldSalesOrder | null, memory?: Memory): Change[] {
  const fields =
    held === null
      ? [...comparable(planned, held, matchLines(planned.lines, [])), ...newFields(planned)].filter(differs)
      : compareFields(planned, held, memory).filter((field) => field.differs)
  return fields.map((field) => ({field: field.name, held: field.held, planned: field.planned}))
}

/** Every field that is compared, with its judgement. */
export function compareFields(planned: SalesOrder, held: HeldSalesOrder, memory?: Memory): Compared[] {
  const fields = [...comparable(planned, held, matchLines(planned.lines, held.lines)), ...statusFields(planned, held)]
  return fields.map((field) => {
    if (memory === undefined) return {...field, differs: differs(field), isPinned: false}
    const pin = pinOf(field, memory)
    if (pin !== null) {
      const kept = {...field, planned: pin.value}
      return {...kept, differs: differs(kept), isPinned: true}
    }
    const isRight = isAsWritten(field, memory)
    return {...field, differs: !isRight && (field.kind === 'unread' || differs(field)), isPinned: false}
  })
}

function comparable(planned: SalesOrder, held: HeldSalesOrder | null, {pairs, extra}: LineMatch): Field[] {
  const lines = [...pairs.flatMap(lineFields), ...extra.flatMap(extraFields)]
  return [...headerFields(planned, held), ...lines, ...(held === null ? [] : totalFields(planned, held))]
}

/** Closed (H) or cancelled (C) as a whole where the plan is open: someone decided so in NetSuite. */
const ENDED: Readonly<Record<string, string>> = {H: 'closed', C: 'cancelled'}

function statusFields(planned: SalesOrder, {status}: HeldSalesOrder): Field[] {
  const ended = ENDED[status]
  if (ended === undefined || planned.lines.every((line) => line.isClosed)) return []
  return [{name: 'status', planned: planned.status, held: ended, kind: 'text', writes: null}]
}

function valueOf(planned: SalesOrder, name: keyof SalesOrder, changed: readonly Field[]): unknown {
  if (name === 'shippingCost') return planned.shippingCost ?? zero(planned.total.currency)
  if (name !== 'customFields') return planned[name]
  const differing = changed.filter(({writes}) => writes === 'customFields')
  return Object.fromEntries(differing.map((field) => [field.name.slice('customFields.'.length), field.planned ?? '']))
}

/** What is closed stays closed, and a line that joins a closed order is closed too: an open one would reopen it. */
function linesOf({pairs}: LineMatch, status: string): NonNullable<SalesOrderChange['lines']> {
  const isEnded = ENDED[status] !== undefined
  return pairs.map(({planned, held}) => ({
    line: held?.line ?? null,
    planned: isEnded || held?.isClosed === true ? {...planned, isClosed: true} : planned,
  }))
}
