import type {Ref} from '../netsuite/types.ts'
import type {ShopifyRefund} from '../shopify/types.ts'
import {accountIdOf, baseOf, gatewayOf, timeOf, type Life} from './life-state.ts'
import {postingId} from './posting-ids.ts'
import type {RefundMoney} from './refund-money.ts'
import type {OrderShare} from './shares.ts'

type Source = Readonly<{
  share: OrderShare
  createdFrom: Readonly<{type: 'invoice' | 'returnAuthorization'; ref: Ref}> | null
}>

/**
 * Under the policy of cash sales a refund is one record, credit and money in one. It has one account, so that a refund
 * by several transactions, or one that is still open, cannot be booked this way.
 */
export function writeCashRefund(life: Life, refund: ShopifyRefund, money: RefundMoney, source: Source): void {
  const {planning, salesOrder, records} = life
  const {share, createdFrom} = source
  if (money.pending.length > 0) return
  const [transaction, second] = money.paid
  if (second !== undefined) {
    planning.faults.push({code: 'CASH_SALE_UNFIT', what: `${refund.id} was paid back by several transactions`})
  }
  if (transaction === undefined) return
  const rule = gatewayOf(life, transaction.gateway)
  if (rule === null) return
  const type = createdFrom?.type === 'returnAuthorization' ? 'returnAuthorization' : 'cashSale'
  records.push({
    ...baseOf(life, postingId.refund(refund.id, transaction.id), timeOf(transaction)),
    type: 'cashRefund',
    entity: salesOrder.entity,
    createdFrom: createdFrom === null ? null : {type, ref: createdFrom.ref},
    subsidiary: salesOrder.subsidiary,
    currency: salesOrder.currency,
    accountId: accountIdOf(life, rule.account),
    paymentMethod: rule.paymentMethod === null ? null : {id: rule.paymentMethod},
    lines: share.lines,
    shipMethod: share.shippingCost === null ? null : salesOrder.shipMethod,
    shippingCost: share.shippingCost,
    ...(share.taxDetails === undefined ? {} : {taxDetails: share.taxDetails}),
    total: planning.book.money(share.total),
  })
}
