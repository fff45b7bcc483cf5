import {
  decimalOf,
  fromPresentment,
  mills,
  minus,
  nothing,
  pair,
  plus,
  share,
  total,
  type Currencies,
  type Pair,
} from '../amounts.ts'
import {flag, integer, legacyId, list, object, text} from '../document.ts'
import {currentQuantity} from '../fulfilling/units.ts'
import type {Json} from '../json.ts'
import {readLines} from '../map-lines.ts'
import {readRefunds} from '../map-refunds.ts'
import {isSuccess, transactionAmount} from '../map-transactions.ts'
import {numberOf, type RefundInput} from './input.ts'

/** Units of a line that go back, with their price after discounts and their tax. */
export type BackLine = Readonly<{line: Json; quantity: number; restock: string; subtotal: Pair; tax: Pair}>

/** The lines that are asked for; a text says what is wrong with them. */
export function linesBack(order: Json, input: RefundInput, currencies: Currencies): readonly BackLine[] | string {
  const facts = readLines(order, currencies)
  const made: BackLine[] = []
  for (const {lineItemId, quantity, restockType} of input.refundLineItems ?? []) {
    const fact = facts.find(({doc}) => legacyId(doc) === numberOf(lineItemId))
    if (fact === undefined) return 'Line item does not exist.'
    const left = currentQuantity(fact.doc, order)
    if (quantity <= 0) return 'Quantity must be greater than 0.'
    if (quantity > left) return 'Quantity cannot refund more items than were purchased'
    // By the units that are gone already, so that the parts of all refunds sum to the line.
    const gone = fact.quantity - left
    const part = (amount: Pair) =>
      minus(share(amount, gone + quantity, fact.quantity, currencies), share(amount, gone, fact.quantity, currencies))
    const subtotal = part(minus(fact.gross, fact.discount))
    const restock = (restockType ?? 'NO_RESTOCK').toLowerCase()
    made.push({line: fact.doc, quantity, restock, subtotal, tax: part(fact.tax)})
  }
  return made
}

export type BackShipping = Readonly<{line: Json; amount: Pair; tax: Pair}>

/** The shipping that is asked for, with its share of tax; a text says what is wrong, null: none is asked for. */
export function shippingBack(
  order: Json,
  {shipping}: RefundInput,
  currencies: Currencies,
): BackShipping | string | null {
  if (shipping === null || shipping === undefined) return null
  const [line] = list(order, 'shipping_lines')
  if (line === undefined) return 'The order has no shipping to refund.'
  const whole = pair(line, 'discounted_price', currencies) ?? pair(line, 'price', currencies) ?? nothing
  const back = readRefunds(order, currencies).shipping.map((one) => one.amount)
  const left = minus(whole, total(back))
  const asked = shipping.fullRefund === true ? left.presentment : (mills(shipping.amount) ?? 0n)
  if (asked > left.presentment) return 'Shipping amount cannot refund more than the shipping paid.'
  if (asked <= 0n) return null
  const amount = asked === left.presentment ? left : fromPresentment(asked, currencies)
  const taxes = total(list(line, 'tax_lines').map((tax) => pair(tax, 'price', currencies) ?? nothing))
  return {line, amount, tax: share(taxes, Number(asked), Number(whole.presentment), currencies)}
}

export type BackMoney = Readonly<{amount: Pair; gateway: string; parent: Json}>

/** The payments that are asked to go back; a text says what is wrong with them. */
export function moneyBack(
  transactions: readonly Json[],
  input: RefundInput,
  currencies: Currencies,
): readonly BackMoney[] | string {
  const made: BackMoney[] = []
  for (const {amount: asked, gateway, kind, parentId} of input.transactions ?? []) {
    const presentment = mills(asked)
    const parent = transactions.find((one) => legacyId(one) === numberOf(parentId))
    if (kind !== 'REFUND') return 'Transaction kind must be refund.'
    if (presentment === null || presentment <= 0n) return 'Refund amount must be greater than 0.'
    if (parent === undefined || !isSuccess(parent, 'sale', 'capture')) return 'Parent transaction is not refundable.'
    const taken = transactions.filter(
      (one) => text(one, 'parent_id') === legacyId(parent) && isSuccess(one, 'refund', 'change'),
    )
    const before = made.filter((one) => one.parent === parent).map((one) => one.amount)
    const back = total([...taken.map((one) => transactionAmount(one, currencies)), ...before])
    const left = minus(transactionAmount(parent, currencies), back)
    if (presentment > left.presentment && input.allowOverRefunding !== true)
      return `Refund amount ${asked} is more than the ${decimalOf(left.presentment, currencies.presentment)} that is left`
    const amount = presentment === left.presentment ? left : fromPresentment(presentment, currencies)
    made.push({amount, gateway: text(parent, 'gateway') ?? gateway, parent})
  }
  return made
}

/** What lines and shipping account for; their tax counts where prices leave it out. */
export function accounted(order: Json, lines: readonly BackLine[], shipping: BackShipping | null): Pair {
  const net = plus(total(lines.map((one) => one.subtotal)), shipping?.amount ?? nothing)
  const tax = plus(total(lines.map((one) => one.tax)), shipping?.tax ?? nothing)
  return plus(net, flag(order, 'taxes_included') ? nothing : tax)
}

/** Units of a line after so many went back. */
export function without(line: Json, back: readonly BackLine[], order: Json): Json {
  const gone = back.filter((one) => one.line === line).reduce((sum, one) => sum + one.quantity, 0)
  if (gone === 0) return line
  const open = integer(line, 'fulfillable_quantity')
  const left = currentQuantity(line, order) - gone
  return {...line, current_quantity: left, ...(open === null ? {} : {fulfillable_quantity: Math.min(open, left)})}
}

export function setOf(amount: Pair, {shop, presentment}: Currencies): Json {
  return {
    shop_money: {amount: decimalOf(amount.shop, shop), currency_code: shop},
    presentment_money: {amount: decimalOf(amount.presentment, presentment), currency_code: presentment},
  }
}

/** An amount of a document less a part, in both of its forms, where the document states it. */
export function reduced(order: Json, name: string, by: Pair, currencies: Currencies): Json {
  const held = pair(order, name, currencies)
  if (held === null) return {}
  const left = minus(held, by)
  return {
    ...(order[name] === undefined ? {} : {[name]: decimalOf(left.shop, currencies.shop)}),
    ...(object(order, `${name}_set`) === null ? {} : {[`${name}_set`]: setOf(left, currencies)}),
  }
}
