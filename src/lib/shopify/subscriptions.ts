import {RejectedError} from '../core/errors.ts'
import {documents, type SubscriptionNode} from './documents.ts'
import {malformed} from './faults.ts'
import {allNodes} from './paging.ts'
import type {Transport} from './transport-types.ts'

/** A webhook subscription of our app. Shopify shows an app only those that it made through the API itself. */
export type Subscription = Readonly<{
  /** Global id. */
  id: string
  /** As GraphQL names it, e.g. ORDERS_CREATE. */
  topic: string
  uri: string
  format: string
  filter: string | null
  /** Empty: the payload is whole. */
  includeFields: readonly string[]
  createdAt: Date
  /** The version in which payloads are written; it is the app's and cannot be set here (schema 2026-10, WebhookSubscription). */
  apiVersion: string
}>

/** The subscriptions of a shop. Every method may throw what the transport throws. */
export type Subscriptions = Readonly<{
  list(): Promise<Subscription[]>
  /**
   * Subscribes an address to a topic, with the whole payload as JSON. Throws RejectedError WEBHOOK_SUBSCRIPTION_REFUSED; a
   * RetryableError with `outcomeUnknown` means that it may be there: look before another try.
   */
  create(topic: string, uri: string): Promise<Subscription>
  /** Gives a subscription this address and our settings. Throws RejectedError WEBHOOK_SUBSCRIPTION_REFUSED. */
  correct(id: string, uri: string): Promise<Subscription>
  /** Ends a subscription. Throws RejectedError WEBHOOK_SUBSCRIPTION_REFUSED, also where it does not exist any more. */
  remove(id: string): Promise<void>
}>

type UserErrors = readonly Readonly<{field: readonly string[] | null; message: string}>[]
type Saved = Readonly<{webhookSubscription: SubscriptionNode | null; userErrors: UserErrors}> | null

/** More than an app has: one for each topic and address. */
const PAGE = 100

/** The deliveries of ours: a filter would lose events, chosen fields would debounce some away (shopify.dev, "Webhooks best practices"). */
const SETTINGS = {format: 'JSON', filter: null, includeFields: []}

export function createSubscriptions(transport: Transport, signal?: AbortSignal): Subscriptions {
  const page = async (after: string | null) => {
    const {data} = await transport.send(documents.webhookSubscriptions, {first: PAGE, after}, signal)
    return data.webhookSubscriptions
  }
  return {
    list: async () => {
      const nodes = await allNodes(documents.webhookSubscriptions.operation, await page(null), page)
      return nodes.map(subscriptionOf)
    },
    create: async (topic, uri) => {
      const settings = {uri, format: SETTINGS.format}
      const {data} = await transport.send(documents.createSubscription, {topic, settings}, signal)
      return saved(documents.createSubscription.operation, topic, data.webhookSubscriptionCreate)
    },
    correct: async (id, uri) => {
      const {data} = await transport.send(documents.updateSubscription, {id, settings: {uri, ...SETTINGS}}, signal)
      return saved(documents.updateSubscription.operation, id, data.webhookSubscriptionUpdate)
    },
    remove: async (id) => {
      const {data} = await transport.send(documents.deleteSubscription, {id}, signal)
      const {operation} = documents.deleteSubscription
      if (data.webhookSubscriptionDelete === null) throw malformed(operation, 'webhookSubscriptionDelete', 'it is null')
      refuse(id, data.webhookSubscriptionDelete.userErrors)
    },
  }
}

function saved(operation: string, what: string, answer: Saved): Subscription {
  if (answer !== null) refuse(what, answer.userErrors)
  if (!answer?.webhookSubscription) throw malformed(operation, 'webhookSubscription', 'it is null')
  return subscriptionOf(answer.webhookSubscription)
}

function refuse(what: string, errors: UserErrors): void {
  if (errors.length === 0) return
  const text = errors
    .map(({field, message}) => (field === null ? message : `${field.join('.')}: ${message}`))
    .join('; ')
  throw new RejectedError('WEBHOOK_SUBSCRIPTION_REFUSED', `Shopify refused the subscription ${what}: ${text}`, {
    hint: /permission|scope|access/i.test(text)
      ? 'grant the app the scope of the topic (read_orders, read_fulfillments), install it again, then tieout webhooks:register'
      : 'look at the address: https, reachable from the internet; then tieout webhooks:register',
  })
}

function subscriptionOf({apiVersion, createdAt, ...node}: SubscriptionNode): Subscription {
  return {...node, createdAt: new Date(createdAt), apiVersion: apiVersion.handle}
}
