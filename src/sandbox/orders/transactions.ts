import {decimal, isNone, none, plus, setOf, type Currencies, type Two} from './amounts.ts'
import {Chance} from './chance.ts'
import {paidBackOf, type Story} from './events.ts'
import {identified} from './numbers.ts'
import {drawTender, isManual, payment, pending, refunds, type Movement, type Tender} from './tenders.ts'
import {stamp} from './times.ts'

type Part = Readonly<Record<string, unknown>>

/** What is known of an order's money beside its story. */
export type Money = Readonly<{
  /** Decides how it was paid. */
  seed: number
  /** What was paid, one payment after another. Default: everything, once. */
  payments?: readonly Two[]
  /** The merchant waits for a bank deposit. */
  byBank?: boolean
  /** A card was authorised, and so many of its two captures are made. */
  captures?: 0 | 1 | 2
  /** How the refund stands; default: it arrived, perhaps after an attempt that failed. */
  refundState?: Movement['status']
}>

/** The movements of money of an order; those of its refund stand in the refund as well. */
export type Settled = Readonly<{
  transactions: readonly Part[]
  refunds: readonly Part[]
  gateways: readonly string[]
  /** Cash rounding of payments. */
  rounding: Two
  /** What the shop still owes: refunds that have not arrived. */
  owedBack: Two
}>

const MINUTE_MS = 60_000
/** Positions of the ids of transactions among an order's parts: payments, then refunds. */
const PAYMENTS = 70
const REFUNDS = 85

/** Draws how the order was paid and given back, and states it as documents do (Shopify: webhooks, OrderTransaction). */
export function settleMoney(story: Story, money: Money): Settled {
  const {seed, payments, byBank = false, captures, refundState} = money
  const {scenario, times} = story
  const drawn = drawTender(scenario, new Chance(seed))
  const tender: Tender = {
    way: byBank ? 'bank deposit' : captures === undefined ? drawn.way : 'two captures',
    refundFailsFirst: drawn.refundFailsFirst && refundState === undefined,
  }
  const timed = paymentsOf(story, tender, payments ?? [receivedOf(story)], byBank)
    .slice(0, captures === undefined ? undefined : captures + 1)
    .map((one, i) => ({...one, isLate: one.isLate || (captures !== undefined && i > 0)}))
  const paid = timed.map(({movement}) => movement)
  const back = refunds(paidBackOf(story), paid, tender).map((one) => ({...one, status: refundState ?? one.status}))
  // A minute apart, but none later than the moment at which the order is told.
  const at = (base: Date, i: number) =>
    stamp(new Date(Math.min(base.getTime() + i * MINUTE_MS, Math.max(base.getTime(), times.changed.getTime()))))
  const forPayments = timed.map(({movement, isLate}, i) =>
    transaction(movement, PAYMENTS + i, at(isLate ? times.changed : times.placed, i), story),
  )
  const forRefunds = back.map((one, i) => transaction(one, REFUNDS + i, at(times.changed, i), story))
  return {
    transactions: [...forPayments, ...forRefunds],
    refunds: forRefunds,
    gateways: [...new Set(paid.filter(({status}) => status !== 'failure').map(({gateway}) => gateway))],
    rounding: plus(...paid.map((one) => one.rounding)),
    owedBack: refundState === 'pending' || refundState === 'failure' ? plus(...back.map((one) => one.amount)) : none,
  }
}

/** An order on terms is paid later, by agreement; all others brought what they cost, less what an edit took off. */
function receivedOf({scenario, priced, state}: Story): Two {
  if (scenario.channel === 'b2b') return none
  return scenario.removedLine === null ? priced.total : state.currentTotal
}

type Timed = Readonly<{movement: Movement; isLate: boolean}>

function paymentsOf(story: Story, tender: Tender, amounts: readonly Two[], byBank: boolean): Timed[] {
  const currency = story.scenario.currencies.presentment.code
  if (byBank && amounts.length === 0) return pending(story.priced.total).map((movement) => ({movement, isLate: false}))
  return amounts.reduce<Timed[]>((all, amount, i) => {
    const made = payment(i === 0 ? tender.way : 'card', amount, currency, all.length)
    return [...all, ...made.map((movement, j) => ({movement, isLate: i > 0 || (byBank && j > 0)}))]
  }, [])
}

/** A transaction's plain amount is in the customer's currency. */
function transaction(one: Movement, position: number, at: string, {scenario, numbers, name}: Story): Part {
  const {currencies, isTest, channel} = scenario
  const {amount, rounding, parent} = one
  return {
    ...identified(numbers.part(position), 'OrderTransaction'),
    order_id: numbers.order,
    parent_id: parent === null ? null : numbers.part(PAYMENTS + parent),
    kind: one.kind,
    gateway: one.gateway,
    status: one.status,
    amount: decimal(amount.presentment, currencies.presentment),
    amount_set: setOf(amount, currencies),
    amount_rounding: isNone(rounding) ? null : decimal(rounding.presentment, currencies.presentment),
    amount_rounding_set: isNone(rounding) ? null : setOf(rounding, currencies),
    currency: currencies.presentment.code,
    test: isTest,
    created_at: at,
    processed_at: one.status === 'pending' ? null : at,
    payment_id: `${name}.${position}`,
    manual_payment_gateway: isManual(one.gateway),
    error_code: one.error,
    total_unsettled_set: unsettled(one, currencies),
    source_name: channel === 'pos' ? 'pos' : 'web',
    location_id: channel === 'pos' ? 70_000_000_002 : null,
    device_id: null,
    user_id: null,
    receipt: {},
  }
}

function unsettled({amount, status}: Movement, currencies: Currencies): Part {
  return setOf(status === 'pending' ? amount : none, currencies)
}
