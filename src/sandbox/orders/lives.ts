import type {OrderDocument} from '../shopify/document.ts'
import {isJson} from '../shopify/json.ts'
import {minus, stated, type Two} from './amounts.ts'
import type {Chance} from './chance.ts'
import {documentOf} from './document.ts'
import {paidBackOf} from './events.ts'
import {numbersOf} from './numbers.ts'
import {priceCart} from './pricing.ts'
import {drawScenario, type Scenario} from './scenario.ts'
import {settle} from './state.ts'
import {stamp, timesOf} from './times.ts'
import {shippedLater} from './shipped.ts'
import {capturedLater, givenBack, paidOnTerms, returned} from './money-lives.ts'
import {beforehand, placed, type Draft, type Part, type Stage} from './stages.ts'

/** Shares of the orders to which something happens after they were placed, from 0 to 1 and together at most 1. */
export type Shares = Readonly<{
  /** Lines are swapped, added (and paid later) or removed. */
  edits: number
  cancellations: number
  /** Units are taken off and refunded before they ship. */
  partialCancellations?: number
  addressChanges?: number
  noteChanges?: number
  /** Placed unpaid. */
  latePayments?: number
  /** Shipped in two parts. */
  shipments?: number
  /** Cancelled, then deleted. */
  deletions?: number
  /** Test orders, to which nothing happens. */
  tests?: number
  /** Paid by a card that is charged later, in two parts. */
  captures?: number
  /** Units come back after they shipped. */
  returns?: number
  /** Shipping or an amount is given back after the order shipped. */
  refunds?: number
  /** A company's order on payment terms that ships, and is paid when it has been billed. */
  termPayments?: number
}>

/** Which order of a shop it is. */
export type Place = Readonly<{
  number: number
  id: number
  placed: Date
  /** Decides how it is paid. */
  moneySeed: number
}>

type Fate = Readonly<{
  fits: (scenario: Scenario) => boolean
  stages: (scenario: Scenario, draft: Draft, chance: Chance) => Stage[]
}>

/** Customers to draw from; the more, the fewer come back. */
const PEOPLE = 400

/** More draws than any kind of order needs to turn up. */
const MOST_DRAWS = 5000

/** Draws what happens to an order from the shares, and an order to which it can happen. The first stage is its placing. */
export function drawLife(chance: Chance, seed: number, shares: Shares, place: Place): Stage[] {
  const {fits, stages} = FATES[drawFate(chance, shares)]
  for (let draw = 0; draw < MOST_DRAWS; draw += 1) {
    const scenario = drawScenario(chance, seed, PEOPLE, 'none')
    if (fits(scenario)) return stages(scenario, draftOf(place), chance)
  }
  throw new RangeError('no such order turned up')
}

function drawFate(chance: Chance, shares: Shares): keyof Shares | 'none' {
  let at = chance.below(10_000) / 10_000
  for (const name of Object.keys(FATES) as (keyof typeof FATES)[]) {
    if (name === 'none') return name
    at -= shares[name] ?? 0
    if (at < 0) return name
  }
  return 'none'
}

const isOpenOnTheWeb = ({channel, aftermath}: Scenario) => channel === 'web' && aftermath === 'open'
const endsAs = (wanted: Scenario['aftermath']) => (scenario: Scenario) => scenario.aftermath === wanted
const units = ({cart}: Scenario) => cart.lines.reduce((sum, {quantity}) => sum + quantity, 0)

/** What the refunds of an order give back, in the shop's smallest unit. */
function paidBackBy(scenario: Scenario): number {
  const priced = priceCart(scenario.cart)
  return paidBackOf({scenario, priced, state: settle(scenario, priced)}).shop
}

