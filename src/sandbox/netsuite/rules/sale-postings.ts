import {type Amount, amountOf, rounded} from '../amounts.ts'
import type {StoredLine, StoredRecord} from '../engine-types.ts'
import {accountOf, systemAccount} from '../ledger/chart.ts'
import {BASE_PRECISION, type Entry} from '../ledger/ledger.ts'
import {idOf, textOf} from '../values.ts'
import {entry, itemLines, itemOf, moneyOf, type PostingRules, rateOf} from './posting-rules.ts'
import type {Draft} from './write.ts'

/**
 * What the lines, the discount, the shipping and the tax of a sale post: a sale credits them (`sign` -1), what takes a sale
 * back debits them (1). Throws Refused naming the account that an item lacks.
 */
export function saleEntries({state}: PostingRules, record: Draft | StoredRecord, sign: 1 | -1): Entry[] {
  const {fields} = record
  const rate = rateOf(fields)
  const signed = (amount: Amount): Amount => amount.times(sign)
  const entries = itemLines(record).map((line, index) => {
    const item = itemOf(state, line)
    const path = `item.items[${index}].item`
    const account =
      item?.type === 'discountItem'
        ? accountOf(item.fields, 'account', 'Account', path)
        : accountOf(item?.fields, 'incomeAccount', 'Income Account', path)
    return entry(account, signed(moneyOf(line.fields, 'amount')), rate, line.key)
  })
  const extra = (name: string, account: () => string): void => {
    const amount = moneyOf(fields, name)
    if (!amount.isZero()) entries.push(entry(account(), signed(amount), rate))
  }
  const named = (target: string, field: string): StoredRecord | undefined =>
    state.find(target, {id: idOf(fields[field]) ?? ''})
  extra('discountTotal', () => accountOf(named('item', 'discountItem')?.fields, 'account', 'Account', 'discountItem'))
  extra('altShippingCost', () => accountOf(named('shipItem', 'shipMethod')?.fields, 'account', 'Account', 'shipMethod'))
  extra('taxTotal', () => systemAccount(state, 'SalesTaxPay'))
  return entries
}

/** Goods on a line that leave (or enter) the stock: item, location, units and what they cost together. */
export type Goods = Readonly<{
  line: StoredLine
  item: StoredRecord
  location: string | undefined
  quantity: Amount
  cost: Amount
}>

/** The stocked goods of lines at their average cost. */
export function goodsOf(
  {state, books}: PostingRules,
  lines: readonly StoredLine[],
  locationOf: (line: StoredLine) => string | undefined,
): Goods[] {
  return lines.flatMap((line) => {
    const item = itemOf(state, line)
    const quantity = amountOf(textOf(line.fields['quantity']) ?? '0')
    if (item?.type !== 'inventoryItem' || quantity.isZero()) return []
    const location = locationOf(line)
    const cost = rounded(books.costs.average(item, location).times(quantity), BASE_PRECISION)
    return [{line, item, location, quantity, cost}]
  })
}

/** Cost of goods sold, in the base currency: debit COGS, credit the inventory asset. */
export function costEntries(goods: readonly Goods[]): Entry[] {
  return goods.flatMap(({line, item, cost}) => {
    const side = (account: string, base: Amount): Entry => ({account, amount: base, base, line: line.key})
    return [
      side(accountOf(item.fields, 'cogsAccount', 'COGS Account'), cost),
      side(accountOf(item.fields, 'assetAccount', 'Asset Account'), cost.negated()),
    ]
  })
}

/** Lines of a bill that no order has: their goods leave the stock with the bill itself. */
export function standaloneGoods(rules: PostingRules, record: Draft | StoredRecord): Goods[] {
  const own = itemLines(record).filter((line) => textOf(line.fields['orderLine']) === undefined)
  return goodsOf(rules, own, (line) => idOf(line.fields['location']) ?? idOf(record.fields['location']))
}
