import {RejectedError, RetryableError} from '../core/errors.ts'
import type {Subscription, Subscriptions} from '../shopify/subscriptions.ts'
import {judge, type JudgedSubscription} from './subscription-states.ts'

/** A change of a subscription: made, or with a dry run only meant. */
type SubscriptionChange = Readonly<{
  topic: string
  did: 'create' | 'correct' | 'move' | 'delete'
  id: string | null
  /** The address after the change; of one that was deleted, its last. */
  uri: string
  why: string
}>

export type Refusal = Readonly<{topic: string; code: string; message: string; hint: string}>

export type Registration = Readonly<{
  url: string
  changes: readonly SubscriptionChange[]
  /** What Shopify refused; the other subscriptions are made all the same. */
  refused: readonly Refusal[]
  /** How they stand afterwards. */
  subscriptions: readonly JudgedSubscription[]
}>

export type RegisterOptions = Readonly<{
  /** Where deliveries are to go. */
  url: string
  /** Delete those of ours that are not needed. */
  prune: boolean
  /** Turn one that goes to another host of ours; else a new one is made beside it, which takes nothing from another install. */
  move: boolean
  dryRun: boolean
}>

type Step = SubscriptionChange & Readonly<{name: string}>

/** After each pass the subscriptions are read again: a lost reply is looked for, not guessed. */
const PASSES = 3

/**
 * Makes the subscriptions of our topics as they should be, and leaves alone what is right. Safe to repeat, and to end at any
 * moment. Throws what the client throws; what Shopify refuses of one topic stands in `refused`.
 */
export async function registerSubscriptions(client: Subscriptions, options: RegisterOptions): Promise<Registration> {
  const {url, dryRun} = options
  const changes = new Map<string, Step>()
  const refusals = new Map<string, Refusal>()
  let states = judge(await client.list(), url)
  const due = () => stepsTo(states, options).filter((step) => !refusals.has(keyOf(step)))
  let lost: RetryableError | null = null
  for (let pass = 0; pass < PASSES && due().length > 0; pass++) {
    lost = null
    for (const step of due()) {
      changes.set(keyOf(step), step)
      if (dryRun) continue
      const fault = await take(client, step, url)
      if (fault instanceof RetryableError) lost = fault
      if (fault instanceof RejectedError) refusals.set(keyOf(step), refusalOf(step, fault))
    }
    if (dryRun) break
    states = judge(await client.list(), url)
  }
  if (lost !== null && due().length > 0) throw lost
  // What another process did at the same moment was refused to us, and is right.
  const open = new Set(stepsTo(states, options).map(keyOf))
  const refused = [...refusals].filter(([key]) => open.has(key))
  const made = [...changes].filter(([key]) => dryRun || !open.has(key))
  return {
    url,
    changes: made.map(([, {name: _name, ...change}]) => change),
    refused: refused.map(([, refusal]) => refusal),
    subscriptions: states,
  }
}

/** Takes a step. Gives the fault after which the others go on: a refusal, or a reply that was lost. */
async function take(client: Subscriptions, step: Step, url: string): Promise<RejectedError | RetryableError | null> {
  try {
    if (step.did === 'create') await client.create(step.name, url)
    else if (step.did === 'delete') await client.remove(step.id ?? '')
    else verify(step, await client.correct(step.id ?? '', url))
    return null
  } catch (error) {
    if (error instanceof RejectedError || (error instanceof RetryableError && error.outcomeUnknown)) return error
    throw error
  }
}

function verify({topic}: Step, corrected: Subscription): void {
  const [state] = judge([corrected], corrected.uri).filter(({id}) => id === corrected.id)
  if (state === undefined || state.state === 'right') return
  throw new RejectedError('WEBHOOK_SUBSCRIPTION_REFUSED', `Shopify kept ${state.faults.join(', ')} of ${topic}`, {
    hint: 'delete the subscription in the app, then run tieout webhooks:register',
  })
}

function refusalOf({topic}: Step, {code, message, hint}: RejectedError): Refusal {
  return {topic, code, message, hint}
}

function keyOf({did, name, id}: Step): string {
  return `${did} ${name} ${id ?? ''}`
}

function stepsTo(states: readonly JudgedSubscription[], {url, prune, move}: RegisterOptions): Step[] {
  return states.flatMap(({topic, name, id, uri, state, faults}): Step[] => {
    const about = {topic, name, id, uri: url, why: faults.join(', ')}
    if (state === 'missing') return [{...about, did: 'create', why: 'it is missing'}]
    if (state === 'elsewhere') return [move ? {...about, did: 'move'} : {...about, id: null, did: 'create'}]
    if (state === 'wrong') return [{...about, did: 'correct'}]
    if (state === 'extra' && prune) return [{...about, did: 'delete', uri: uri ?? ''}]
    return []
  })
}
