import type {Clock} from '../core/clock.ts'
import {ConfigError, CredentialError} from '../core/errors.ts'
import {restCredential} from './auth/credential.ts'
import type {OAuth2Credential} from './auth/oauth2.ts'
import type {TbaCredential} from './auth/token-passport.ts'
import {createGovernor} from './governor.ts'
import {hostsOf} from './hosts.ts'
import {createHttp} from './http.ts'
import type {PostingPort, PostingQueries} from './posting-ports.ts'
import {createPostings} from './postings.ts'
import type {LineRules} from './records/posting-fields.ts'
import {restGovernance, restProbe, restProperties, restServerTime} from './rest/account.ts'
import {createRest} from './rest/client.ts'
import {restCustomers, restPostings, restSalesOrders} from './rest/ports.ts'
import {restRecords} from './rest/records.ts'
import type {ShipmentPort} from './shipment-types.ts'
import {createShipments} from './shipments.ts'
import type {SoapChannel} from './soap/channel.ts'
import {queryPort} from './suiteql/port.ts'
import {postingQueries} from './suiteql/postings.ts'
import {suiteql} from './suiteql/run.ts'
import type {Lane, PermitPort, RequestNote} from './requests.ts'
import type {CustomerPort, QueryPort, SalesOrderPort} from './types.ts'

type Channel = 'soap' | 'rest'

export type NetSuiteSettings = Readonly<{
  account: string
  /** Replaces scheme and host of every channel. */
  apiUrl?: string | null
  /** Token-based authentication: the only one of SOAP. Used for REST as well where there is no OAuth 2.0. */
  tba: TbaCredential | null
  oauth2: OAuth2Credential | null
  apiVersion: string
  /** `posting` is everything after the sales order; the channel of the sales order where it is not stated. */
  channels: Readonly<{salesOrder: Channel; customer: Channel; posting?: Channel}>
  /** IANA zone of the account; null: unknown. */
  timeZone: string | null
  /** Script id of the column field that keeps the key of a line; null: not kept. */
  lineField: string | null
  /** Internal id of the price level "Custom"; NetSuite's own is -1. */
  customPriceLevel?: string
  /** Records in one list message, so that one lost reply concerns few. */
  listSize?: number
  /** Patience for one request, and for each further record in it. */
  timeouts?: Readonly<{baseMs: number; perRecordMs: number}>
  maxAnswerBytes?: number
}>

export type NetSuiteDeps = Readonly<{
  permits: PermitPort
  clock: Clock
  /** Urgency of these requests among all of the account; 'orders' where not stated. */
  lane?: Lane
  signal?: AbortSignal
  onRequest?: (note: RequestNote) => void
  /** The refusal of this credential that another process has met, if any; asked before a request goes alone. */
  leftAlone?: () => Promise<CredentialError | null>
}>

export type Governance = Readonly<{
  /** Requests that this client may have in flight: the integration's own share where it has one, else the account's. */
  limit: number
  accountLimit: number | null
  integrationLimit: number | null
}>

export type NetSuite = Readonly<{
  salesOrders: SalesOrderPort
  customers: CustomerPort
  postings: PostingPort
  queries: QueryPort & PostingQueries
  /** Item fulfilments that were made in NetSuite. */
  shipments: ShipmentPort
  /** NetSuite's clock, to the second. */
  serverTime(): Promise<Date>
  governance(): Promise<Governance>
  /** Uses a channel once, in the cheapest way; throws what is wrong with it. */
  probe(channel: 'soap' | 'rest' | 'suiteql'): Promise<void>
  /** Properties of a record type that the role sees, custom body fields by their script ids. */
  properties(recordType: string): Promise<Set<string>>
  /** After a refused login nothing is sent. This lets the next request ask again, alone; its end decides for those after it. */
  forgive(): void
  close(): Promise<void>
}>

const LIST_SIZE = 50
const TIMEOUTS = {baseMs: 60_000, perRecordMs: 15_000}
const MAX_ANSWER_BYTES = 64 * 1024 * 1024
/** NetSuite's smallest tier, for accounts that do not say. */
const SMALLEST_LIMIT = 5

/**
 * A client of one NetSuite account. Nothing is sent, and the SOAP part is not even loaded, before the first use.
 * Throws ConfigError NETSUITE_CREDENTIALS_MISSING or NETSUITE_KEY_INVALID.
 */
