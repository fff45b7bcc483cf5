import {areas, ENVELOPE, namespaceOf, XSD, XSI, type Area, type Version} from './namespaces.ts'

/**
 * How answers are written. 'oracle': Oracle's prefixes, declared where they are first used. 'numbered': ns1, ns2, …
 * declared on the envelope. Both say the same; a client that reads by prefix breaks on the second.
 */
export type Style = 'oracle' | 'numbered'

/** Everything that an encoder needs to know of the style and version of an answer. */
export type Dialect = Readonly<{
  version: Version
  /** The prefix of an area with its colon, or '' for the default namespace. */
  prefix: Readonly<Record<Area, string>>
  /** The declaration that an element must carry when it is the first of its area on its branch, or ''. */
  declare: Readonly<Record<Area, string>>
  /** Declarations on the envelope itself. */
  envelope: string
  /** Write the fields of a record in reverse: valid for no schema, but clients should not rely on the order. */
  reverse: boolean
}>

const prefixes: Readonly<Record<Area, string>> = {
  messages: '',
  core: 'platformCore:',
  common: 'platformCommon:',
  faults: 'platformFaults:',
  relationships: 'listRel:',
  accounting: 'listAcct:',
  sales: 'tranSales:',
  customers: 'tranCust:',
  purchases: 'tranPurch:',
  bank: 'tranBank:',
}

const envelope = ` xmlns:soapenv="${ENVELOPE}" xmlns:xsd="${XSD}" xmlns:xsi="${XSI}"`
const dialects = new Map<string, Dialect>()

/** The dialect for a version, style and order; made once. */
export function dialectOf(version: Version, style: Style = 'oracle', reverse = false): Dialect {
  const key = `${version} ${style} ${reverse}`
  const known = dialects.get(key)
  if (known !== undefined) return known
  const made = style === 'oracle' ? oracle(version, reverse) : numbered(version, reverse)
  dialects.set(key, made)
  return made
}

function oracle(version: Version, reverse: boolean): Dialect {
  const declare = byArea((area) => declaration(prefixes[area], namespaceOf(area, version)))
  return {version, prefix: prefixes, declare, envelope, reverse}
}

function numbered(version: Version, reverse: boolean): Dialect {
  const prefix = byArea((area) => `ns${areas.indexOf(area) + 1}:`)
  const declared = areas.map((area) => declaration(prefix[area], namespaceOf(area, version))).join('')
  return {version, prefix, declare: byArea(() => ''), envelope: `${envelope}${declared}`, reverse}
}

function declaration(prefix: string, uri: string): string {
  return prefix === '' ? ` xmlns="${uri}"` : ` xmlns:${prefix.slice(0, -1)}="${uri}"`
}

function byArea(of: (area: Area) => string): Readonly<Record<Area, string>> {
  return Object.fromEntries(areas.map((area) => [area, of(area)])) as Record<Area, string>
}
