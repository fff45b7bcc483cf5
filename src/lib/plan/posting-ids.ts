import {legacyId} from '../core/ids.ts'

/**
 * The external IDs of the records that follow a sales order. Arguments are global ids of Shopify, except `order`, its
 * number. One fact of Shopify has one ID, so that writing it again finds the record.
 */
export const postingId = {
  transaction: (transaction: string) => `SHOPIFY:TRANSACTION:${legacyId(transaction)}`,
  /** The part of a deposit that settles bills which were there before it. */
  application: (transaction: string) => `SHOPIFY:TRANSACTION:${legacyId(transaction)}:APPLIED`,
  /** Money that came back because its refund failed. */
  failedRefund: (transaction: string) => `SHOPIFY:TRANSACTION:${legacyId(transaction)}:FAILED`,
  fulfillment: (fulfillment: string) => `SHOPIFY:FULFILLMENT:${legacyId(fulfillment)}`,
  bill: (fulfillment: string) => `SHOPIFY:INVOICE:${legacyId(fulfillment)}`,
  /** The bill of what needs no shipping. */
  orderBill: (order: string) => `SHOPIFY:INVOICE:ORDER:${order}`,
  /** What is left to bill once nothing is left to ship. */
  restBill: (order: string) => `SHOPIFY:INVOICE:ORDER:${order}:REST`,
  credit: (refund: string) => `SHOPIFY:REFUND:${legacyId(refund)}`,
  /** The credit of what was given back before it was billed. */
  laterCredit: (refund: string) => `SHOPIFY:REFUND:${legacyId(refund)}:LATER`,
  refund: (refund: string, transaction: string) => `SHOPIFY:REFUND:${legacyId(refund)}:${legacyId(transaction)}`,
  returnAuthorization: (refund: string) => `SHOPIFY:REFUND:${legacyId(refund)}:RMA`,
  receipt: (refund: string) => `SHOPIFY:REFUND:${legacyId(refund)}:RECEIPT`,
  payout: (payout: string) => `SHOPIFY:PAYOUT:${legacyId(payout)}`,
  payoutPart: (payout: string, n: number) => `SHOPIFY:PAYOUT:${legacyId(payout)}:${n}`,
  /** A payout that never reached the bank: its deposit stands on the transit account. */
  unbanked: (payout: string) => `SHOPIFY:PAYOUT:${legacyId(payout)}:TRANSIT`,
  withdrawal: (payout: string) => `SHOPIFY:PAYOUT:${legacyId(payout)}:W`,
  failedPayout: (payout: string) => `SHOPIFY:PAYOUT:${legacyId(payout)}:FAILED`,
} as const
