/**
 * The head of an order's payload, read without the rest. Shopify writes the id first and the global id, which repeats it,
 * second (shopify.dev, "Webhooks", payloads of orders/*): a signed body that begins so is about that order, and to parse all
 * of it for a hint would cost a listener under load a fifth of its time.
 */
export type PayloadHead = Readonly<{id: string; name: string | null}>

const HEAD = /^\{"id":([1-9]\d{0,19}),"admin_graphql_api_id":"gid:\\?\/\\?\/shopify\\?\/Order\\?\/\1"/
/** More than the longest head. */
const HEAD_LENGTH = 160

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const OPENING: ReadonlySet<number> = new Set([0x7b, 0x5b])
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d])
const NAME = Buffer.from('"name":"')

/** The id and the name that a payload of orders/* begins with; null where it begins otherwise, and is to be parsed. */
export function headOf(body: Buffer): PayloadHead | null {
  const found = HEAD.exec(body.toString('latin1', 0, HEAD_LENGTH))
  const id = found?.[1]
  if (found === null || id === undefined || !CLOSING.has(body.at(-1) ?? 0)) return null
  const at = nameAt(body, found[0].length)
  if (at === null) return {id, name: null}
  const end = stringEnd(body, at)
  if (end === null) return null
  const text: unknown = JSON.parse(body.toString('utf8', at, end))
  return {id, name: String(text)}
}

/** Where the text of the member "name" of the payload itself begins: names of lines and customers stand deeper. */
function nameAt(body: Buffer, from: number): number | null {
  let depth = 1
  for (let i = from; i < body.length; i++) {
    const byte = body[i] ?? 0
    if (byte === QUOTE) i = (stringEnd(body, i) ?? body.length) - 1
    else if (OPENING.has(byte)) depth++
    else if (CLOSING.has(byte)) depth--
    else if (byte === COMMA && depth === 1 && NAME.compare(body, i + 1, i + 1 + NAME.length) === 0)
      return i + NAME.length
  }
  return null
}

/** The place after the quote that ends the string that begins here. */
function stringEnd(body: Buffer, begin: number): number | null {
  for (let i = begin + 1; i < body.length; i++) {
    if (body[i] === BACKSLASH) i++
    else if (body[i] === QUOTE) return i + 1
  }
  return null
}
