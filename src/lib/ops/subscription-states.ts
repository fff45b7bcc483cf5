import type {Subscription} from '../shopify/subscriptions.ts'
import {pathOf, TOPICS, type Topic} from '../shopify/topics.ts'

/**
 * How a subscription stands. `right`: it brings us everything. `wrong`: a setting loses events. `elsewhere`: it goes to our
 * path on another host. `missing`: there is none for a topic of ours. `extra`: to our path, but not needed. `foreign`: to an
 * address that is not ours; it is never touched.
 */
export type SubscriptionState = 'right' | 'wrong' | 'elsewhere' | 'missing' | 'extra' | 'foreign'

export type JudgedSubscription = Readonly<{
  /** As headers name it, orders/create. */
  topic: string
  /** As GraphQL names it, ORDERS_CREATE. */
  name: string
  /** null where it is missing, as are the members below. */
  id: string | null
  uri: string | null
  createdAt: Date | null
  apiVersion: string | null
  state: SubscriptionState
  /** What is not as it should be. */
  faults: readonly string[]
}>

/** The path of our listener. */
const PATH = '/webhooks/shopify'

/**
 * Judges the subscriptions of an app, our topics first.
 * @param url where deliveries are to go; null: not known, so that any host will do
 */
export function judge(held: readonly Subscription[], url: string | null): JudgedSubscription[] {
  const ours = held.filter(({uri}) => isOurs(uri, url))
  const wanted = TOPICS.map((topic) => judgeTopic(ours, topic, url))
  const kept = new Set(wanted.map(({id}) => id))
  const rest = held.filter(({id}) => !kept.has(id))
  return [...wanted, ...rest.map((one) => judgeRest(one, url))]
}

/** The best of those that a topic has. */
function judgeTopic(ours: readonly Subscription[], {path, name}: Topic, url: string | null): JudgedSubscription {
  const found = ours
    .filter(({topic}) => topic === name)
    .map((one) => ({one, isAway: url !== null && !isSame(one.uri, url), faults: faultsOf(one)}))
    .toSorted((a, b) => Number(a.isAway) - Number(b.isAway) || a.faults.length - b.faults.length)
  const [best] = found
  if (best === undefined) {
    const none = {id: null, uri: null, createdAt: null, apiVersion: null}
    return {topic: path, name, ...none, state: 'missing', faults: []}
  }
  const {one, isAway, faults} = best
  const away = isAway ? [`it goes to ${one.uri}`] : []
  const state = isAway ? 'elsewhere' : faults.length > 0 ? 'wrong' : 'right'
  return {...factsOf(one), state, faults: [...away, ...faults]}
}

function judgeRest(one: Subscription, url: string | null): JudgedSubscription {
  if (!isOurs(one.uri, url)) return {...factsOf(one), state: 'foreign', faults: []}
  const isWanted = TOPICS.some(({name}) => name === one.topic)
  return {
    ...factsOf(one),
    state: 'extra',
    faults: [isWanted ? 'another one serves the topic' : 'nothing works the topic'],
  }
}

function factsOf({id, topic, uri, createdAt, apiVersion}: Subscription) {
  return {topic: pathOf(topic), name: topic, id, uri, createdAt, apiVersion}
}

/** Settings under which deliveries would be missing or could not be read. */
function faultsOf({format, filter, includeFields}: Subscription): string[] {
  return [
    ...(format === 'JSON' ? [] : [`format ${format}`]),
    ...(filter === null || filter === '' ? [] : [`the filter ${filter}`]),
    ...(includeFields.length === 0 ? [] : [`only the fields ${includeFields.join(', ')}`]),
  ]
}

/** True for an address with the path that our listener, or the proxy before it, has. */
function isOurs(uri: string, url: string | null): boolean {
  if (!URL.canParse(uri)) return false
  const {protocol, pathname} = new URL(uri)
  if (!/^https?:$/.test(protocol)) return false
  return pathname === (url === null ? PATH : new URL(url).pathname)
}

function isSame(uri: string, url: string): boolean {
  return new URL(uri).href === new URL(url).href
}