/** In the order in which shares are laid out; `none` takes the rest. */
const FATES: Readonly<Record<keyof Shares | 'none', Fate>> = {
  edits: {fits: endsAs('edited'), stages: edited},
  cancellations: {
    fits: endsAs('cancelled'),
    stages: (order, draft) => [placed(beforehand(order), draft), {what: 'cancelled', documentAt: draft(order)}],
  },
  partialCancellations: {
    // In part: something is left of it.
    fits: (order) => endsAs('units cancelled')(order) && units(order) > 1,
    stages: (order, draft) => [placed(beforehand(order), draft), {what: 'partlyCancelled', documentAt: draft(order)}],
  },
  addressChanges: {
    fits: (order) => isOpenOnTheWeb(order) && order.cart.shipping !== null,
    stages: (order, draft, chance) => [placed(order, draft), {what: 'moved', documentAt: moved(draft(order), chance)}],
  },
  noteChanges: {
    fits: isOpenOnTheWeb,
    stages: (order, draft, chance) => [
      placed(order, draft),
      {what: 'noted', documentAt: draft(order, {note: `Ring twice & wait, “${chance.between(1, 99)}” is broken`})},
    ],
  },
  latePayments: {fits: (order) => isOpenOnTheWeb(order) && priceCart(order.cart).total.shop > 0, stages: paidLater},
  shipments: {
    fits: (order) => order.aftermath === 'partly fulfilled' && units(order) > 1,
    stages: (order, draft) => [
      placed(beforehand(order), draft),
      {what: 'partlyShipped', documentAt: draft(order)},
      {what: 'shipped', documentAt: shippedLater(draft(order), draft({...order, aftermath: 'fulfilled'}))},
    ],
  },
  deletions: {
    fits: endsAs('cancelled'),
    stages: (order, draft) => [
      placed(beforehand(order), draft),
      {what: 'cancelled', documentAt: draft(order)},
      {what: 'deleted', documentAt: () => null},
    ],
  },
  tests: {fits: isOpenOnTheWeb, stages: (order, draft) => [placed({...order, isTest: true}, draft)]},
  captures: {
    fits: (order) => isOpenOnTheWeb(order) && !order.isTest && priceCart(order.cart).total.shop > 100,
    stages: capturedLater,
  },
  returns: {fits: (order) => endsAs('units returned')(order) && !order.isTest, stages: returned},
  refunds: {
    fits: (order) =>
      !order.isTest &&
      (endsAs('amount refunded')(order) || endsAs('shipping refunded')(order)) &&
      paidBackBy(order) > 0,
    stages: givenBack,
  },
  termPayments: {fits: (order) => order.channel === 'b2b' && endsAs('fulfilled')(order), stages: paidOnTerms},
  none: {
    fits: ({aftermath, channel}) => aftermath === 'open' || channel === 'pos',
    stages: (order, draft) => [placed(order.channel === 'pos' ? order : beforehand(order), draft)],
  },
}

/** An edit that swaps a line for another of the same price, adds one that is paid later, or takes one off, which leaves money owed. */
function edited(swap: Scenario, draft: Draft, chance: Chance): Stage[] {
  const before = beforehand(swap)
  const first = placed(before, draft)
  const total = (scenario: Scenario) => settle(scenario, priceCart(scenario.cart)).currentTotal
  const paidOnce = {payments: [total(before)]}
  const owed = (after: Scenario) => outstanding(minus(total(after), total(before)), after)
  const kind = chance.weighted({swap: 50, added: 30, removed: 20})
  if (kind === 'added') {
    const after = {...swap, removedLine: null}
    const unpaid = {financial_status: 'partially_paid', ...owed(after), edited: true}
    return [
      first,
      {what: 'edited', documentAt: draft(after, unpaid, paidOnce)},
      {
        what: 'paid',
        documentAt: draft(after, {edited: true}, {payments: [total(before), minus(total(after), total(before))]}),
      },
    ]
  }
  if (kind === 'removed' && before.cart.lines.length > 1) {
    const after: Scenario = {...before, aftermath: 'edited', removedLine: 0}
    return [first, {what: 'edited', documentAt: draft(after, owed(after), paidOnce)}]
  }
  return [first, {what: 'edited', documentAt: draft(swap, {}, paidOnce)}]
}

function paidLater(order: Scenario, draft: Draft): Stage[] {
  const {total} = priceCart(order.cart)
  const unpaid = {financial_status: 'pending', ...outstanding(total, order)}
  return [
    placed(order, draft, unpaid, {byBank: true, payments: []}),
    {what: 'paid', documentAt: draft(order, {}, {byBank: true, payments: [total]})},
  ]
}

function outstanding(amount: Two, {currencies}: Scenario): Part {
  return stated('total_outstanding', amount, currencies)
}

/** The buyer corrects the house number, or moves round the corner: the same place, so that taxes stay. */
function moved(documentAt: (at: Date) => OrderDocument, chance: Chance): (at: Date) => OrderDocument {
  const address1 = `${chance.between(1, 400)} New Street`
  return (at) => {
    const document = documentAt(at)
    const address = document.shipping_address
    return isJson(address) ? {...document, shipping_address: {...address, address1}} : document
  }
}

function draftOf({number, id, placed: since, moneySeed: seed}: Place): Draft {
  const whole = new Date(Math.floor(since.getTime() / 1000) * 1000)
  return (scenario, change = {}, money = {}) => {
    const priced = priceCart(scenario.cart)
    const state = settle(scenario, priced)
    return (at) => {
      const story = {scenario, priced, state, numbers: numbersOf(id), times: timesOf(whole, at), name: `#${number}`}
      return {...documentOf(story, number, {seed, ...money}), ...change, updated_at: stamp(at)}
    }
  }
}
