import {each, isNone, minus, none, plus, share, type Two} from './amounts.ts'
import type {Chance} from './chance.ts'
import type {Scenario} from './scenario.ts'

/** How a customer paid for an order, and how the refunds of it went. */
export type Tender = Readonly<{way: Way; refundFailsFirst: boolean}>

type Way =
  | 'card'
  | 'authorised card'
  | 'two captures'
  | 'declined card'
  | 'voided card'
  | 'PayPal'
  | 'gift card'
  | 'store credit'
  | 'manual'
  | 'bank deposit'
  | 'cash'
  | 'cash with change'
  | 'test card'

/** One movement of money before it has an id; `parent` is the position of the movement that it belongs to. */
export type Movement = Readonly<{
  kind: 'authorization' | 'capture' | 'sale' | 'void' | 'change' | 'refund'
  status: 'success' | 'pending' | 'failure'
  gateway: string
  amount: Two
  parent: number | null
  /** Cash rounding on top of the amount. */
  rounding: Two
  error: string | null
}>

/** Names of gateways as orders carry them; a manual method goes by the name that the merchant gave it. */
export const GATEWAYS = {
  card: 'shopify_payments',
  PayPal: 'paypal',
  giftCard: 'gift_card',
  storeCredit: 'shopify_store_credit',
  manual: 'manual',
  bankDeposit: 'Bank Deposit',
  cash: 'cash',
  test: 'bogus',
} as const

/** Manual methods: a merchant says by hand that the money came. */
export function isManual(gateway: string): boolean {
  return gateway === GATEWAYS.manual || gateway === GATEWAYS.bankDeposit
}

/** @param chance one of its own, so that what an order holds does not depend on how it was paid */
export function drawTender({channel, isTest}: Scenario, chance: Chance): Tender {
  const refundFailsFirst = chance.percent(6)
  if (isTest) return {way: 'test card', refundFailsFirst}
  if (channel === 'pos') {
    return {way: chance.weighted({cash: 50, 'cash with change': 30, card: 20}), refundFailsFirst}
  }
  const way: Way = chance.weighted({
    card: 42,
    'authorised card': 22,
    'two captures': 5,
    'declined card': 4,
    'voided card': 2,
    PayPal: 13,
    'gift card': 6,
    'store credit': 3,
    manual: 3,
  })
  return {way, refundFailsFirst}
}

const ONE: Pick<Movement, 'status' | 'parent' | 'rounding' | 'error'> = {
  status: 'success',
  parent: null,
  rounding: none,
  error: null,
}

/** What a customer who pays an amount in this way leaves behind. `from` is the position of the first movement. */
export function payment(way: Way, amount: Two, currency: string, from = 0): Movement[] {
  if (isNone(amount)) return []
  const card = {...ONE, gateway: GATEWAYS.card, amount}
  switch (way) {
    case 'card':
      return [{...card, kind: 'sale'}]
    case 'authorised card':
      return [
        {...card, kind: 'authorization'},
        {...card, kind: 'capture', parent: from},
      ]
    case 'two captures':
      return captures(amount, from)
    case 'declined card':
      return [
        {...card, kind: 'sale', status: 'failure', error: 'card_declined'},
        {...card, kind: 'sale'},
      ]
    case 'voided card':
      return [
        {...card, kind: 'authorization'},
        {...card, kind: 'void', amount: none, parent: from},
        {...card, kind: 'sale'},
      ]
    case 'PayPal':
      return [{...card, kind: 'sale', gateway: GATEWAYS.PayPal}]
    case 'gift card':
      return split(GATEWAYS.giftCard, amount)
    case 'store credit':
      return split(GATEWAYS.storeCredit, amount)
    case 'manual':
      return confirmed(GATEWAYS.manual, amount, from)
    case 'bank deposit':
      return confirmed(GATEWAYS.bankDeposit, amount, from)
    case 'cash':
      return [{...card, kind: 'sale', gateway: GATEWAYS.cash, rounding: rounded(amount, currency)}]
    case 'cash with change':
      return withChange(amount, currency, from)
    case 'test card':
      return [{...card, kind: 'sale', gateway: GATEWAYS.test}]
  }
}

