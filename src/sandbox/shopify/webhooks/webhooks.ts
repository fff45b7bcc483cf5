import {createHash} from 'node:crypto'

import {Faults} from '../faults.ts'
import type {Metafields} from '../metafields.ts'
import type {Entry} from '../orders.ts'
import {Courier, RETRIES, retryWaitMs, type Delivery} from './courier.ts'
import {occurrences, type Occurrence} from './events.ts'
import {addressed, forgeryOf, type Signing} from './letter.ts'
import {bytesOf, fitted} from './payload.ts'
import {Poster, type Limits} from './post.ts'
import {Subscriptions, type Subscription} from './subscriptions.ts'
import {Tally} from './tally.ts'
import {FIRED_TOPICS, pathOf} from './topics.ts'

export type WebhookOptions = Signing &
  Readonly<{
    timeZone: string
    metafields: Metafields
    limits: Limits
    /** How many times faster than on Shopify the waits before retries pass. */
    timeScale: number
    /** Told of a subscription that ended because its receiver failed too often. */
    onRemoved: (subscription: Subscription) => void
  }>

/** How many settled or waiting deliveries the control endpoint shows. */
const SHOWN = 200

/** The webhooks of one app: subscriptions, and the deliveries that writes to orders cause. */
export class Webhooks {
  readonly subscriptions: Subscriptions
  readonly faults: Faults
  readonly #options: WebhookOptions
  readonly #poster: Poster
  readonly #courier: Courier
  readonly #tally = new Tally()
  readonly #recent: Delivery[] = []
  /** Acknowledgements by subscription. */
  readonly #acknowledged = new Map<string, number>()
  /** Digests of what was last sent, by subscription and subject. */
  readonly #sent = new Map<string, string>()
  #held: Delivery[] = []
  #holdTimer: NodeJS.Timeout | null = null
  #lastId = 1_060_000_000_000

