import type {IncomingHttpHeaders} from 'node:http'

import type {Clock} from '../../core/clock.ts'
import {RetryableError} from '../../core/errors.ts'
import {INTAKE_COMMITS, type Arrival, type Intake} from '../../ledger/intake.ts'
import {deliveryOf, meaningOf, signedBy, type Delivery} from '../../shopify/webhooks.ts'
import {groupCommits} from './commit.ts'
import type {Complaints} from './complaints.ts'
import type {Metrics} from './metrics.ts'

export type DeliveryRules = Readonly<{
  /** Domains of the shops whose deliveries are ours. */
  shops: ReadonlySet<string>
  /** The secrets that may sign, the current one first. */
  secrets: readonly string[]
}>

/** What a request is answered with. A reason is a word of the program, for figures and logs. */
export type Answer = Readonly<{status: number; reason: string | null; detail?: string | null}>

type Parts = Readonly<{intake: Intake; clock: Clock; metrics: Metrics; complaints: Complaints}>

/** Small enough that 64 busy connections fill several: while one is committed the next gathers, and neither side waits. */
const COMMIT = {atOnce: INTAKE_COMMITS, itemsMax: 16, bytesMax: 16 * 2 ** 20}

/** Checks deliveries and brings them to the ledger; the answer comes when the delivery is on disk. */
export function createDeliveries(rules: DeliveryRules, {intake, clock, metrics, complaints}: Parts) {
  const commits = groupCommits(async (arrivals: readonly Arrival[]) => {
    const results = await intake.record(arrivals)
    metrics.count('tieout_webhook_commits_total')
    metrics.count('tieout_webhook_committed_total', '', arrivals.length)
    return results
  }, COMMIT)

  const keep = async (delivery: Delivery, body: Buffer): Promise<Answer> => {
    const receivedAt = clock.now()
    const {arrival, why} = arrivalOf(delivery, body, receivedAt)
    try {
      const result = await commits.add(arrival)
      metrics.count('tieout_webhooks_total', result === 'recorded' && arrival.flow !== 'orders' ? arrival.flow : result)
      if (why !== null) complaints.add('unreadable', `${delivery.topic}: ${why}`)
      if (delivery.triggeredAt !== null)
        metrics.lagged(Math.max(0, clock.now().getTime() - delivery.triggeredAt.getTime()) / 1000)
      return {status: 200, reason: null}
    } catch (error) {
      if (error instanceof RetryableError) return {status: 503, reason: 'database', detail: error.code}
      return {status: 500, reason: 'row', detail: sqlState(error)}
    }
  }

  return {
    async receive(headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
      const signature = headers['x-shopify-hmac-sha256']
      const secret = signedBy(body, typeof signature === 'string' ? signature : undefined, rules.secrets)
      if (secret === -1) return {status: 401, reason: signature === undefined ? 'unsigned' : 'signature'}
      metrics.count('tieout_webhooks_signed_total', secret === 0 ? 'current' : 'previous')
      const delivery = deliveryOf(headers)
      if ('fault' in delivery) return {status: 400, reason: 'header', detail: delivery.fault}
      if (!rules.shops.has(delivery.shop)) return {status: 403, reason: 'shop', detail: delivery.shop}
      if (delivery.triggeredAt === null) metrics.count('tieout_webhook_header_faults_total', 'X-Shopify-Triggered-At')
      if (delivery.apiVersion === null) metrics.count('tieout_webhook_header_faults_total', 'X-Shopify-API-Version')
      return keep(delivery, body)
    },
  }
}

/** The row of a delivery, and why it says nothing where it should. */
function arrivalOf(delivery: Delivery, body: Buffer, receivedAt: Date): {arrival: Arrival; why: string | null} {
  const {webhookId, topic, shop} = delivery
  const meaning = meaningOf(topic, body)
  const known = {deliveryId: webhookId, topic, body, receivedAt}
  if (meaning.kind === 'order')
    return {arrival: {...known, flow: 'orders', subject: `${shop}/${meaning.id}`, name: meaning.name}, why: null}
  const why = meaning.kind === 'unreadable' ? meaning.why : null
  return {arrival: {...known, flow: meaning.kind, subject: shop, name: null}, why}
}

/** Of an error of the database only its state is told: the text may hold what the row held. */
function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unexpected'
}
