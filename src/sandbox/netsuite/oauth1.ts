export type OAuth1Header = Readonly<{
  realm: string
  /** Decoded parameters without realm. */
  params: ReadonlyMap<string, string>
}>

/** Reads an `Authorization: OAuth …` header; null when it is none. */
export function parseOAuth1(header: string): OAuth1Header | null {
  if (!/^oauth\s/i.test(header)) return null
  const params = new Map<string, string>()
  for (const [, name = '', value = ''] of header.slice(6).matchAll(/([A-Za-z_]+)\s*=\s*"([^"]*)"/g)) {
    params.set(name, decoded(value))
  }
  const realm = params.get('realm') ?? ''
  params.delete('realm')
  return {realm, params}
}

/** Text without its %-escapes; as it is where they are broken. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return text
    throw error
  }
}

/** RFC 3986, as OAuth 1.0a wants it. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** The signature base string: NetSuite help section_1534941295; realm and signature are not signed, query parameters are. */
export function signatureBase(method: string, url: string, params: ReadonlyMap<string, string>): string {
  const {protocol, host, pathname, search} = new URL(url)
  const pairs: [string, string][] = [...params].filter(([name]) => name !== 'oauth_signature')
  for (const part of search
    .slice(1)
    .split('&')
    .filter((each) => each !== '')) {
    const at = part.indexOf('=')
    // Only %-escapes are decoded: a "+" is a plus sign here, which is why clients must send blanks as %20.
    const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)]
    pairs.push([decoded(name), decoded(value)])
  }
  const sorted = pairs
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  return [method.toUpperCase(), encoded(`${protocol}//${host}${pathname}`), encoded(sorted)].join('&')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
