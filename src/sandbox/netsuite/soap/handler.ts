import type {SoapAnswer, SoapContext} from '../engine-types.ts'
import {dialectOf, type Dialect, type Style} from './dialect.ts'
import {faultAnswer, refusal, SoapFault, unreadable} from './faults.ts'
import {authenticate, readPreferences} from './header.ts'
import {areaOf, ENVELOPE, versions, type Version} from './namespaces.ts'
import {
  getAccountGovernanceInfo,
  getDataCenterUrls,
  getIntegrationGovernanceInfo,
  getItemAvailability,
  getSelectValue,
  getServerTime,
} from './operations/account.ts'
import {get, getList, initialize} from './operations/read.ts'
import {search, searchMoreWithId} from './operations/search.ts'
import {add, addList, deleteList, deleteOne, update, updateList, upsert, upsertList} from './operations/write.ts'
import {notPlayed, type Operation, type Reply, type Session} from './session.ts'
import {escapeText} from './text.ts'
import {childOf, MalformedXml, parseXml, type XmlNode} from './tree.ts'

export {concurrencyFault} from './faults.ts'

/** HTTP headers as Node's server gives them: names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

const operations: Readonly<Record<string, Operation>> = {
  add,
  addList,
  delete: deleteOne,
  deleteList,
  get,
  getAccountGovernanceInfo,
  getDataCenterUrls,
  getIntegrationGovernanceInfo,
  getItemAvailability,
  getList,
  getSelectValue,
  getServerTime,
  initialize,
  search,
  searchMoreWithId,
  update,
  updateList,
  upsert,
  upsertList,
}

/** The most records that a synchronous request may carry (NetSuite help section_N3418637). */
const maxRecords: Readonly<Record<string, number>> = {
  addList: 200,
  deleteList: 200,
  getList: 1000,
  getItemAvailability: 10_000,
  updateList: 100,
  upsertList: 100,
}

/** 100 MB (NetSuite help section_N3418637). */
const MAX_BYTES = 100 * 1024 * 1024

/**
 * The name of the operation that a message asks for, without reading the message: for counting and for faults to order.
 * '' where neither the SOAPAction header nor the body tells.
 */
export function peekOperation(body: string, headers: Headers): string {
  const action = headerText(headers, 'soapaction')?.replaceAll('"', '').trim() ?? ''
  if (action !== '') return action
  return /<(?:[\w.-]+:)?Body\b[^>]*>\s*<(?:[\w.-]+:)?(\w+)/.exec(body)?.[1] ?? ''
}

/**
 * Answers one SOAP message. Never rejects: whatever is wrong with the message becomes a fault, with HTTP status 500.
 */
export function handleSoap(body: string, headers: Headers, context: SoapContext): Promise<SoapAnswer> {
  return Promise.resolve(answer(body, headers, context))
}

function answer(body: string, headers: Headers, context: SoapContext): SoapAnswer {
  const endpoint = versions.find((v) => v === context.version)
  const version = endpoint ?? versions[0]
  const dialect = answerDialect(version, context.varyResponses)
  let operation = peekOperation(body, headers)
  try {
    if (endpoint === undefined) {
      throw refusal('invalidVersionFault', 'UNSUPPORTED_WS_VERSION', `The version ${context.version} is not supported.`)
    }
    if (headerText(headers, 'soapaction') === undefined)
      throw new SoapFault('no SOAPAction header!', 'soapenv:Client.NoSOAPAction')
    const envelope = readEnvelope(body)
    const request = operationOf(envelope, version)
    operation = request.local
    const reply = perform(envelope, request, {context, version, dialect})
    return {
      status: 200,
      body: envelopeXml(request.local, reply, dialect, context),
      operation,
      records: reply.records,
    }
  } catch (error) {
    return {...faultAnswer(asFault(error), dialect), operation, records: 0}
  }
}

function headerText(headers: Headers, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}

let varied = 0

/** Where answers vary, each differs from the one before in prefixes, in order, or in both. */
function answerDialect(version: Version, vary: boolean): Dialect {
  if (!vary) return dialectOf(version)
  varied += 1
  const style: Style = varied % 2 === 0 ? 'oracle' : 'numbered'
  return dialectOf(version, style, varied % 4 >= 2)
}

