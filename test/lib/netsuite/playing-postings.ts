import {KEYS, NOWHERE} from './posting-arbitraries.ts'
import {soapAnswer, writeResponse} from './playing-netsuite.ts'

const NAMES =
  'xmlns="urn:messages_2025_2.platform.webservices.netsuite.com" xmlns:c="urn:core_2025_2.platform.webservices.netsuite.com"'

/** The id under which this NetSuite holds what has the external ID; the same at each question. */
export function idUnder(externalId: string): string {
  return String([...externalId].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 999_983, 7))
}

/** External IDs of the records of an add or addList, in the order of the message. */
export function recordsOf(message: string): string[] {
  return [...message.matchAll(/<platformMsgs:record [^>]*externalId="([^"]*)"/g)].map((match) => match[1] ?? '')
}

/** Types and keys of the records that a get or getList asks for. */
export function refsOf(message: string): {type: string; key: string; isId: boolean}[] {
  const refs = message.matchAll(/<platformMsgs:baseRef [^>]*type="(\w+)" (internalId|externalId)="([^"]*)"/g)
  return [...refs].map(([, type = '', attribute, key = '']) => ({type, key, isId: attribute === 'internalId'}))
}

/**
 * Answers like a NetSuite that holds everything that is asked for but NOWHERE, each with the lines of KEYS, and that
 * saves what it is given. The body of a message decides what is answered. Nothing is there of `absent`.
 */
export function postingAnswer(message: string, absent: ReadonlySet<string> = new Set([NOWHERE])): string {
  const operation = /<soap:Body><platformMsgs:(\w+)/.exec(message)?.[1] ?? ''
  const isList = operation.endsWith('List')
  const wrap = (name: string, parts: readonly string[]) =>
    isList ? `<${name}List>${parts.join('')}</${name}List>` : parts.join('')
  const answers = operation.startsWith('add')
    ? wrap(
        'writeResponse',
        recordsOf(message).map((externalId) => writeResponse({id: idUnder(externalId)})),
      )
    : wrap(
        'readResponse',
        refsOf(message).map((ref) => readResponse(ref, absent)),
      )
  return soapAnswer(`<${operation}Response ${NAMES}>${answers}</${operation}Response>`)
}

function readResponse({type, key, isId}: ReturnType<typeof refsOf>[number], absent: ReadonlySet<string>): string {
  if (absent.has(key)) {
    const detail =
      '<c:statusDetail type="ERROR"><c:code>RCRD_DSNT_EXIST</c:code><c:message>no</c:message></c:statusDetail>'
    return `<readResponse><c:status isSuccess="false">${detail}</c:status></readResponse>`
  }
  const named = isId ? `internalId="${key}"` : `internalId="${idUnder(key)}" externalId="${key}"`
  const lines = KEYS.map((lineKey, i) => {
    const custom = `<customField scriptId="custcol_line_key"><value>${lineKey}</value></customField>`
    const quantity = lineKey.endsWith('discount') ? '' : '<quantity>5.0</quantity>'
    return `<item><item internalId="100${i}"/>${quantity}<line>${i + 1}</line><customFieldList>${custom}</customFieldList></item>`
  })
  const body = `<entity internalId="500"/><currency internalId="1"/><itemList>${lines.join('')}</itemList>`
  return `<readResponse><c:status isSuccess="true"/><record type="${type}" ${named}>${body}</record></readResponse>`
}
