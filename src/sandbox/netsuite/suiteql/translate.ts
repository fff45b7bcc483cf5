import {DISPLAYED, SUPPORTED} from './functions.ts'
import {tableNames} from './tables.ts'
import {BadQuery, type Token, tokensOf, UNSUPPORTED} from './tokens.ts'

export type Translated = Readonly<{
  /** For Postgres, with $1, $2, … */
  sql: string
  params: number
  /** alias → table, in order; error texts name them. */
  aliases: ReadonlyMap<string, string>
}>

/** Words that may stand before a parenthesis without naming a function. */
const WORDS = new Set(
  `select from where and or not in exists on join inner left right full outer cross when then else case end as by having union all any some
  between like distinct minus intersect over partition order group is null asc desc nulls first last fetch next only row rows offset with ties
  escape`.split(/\s+/),
)
/** What no statement may hold (NetSuite help article_0824094533, section_156257796125; LIMIT does not exist). */
const REFUSED = new Set(
  `limit with rownum top into insert update delete merge create alter drop truncate grant lateral returning using for table values`.split(
    ' ',
  ),
)
const MOST_IN_LIST = 1000

/** Translates one SuiteQL statement. `hidden` are columns that the account no longer has. Throws BadQuery. */
export function translate(statement: string, hidden: ReadonlySet<string>): Translated {
  const tokens = tokensOf(statement)
  if (word(tokens[0]) !== 'select' && tokens[0]?.text !== '(') throw new BadQuery(UNSUPPORTED)
  const aliases = aliasesOf(tokens)
  refuse(tokens, aliases, hidden)
  const out: string[] = []
  let params = 0
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (token === undefined) break
    if (word(token) === 'builtin') {
      const [text, next] = builtin(tokens, at)
      out.push(text)
      at = next
    } else if (token.kind === 'param') out.push(`$${++params}`)
    else out.push(translated(token, word(tokens[at + 1]) ?? tokens[at + 1]?.text, tokens[at - 1]?.text))
  }
  return {sql: out.join(' ').replaceAll(' . ', '.'), params, aliases}
}

function word(token: Token | undefined): string | undefined {
  return token?.kind === 'word' ? token.text.toLowerCase() : undefined
}

function translated(token: Token, next: string | undefined, before: string | undefined): string {
  // As in Oracle, the empty string is no value.
  if (token.kind === 'string') return token.text === "''" ? 'NULL' : token.text
  if (token.kind === 'quoted') return token.text.toLowerCase()
  if (token.kind !== 'word' || before === '.') return token.text
  switch (token.text.toLowerCase()) {
    case 'nvl':
      return next === '(' ? 'COALESCE' : token.text
    case 'sysdate':
    case 'current_date':
    case 'current_timestamp':
      return '_now()'
    case 'minus':
      return 'EXCEPT'
    default:
      return token.text
  }
}

/** BUILTIN.CF and BUILTIN.DF of a column; everything else of BUILTIN is not played. */
function builtin(tokens: readonly Token[], at: number): [text: string, last: number] {
  const [, dot, name, open, ...rest] = tokens.slice(at, at + 8)
  const close = rest.findIndex((token) => token.text === ')')
  const path = rest.slice(0, close).map((token) => token.text)
  const column = path.at(-1)?.toLowerCase() ?? ''
  if (dot?.text !== '.' || open?.text !== '(' || close < 0 || (path.length !== 1 && path.length !== 3))
    throw new BadQuery(UNSUPPORTED)
  const full = path.join('')
  const composite = `${path.slice(0, -1).join('')}"status$cf"`
  const last = at + 4 + close
  switch (word(name)) {
    case 'cf':
      return [column === 'status' ? composite : full, last]
    case 'df':
      if (column === 'status') return [`_status_name(${composite})`, last]
      return [DISPLAYED[column] === undefined ? full : `_display('${DISPLAYED[column]}', ${full})`, last]
    default:
      throw new BadQuery(UNSUPPORTED)
  }
}

