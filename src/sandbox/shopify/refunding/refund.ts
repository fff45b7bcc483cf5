import type {GraphQLResolveInfo} from 'graphql'

import {
  currenciesOf,
  decimalOf,
  isNothing,
  minus,
  nothing,
  plus,
  total,
  type Currencies,
  type Pair,
} from '../amounts.ts'
import {flag, legacyId, list, text, utc} from '../document.ts'
import {withShipping} from '../fulfilling/units.ts'
import type {Json} from '../json.ts'
import {factsOf} from '../map-order.ts'
import {isSuccess, receivedBy, transactionAmount} from '../map-transactions.ts'
import type {Entry, Orders} from '../orders.ts'
import {accessDenied, isGranted} from '../scopes.ts'
import {transactionDocuments} from '../transaction-documents.ts'
import {
  accounted,
  linesBack,
  moneyBack,
  reduced,
  setOf,
  shippingBack,
  without,
  type BackLine,
  type BackMoney,
  type BackShipping,
} from './amounts.ts'
import type {Idempotency} from './idempotency.ts'
import {numberOf, type RefundInput} from './input.ts'

type Context = Readonly<{
  shop: Readonly<{orders: Orders; idempotency: Idempotency; now: () => Date}>
  scopes: ReadonlySet<string>
}>

type UserError = Readonly<{field: readonly string[] | null; message: string}>
type Payload = Readonly<{refund: unknown; order: unknown; userErrors: readonly UserError[]}>

function refused(message: string, ...field: string[]): Payload {
  return {refund: null, order: null, userErrors: [{field: field.length === 0 ? null : field, message}]}
}

/** Gives money and units back, once for each idempotency key (Shopify: refundCreate). */
export function refundCreate(
  {input}: Readonly<{input: RefundInput}>,
  context: Context,
  info: GraphQLResolveInfo,
): Payload {
  if (!isGranted(context.scopes, 'write_orders')) throw accessDenied('refundCreate', 'write_orders')
  return context.shop.idempotency.run(info, input, () => create(input, context), refused)
}

function create(input: RefundInput, {shop}: Context): Payload {
  const entry = shop.orders.get(numberOf(input.orderId))
  if (entry === null) return refused('Order does not exist', 'orderId')
  const {document} = entry
  const currencies = currenciesOf(document)
  const transactions = transactionDocuments(factsOf(document))
  const lines = linesBack(document, input, currencies)
  if (typeof lines === 'string') return refused(lines, 'refundLineItems')
  const shipping = shippingBack(document, input, currencies)
  if (typeof shipping === 'string') return refused(shipping, 'shipping')
  const money = moneyBack(transactions, input, currencies)
  if (typeof money === 'string') return refused(money, 'transactions')
  if (lines.length === 0 && shipping === null && money.length === 0) return refused('There is nothing to refund.')
  const made = {lines, shipping, money}
  const refund = refundOf(entry, made, input, shop.now())
  shop.orders.put(after(entry, made, refund, transactions, utc(shop.now())))
  const id = legacyId(refund) ?? ''
  return {refund: () => viewOf(id, shop.orders), order: () => orderOf(entry.id, shop.orders), userErrors: []}
}

function viewOf(id: string, orders: Orders): unknown {
  const entry = orders.holding('refunds', id)
  const all = entry === null ? null : (orders.view(entry).refunds as (given: Json) => readonly Json[])
  return all?.({}).find((one) => one.legacyResourceId === id) ?? null
}

function orderOf(id: string, orders: Orders): unknown {
  const entry = orders.get(id)
  return entry === null ? null : orders.view(entry)
}

type Made = Readonly<{lines: readonly BackLine[]; shipping: BackShipping | null; money: readonly BackMoney[]}>

