import type {Currencies, Pair} from '../amounts.ts'
import {inUnits} from '../amounts.ts'

/** What Shopify Payments makes of a payment: an amount in the currency of the payout, and what it takes. Thousandths. */
export type Settlement = Readonly<{currency: string; amount: bigint; fee: bigint; isConverted: boolean}>

/** The name under which orders carry Shopify's own gateway. */
export const SHOPIFY_PAYMENTS = 'shopify_payments'

/** 2.9 % and 0.30 a payment, 1.5 % for a conversion (Shopify: pricing, Shopify Payments in the United States). */
const PER_MILLE = 29n
const FLAT = 300n
const CONVERSION_PER_MILLE = 15n
/** What a conversion at the day of settlement yields of the amount that the order states, in ten thousandths. */
const YIELD = 9955n

/**
 * Settles a payment in the shop's currency, or in the customer's where that is paid out too. A refund costs nothing and
 * brings no fee back (Shopify: refunds with Shopify Payments).
 */
export function settle(
  amount: Pair,
  currencies: Currencies,
  isRefund: boolean,
  payoutCurrencies: readonly string[] = [],
): Settlement {
  const {shop, presentment} = currencies
  if (shop !== presentment && payoutCurrencies.includes(presentment)) {
    const fee = isRefund ? 0n : feeOf(amount.presentment, presentment, false)
    return {currency: presentment, amount: amount.presentment, fee, isConverted: false}
  }
  const isConverted = shop !== presentment
  const settled = isConverted ? inUnits(amount.shop * YIELD, 10_000n, shop) : amount.shop
  const fee = isRefund ? 0n : feeOf(settled, shop, isConverted)
  return {currency: shop, amount: settled, fee, isConverted}
}

function feeOf(amount: bigint, currency: string, isConverted: boolean): bigint {
  const share = inUnits(amount * PER_MILLE, 1000n, currency) + inUnits(FLAT, 1n, currency)
  return share + (isConverted ? inUnits(amount * CONVERSION_PER_MILLE, 1000n, currency) : 0n)
}

export const RATE = {rate: '0.029', flat: FLAT, conversion: '0.015'} as const
