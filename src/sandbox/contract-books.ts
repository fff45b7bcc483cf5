import {company} from './company.ts'
import {accountId} from './netsuite/seed-accounts.ts'

type Gateway = Readonly<{account: string | null; method: (typeof company.paymentMethods)[number]['name']}>

/** Gateway of the shop's orders → number of the account that its money goes to (null: undeposited funds), and payment method. */
export const GATEWAYS: Readonly<Record<string, Gateway>> = {
  shopify_payments: {account: null, method: 'Shopify Payments'},
  paypal: {account: '1020', method: 'PayPal'},
  manual: {account: '1021', method: 'Manual'},
  'Bank Deposit': {account: '1021', method: 'Manual'},
  cash: {account: '1030', method: 'Cash'},
  gift_card: {account: '2200', method: 'Gift card'},
  shopify_store_credit: {account: '2210', method: 'Store credit'},
}

/** Type of balance transaction, or its beginning → number of the account. */
export const BALANCE_TYPES: Readonly<Record<string, string>> = {
  'RESERVED_FUNDS*': '1300',
  'DISPUTE_*': '1310',
  'CHARGEBACK_HOLD*': '1310',
  'CHARGEBACK_FEE*': '6010',
  'SHIPPING_LABEL*': '6030',
  'BILLING_*': '6040',
  'SHOP_CASH_*': '6040',
  'TAX_ADJUSTMENT_*': '2310',
  'CUSTOMS_DUTY*': '2320',
  'IMPORT_TAX*': '2320',
  'LENDING_*': '2400',
  'ADVANCE*': '2400',
  'ADJUSTMENT*': '6090',
  'ANOMALY_*': '6090',
}

const ON = {payments: 'deposit', from: 'shopify', billing: 'invoice', refunds: 'push', restock: 'receipt'}
const OFF: typeof ON = {payments: 'off', from: 'off', billing: 'netsuite', refunds: 'off', restock: 'none'}

/**
 * The sections of the written contract that decide what becomes of an order after its sales order. Accounts are named in
 * any case; only with `books` is anything done with them.
 */
export function booksText(books: boolean): string {
  const {payments, from, billing, refunds, restock} = books ? ON : OFF
  return `    accounts:
      undeposited_funds: "${accountId('1010')}"
      bank: {USD: "${accountId('1000')}"}
      payout_transit: "${accountId('1005')}"
      fees: "${accountId('6000')}"
      fx: "${accountId('6090')}"
    gateways: # where the money of each stands until it reaches the bank
${gateways()}
${books ? '' : '    # sandbox:start --books writes these switched on\n'}    payments: ${payments}
    fulfillments: {from: ${from}, locations: {"70000000001": "1", "70000000002": "2"}}
    billing: ${billing}
    refunds: {mode: ${refunds}, restock: ${restock}, adjustment_item: "${company.chargeItems.refundAdjustment.id}"}
    closed_period: park
    payouts:
      types:
${balanceTypes()}
`
}

function gateways(): string {
  return Object.entries(GATEWAYS)
    .map(([name, {account, method}]) => {
      const place = account === null ? 'undeposited' : `"${accountId(account)}"`
      const id = company.paymentMethods.find((one) => one.name === method)?.id ?? ''
      return `      ${name}: {account: ${place}, payment_method: "${id}"}`
    })
    .join('\n')
}

function balanceTypes(): string {
  return Object.entries(BALANCE_TYPES)
    .map(([type, number]) => `        ${type}: "${accountId(number)}"`)
    .join('\n')
}