/** What is on an order that waits for its money: a manual method leaves a pending sale (Shopify: manual payments). */
export function pending(amount: Two): Movement[] {
  if (isNone(amount)) return []
  return [{...ONE, kind: 'sale', status: 'pending', gateway: GATEWAYS.bankDeposit, amount}]
}

function confirmed(gateway: string, amount: Two, from: number): Movement[] {
  return [
    {...ONE, kind: 'sale', status: 'pending', gateway, amount},
    {...ONE, kind: 'sale', gateway, amount, parent: from},
  ]
}

/** What the first of two captures takes. */
export function firstCapture(amount: Two): Two {
  return share(amount, 3, 5)
}

function captures(amount: Two, from: number): Movement[] {
  const first = firstCapture(amount)
  const rest = minus(amount, first)
  const parts = [first, rest].filter((part) => !isNone(part))
  return [
    {...ONE, kind: 'authorization', gateway: GATEWAYS.card, amount},
    ...parts.map((part): Movement => ({...ONE, kind: 'capture', gateway: GATEWAYS.card, amount: part, parent: from})),
  ]
}

/** A third from the card or account that the shop issued, the rest from a credit card. */
function split(gateway: string, amount: Two): Movement[] {
  const first = share(amount, 1, 3)
  const parts = [
    {gateway, amount: first},
    {gateway: GATEWAYS.card, amount: minus(amount, first)},
  ]
  return parts.filter((part) => !isNone(part.amount)).map((part): Movement => ({...ONE, kind: 'sale', ...part}))
}

/** The smallest coin of currencies that round cash; other currencies do not. */
const COINS: Readonly<Record<string, number>> = {CAD: 5}

function rounded(amount: Two, currency: string): Two {
  const coin = COINS[currency] ?? 1
  const handed = Math.round(amount.presentment / coin) * coin
  if (handed === amount.presentment) return none
  return {
    presentment: handed - amount.presentment,
    shop: Math.round((amount.shop * handed) / amount.presentment) - amount.shop,
  }
}

/** Notes of twenty; what is too much goes back (Shopify: OrderTransactionKind CHANGE). */
function withChange(amount: Two, currency: string, from: number): Movement[] {
  if (COINS[currency] !== undefined) return payment('cash', amount, currency, from)
  const handed = each((side) => Math.ceil(amount[side] / 2000) * 2000)
  const cash = {...ONE, gateway: GATEWAYS.cash}
  const back = minus(handed, amount)
  return [
    {...cash, kind: 'sale', amount: handed},
    ...(isNone(back) ? [] : [{...cash, kind: 'change' as const, amount: back, parent: from}]),
  ]
}

/**
 * Gives an amount back over what was paid, the oldest payment first, none more than it brought; where the first attempt
 * fails it is followed by one that succeeds.
 */
export function refunds(amount: Two, paid: readonly Movement[], {refundFailsFirst}: Tender): Movement[] {
  let left = amount
  const made: Movement[] = []
  for (const [parent, one] of paid.entries()) {
    if (one.status !== 'success' || !['sale', 'capture'].includes(one.kind)) continue
    const change = paid.filter((other) => other.kind === 'change' && other.parent === parent)
    const most = minus(one.amount, plus(...change.map((other) => other.amount)))
    const part = each((side) => Math.min(left[side], most[side]))
    if (isNone(part)) continue
    left = minus(left, part)
    made.push({...ONE, kind: 'refund', gateway: one.gateway, amount: part, parent})
  }
  if (!refundFailsFirst) return made
  return made.flatMap((one) => [{...one, status: 'failure', error: 'processing_error'}, one])
}