/** The refund as a document; what money and lines do not explain is an adjustment (Shopify: webhooks, refunds/create). */
function refundOf({document}: Entry, {lines, shipping, money}: Made, input: RefundInput, now: Date): Json {
  const currencies = currenciesOf(document)
  const at = utc(now)
  const base = (Number(legacyId(document)) % 1_000_000_000) * 1000 + list(document, 'refunds').length * 50 + 1
  const number = (position: number) => 930_000_000_000 + base + position
  const paid = total(money.map((one) => one.amount))
  const beside = minus(accounted(document, lines, shipping), paid)
  return {
    id: number(0),
    admin_graphql_api_id: `gid://shopify/Refund/${number(0)}`,
    order_id: document.id,
    created_at: at,
    processed_at: input.processedAt ?? at,
    note: input.note ?? null,
    user_id: null,
    restock: lines.some((one) => one.restock !== 'no_restock'),
    return: null,
    duties: [],
    refund_line_items: lines.map((one, i) => ({
      id: number(10 + i),
      line_item_id: one.line.id,
      quantity: one.quantity,
      location_id: one.restock === 'no_restock' ? null : Number(numberOf(locationOf(input, one)) || 70_000_000_001),
      restock_type: one.restock,
      ...stated('subtotal', one.subtotal, currencies),
      ...stated('total_tax', one.tax, currencies),
    })),
    refund_shipping_lines:
      shipping === null
        ? []
        : [
            {
              id: number(40),
              shipping_line: {id: shipping.line.id, title: shipping.line.title},
              subtotal_amount_set: setOf(shipping.amount, currencies),
              tax_amount_set: setOf(shipping.tax, currencies),
            },
          ],
    order_adjustments: isNothing(beside) ? [] : [adjustment(number(45), beside, input, currencies)],
    transactions: money.map((one, i) => transactionOf(number(20 + i), one, document, at, currencies)),
  }
}

function locationOf({refundLineItems}: RefundInput, {line}: BackLine): string | null | undefined {
  return refundLineItems?.find(({lineItemId}) => numberOf(lineItemId) === legacyId(line))?.locationId
}

/** Refund lines give their amounts as numbers, unlike the rest of a document. */
function stated(name: string, amount: Pair, currencies: Currencies): Json {
  return {[name]: Number(decimalOf(amount.shop, currencies.shop)), [`${name}_set`]: setOf(amount, currencies)}
}

function adjustment(id: number, amount: Pair, {discrepancyReason}: RefundInput, currencies: Currencies): Json {
  return {
    id,
    admin_graphql_api_id: `gid://shopify/OrderAdjustment/${id}`,
    kind: discrepancyReason?.toLowerCase() ?? 'refund_discrepancy',
    reason: 'Refund discrepancy',
    amount: decimalOf(amount.shop, currencies.shop),
    amount_set: setOf(amount, currencies),
    tax_amount: decimalOf(0n, currencies.shop),
    tax_amount_set: setOf(nothing, currencies),
  }
}

function transactionOf(
  id: number,
  {amount, gateway, parent}: BackMoney,
  order: Json,
  at: string,
  currencies: Currencies,
): Json {
  return {
    id,
    admin_graphql_api_id: `gid://shopify/OrderTransaction/${id}`,
    order_id: order.id,
    parent_id: parent.id,
    kind: 'refund',
    gateway,
    status: 'success',
    amount: decimalOf(amount.presentment, currencies.presentment),
    amount_set: setOf(amount, currencies),
    currency: currencies.presentment,
    test: flag(order, 'test'),
    created_at: at,
    processed_at: at,
    payment_id: null,
    manual_payment_gateway: flag(parent, 'manual_payment_gateway'),
    error_code: null,
  }
}

/** The order with the refund: what is left of its lines and amounts, and its states. */
function after({document}: Entry, made: Made, refund: Json, transactions: readonly Json[], at: string): Json {
  const currencies = currenciesOf(document)
  const {lines, shipping} = made
  const subtotal = total(lines.map((one) => one.subtotal))
  const tax = plus(total(lines.map((one) => one.tax)), shipping?.tax ?? nothing)
  const gone = accounted(document, lines, shipping)
  const less = (name: string, by: Pair) => reduced(document, name, by, currencies)
  const changed = {
    ...document,
    ...less('current_subtotal_price', subtotal),
    ...less('current_total_tax', tax),
    ...less('current_total_price', gone),
    ...less('current_shipping_price', shipping?.amount ?? nothing),
    line_items: list(document, 'line_items').map((line) => without(line, lines, document)),
    refunds: [...list(document, 'refunds'), refund],
    ...(Array.isArray(document.transactions) ? {transactions: [...transactions, ...list(refund, 'transactions')]} : {}),
    financial_status: financialStatus(document, [...transactions, ...list(refund, 'transactions')], currencies),
    updated_at: at,
  }
  return lines.length === 0 ? changed : withShipping(changed, list(document, 'fulfillments'), at)
}

function financialStatus(order: Json, transactions: readonly Json[], currencies: Currencies): string | null {
  const back = total(
    transactions.filter((one) => isSuccess(one, 'refund')).map((one) => transactionAmount(one, currencies)),
  )
  if (isNothing(back)) return text(order, 'financial_status')
  const left = minus(receivedBy(transactions, currencies), back)
  return left.presentment <= 0n ? 'refunded' : 'partially_refunded'
}
