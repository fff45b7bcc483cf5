import type {Criterion, Engine, Operator, StoredRecord} from '../engine-types.ts'
import type {RecordSchema} from '../schema/fields.ts'

/** Operators of the q parameter (NetSuite help subsect_1545222128 family) → the engine's; `not` turns the result round. */
const OPERATORS: Readonly<Record<string, Readonly<{operator: Operator; not?: true}>>> = {
  IS: {operator: 'is'},
  IS_NOT: {operator: 'isNot'},
  EQUAL: {operator: 'equal'},
  EQUAL_NOT: {operator: 'equal', not: true},
  ANY_OF: {operator: 'anyOf'},
  ANY_OF_NOT: {operator: 'noneOf'},
  CONTAIN: {operator: 'contains'},
  CONTAIN_NOT: {operator: 'contains', not: true},
  START_WITH: {operator: 'startsWith'},
  START_WITH_NOT: {operator: 'startsWith', not: true},
  EMPTY: {operator: 'empty'},
  EMPTY_NOT: {operator: 'notEmpty'},
  GREATER: {operator: 'greaterThan'},
  GREATER_OR_EQUAL: {operator: 'greaterThanOrEqual'},
  LESS: {operator: 'lessThan'},
  LESS_OR_EQUAL: {operator: 'lessThanOrEqual'},
  ON: {operator: 'on'},
  ON_NOT: {operator: 'notOn'},
  ON_OR_AFTER: {operator: 'onOrAfter'},
  ON_OR_BEFORE: {operator: 'onOrBefore'},
  AFTER: {operator: 'after'},
  BEFORE: {operator: 'before'},
  WITHIN: {operator: 'within'},
}

/** Thrown where q cannot be read; the message names the place. */
export class BadFilter extends Error {}

type Tokens = {list: readonly string[]; at: number}

/** Records for which the filter holds, in id order. AND binds closer than OR. Throws BadFilter. */
export function filtered(engine: Engine, schema: RecordSchema, q: string): StoredRecord[] {
  const list = q.match(/"(?:[^"\\]|\\.)*"|[(),[\]]|[^\s(),[\]"]+/g) ?? []
  const tokens: Tokens = {list, at: 0}
  const found = either(engine, schema, tokens)
  if (tokens.at < list.length) throw new BadFilter(`unexpected ${list[tokens.at] ?? ''}`)
  return [...found].sort((a, b) => Number(a.id) - Number(b.id))
}

function either(engine: Engine, schema: RecordSchema, tokens: Tokens): Set<StoredRecord> {
  let found = both(engine, schema, tokens)
  while (taken(tokens, 'OR')) found = found.union(both(engine, schema, tokens))
  return found
}

function both(engine: Engine, schema: RecordSchema, tokens: Tokens): Set<StoredRecord> {
  let found = single(engine, schema, tokens)
  while (taken(tokens, 'AND')) found = found.intersection(single(engine, schema, tokens))
  return found
}

function single(engine: Engine, schema: RecordSchema, tokens: Tokens): Set<StoredRecord> {
  if (taken(tokens, '(')) {
    const found = either(engine, schema, tokens)
    if (!taken(tokens, ')')) throw new BadFilter('a parenthesis is not closed')
    return found
  }
  const name = tokens.list[tokens.at++] ?? ''
  const word = tokens.list[tokens.at++] ?? ''
  const known = OPERATORS[word.toUpperCase()]
  if (known === undefined) throw new BadFilter(`unknown operator ${word}`)
  const field = fieldOf(schema, name)
  const values = known.operator === 'empty' || known.operator === 'notEmpty' ? [] : valuesOf(tokens)
  const criterion: Criterion = {field, operator: known.operator, values}
  const found = new Set(engine.search(schema.type, [criterion]))
  return known.not === true ? new Set(engine.search(schema.type, [])).difference(found) : found
}

function fieldOf(schema: RecordSchema, name: string): string {
  if (name === 'id' || name === 'externalId') return name
  for (const [own, field] of schema.fields)
    if (own.toLowerCase() === name.toLowerCase() || field.rest === name) return own
  if (name.startsWith('cust')) return name
  throw new BadFilter(`unknown field ${name}`)
}

/** One value, or a list in brackets. */
function valuesOf(tokens: Tokens): string[] {
  if (!taken(tokens, '[')) return [valueOf(tokens)]
  const values = [valueOf(tokens)]
  while (taken(tokens, ',')) values.push(valueOf(tokens))
  if (!taken(tokens, ']')) throw new BadFilter('a list is not closed')
  return values
}

function valueOf(tokens: Tokens): string {
  const token = tokens.list[tokens.at++]
  if (token === undefined) throw new BadFilter('a value is missing')
  const text = token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text)
  if (american === null) return text
  const [, month = '', day = '', year = ''] = american
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

function taken(tokens: Tokens, token: string): boolean {
  if (tokens.list[tokens.at]?.toUpperCase() !== token) return false
  tokens.at += 1
  return true
}
