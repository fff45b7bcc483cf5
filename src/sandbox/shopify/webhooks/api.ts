import {GraphQLError} from 'graphql'

import {comparePositions, paginate, type PageArguments} from '../connection.ts'
import {digitsOf} from '../search-terms.ts'
import {isGranted} from '../scopes.ts'
import {readFilter} from './filter.ts'
import type {Subscription, SubscriptionInput, UserError} from './subscriptions.ts'
import {scopesOf} from './topics.ts'
import type {Webhooks} from './webhooks.ts'

type Context = Readonly<{shop: Readonly<{webhooks: Webhooks; apiVersion: string}>; scopes: ReadonlySet<string>}>

/** A subscription as the type WebhookSubscription. */
function mapSubscription({accepts: _accepts, id, uri, ...one}: Subscription, {shop}: Context) {
  return {
    __typename: 'WebhookSubscription',
    ...one,
    id: `gid://shopify/WebhookSubscription/${id}`,
    legacyResourceId: id,
    apiVersion: {handle: shop.apiVersion, displayName: shop.apiVersion, supported: true},
    format: 'JSON',
    uri,
    callbackUrl: uri,
    endpoint: {__typename: 'WebhookHttpEndpoint', callbackUrl: uri},
  }
}

function answer(
  outcome: Readonly<{subscription: Subscription | null; userErrors: readonly UserError[]}>,
  context: Context,
) {
  const {subscription, userErrors} = outcome
  return {webhookSubscription: subscription === null ? null : mapSubscription(subscription, context), userErrors}
}

type CreateArguments = Readonly<{topic: string; webhookSubscription: SubscriptionInput}>

function create({topic, webhookSubscription}: CreateArguments, context: Context) {
  const wanted = scopesOf(topic)
  if (wanted.length > 0 && !wanted.some((scope) => isGranted(context.scopes, scope))) {
    const message = `You do not have permission to create or update webhooks with the ${topic} topic: it requires ${wanted.join(' or ')}`
    return {webhookSubscription: null, userErrors: [{field: ['webhookSubscription'], message}]}
  }
  return answer(context.shop.webhooks.subscriptions.create(topic, webhookSubscription), context)
}

type UpdateArguments = Readonly<{id: string; webhookSubscription: SubscriptionInput}>

function update({id, webhookSubscription}: UpdateArguments, context: Context) {
  return answer(context.shop.webhooks.subscriptions.update(digitsOf(id), webhookSubscription), context)
}

function remove({id}: Readonly<{id: string}>, {shop}: Context) {
  if (shop.webhooks.unsubscribe(digitsOf(id))) return {deletedWebhookSubscriptionId: id, userErrors: []}
  const userErrors = [{field: ['id'], message: 'Webhook subscription does not exist'}]
  return {deletedWebhookSubscriptionId: null, userErrors}
}

/** A subscription by its global id; null where there is none. */
export function findSubscription({id}: Readonly<{id: string}>, context: Context) {
  const held = context.shop.webhooks.subscriptions.get(digitsOf(id))
  return held === null ? null : mapSubscription(held, context)
}

type ListArguments = PageArguments &
  Readonly<{
    callbackUrl?: string | null
    format?: string | null
    query?: string | null
    sortKey: string
    topics?: readonly string[] | null
    uri?: string | null
  }>

/** What a query may name (Shopify: webhookSubscriptions, webhookSubscriptionsCount). */
function searched(query: string | null | undefined, {shop}: Context): readonly Subscription[] {
  const all = shop.webhooks.subscriptions.all()
  if (query === null || query === undefined || query.trim() === '') return all
  const filter = readFilter(query)
  if (filter === null) throw new GraphQLError('Invalid search query', {extensions: {code: 'BAD_REQUEST'}})
  const subject = ({id, topic, uri, createdAt, updatedAt}: Subscription) => ({
    id,
    topic,
    endpoint: uri,
    created_at: createdAt,
    updated_at: updatedAt,
  })
  return all.filter((one) => filter(subject(one)))
}

function list({callbackUrl, format, query, sortKey, topics, uri, ...page}: ListArguments, context: Context) {
  const positionOf = ({id, createdAt}: Subscription) => ({value: sortKey === 'ID' ? 0 : Date.parse(createdAt), id})
  const entries = searched(query, context)
    .filter((one) => (topics ?? [one.topic]).includes(one.topic) && one.uri === (uri ?? callbackUrl ?? one.uri))
    .filter(() => format !== 'XML')
    .toSorted((a, b) => comparePositions(positionOf(a), positionOf(b)))
  return paginate(entries, page, positionOf, (one) => mapSubscription(one, context))
}

function count({query, limit}: Readonly<{query?: string | null; limit?: number | null}>, context: Context) {
  const found = searched(query, context).length
  const most = limit ?? Number.POSITIVE_INFINITY
  return {count: Math.min(found, most), precision: found > most ? 'AT_LEAST' : 'EXACT'}
}

/** The fields of QueryRoot and Mutation that concern webhooks. */
export const webhookFields = {
  webhookSubscription: findSubscription,
  webhookSubscriptions: list,
  webhookSubscriptionsCount: count,
  webhookSubscriptionCreate: create,
  webhookSubscriptionUpdate: update,
  webhookSubscriptionDelete: remove,
}
