import {Client} from 'soap/lib/client.js'
import type {IHttpClient} from 'soap/lib/types.js'
import {WSDL} from 'soap/lib/wsdl/index.js'

import type {Clock} from '../../core/clock.ts'
import {present} from '../../core/assert.ts'
import {tokenPassport, type TbaCredential} from '../auth/token-passport.ts'
import type {Governor} from '../governor.ts'
import type {Hosts} from '../hosts.ts'
import type {Http, HttpAnswer} from '../http.ts'
import type {Prefix} from '../records/fields.ts'
import {readAnswer, type SoapAnswer, type SoapCall} from './answer.ts'
import {escapeText} from './encode.ts'
import {namespacesOf} from './namespaces.ts'
import {wsdlOf} from './wsdl.ts'

export type SoapSettings = Readonly<{
  apiVersion: string
  hosts: Hosts
  credential: TbaCredential
  /** Time for one request and for each further record in it. */
  timeouts: Readonly<{baseMs: number; perRecordMs: number}>
}>

export type SoapDeps = Readonly<{http: Http; governor: Governor; clock: Clock}>

/** Sends the encoded content of an operation's element; gives its response element. */
export type SoapPort = Readonly<{call(call: SoapCall, content: string): Promise<SoapAnswer>}>

/** NetSuite itself gives up after 15 minutes; a write then completes without an answer (help section_4078474279). */
const TIMEOUT_MAX_MS = 15 * 60_000

/**
 * The answer to a request comes back to us, not to `soap`: its parser trims text, reads CDATA that begins like an XML
 * declaration as markup, and tells a list of one from a single value only where a schema says so. It gets an empty
 * envelope instead; envelope, headers, action and address of the request are its work.
 */
const NOTHING = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>'

/** Opens the SOAP channel. Nothing is sent and no file is read; ready in a few milliseconds once `soap` is loaded. */
export async function openSoap(settings: SoapSettings, deps: SoapDeps): Promise<SoapPort> {
  const wsdl = await new Promise<WSDL>((resolve, reject) => {
    const parsed = new WSDL(wsdlOf(settings.apiVersion), 'tieout.wsdl', {})
    parsed.onReady((error: Error | null) => {
      if (error) reject(error)
      else resolve(parsed)
    })
  })
  const client = new Client(wsdl, settings.hosts.soap, {httpClient: carrier(settings, deps.http)})
  client.addSoapHeader((method: {$name: string}) => headerOf(method.$name, settings, deps.clock))
  const declared = declarations(settings.apiVersion)
  return {
    call: ({operation, ...rest}, content) => {
      const call = {operation, ...rest}
      const xml = `<platformMsgs:${operation}${declared}>${content}</platformMsgs:${operation}>`
      return deps.governor.run({channel: 'soap', ...call}, async () => {
        const exchange: Exchange = {call, answer: null}
        const invoke = present(client[`${operation}Async`] as Invoke | undefined, operation)
        await invoke({_xml: xml}, {exchange})
        const answer = readAnswer(present(exchange.answer, 'the answer'), call)
        return {value: answer, requestId: answer.requestId}
      })
    },
  }
}

type Exchange = {call: SoapCall; answer: HttpAnswer | null}
type Invoke = (args: {_xml: string}, options: {exchange: Exchange}) => Promise<unknown>
type Callback = (error: unknown, response?: unknown, body?: string) => void
type SendXml = (
  url: string,
  xml: string,
  done: Callback,
  headers: Record<string, string>,
  options: {exchange: Exchange},
) => unknown

/** What `soap` calls to send: our HTTP, which keeps the answer in the exchange of that request. */
function carrier({timeouts}: SoapSettings, http: Http): IHttpClient {
  const request: SendXml = (url, xml, done, headers, {exchange}) => {
    const {operation, write, records} = exchange.call
    const timeoutMs = Math.min(TIMEOUT_MAX_MS, timeouts.baseMs + timeouts.perRecordMs * records)
    return http.send({operation, write, method: 'POST', url, headers, body: xml, timeoutMs}).then(
      (answer) => {
        exchange.answer = answer
        done(null, {status: 200, headers: {}}, NOTHING)
      },
      (error: unknown) => done(error),
    )
  }
  // `soap` declares what axios gives; it uses the callback alone.
  return {request} as unknown as IHttpClient
}

function declarations(apiVersion: string): string {
  const entries = Object.entries(namespacesOf(apiVersion)) as [Prefix, string][]
  return entries.map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`).join('')
}

/** Headers of one request, made anew each time because nonce and timestamp are single use. */
function headerOf(operation: string, settings: SoapSettings, clock: Clock): string {
  if (operation === 'getDataCenterUrls') return ''
  const passport = tokenPassport(settings.hosts.realm, settings.credential, clock.now())
  const {platformMsgs, platformCore} = namespacesOf(settings.apiVersion)
  const declared = `xmlns:platformMsgs="${platformMsgs}" xmlns:platformCore="${platformCore}"`
  const part = (name: string, value: string, attributes = '') =>
    `<platformCore:${name}${attributes}>${escapeText(value)}</platformCore:${name}>`
  const {signature, ...fields} = passport
  const parts = Object.entries(fields).map(([name, value]) => part(name, value))
  const signed = part('signature', signature, ' algorithm="HMAC-SHA256"')
  const header = `<platformMsgs:tokenPassport ${declared}>${parts.join('')}${signed}</platformMsgs:tokenPassport>`
  return header + preferencesFor(operation, declared)
}

/**
 * A warning is not an error, since the record is saved; a field that NetSuite would ignore as read-only is one, because
 * the record would then silently lack it. Searches give whole records.
 */
function preferencesFor(operation: string, declared: string): string {
  const flag = (name: string, value: string) => `<platformMsgs:${name}>${value}</platformMsgs:${name}>`
  if (/^(add|update|upsert)/.test(operation)) {
    const flags = flag('warningAsError', 'false') + flag('ignoreReadOnlyFields', 'false')
    return `<platformMsgs:preferences ${declared}>${flags}</platformMsgs:preferences>`
  }
  if (operation !== 'search') return ''
  const flags = flag('bodyFieldsOnly', 'false') + flag('pageSize', '1000')
  return `<platformMsgs:searchPreferences ${declared}>${flags}</platformMsgs:searchPreferences>`
}
