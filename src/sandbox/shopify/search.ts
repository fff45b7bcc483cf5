import type {Entry} from './orders.ts'
import {digitsOf, termTest, type SearchWarning, type Term} from './search-terms.ts'

/** A part of a search: what it lets through; `ids` are the only subjects that can pass, null when any may. */
type Part<S> = Readonly<{test: (subject: S) => boolean; ids: readonly string[] | null}>

/** A parsed `query` argument: what it lets through, and what Shopify would warn about instead of refusing. */
export type Search = Part<Entry> & Readonly<{warnings: readonly SearchWarning[]}>

type Token = Readonly<{kind: 'open' | 'close' | 'or' | 'and' | 'not'}> | (Readonly<{kind: 'term'}> & Term)

const TOKEN =
  /\s*(?:(\()|(\))|(-(?=\S))|(?:([\w.-]+):)?(>=|<=|>|<|=)?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s()]*)))/y

/**
 * Parses Shopify's search syntax (Shopify: API search syntax): terms side by side or joined by AND, OR, NOT or "-",
 * parentheses, comparators, quoted values, a trailing * for prefixes. As on Shopify a wrong filter is never refused:
 * an unknown field is ignored with a warning, and so is a timestamp without quotes, whose colons read as further fields.
 */
export function parseSearch(query: string): Search {
  const warnings: SearchWarning[] = []
  return {...parseTerms<Entry>(query, (term) => termTest(term, warnings)), warnings}
}

/** Parses the same syntax over any kind of subject; `testOf` says what a single term lets through. */
export function parseTerms<S>(query: string, testOf: (term: Term) => (subject: S) => boolean): Part<S> {
  return new Parser(tokenize(query), testOf).parse()
}

class Parser<S> {
  readonly #tokens: readonly Token[]
  readonly #testOf: (term: Term) => (subject: S) => boolean
  #at = 0

  constructor(tokens: readonly Token[], testOf: (term: Term) => (subject: S) => boolean) {
    this.#tokens = tokens
    this.#testOf = testOf
  }

  parse(): Part<S> {
    return this.#any()
  }

  #any(): Part<S> {
    const parts = [this.#all()]
    while (this.#tokens[this.#at]?.kind === 'or') {
      this.#at += 1
      parts.push(this.#all())
    }
    if (parts.length === 1) return parts[0] as Part<S>
    const ids = parts.map((part) => part.ids)
    return {
      test: (subject) => parts.some((part) => part.test(subject)),
      ids: ids.every((one) => one !== null) ? ids.flat() : null,
    }
  }

  #all(): Part<S> {
    const parts: Part<S>[] = []
    for (;;) {
      const token = this.#tokens[this.#at]
      if (token === undefined || token.kind === 'close' || token.kind === 'or') break
      this.#at += 1
      if (token.kind !== 'and') parts.push(this.#one(token))
    }
    const ids = parts.find((part) => part.ids !== null)?.ids ?? null
    return {test: (subject) => parts.every((part) => part.test(subject)), ids}
  }

  #one(token: Token): Part<S> {
    if (token.kind === 'not') {
      const next = this.#tokens[this.#at]
      this.#at += 1
      const part = next === undefined ? null : this.#one(next)
      return {test: (subject) => part?.test(subject) === false, ids: null}
    }
    if (token.kind === 'open') {
      const part = this.#any()
      if (this.#tokens[this.#at]?.kind === 'close') this.#at += 1
      return part
    }
    if (token.kind !== 'term') return {test: () => true, ids: null}
    return {test: this.#testOf(token), ids: token.field === 'id' ? [digitsOf(token.value)] : null}
  }
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
