import {RejectedError} from '../core/errors.ts'
import {LIFE_KINDS, type FaultKind, type LifeFaultCode} from './life-faults.ts'

/** Why an order cannot be planned. Each is the code of an error and the name of a runbook. */
type FaultCode =
  | 'SKU_UNMAPPED'
  | 'SKU_AMBIGUOUS'
  | 'ITEM_INACTIVE'
  | 'CHARGE_UNMAPPED'
  | 'SHIPPING_UNMAPPED'
  | 'TAX_UNMAPPED'
  | 'CURRENCY_UNMAPPED'
  | 'TERMS_UNMAPPED'
  | 'ORDER_WITHOUT_CUSTOMER'
  | 'CUSTOMER_WITHOUT_EMAIL'
  | 'ORDER_EMPTY'
  | 'ORDER_TOTAL_MISMATCH'
  | LifeFaultCode

/** One thing that is wrong; `what` names it ('"TEE-M"'), so that faults of one kind make one sentence. */
export type Fault = Readonly<{code: FaultCode; what: string}>

const KINDS: Readonly<Record<FaultCode, FaultKind>> = {
  ...LIFE_KINDS,
  SKU_UNMAPPED: {
    message: (what) => `no NetSuite item carries the SKU ${what}`,
    hint: 'create the item in NetSuite or correct the SKU in Shopify',
    refusal: (message, details) => new RejectedError('SKU_UNMAPPED', message, details),
  },
  SKU_AMBIGUOUS: {
    message: (what) => `several NetSuite items carry the SKU ${what}`,
    hint: 'leave the SKU on one item in NetSuite only',
    refusal: (message, details) => new RejectedError('SKU_AMBIGUOUS', message, details),
  },
  ITEM_INACTIVE: {
    message: (what) => `the NetSuite item is inactive: ${what}`,
    hint: 'activate the item in NetSuite, or give its SKU to the item that follows it',
    refusal: (message, details) => new RejectedError('ITEM_INACTIVE', message, details),
  },
  CHARGE_UNMAPPED: {
    message: (what) => `the contract names no item for ${what}`,
    hint: 'name the NetSuite item under the key in parentheses in tieout.yaml',
    refusal: (message, details) => new RejectedError('CHARGE_UNMAPPED', message, details),
  },
  SHIPPING_UNMAPPED: {
    message: (what) => `the contract maps no ship method for the shipping line ${what}`,
    hint: 'add the title to shipping.methods in tieout.yaml, or set shipping.fallback',
    refusal: (message, details) => new RejectedError('SHIPPING_UNMAPPED', message, details),
  },
  TAX_UNMAPPED: {
    message: (what) => `the contract maps no SuiteTax code for the tax ${what}`,
    hint: 'add the title to tax.taxes in tieout.yaml, or set tax.fallback',
    refusal: (message, details) => new RejectedError('TAX_UNMAPPED', message, details),
  },
  CURRENCY_UNMAPPED: {
    message: (what) => `the contract names no NetSuite currency for ${what}`,
    hint: 'add the currency to currencies in tieout.yaml',
    refusal: (message, details) => new RejectedError('CURRENCY_UNMAPPED', message, details),
  },
  TERMS_UNMAPPED: {
    message: (what) => `the contract maps no payment terms for ${what}`,
    hint: 'add the name to terms in tieout.yaml',
    refusal: (message, details) => new RejectedError('TERMS_UNMAPPED', message, details),
  },
  ORDER_WITHOUT_CUSTOMER: {
    message: () => 'the order names neither a customer nor an e-mail address',
    hint: 'set customers.walk_in in tieout.yaml, or assign a customer to the order in Shopify',
    refusal: (message, details) => new RejectedError('ORDER_WITHOUT_CUSTOMER', message, details),
  },
  CUSTOMER_WITHOUT_EMAIL: {
    message: (what) => `${what} has no e-mail address`,
    hint: 'add the address in Shopify, or set customers.without_email: create in tieout.yaml',
    refusal: (message, details) => new RejectedError('CUSTOMER_WITHOUT_EMAIL', message, details),
  },
  ORDER_EMPTY: {
    message: () => 'the order has nothing that a sales order line could carry',
    hint: 'look at the order in Shopify; NetSuite takes no sales order without a line',
    refusal: (message, details) => new RejectedError('ORDER_EMPTY', message, details),
  },
  ORDER_TOTAL_MISMATCH: {
    message: (what) => what,
    hint: 'compare the charges of the order in Shopify with these figures',
    refusal: (message, details) => new RejectedError('ORDER_TOTAL_MISMATCH', message, details),
  },
}

/**
 * Refuses an order (or a payout) that has faults, all of them in one message; the first gives the code.
 * Throws RejectedError; returns when there is no fault.
 */
export function refuseFaults(subject: Readonly<{id: string}>, faults: readonly Fault[]): void {
  const [first] = faults
  if (first === undefined) return
  const names = new Map<FaultCode, Set<string>>()
  for (const {code, what} of faults) {
    const known = names.get(code)
    if (known === undefined) names.set(code, new Set([what]))
    else known.add(what)
  }
  const message = [...names].map(([code, what]) => KINDS[code].message([...what].join(', '))).join('; ')
  const hints = [...names.keys()].map((code) => KINDS[code].hint).join('; ')
  throw KINDS[first.code].refusal(message, {hint: `${hints}; then tieout jobs:retry`, subject: subject.id})
}
