import {Decimal} from 'decimal.js'

import type {SalesOrderLine, TaxDetail} from '../netsuite/types.ts'
import {lookUp, type Planning} from './book.ts'
import {itemOfCharge, plannedLine} from './planned-line.ts'
import type {TaxedCharge, TaxShare} from './tax-shares.ts'

export type PlannedTax = Readonly<{lines: readonly SalesOrderLine[]; details: readonly TaxDetail[] | null}>

/**
 * Shopify's taxes, to the cent, never computed anew. Legacy tax: one non-taxable item line a distinct title and rate.
 * SuiteTax: a tax detail a charge, tax code and rate, by the contract's mapping of titles. In both, tax that a
 * marketplace owes (channelLiable) goes to the contract's marketplace item where one is set. Taxes of nothing are left
 * out.
 */
export function planTax(planning: Planning, charges: readonly TaxedCharge[]): PlannedTax {
  const {tax, items} = planning.rules
  const withheld = items.marketplaceTax
  const isOwed = (share: TaxShare) => isWithheld(planning, share)
  const lines = withheld === null ? [] : taxLines(planning, select(charges, isOwed), 'tax:marketplace:', withheld)
  const ours = select(charges, (share) => !isOwed(share))
  if (tax.mode === 'suitetax') return {lines, details: taxDetails(planning, ours)}
  if (ours.length === 0) return {lines, details: null}
  const item = itemOfCharge(planning, 'tax', sumOf(ours))
  return {lines: [...taxLines(planning, ours, 'tax:', item), ...lines], details: null}
}

function isWithheld({rules}: Planning, share: TaxShare): boolean {
  return rules.items.marketplaceTax !== null && share.channelLiable
}

/** The key of the sales order line on which this tax stands; null where SuiteTax keeps it as a tax detail. */
export function taxKeyOf(planning: Planning, share: TaxShare): string | null {
  if (isWithheld(planning, share)) return `tax:marketplace:${slug(share)}`
  return planning.rules.tax.mode === 'legacy' ? `tax:${slug(share)}` : null
}

type Taxed = Readonly<{charge: TaxedCharge; share: TaxShare}>

function select(charges: readonly TaxedCharge[], wanted: (share: TaxShare) => boolean): Taxed[] {
  return charges.flatMap((charge) =>
    charge.taxes.filter((share) => share.amount !== 0n && wanted(share)).map((share) => ({charge, share})),
  )
}

function sumOf(taxed: readonly Taxed[]): bigint {
  return taxed.reduce((sum, {share}) => sum + share.amount, 0n)
}

/** In the order of their keys, so that neither keys nor order depend on the order of Shopify's lines. */
function taxLines(planning: Planning, taxed: readonly Taxed[], prefix: string, item: string): SalesOrderLine[] {
  const groups = Map.groupBy(taxed, ({share}) => `${prefix}${slug(share)}`)
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, group]) => {
      const descriptions = group.map(({share}) => describe(share)).toSorted()
      return plannedLine(planning, {key, item, amount: sumOf(group), description: descriptions[0] ?? null})
    })
}

function slug({title, percent}: TaxShare): string {
  const words = title.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? ['tax']
  return percent === null ? words.join('-') : `${words.join('-')}:${percent}`
}

function describe({title, percent}: TaxShare): string {
  return percent === null ? title : `${title} ${percent} %`
}

function taxDetails(planning: Planning, taxed: readonly Taxed[]): TaxDetail[] {
  const details = new Map<string, TaxDetail>()
  for (const {charge, share} of taxed) {
    const mapping = mappingOf(planning, share.title)
    if (mapping === null) continue
    const rate = share.percent ?? rateOf(share.amount, charge.net)
    const key = JSON.stringify([charge.lineKey, mapping.taxType, mapping.taxCode, rate])
    const known = details.get(key)?.amount.minor ?? 0n
    details.set(key, {
      lineKey: charge.lineKey,
      taxType: {id: mapping.taxType},
      taxCode: {id: mapping.taxCode},
      basis: planning.book.money(charge.net),
      rate,
      amount: planning.book.money(known + share.amount),
    })
  }
  return [...details.values()]
}

function mappingOf({rules, faults}: Planning, title: string) {
  if (rules.tax.mode !== 'suitetax') return null
  const mapping = lookUp(rules.tax.taxes, title) ?? rules.tax.fallback
  if (mapping === null) faults.push({code: 'TAX_UNMAPPED', what: JSON.stringify(title)})
  return mapping
}

/** The percentage that the amounts amount to, where Shopify states none. */
function rateOf(amount: bigint, net: bigint): string {
  if (net === 0n) return '0'
  return new Decimal(amount.toString()).times(100).div(net.toString()).toDecimalPlaces(4).toFixed()
}