  constructor(options: WebhookOptions) {
    const {now, random, limits} = options
    this.#options = options
    this.subscriptions = new Subscriptions(now)
    this.faults = new Faults(random)
    this.#poster = new Poster(limits)
    this.#courier = new Courier({
      poster: this.#poster,
      now,
      onAttempt: (delivery, isAcknowledged) => this.#settled(delivery, isAcknowledged),
    })
  }

  /** Tells the subscribers what a write did to an order; see `OnWrite`. */
  orderWritten(before: Entry | null, after: Entry | null): void {
    if (this.subscriptions.size === 0) return
    const {timeZone, now} = this.#options
    const around = {timeZone, now, nextId: () => (this.#lastId += 1)}
    const order = after ?? before
    for (const occurrence of occurrences(before, after, around)) this.#tell(occurrence, order?.id ?? '')
  }

  /** Subscribes an address to everything that orders cause. Throws TypeError that says why it cannot. */
  subscribeAll(uri: string): void {
    for (const topic of FIRED_TOPICS) {
      const [fault] = this.subscriptions.create(topic, {uri}).userErrors
      if (fault !== undefined) throw new TypeError(`${topic} to ${uri}: ${fault.message}`)
    }
  }

  /** Ends a subscription; what still waits for it is not sent any more. False where there is none. */
  unsubscribe(id: string): boolean {
    if (!this.subscriptions.remove(id)) return false
    this.#giveUp((delivery) => delivery.subscriptionId === id)
    return true
  }

  /** Attempts at once whatever waits: retries, late ones and those held back. Resolves when all are answered. */
  async flush(): Promise<void> {
    this.#release()
    await this.#courier.flush()
  }

  /** Forgets everything: subscriptions, what waits, faults and counts. */
  clear(): void {
    this.#endHold()
    this.#giveUp(() => true)
    this.#recent.length = 0
    for (const part of [this.subscriptions, this.faults, this.#tally, this.#acknowledged, this.#sent]) part.clear()
  }

  stop(): void {
    this.#endHold()
    this.#giveUp(() => true)
    this.#poster.close()
  }

  report() {
    return {
      subscriptions: this.subscriptions.size,
      ...this.#tally.report(),
      waiting: this.#courier.waiting + this.#held.length,
    }
  }

  /** The subscriptions and the newest deliveries, without bodies. */
  show() {
    return {
      subscriptions: this.subscriptions.all().map(({accepts: _accepts, ...one}) => one),
      deliveries: this.#recent.map(({body, acknowledgedBefore: _acknowledgedBefore, ...one}) => ({
        ...one,
        bytes: body.length,
      })),
      stats: this.report(),
    }
  }

  #tell({topic, subject, payload}: Occurrence, orderId: string): void {
    const subscribers = this.subscriptions.all().filter((one) => one.topic === topic)
    if (subscribers.length === 0) return
    const event = {...this.#options, topic: pathOf(topic), subject, orderId}
    const letter = addressed(event, payload())
    for (const subscription of subscribers) {
      if (!subscription.accepts(letter.payload)) continue
      const body = bytesOf(fitted(letter.payload, subscription, this.#options.metafields))
      if (this.#isRepeated(subscription, subject, body)) this.#tally.add('debounced')
      else this.#post(letter.to(subscription, body), orderId)
    }
  }

  /** With `includeFields`, a payload like the last one of the same subject is debounced away (Shopify: webhooks, best practices). */
  #isRepeated({id, includeFields}: Subscription, subject: string, body: Buffer): boolean {
    if (includeFields.length === 0) return false
    const key = `${id}/${subject}`
    const digest = createHash('sha1').update(body).digest('base64')
    if (this.#sent.get(key) === digest) return true
    this.#sent.set(key, digest)
    return false
  }

  /** Sends a delivery, unless a fault has other plans for it. */
  #post(delivery: Delivery, orderId: string): void {
    this.#tally.add('deliveries')
    this.#note(delivery)
    const fault = this.faults.strike(delivery.topic, (id) => id === orderId)
    switch (fault?.kind) {
      case 'webhook-lost':
        delivery.state = 'lost'
        this.#tally.add('lost')
        return
      case 'webhook-late':
        this.#tally.add('late')
        this.#courier.send(delivery, fault.delayMs)
        return
      case 'webhook-shuffled':
        this.#tally.add('shuffled')
        this.#hold(delivery, fault.delayMs)
        return
      case 'webhook-duplicate':
        this.#tally.add('duplicated')
        this.#courier.send(this.#note({...delivery, attempts: []}))
        break
      case 'webhook-forged':
        this.#tally.add('forged')
        this.#courier.send(this.#note(forgeryOf(delivery, this.#options.random)))
        break
      default:
    }
    this.#courier.send(delivery)
  }

  #note(delivery: Delivery): Delivery {
    this.#recent.push(delivery)
    if (this.#recent.length > SHOWN) this.#recent.shift()
    return delivery
  }

  #hold(delivery: Delivery, delayMs: number): void {
    this.#held.push(delivery)
    this.#holdTimer ??= setTimeout(() => this.#release(), delayMs)
  }

  /** Lets go of what was held back, in an order that the seed decides. */
  #release(): void {
    this.#endHold()
    const {random} = this.#options
    const drawn = this.#held.map((delivery) => ({delivery, at: random()})).sort((a, b) => a.at - b.at)
    this.#held = []
    for (const {delivery} of drawn) this.#courier.send(delivery)
  }

  #endHold(): void {
    if (this.#holdTimer !== null) clearTimeout(this.#holdTimer)
    this.#holdTimer = null
  }

  #giveUp(fits: (delivery: Delivery) => boolean): void {
    const held = this.#held.filter(fits)
    this.#held = this.#held.filter((delivery) => !fits(delivery))
    for (const delivery of held) delivery.state = 'given up'
    const dropped = this.#courier.drop(fits).filter(({isForged}) => !isForged)
    this.#tally.add('givenUp', held.length + dropped.length)
  }

  #settled(delivery: Delivery, isAcknowledged: boolean): number | null {
    const {subscriptionId, attempts, isForged} = delivery
    if (isForged) {
      delivery.state = isAcknowledged ? 'acknowledged' : 'given up'
      if (isAcknowledged) this.#tally.add('forgedAccepted')
      return null
    }
    this.#tally.add('attempts')
    if (attempts.length > 1) this.#tally.add('retried')
    const acknowledged = this.#acknowledged.get(subscriptionId) ?? 0
    if (isAcknowledged) {
      delivery.state = 'acknowledged'
      this.#tally.add('acknowledged')
      this.#acknowledged.set(subscriptionId, acknowledged + 1)
      return null
    }
    this.#tally.add('failed')
    delivery.acknowledgedBefore ??= acknowledged
    if (attempts.length <= RETRIES) return retryWaitMs(attempts.length) / this.#options.timeScale
    delivery.state = 'given up'
    this.#tally.add('givenUp')
    this.#endIfSilent(delivery, acknowledged)
    return null
  }

  /**
   * Shopify deletes a subscription of the Admin API after 8 consecutive failures. Read here as: all retries of a delivery
   * failed, and no other delivery of the subscription was acknowledged meanwhile.
   */
  #endIfSilent({subscriptionId, acknowledgedBefore}: Delivery, acknowledged: number): void {
    const subscription = this.subscriptions.get(subscriptionId)
    if (acknowledgedBefore !== acknowledged || subscription === null) return
    this.unsubscribe(subscriptionId)
    this.#tally.add('removedSubscriptions')
    this.#options.onRemoved(subscription)
  }
}
