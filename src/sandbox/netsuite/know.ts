import {company} from '../company.ts'
import type {EngineParts} from './engine-parts.ts'
import type {FieldValue, StoredRecord} from './engine-types.ts'
import {accountRef, putItem, seedCurrency} from './seed.ts'
import {textOf} from './values.ts'

export type Wanted = Readonly<{
  skus: readonly Readonly<{sku: string; title?: string; giftCard?: boolean; requiresShipping?: boolean}>[]
  /** ISO 4217. */
  currencies: readonly string[]
}>

export type Known = Readonly<{
  items: readonly Readonly<{sku: string; id: string}>[]
  currencies: readonly Readonly<{symbol: string; id: string}>[]
}>

/** Makes SKUs and currencies known to the account: what is missing is added; answers the ids of all that were asked. */
export function know(parts: EngineParts, {skus, currencies}: Wanted): Known {
  const {state} = parts
  const put = (type: string, id: string, fields: Record<string, FieldValue>): StoredRecord => {
    const record: StoredRecord = {type, id, externalId: null, fields, lines: {}, customFields: {}}
    state.save(record)
    return record
  }
  const bySku = new Map([...state.records('item')].map((item) => [textOf(item.fields['itemId']), item.id]))
  const items = skus.map(({sku, title, giftCard, requiresShipping}) => {
    let id = bySku.get(sku)
    if (id === undefined) {
      id = String(state.next('item'))
      const stocked = giftCard !== true && requiresShipping !== false
      putItem(parts, put, stocked ? 'inventoryItem' : 'nonInventorySaleItem', id, {
        itemId: sku,
        displayName: title ?? sku,
        // What a gift card brings in is owed, not earned.
        ...(giftCard === true ? {incomeAccount: accountRef('2200'), isFulfillable: false, isTaxable: false} : {}),
      })
      if (stocked) parts.inventory.setOnHand(id, company.locations[0].id, 1000)
      bySku.set(sku, id)
    }
    return {sku, id}
  })
  const bySymbol = new Map([...state.records('currency')].map((each) => [textOf(each.fields['symbol']), each.id]))
  const known = currencies.map((symbol) => {
    let id = bySymbol.get(symbol)
    if (id === undefined) {
      id = String(state.next('currency'))
      // The rate is made up: the sandbox has no source of rates.
      seedCurrency(put, id, symbol, symbol, '1')
      bySymbol.set(symbol, id)
    }
    return {symbol, id}
  })
  return {items, currencies: known}
}
