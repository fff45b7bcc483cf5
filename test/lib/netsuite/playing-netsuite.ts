import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

import {
  createNetSuite,
  type NetSuite,
  type NetSuiteDeps,
  type NetSuiteSettings,
} from '../../../src/lib/netsuite/client.ts'
import type {PermitPort, RequestNote} from '../../../src/lib/netsuite/requests.ts'

type Seen = Readonly<{method: string; path: string; headers: IncomingMessage['headers']; body: string}>
type Reply = (seen: Seen, response: ServerResponse, request: IncomingMessage) => void | Promise<void>

/** A bare HTTP server that answers as a test says, in the exact words of NetSuite, and keeps what it was asked. */
export async function playNetSuite(reply: Reply) {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const one = {method: request.method ?? '', path: request.url ?? '', headers: request.headers, body}
      seen.push(one)
      void reply(one, response, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return {url, seen, stop}
}

/** Everything that an iterable gives. */
export async function allOf<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const page of pages) all.push(page)
  return all
}

export const tba = {consumerKey: 'ck', consumerSecret: 'cs', tokenId: 'tk', tokenSecret: 'ts'}

/** Permits without a limit that remember what happened to them. */
export function openDoor() {
  const door = {taken: 0, released: 0, refusals: 0}
  const permits: PermitPort = {
    acquire: () => {
      door.taken += 1
      const release = () => {
        door.released += 1
        return Promise.resolve()
      }
      return Promise.resolve({waitedMs: 0, release})
    },
    refused: () => {
      door.refusals += 1
    },
  }
  return {door, permits}
}

/** A client for the URL, whose waits take no time. */
export function clientFor(
  url: string,
  settings: Partial<NetSuiteSettings> = {},
  deps: Partial<NetSuiteDeps> = {},
): {netsuite: NetSuite; notes: RequestNote[]; door: ReturnType<typeof openDoor>['door']; waits: number[]} {
  const notes: RequestNote[] = []
  const waits: number[] = []
  const {door, permits} = openDoor()
  const netsuite = createNetSuite(
    {
      account: '1234567_SB1',
      apiUrl: url,
      tba,
      oauth2: null,
      apiVersion: '2025_2',
      channels: {salesOrder: 'soap', customer: 'rest'},
      timeZone: 'America/New_York',
      lineField: 'custcol_line_key',
      timeouts: {baseMs: 2000, perRecordMs: 0},
      ...settings,
    },
    {
      permits,
      clock: {
        now: () => new Date(),
        sleep: (ms) => {
          waits.push(ms)
          return Promise.resolve()
        },
      },
      onRequest: (note) => notes.push(note),
      ...deps,
    },
  )
  return {netsuite, notes, door, waits}
}

/** A SOAP answer as NetSuite words it, with prefixes of the test's choice. */
export function soapAnswer(content: string, nsId = 'WEBSERVICES_1234567_SB1_0'): string {
  return (
    '<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Header>' +
    '<platformMsgs:documentInfo xmlns:platformMsgs="urn:messages_2025_2.platform.webservices.netsuite.com">' +
    `<platformMsgs:nsId>${nsId}</platformMsgs:nsId></platformMsgs:documentInfo></soapenv:Header>` +
    `<soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`
  )
}

const CORE = 'xmlns:platformCore="urn:core_2025_2.platform.webservices.netsuite.com"'

/** One writeResponse: saved under an id, or refused with a code. */
export function writeResponse(
  outcome: {id: string; detail?: string} | {code: string; message: string; extra?: string},
) {
  if ('id' in outcome) {
    return (
      `<writeResponse><platformCore:status isSuccess="${outcome.detail === undefined}" ${CORE}>${outcome.detail ?? ''}</platformCore:status>` +
      `<baseRef internalId="${outcome.id}" type="salesOrder" xsi:type="platformCore:RecordRef" ${CORE}/></writeResponse>`
    )
  }
  return (
    `<writeResponse><platformCore:status isSuccess="false" ${CORE}><platformCore:statusDetail type="ERROR">` +
    `<platformCore:code>${outcome.code}</platformCore:code><platformCore:message>${outcome.message}</platformCore:message>` +
    `${outcome.extra ?? ''}</platformCore:statusDetail></platformCore:status></writeResponse>`
  )
}

export function addAnswer(...responses: string[]): string {
  const messages = 'xmlns="urn:messages_2025_2.platform.webservices.netsuite.com"'
  if (responses.length === 1) return soapAnswer(`<addResponse ${messages}>${responses[0]}</addResponse>`)
  const list = `<writeResponseList>${responses.join('')}</writeResponseList>`
  return soapAnswer(`<addListResponse ${messages}>${list}</addListResponse>`)
}

export function soapFault(fault: string, code: string, message: string, faultstring = message): string {
  const detail =
    `<detail><platformFaults:${fault} xmlns:platformFaults="urn:faults_2025_2.platform.webservices.netsuite.com">` +
    `<platformFaults:code>${code}</platformFaults:code><platformFaults:message>${message}</platformFaults:message></platformFaults:${fault}>` +
    '<ns1:hostname xmlns:ns1="http://xml.apache.org/axis/">partners-java1</ns1:hostname></detail>'
  return soapAnswer(
    `<soapenv:Fault><faultcode>soapenv:Server.userException</faultcode><faultstring>${faultstring}</faultstring>${detail}</soapenv:Fault>`,
  )
}

export function restError(status: number, code: string, detail: string, path?: string): string {
  return JSON.stringify({
    type: 'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1',
    title: status === 401 ? 'Unauthorized' : 'Bad Request',
    status,
    'o:errorDetails': [{detail, 'o:errorCode': code, ...(path === undefined ? {} : {'o:errorPath': path})}],
  })
}