export function createNetSuite(settings: NetSuiteSettings, deps: NetSuiteDeps): NetSuite {
  const hosts = hostsOf(settings.account, settings.apiVersion, settings.apiUrl ?? undefined)
  const http = createHttp(settings.maxAnswerBytes ?? MAX_ANSWER_BYTES)
  const governor = createGovernor({...deps, lane: deps.lane ?? 'orders'})
  const timeouts = settings.timeouts ?? TIMEOUTS
  const timeoutMs = timeouts.baseMs + timeouts.perRecordMs
  const rules: LineRules = {lineKey: settings.lineField, priceLevel: settings.customPriceLevel ?? '-1'}
  const {authorizer, forget} = restCredential(settings, hosts, {http, governor, clock: deps.clock, timeoutMs})
  const rest = createRest({http, governor, authorizer, onLoginRefused: forget, timeoutMs})
  const records = restRecords(rest, hosts)
  const run = suiteql(rest, hosts)
  const queries = {...queryPort(run), ...postingQueries(run)}
  const postingChannel = settings.channels.posting ?? settings.channels.salesOrder
  const soap = lazily(async (): Promise<SoapChannel> => {
    const credential = needed(settings.tba)
    const {openChannel} = await import('./soap/channel.ts')
    const {apiVersion, timeZone, listSize = LIST_SIZE} = settings
    return openChannel(
      {apiVersion, hosts, credential, timeouts, timeZone, listSize, rules},
      {http, governor, clock: deps.clock},
    )
  })
  return {
    salesOrders: settings.channels.salesOrder === 'rest' ? restSalesOrders(records, rules) : lazySalesOrders(soap),
    customers: settings.channels.customer === 'rest' ? restCustomers(records) : lazyCustomers(soap),
    postings: postingChannel === 'rest' ? createPostings(restPostings(records), rules) : lazyPostings(soap),
    queries,
    shipments: createShipments(run, records, rules.lineKey),
    serverTime: async () => (settings.tba === null ? restServerTime(rest, hosts) : (await soap()).serverTime()),
    governance: async () => {
      const {limit, integrationLimit} = await knownLimits(async () => {
        return settings.tba === null ? restGovernance(rest, hosts) : (await soap()).governance()
      })
      return {limit: integrationLimit ?? limit ?? SMALLEST_LIMIT, accountLimit: limit, integrationLimit}
    },
    probe: async (channel) => {
      if (channel === 'soap') await (await soap()).serverTime()
      else if (channel === 'rest') await restProbe(rest, hosts)
      else await queries.raw('SELECT COUNT(*) AS n FROM item')
    },
    properties: (recordType) => restProperties(rest, hosts, recordType),
    forgive: () => governor.forgive(),
    close: () => Promise.resolve(http.close()),
  }
}

type Limits = Readonly<{limit: number | null; integrationLimit: number | null}>

/** The limits may be read by administrators only; an integration's role then has to do with the smallest. */
async function knownLimits(read: () => Promise<Limits>): Promise<Limits> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof CredentialError && error.code === 'NETSUITE_PERMISSION_MISSING') {
      return {limit: null, integrationLimit: null}
    }
    throw error
  }
}

/** Opens once, at the first use; a failure is not kept. */
function lazily<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
}

function needed(tba: TbaCredential | null): TbaCredential {
  if (tba !== null) return tba
  throw new ConfigError(
    'NETSUITE_CREDENTIALS_MISSING',
    'SOAP takes token-based authentication only, and there is none',
    {
      hint: 'set the four token settings, or choose the channel rest for the record type',
    },
  )
}

function lazySalesOrders(soap: () => Promise<SoapChannel>): SalesOrderPort {
  return {
    add: async (orders) => (await soap()).salesOrders.add(orders),
    update: async (changes) => (await soap()).salesOrders.update(changes),
    get: async (refs) => (await soap()).salesOrders.get(refs),
  }
}

function lazyCustomers(soap: () => Promise<SoapChannel>): CustomerPort {
  return {
    add: async (customer) => (await soap()).customers.add(customer),
    get: async (ref) => (await soap()).customers.get(ref),
  }
}

function lazyPostings(soap: () => Promise<SoapChannel>): PostingPort {
  return {
    add: async (records) => (await soap()).postings.add(records),
    get: async (type, refs) => (await soap()).postings.get(type, refs),
  }
}
