import {RejectedError} from '../core/errors.ts'

/** Why the life of an order after its sales order, or a payout, cannot be planned. */
export type LifeFaultCode =
  | 'GATEWAY_UNMAPPED'
  | 'ACCOUNT_UNMAPPED'
  | 'LOCATION_UNMAPPED'
  | 'PAYMENT_EXCEEDS_ORDER'
  | 'QUANTITY_INVALID'
  | 'FULFILLMENT_NOT_ON_ORDER'
  | 'FULFILLMENT_CANCELLED'
  | 'REFUND_EXCEEDS_PAYMENT'
  | 'REFUND_TOTAL_MISMATCH'
  | 'TRANSACTION_WITHOUT_PARENT'
  | 'CASH_SALE_UNFIT'
  | 'PAYOUT_TYPE_UNMAPPED'
  | 'PAYOUT_AMOUNT_DIFFERS'
  | 'PAYOUT_TOTAL_MISMATCH'

type Details = Readonly<{hint: string; subject: string}>

/** How faults of one kind are told. */
export type FaultKind = Readonly<{
  /** From the names of all faults of this kind. */
  message: (what: string) => string
  hint: string
  refusal: (message: string, details: Details) => RejectedError
}>

export const LIFE_KINDS: Readonly<Record<LifeFaultCode, FaultKind>> = {
  GATEWAY_UNMAPPED: {
    message: (what) => `the contract names no account for the payment gateway ${what}`,
    hint: 'add a line for the gateway under gateways in tieout.yaml',
    refusal: (message, details) => new RejectedError('GATEWAY_UNMAPPED', message, details),
  },
  ACCOUNT_UNMAPPED: {
    message: (what) => `the contract names no account for ${what}`,
    hint: 'name the account under the key in parentheses in tieout.yaml',
    refusal: (message, details) => new RejectedError('ACCOUNT_UNMAPPED', message, details),
  },
  LOCATION_UNMAPPED: {
    message: (what) => `the contract maps no NetSuite location for the Shopify location ${what}`,
    hint: 'add the location to fulfillments.locations in tieout.yaml',
    refusal: (message, details) => new RejectedError('LOCATION_UNMAPPED', message, details),
  },
  PAYMENT_EXCEEDS_ORDER: {
    message: (what) => what,
    hint: 'look for a payment that was captured twice in Shopify',
    refusal: (message, details) => new RejectedError('PAYMENT_EXCEEDS_ORDER', message, details),
  },
  QUANTITY_INVALID: {
    message: (what) => `a quantity is not a positive whole number: ${what}`,
    hint: 'look at the fulfilment or refund in Shopify',
    refusal: (message, details) => new RejectedError('QUANTITY_INVALID', message, details),
  },
  FULFILLMENT_NOT_ON_ORDER: {
    message: (what) => `more was shipped than the sales order holds: ${what}`,
    hint: 'compare the fulfilments with the refunds of the order in Shopify',
    refusal: (message, details) => new RejectedError('FULFILLMENT_NOT_ON_ORDER', message, details),
  },
  FULFILLMENT_CANCELLED: {
    message: (what) => `cancelled in Shopify after it was written to NetSuite: ${what}`,
    hint: 'undo the item fulfillment and its bill in NetSuite, or ship again in Shopify',
    refusal: (message, details) => new RejectedError('FULFILLMENT_CANCELLED', message, details),
  },
  REFUND_EXCEEDS_PAYMENT: {
    message: (what) => what,
    hint: 'compare the payments and refunds of the order in Shopify',
    refusal: (message, details) => new RejectedError('REFUND_EXCEEDS_PAYMENT', message, details),
  },
  REFUND_TOTAL_MISMATCH: {
    message: (what) => what,
    hint: 'compare the lines of the refund in Shopify with what was paid back',
    refusal: (message, details) => new RejectedError('REFUND_TOTAL_MISMATCH', message, details),
  },
  TRANSACTION_WITHOUT_PARENT: {
    message: (what) => `Shopify does not say which payment was given back: ${what}`,
    hint: 'refund the customer deposit in NetSuite by hand, under the external ID in parentheses',
    refusal: (message, details) => new RejectedError('TRANSACTION_WITHOUT_PARENT', message, details),
  },
  CASH_SALE_UNFIT: {
    message: (what) => `cash sales cannot carry this order: ${what}`,
    hint: 'set billing: invoice in tieout.yaml, or book the order in NetSuite by hand',
    refusal: (message, details) => new RejectedError('CASH_SALE_UNFIT', message, details),
  },
  PAYOUT_TYPE_UNMAPPED: {
    message: (what) => `the contract names no account for the balance transactions ${what}`,
    hint: 'add a line for each type under payouts.types in tieout.yaml, such as SHIPPING_LABEL: "<account id>"',
    refusal: (message, details) => new RejectedError('PAYOUT_TYPE_UNMAPPED', message, details),
  },
  PAYOUT_AMOUNT_DIFFERS: {
    message: (what) => `NetSuite holds another amount than Shopify paid out: ${what}`,
    hint: 'compare the record in NetSuite with the transaction in Shopify',
    refusal: (message, details) => new RejectedError('PAYOUT_AMOUNT_DIFFERS', message, details),
  },
  PAYOUT_TOTAL_MISMATCH: {
    message: (what) => what,
    hint: 'compare the payout with its transactions in Shopify; a line may be missing',
    refusal: (message, details) => new RejectedError('PAYOUT_TOTAL_MISMATCH', message, details),
  },
}
