import type {ItemReceipt} from '../netsuite/posting-types.ts'
import type {Ref} from '../netsuite/types.ts'
import type {ShopifyRefund} from '../shopify/types.ts'
import {total} from './book.ts'
import {baseOf, isShippable, salesOrderRef, type Life} from './life-state.ts'
import {postingId} from './posting-ids.ts'
import {postingLine, type OrderShare} from './shares.ts'

/**
 * Goods that came back: a return authorization with what the customer is credited, and the receipt of the goods.
 * Shopify's restock types: RETURN (and LEGACY_RESTOCK) puts them into stock; NO_RESTOCK says nothing of where they are,
 * so they came back only where the refund belongs to a return, and are written off then.
 * Gives the authorization that the credit is made from; null where no goods came back.
 */
export function writeReturn(life: Life, refund: ShopifyRefund, credit: OrderShare): Ref | null {
  if (life.rules.refunds.restock === 'none') return null
  const goods = receiptLines(life, refund)
  if (goods.length === 0) return null
  const ref = {externalId: postingId.returnAuthorization(refund.id)}
  const lines = credit.lines.filter(({key}) => life.salesOrder.lines.some((line) => line.key === key))
  life.records.push({
    ...baseOf(life, ref.externalId, refund.createdAt),
    type: 'returnAuthorization',
    salesOrder: salesOrderRef(life),
    lines,
    total: life.planning.book.money(total(lines.map(({amount}) => amount?.minor ?? 0n))),
  })
  life.records.push({
    ...baseOf(life, postingId.receipt(refund.id), refund.createdAt),
    type: 'itemReceipt',
    returnAuthorization: ref,
    lines: goods,
  })
  return ref
}

function receiptLines(life: Life, refund: ShopifyRefund): ItemReceipt['lines'] {
  const back = new Map<string, {units: number; restock: boolean}>()
  for (const line of refund.lines) {
    const progress = life.lines.get(line.lineId)
    if (progress === undefined || !isShippable(progress.line)) continue
    const units = progress.units.parts.find((part) => part.refund === line)?.returned.units ?? 0
    const restock = line.restockType !== 'NO_RESTOCK'
    if (units === 0 || (!restock && (refund.returnId ?? null) === null)) continue
    const known = back.get(progress.key)
    back.set(progress.key, {units: units + (known?.units ?? 0), restock: restock && (known?.restock ?? true)})
  }
  return life.salesOrder.lines.flatMap((line) => {
    const goods = back.get(line.key)
    return goods === undefined ? [] : [{...postingLine(line, goods.units, null), restock: goods.restock}]
  })
}
