import {minus, stated} from './amounts.ts'
import type {Chance} from './chance.ts'
import {priceCart} from './pricing.ts'
import type {Scenario} from './scenario.ts'
import {beforehand, placed, type Draft, type Stage} from './stages.ts'
import {firstCapture} from './tenders.ts'

/** Paid by a card that is charged when the order ships, in two parts. */
export function capturedLater(order: Scenario, draft: Draft): Stage[] {
  const {total} = priceCart(order.cart)
  const owed = (amount: typeof total) => stated('total_outstanding', amount, order.currencies)
  const partly = {financial_status: 'partially_paid', ...owed(minus(total, firstCapture(total)))}
  return [
    placed(order, draft, {financial_status: 'authorized', ...owed(total)}, {captures: 0}),
    {what: 'captured', documentAt: draft(order, partly, {captures: 1})},
    {what: 'captured', documentAt: draft(order, {}, {captures: 2})},
  ]
}

/** Units come back after they shipped; in one of four cases the money takes its time. */
export function returned(order: Scenario, draft: Draft, chance: Chance): Stage[] {
  const before = [...shipped(order, draft)]
  if (!chance.percent(25)) return [...before, {what: 'returned', documentAt: draft(order)}]
  return [
    ...before,
    {what: 'returned', documentAt: draft(order, {financial_status: 'paid'}, {refundState: 'pending'})},
    {what: 'refunded', documentAt: draft(order)},
  ]
}

/** Shipping or an amount is given back; in one of four cases it does not arrive. */
export function givenBack(order: Scenario, draft: Draft, chance: Chance): Stage[] {
  const refunded: Stage[] = [
    ...shipped(order, draft),
    {what: 'refunded', documentAt: draft(order, {}, {refundState: 'success'})},
  ]
  if (!chance.percent(25)) return refunded
  const failed = draft(order, {financial_status: 'paid'}, {refundState: 'failure'})
  return [...refunded, {what: 'refundFailed', documentAt: failed}]
}

/** Shipped on payment terms; the company pays by bank when it has the bill. */
export function paidOnTerms(order: Scenario, draft: Draft): Stage[] {
  const {total} = priceCart(order.cart)
  const unpaid = {byBank: true, payments: []}
  const settled = {financial_status: 'paid', ...stated('total_outstanding', minus(total, total), order.currencies)}
  return [
    placed(beforehand(order), draft, {}, unpaid),
    {what: 'shipped', documentAt: draft(order, {}, unpaid)},
    {what: 'paid', documentAt: draft(order, settled, {byBank: true, payments: [total]})},
  ]
}

function shipped(order: Scenario, draft: Draft): Stage[] {
  return [
    placed(beforehand(order), draft),
    {what: 'shipped', documentAt: draft({...beforehand(order), aftermath: 'fulfilled'})},
  ]
}
