import {legacyId, list, object, text, words} from './document.ts'
import type {Entry} from './orders.ts'

export type SearchWarning = Readonly<{field: string; message: string; code: string}>
type Test = (entry: Entry) => boolean

/** A parsed `query` argument: what it lets through, and what Shopify would warn about instead of refusing. */
export type Search = Readonly<{matches: Test; warnings: readonly SearchWarning[]}>

type Token = Readonly<{kind: 'open' | 'close' | 'or' | 'and' | 'not'}> | Term
type Term = Readonly<{kind: 'term'; field: string | null; operator: string; value: string; isQuoted: boolean}>

const TOKEN =
  /\s*(?:(\()|(\))|(-(?=\S))|(?:([\w-]+):)?(>=|<=|>|<|=)?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s()]*)))/y

/**
 * Parses Shopify's search syntax (Shopify: API search syntax): terms side by side or joined by AND, OR, NOT or "-",
 * parentheses, comparators, quoted values, a trailing * for prefixes. As on Shopify a wrong filter is never refused:
 * an unknown field is ignored with a warning, and so is a timestamp without quotes, whose colons read as further fields.
 */
export function parseSearch(query: string): Search {
  const tokens = tokenize(query)
  const warnings: SearchWarning[] = []
  let at = 0

  function any(): Test {
    const tests = [all()]
    while (tokens[at]?.kind === 'or') {
      at += 1
      tests.push(all())
    }
    return tests.length === 1 ? (tests[0] as Test) : (entry) => tests.some((test) => test(entry))
  }

  function all(): Test {
    const tests: Test[] = []
    for (
      let token = tokens[at];
      token !== undefined && token.kind !== 'close' && token.kind !== 'or';
      token = tokens[at]
    ) {
      at += 1
      if (token.kind !== 'and') tests.push(one(token))
    }
    return (entry) => tests.every((test) => test(entry))
  }

  function one(token: Token): Test {
    if (token.kind === 'not') {
      const next = tokens[at]
      at += 1
      const test = next === undefined ? () => false : one(next)
      return (entry) => !test(entry)
    }
    if (token.kind === 'open') {
      const test = any()
      if (tokens[at]?.kind === 'close') at += 1
      return test
    }
    return token.kind === 'term' ? termTest(token, warnings) : () => true
  }

  const matches = any()
  return {matches, warnings}
}

function tokenize(query: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < query.length) {
    const match = TOKEN.exec(query)
    if (match === null || match[0] === '') break
    const [, open, close, minus, field, operator, single, double, bare] = match
    const value = (single ?? double)?.replaceAll(/\\(.)/g, '$1') ?? bare ?? ''
    const isWord = field === undefined && operator === undefined && bare !== undefined
    if (open !== undefined) tokens.push({kind: 'open'})
    else if (close !== undefined) tokens.push({kind: 'close'})
    else if (minus !== undefined || (isWord && value === 'NOT')) tokens.push({kind: 'not'})
    else if (isWord && (value === 'OR' || value === 'AND')) tokens.push({kind: value === 'OR' ? 'or' : 'and'})
    else if (field !== undefined || value !== '') {
      tokens.push({kind: 'term', field: field ?? null, operator: operator ?? '=', value, isQuoted: bare === undefined})
    }
  }
  return tokens
}

const INVALID_FIELD = {message: 'Invalid search field for this query.', code: 'invalid_field'}
const INVALID_VALUE = {message: 'Input value is invalid for this search field.', code: 'invalid_value'}

function termTest(term: Term, warnings: SearchWarning[]): Test {
  const {field, value} = term
  if (field === null) return (entry) => sameText(entry.name.replace('#', ''), value.replace('#', ''))
  const time = TIMES[field]
  if (time !== undefined) return timeTest(term, time, warnings)
  const test = FIELDS[field]
  if (test === undefined) {
    warnings.push({field, ...INVALID_FIELD})
    return () => true
  }
  return (entry) => test(entry, value)
}

const TIMES: Readonly<Record<string, (entry: Entry) => number>> = {
  created_at: (entry) => entry.createdAt,
  updated_at: (entry) => entry.updatedAt,
  processed_at: (entry) => entry.processedAt,
}

const DAY_MS = 86_400_000

function timeTest(term: Term, timeOf: (entry: Entry) => number, warnings: SearchWarning[]): Test {
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

function sameText(held: string | null, wanted: string): boolean {
  const [a, b] = [(held ?? '').toLowerCase(), wanted.toLowerCase()]
  return b.endsWith('*') ? a.startsWith(b.slice(0, -1)) : a === b
}

const FIELDS: Readonly<Record<string, (entry: Entry, value: string) => boolean>> = {
  id: (entry, value) => entry.id === (/(\d+)$/.exec(value)?.[1] ?? ''),
  name: (entry, value) => sameText(entry.name.replace('#', ''), value.replace('#', '')),
  email: ({document}, value) => sameText(text(document, 'email'), value),
  customer_id: ({document}, value) => legacyId(object(document, 'customer') ?? {}) === value,
  po_number: ({document}, value) => sameText(text(document, 'po_number'), value),
  source_name: ({document}, value) => sameText(text(document, 'source_name'), value),
  sku: ({document}, value) => list(document, 'line_items').some((line) => sameText(text(line, 'sku'), value)),
  tag: ({document}, value) => words(document, 'tags').some((tag) => sameText(tag, value)),
  tag_not: ({document}, value) => !words(document, 'tags').some((tag) => sameText(tag, value)),
  gateway: ({document}, value) => words(document, 'payment_gateway_names').some((name) => sameText(name, value)),
  financial_status: ({document}, value) => value === 'any' || sameText(text(document, 'financial_status'), value),
  fulfillment_status: ({document}, value) =>
    value === 'any' || sameText(FULFILLED[text(document, 'fulfillment_status') ?? ''] ?? 'unfulfilled', value),
  test: ({document}, value) => (document.test === true) === (value === 'true'),
  status: ({document}, value) => STATUSES[value]?.(isSet(document.closed_at), isSet(document.cancelled_at)) ?? true,
}

const FULFILLED: Readonly<Record<string, string>> = {fulfilled: 'fulfilled', partial: 'partial', restocked: 'restocked'}

const STATUSES: Readonly<Record<string, (closed: boolean, cancelled: boolean) => boolean>> = {
  open: (closed, cancelled) => !closed && !cancelled,
  closed: (closed, cancelled) => closed && !cancelled,
  cancelled: (_closed, cancelled) => cancelled,
  not_closed: (closed) => !closed,
}

function isSet(value: unknown): boolean {
  return typeof value === 'string'
}