/** Tables after FROM, JOIN and commas of a FROM list, with their aliases. Throws BadQuery for unknown ones. */
function aliasesOf(tokens: readonly Token[]): Map<string, string> {
  const aliases = new Map<string, string>()
  const depths: {select: boolean; from: boolean}[] = [{select: true, from: false}]
  for (let at = 0; at < tokens.length; at++) {
    const current = depths.at(-1)
    const token = tokens[at]
    if (token === undefined || current === undefined) break
    if (token.text === '(') depths.push({select: word(tokens[at + 1]) === 'select', from: false})
    else if (token.text === ')') depths.pop()
    const name = word(token)
    const startsFrom = name === 'from' && current.select
    if (startsFrom) current.from = true
    if (['where', 'group', 'order', 'union', 'minus', 'fetch', 'having', 'intersect'].includes(name ?? ''))
      current.from = false
    if (!startsFrom && name !== 'join' && !(token.text === ',' && current.from)) continue
    const table = tokens[at + 1]
    if (table?.text === '(') {
      // Only a subselect may stand in parentheses; its own FROM is checked when its turn comes.
      if (word(tokens.slice(at + 1).find((each) => each.text !== '(')) !== 'select') throw new BadQuery(UNSUPPORTED)
      continue
    }
    const tableName = word(table) ?? ''
    if (!tableNames.has(tableName)) throw new BadQuery(`Invalid search type: ${table?.text ?? ''}.`)
    const alias = word(tokens[at + 2]) === 'as' ? word(tokens[at + 3]) : word(tokens[at + 2])
    aliases.set(alias === undefined || WORDS.has(alias) ? tableName : alias, tableName)
  }
  return aliases
}

function refuse(tokens: readonly Token[], aliases: ReadonlyMap<string, string>, hidden: ReadonlySet<string>): void {
  let display = false
  let grouped = false
  for (const [at, token] of tokens.entries()) {
    const name = word(token)
    const before = tokens[at - 1]?.text
    if (
      tokens[at + 1]?.text === '(' &&
      (token.kind === 'quoted' || (before === '.' && word(tokens[at - 2]) !== 'builtin'))
    ) {
      throw new BadQuery(UNSUPPORTED)
    }
    if (name === undefined) continue
    if (hidden.has(name)) throw new BadQuery(unknownIdentifier(name, aliases))
    // "Fetch … with ties" and columns behind a dot are no statements.
    if (REFUSED.has(name) && before !== '.' && !isAlias(tokens, at)) throw new BadQuery(UNSUPPORTED)
    if (name.startsWith('_') || name.startsWith('pg_') || name === 'information_schema') throw new BadQuery(UNSUPPORTED)
    if (name === 'group' || name === 'distinct') grouped = true
    if (name === 'builtin' && word(tokens[at + 2]) === 'df') display = true
    if (tokens[at + 1]?.text === '(' && before !== '.' && !mayOpen(name)) throw new BadQuery(UNSUPPORTED)
    if (name === 'in' && listLength(tokens, at + 1) > MOST_IN_LIST) throw new BadQuery(UNSUPPORTED)
  }
  if (display && grouped) throw new BadQuery(UNSUPPORTED)
}

/** LEFT and RIGHT are joins here, never functions. */
function mayOpen(name: string): boolean {
  return SUPPORTED.has(name) || (WORDS.has(name) && name !== 'left' && name !== 'right')
}

function isAlias(tokens: readonly Token[], at: number): boolean {
  return word(tokens[at - 1]) === 'as'
}

function listLength(tokens: readonly Token[], open: number): number {
  if (tokens[open]?.text !== '(' || word(tokens[open + 1]) === 'select') return 0
  let depth = 0
  let commas = 0
  for (let at = open; at < tokens.length; at++) {
    const text = tokens[at]?.text
    if (text === '(') depth += 1
    if (text === ')' && --depth === 0) return commas + 1
    if (text === ',' && depth === 1) commas += 1
  }
  return commas + 1
}

export function unknownIdentifier(name: string, aliases: ReadonlyMap<string, string>): string {
  const available = [...aliases].map(([alias, table]) => `${alias}=${table}`).join(', ')
  return `Search error occurred: Unknown identifier '${name}'. Available identifiers are: {${available}}.`
}
