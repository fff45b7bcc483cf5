import {z} from 'zod'

import {bag, fulfillmentNode, money, pageOf, refundNode, time} from './answers.ts'

/** Shapes of what Shopify answers about money. Enumerations are plain text: Shopify adds values to released versions. */

const text = z.string().nullable()

/** BigInt of the Admin API: a number as text on the wire. */
const bigInt = z.union([z.string(), z.number().int()]).transform(String)

export const adjustment = z.object({amountSet: bag, taxAmountSet: bag, reason: text})
export const paidOut = z.object({id: z.string()})

const refundWithMoney = refundNode.extend({
  duties: z.array(z.object({amountSet: bag, originalDuty: z.object({id: z.string()}).nullable()})).nullable(),
  orderAdjustments: pageOf(adjustment),
  transactions: pageOf(paidOut),
  return: z.object({id: z.string()}).nullable(),
})
export type RefundWithMoney = z.infer<typeof refundWithMoney>

const fulfillmentWithPackages = fulfillmentNode.extend({
  createdAt: time,
  location: z.object({id: z.string()}).nullable(),
  trackingInfo: z.array(z.object({company: text, number: text, url: text})),
})

export const life = z.object({
  updatedAt: z.string(),
  refunds: z.array(refundWithMoney),
  fulfillments: z.array(fulfillmentWithPackages),
})

export const payout = z.object({
  id: z.string(),
  legacyResourceId: bigInt,
  issuedAt: time,
  status: z.string(),
  transactionType: z.string(),
  net: money,
  externalTraceId: text,
})
export type PayoutNode = z.infer<typeof payout>

export const balanceTransaction = z.object({
  id: z.string(),
  type: z.string(),
  test: z.boolean(),
  amount: money,
  fee: money,
  net: money,
  transactionDate: time,
  sourceType: text,
  adjustmentReason: text,
  sourceOrderTransactionId: bigInt.nullable(),
  associatedOrder: z.object({id: z.string(), name: z.string()}).nullable(),
  adjustmentsOrders: z.array(
    z.object({name: z.string(), orderTransactionId: bigInt, amount: money, fees: money, net: money}),
  ),
})
export type BalanceNode = z.infer<typeof balanceTransaction>
