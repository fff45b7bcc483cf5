import {utc} from '../document.ts'
import {readFilter, type Filter} from './filter.ts'

type MetafieldIdentifier = Readonly<{namespace: string; key: string}>

/** What `webhookSubscriptionCreate` and `…Update` take. */
export type SubscriptionInput = Readonly<{
  uri?: string | null
  callbackUrl?: string | null
  format?: string | null
  filter?: string | null
  includeFields?: readonly string[] | null
  metafieldNamespaces?: readonly string[] | null
  metafields?: readonly Readonly<{namespace?: string | null; key: string}>[] | null
  name?: string | null
}>

export type Subscription = Readonly<{
  /** Numeric id. */
  id: string
  topic: string
  uri: string
  filter: string | null
  includeFields: readonly string[]
  metafieldNamespaces: readonly string[]
  metafields: readonly MetafieldIdentifier[]
  name: string | null
  createdAt: string
  updatedAt: string
  /** The filter, ready to use; lets everything through where there is none. */
  accepts: Filter
}>

export type UserError = Readonly<{field: readonly string[]; message: string}>

type Outcome = Readonly<{subscription: Subscription | null; userErrors: readonly UserError[]}>

const NOT_FOUND: Outcome = {
  subscription: null,
  userErrors: [{field: ['id'], message: 'Webhook subscription does not exist'}],
}

/** The subscriptions that an app made through the Admin API, in memory. */
export class Subscriptions {
  readonly #now: () => Date
  readonly #byId = new Map<string, Subscription>()
  #lastId = 1_030_000_000_000

  constructor(now: () => Date) {
    this.#now = now
  }

  get size(): number {
    return this.#byId.size
  }

  /** Ascending by id, which is also by age. */
  all(): readonly Subscription[] {
    return [...this.#byId.values()]
  }

  get(id: string): Subscription | null {
    return this.#byId.get(id) ?? null
  }

  create(topic: string, input: SubscriptionInput): Outcome {
    const userErrors = this.#check(topic, input, null)
    if (userErrors.length > 0) return {subscription: null, userErrors}
    this.#lastId += 1
    const now = utc(this.#now())
    return this.#keep({id: String(this.#lastId), topic, ...settingsOf(input, null), createdAt: now, updatedAt: now})
  }

  /** Changes what the input names; the topic of a subscription never changes. */
  update(id: string, input: SubscriptionInput): Outcome {
    const held = this.get(id)
    if (held === null) return NOT_FOUND
    const userErrors = this.#check(held.topic, input, held)
    if (userErrors.length > 0) return {subscription: null, userErrors}
    return this.#keep({...held, ...settingsOf(input, held), updatedAt: utc(this.#now())})
  }

  remove(id: string): boolean {
    return this.#byId.delete(id)
  }

  clear(): void {
    this.#byId.clear()
  }

  #keep(subscription: Subscription): Outcome {
    this.#byId.set(subscription.id, subscription)
    return {subscription, userErrors: []}
  }

  #check(topic: string, input: SubscriptionInput, held: Subscription | null): UserError[] {
    const uri = addressOf(input) ?? held?.uri ?? ''
    const place = typeof input.callbackUrl === 'string' ? 'callbackUrl' : 'uri'
    const isTaken = this.all().some((one) => one.topic === topic && one.uri === uri && one.id !== held?.id)
    const faults: readonly (readonly [string, string | null])[] = [
      [place, isTaken ? 'Address for this topic has already been taken' : addressFault(uri)],
      ['format', input.format === 'XML' ? 'The sandbox delivers JSON only' : null],
      ['filter', typeof input.filter === 'string' && readFilter(input.filter) === null ? NO_FIELD : null],
      ['name', typeof input.name === 'string' && !/^[\w-]{1,50}$/.test(input.name) ? 'Name is invalid' : null],
    ]
    return faults.flatMap(([field, message]) =>
      message === null ? [] : [{field: ['webhookSubscription', field], message}],
    )
  }
}

const NO_FIELD = 'The specified filter is invalid, please ensure you specify the field(s) you wish to filter on.'

function addressOf({uri, callbackUrl}: SubscriptionInput): string | null {
  return uri ?? callbackUrl ?? null
}

/**
 * Shopify takes an HTTPS URL, a Pub/Sub URI or an EventBridge ARN. The sandbox delivers over HTTP only, and takes plain
 * HTTP on a loopback address, where its user's listener runs without a certificate.
 */
function addressFault(uri: string): string | null {
  if (uri === '') return "Address can't be blank"
  if (!URL.canParse(uri)) return 'Address is invalid'
  const {protocol, hostname} = new URL(uri)
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback)) return null
  if (protocol === 'http:') return 'Address protocol http:// is not supported'
  return 'Address is invalid: the sandbox delivers to https:// and to loopback http:// only'
}

type Settings = Omit<Subscription, 'id' | 'topic' | 'createdAt' | 'updatedAt'>

function settingsOf(input: SubscriptionInput, held: Settings | null): Settings {
  const filter = input.filter === undefined ? (held?.filter ?? null) : input.filter || null
  return {
    uri: addressOf(input) ?? held?.uri ?? '',
    filter,
    accepts: (filter === null ? null : readFilter(filter)) ?? (() => true),
    includeFields: input.includeFields ?? held?.includeFields ?? [],
    metafieldNamespaces: input.metafieldNamespaces ?? held?.metafieldNamespaces ?? [],
    metafields:
      input.metafields?.map(({namespace, key}) => ({namespace: namespace ?? '$app', key})) ?? held?.metafields ?? [],
    name: input.name ?? held?.name ?? null,
  }
}
