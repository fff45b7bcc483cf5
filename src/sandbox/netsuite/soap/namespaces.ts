/** The endpoints that the sandbox plays. 2025.2 is the last SOAP endpoint (NetSuite help article_2104046421). */
export const versions = ['2025_2', '2023_2'] as const
export type Version = (typeof versions)[number]

export const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/'
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
export const XSD = 'http://www.w3.org/2001/XMLSchema'
export const AXIS = 'http://xml.apache.org/axis/'

const groups = {
  messages: 'platform',
  core: 'platform',
  common: 'platform',
  faults: 'platform',
  relationships: 'lists',
  accounting: 'lists',
  sales: 'transactions',
  customers: 'transactions',
  purchases: 'transactions',
  bank: 'transactions',
} as const

/** An area of the schema; each has a namespace of its own in each version. */
export type Area = keyof typeof groups
export const areas = Object.keys(groups) as readonly Area[]

/** The namespace of an area: `urn:<area>_<version>.<group>.webservices.netsuite.com`. */
export function namespaceOf(area: Area, version: Version): string {
  return `urn:${area}_${version}.${groups[area]}.webservices.netsuite.com`
}

const uris = new Map(versions.flatMap((v) => areas.map((a) => [namespaceOf(a, v), {area: a, version: v}] as const)))

/** The area and version that a namespace URI names, or undefined for a foreign one. */
export function areaOf(uri: string): Readonly<{area: Area; version: Version}> | undefined {
  return uris.get(uri)
}
