import {legacyId, list, object, text, words} from './document.ts'
import type {Entry} from './orders.ts'

export type SearchWarning = Readonly<{field: string; message: string; code: string}>

/** One condition of a search; `field` is null for a bare word. */
export type Term = Readonly<{field: string | null; operator: string; value: string; isQuoted: boolean}>

export type Test = (entry: Entry) => boolean

/** An id may be given as a number or as a global id. */
export function digitsOf(id: string): string {
  return /(\d+)$/.exec(id)?.[1] ?? ''
}

export const INVALID_FIELD = {message: 'Invalid search field for this query.', code: 'invalid_field'}
const INVALID_VALUE = {message: 'Input value is invalid for this search field.', code: 'invalid_value'}

/** What a term lets through; a faulty one lets everything through and leaves a warning. */
export function termTest(term: Term, warnings: SearchWarning[]): Test {
  const {field, value} = term
  if (field === null) return named(value)
  const time = TIMES.get(field)
  if (time !== undefined) return timeTest(term, time, warnings)
  const testFor = FIELDS.get(field)
  if (testFor === undefined) {
    warnings.push({field, ...INVALID_FIELD})
    return () => true
  }
  return testFor(value)
}

const TIMES: ReadonlyMap<string, (entry: Entry) => number> = new Map(
  Object.entries({
    created_at: (entry) => entry.createdAt,
    updated_at: (entry) => entry.updatedAt,
    processed_at: (entry) => entry.processedAt,
  }),
)

const DAY_MS = 86_400_000

export function timeTest<S>(
  term: Term,
  timeOf: (subject: S) => number,
  warnings: SearchWarning[],
): (subject: S) => boolean {
  const {field, operator, value, isQuoted} = term
  // A colon in a bare value starts another field on Shopify, so the range is lost without an error.
  if (!isQuoted && value.includes(':')) {
    warnings.push({field: value.split(':', 1)[0]?.slice(-2) ?? '', ...INVALID_FIELD})
    return () => true
  }
  const from = Date.parse(value)
  if (Number.isNaN(from)) {
    warnings.push({field: field ?? '', ...INVALID_VALUE})
    return () => true
  }
  const end = from + (value.length === 10 ? DAY_MS : 1)
  const tests: Readonly<Record<string, (at: number) => boolean>> = {
    '>=': (at) => at >= from,
    '>': (at) => at > from,
    '<': (at) => at < from,
    '<=': (at) => at <= from,
  }
  const test = tests[operator] ?? ((at) => at >= from && at < end)
  return (entry) => test(timeOf(entry))
}

/** Compares texts without regard to case; a trailing * stands for anything. */
function like(wanted: string, textOf: (entry: Entry) => string | null): Test {
  const text = wanted.toLowerCase()
  const prefix = text.slice(0, -1)
  if (text.endsWith('*')) return (entry) => textOf(entry)?.toLowerCase().startsWith(prefix) === true
  return (entry) => (textOf(entry) ?? '').toLowerCase() === text
}

function named(value: string): Test {
  return like(value.replace('#', ''), (entry) => entry.name.replace('#', ''))
}

function tagged(value: string): Test {
  const wanted = value.toLowerCase()
  return ({document}) => words(document, 'tags').some((tag) => tag.toLowerCase() === wanted)
}

function sold(value: string): Test {
  const wanted = value.toLowerCase()
  return ({document}) => list(document, 'line_items').some((line) => text(line, 'sku')?.toLowerCase() === wanted)
}

const member = (key: string) => (value: string) => like(value, ({document}) => text(document, key))
const unlessAny = (testFor: (value: string) => Test) => (value: string) =>
  value === 'any' ? () => true : testFor(value)

const FIELDS: ReadonlyMap<string, (value: string) => Test> = new Map(
  Object.entries({
    id: (value) => (entry) => entry.id === digitsOf(value),
    name: named,
    email: member('email'),
    po_number: member('po_number'),
    source_name: member('source_name'),
    customer_id:
      (value) =>
      ({document}) =>
        legacyId(object(document, 'customer') ?? {}) === value,
    sku: sold,
    tag: tagged,
    tag_not: (value) => (entry) => !tagged(value)(entry),
    gateway:
      (value) =>
      ({document}) =>
        words(document, 'payment_gateway_names').includes(value),
    financial_status: unlessAny(member('financial_status')),
    fulfillment_status: unlessAny((value) =>
      like(value, ({document}) => FULFILLED[text(document, 'fulfillment_status') ?? ''] ?? 'unfulfilled'),
    ),
    test:
      (value) =>
      ({document}) =>
        (document.test === true) === (value === 'true'),
    status:
      (value) =>
      ({document}) =>
        STATUSES.get(value)?.(isSet(document.closed_at), isSet(document.cancelled_at)) ?? true,
  }),
)

const FULFILLED: Readonly<Record<string, string>> = {fulfilled: 'fulfilled', partial: 'partial', restocked: 'restocked'}

const STATUSES: ReadonlyMap<string, (closed: boolean, cancelled: boolean) => boolean> = new Map(
  Object.entries({
    open: (closed, cancelled) => !closed && !cancelled,
    closed: (closed, cancelled) => closed && !cancelled,
    cancelled: (_closed, cancelled) => cancelled,
    not_closed: (closed) => !closed,
  }),
)

function isSet(value: unknown): boolean {
  return typeof value === 'string'
}