function readEnvelope(body: string): XmlNode {
  if (body.length > MAX_BYTES || Buffer.byteLength(body) > MAX_BYTES) {
    throw refusal('exceededRequestSizeFault', 'USER_ERROR', 'The request exceeds the maximum size of 100 MB.')
  }
  const root = parseXml(body)
  if (root.local !== 'Envelope') throw unreadable(`org.xml.sax.SAXException: Bad envelope tag: ${root.local}`)
  if (root.uri !== ENVELOPE) throw new SoapFault('SOAP 1.1 is required', 'soapenv:VersionMismatch')
  return root
}

function operationOf(envelope: XmlNode, version: Version): XmlNode {
  const body = childOf(envelope, 'Body', ENVELOPE)
  const [request, second] = body?.children ?? []
  if (request === undefined || second !== undefined) {
    throw unreadable('org.xml.sax.SAXException: the body must hold exactly one operation')
  }
  const area = areaOf(request.uri)
  if (area?.area === 'messages' && area.version !== version) {
    throw refusal(
      'invalidVersionFault',
      'INVALID_WS_VERSION',
      `The endpoint ${version} does not take messages of ${area.version}.`,
    )
  }
  if (area?.area !== 'messages')
    throw new SoapFault(`No such operation '${request.local}'`, 'soapenv:Server.userException')
  return request
}

type Endpoint = Readonly<{context: SoapContext; version: Version; dialect: Dialect}>

function perform(envelope: XmlNode, request: XmlNode, {context, version, dialect}: Endpoint): Reply {
  const header = childOf(envelope, 'Header', ENVELOPE)
  const operation = Object.hasOwn(operations, request.local) ? operations[request.local] : undefined
  // Discovery of the hosts comes before any login (NetSuite help section_N3494684).
  if (request.local !== 'getDataCenterUrls')
    authenticate(header, version, (passport) => context.verifyPassport(passport))
  if (operation === undefined) throw notPlayed(`the operation ${request.local}`)
  const counted = recordsAsked(request)
  const most = maxRecords[request.local]
  if (most !== undefined && counted > most) {
    const message = `The maximum number of records allowed for ${request.local} is ${most}.`
    throw refusal('exceededRecordCountFault', 'MAX_RCRDS_EXCEEDED', message)
  }
  const session: Session = {
    context,
    reading: {version, timeZone: context.timeZone, strictOrder: context.strictOrder},
    dialect,
    preferences: readPreferences(header, version),
  }
  return operation(request, session)
}

function recordsAsked(request: XmlNode): number {
  if (request.local !== 'getItemAvailability')
    return request.children.filter(({local}) => local !== 'deletionReason').length
  const [filter] = request.children
  return (filter && childOf(filter, 'item')?.children.length) ?? 0
}

function asFault(error: unknown): SoapFault {
  if (error instanceof SoapFault) return error
  if (error instanceof MalformedXml) return unreadable(`org.xml.sax.SAXParseException: ${error.message}`)
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return refusal('unexpectedErrorFault', 'UNEXPECTED_ERROR', `An unexpected error occurred. ${reason}`)
}

function envelopeXml(operation: string, reply: Reply, dialect: Dialect, context: SoapContext): string {
  const response = `${dialect.prefix.messages}${operation}Response`
  const info = dialect.prefix.messages === '' ? 'platformMsgs:' : dialect.prefix.messages
  const xmlns = dialect.prefix.messages === '' ? dialect.declare.messages.replace('xmlns=', 'xmlns:platformMsgs=') : ''
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope${dialect.envelope}><soapenv:Header>` +
    `<${info}documentInfo${xmlns}><${info}nsId>${escapeText(nsId(context))}</${info}nsId></${info}documentInfo>` +
    `</soapenv:Header><soapenv:Body><${response}${dialect.declare.messages}>${reply.xml}</${response}>` +
    `</soapenv:Body></soapenv:Envelope>`
  )
}

let answers = 0

/** Names this answer for Oracle's support: WEBSERVICES_<account>_<digits>_<hex>. */
function nsId({account, engine}: SoapContext): string {
  answers += 1
  const digits = String(engine.serverTime().getTime()).padStart(28, '0')
  return `WEBSERVICES_${account}_${digits}_${answers.toString(16).padStart(12, '0')}`
}
