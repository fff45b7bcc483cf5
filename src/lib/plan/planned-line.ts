import {format} from '../core/money.ts'
import type {SalesOrderLine} from '../netsuite/types.ts'
import type {Planning} from './book.ts'
import type {OrderRules} from './types.ts'

export type LineDraft = Readonly<{
  key: string
  item: string
  amount: bigint
  description: string | null
  /** 1 where it is left out. */
  quantity?: number | null
  location?: string | null
}>

/**
 * A line of the sales order with what all of them share: the currency, the non-taxable code under legacy tax, closed or
 * not.
 */
export function plannedLine({rules, book, closed}: Planning, draft: LineDraft): SalesOrderLine {
  const {location = null, quantity = 1} = draft
  return {
    key: draft.key,
    item: {id: draft.item},
    quantity,
    amount: book.money(draft.amount),
    description: draft.description,
    location: location === null ? null : {id: location},
    taxCode: rules.tax.mode === 'legacy' ? {id: rules.tax.code} : null,
    isClosed: closed,
  }
}

type ChargeItem = keyof OrderRules['items']

/** What people call the charge, and the key of the contract that names its item. */
const CHARGES: Readonly<Record<ChargeItem, readonly [name: string, key: string]>> = {
  discount: ['discounts', 'items.discount'],
  tip: ['the tip', 'items.tip'],
  duty: ['duties', 'items.duty'],
  fee: ['the fee', 'items.fee'],
  giftCard: ['the gift card sold', 'items.gift_card'],
  custom: ['the custom line', 'items.custom'],
  rounding: ['the rounding difference', 'items.rounding'],
  tax: ['tax', 'items.tax'],
  marketplaceTax: ['marketplace tax', 'items.marketplace_tax'],
}

/** The contract's item for a charge; where there is none, a fault that names charge, amount and key. */
export function itemOfCharge({rules, book, faults}: Planning, charge: ChargeItem, amount: bigint, title = ''): string {
  const item = rules.items[charge]
  if (item !== null) return item
  const [name, key] = CHARGES[charge]
  const named = title === '' ? name : `${name} ${JSON.stringify(title)}`
  faults.push({code: 'CHARGE_UNMAPPED', what: `${named} of ${format(book.money(amount))} (${key})`})
  return ''
}
