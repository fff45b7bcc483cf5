import {rounded} from '../amounts.ts'
import type {StoredLine, StoredRecord} from '../engine-types.ts'
import {accountOf} from '../ledger/chart.ts'
import {BASE_PRECISION, type Entry} from '../ledger/ledger.ts'
import {missing, Refused} from '../refused.ts'
import {idOf, textOf} from '../values.ts'
import {completeSale} from './bills.ts'
import {book, checkTaken, limitOf, returnStatus, sourceLine, sourceOf} from './bookings.ts'
import {numberText} from './inventory.ts'
import {type Handler, itemLines, type PostingRules, type Undo} from './posting-rules.ts'
import {costEntries, type Goods, goodsOf} from './sale-postings.ts'
import {setStanding} from './standing.ts'
import type {Draft} from './write.ts'

const SHIPPED = 'C'

/** The record that goods are moved for, with the lines that are really moved. Throws Refused where there are none. */
function completeGoods(rules: PostingRules, draft: Draft): StoredRecord {
  const source = sourceOf(rules.state, draft)
  if (source === undefined) throw missing('Created From', 'createdFrom')
  const moved = (draft.lines['item'] ?? []).filter((line) => line.fields['itemReceive'] !== false)
  if (moved.length === 0) {
    throw new Refused('USER_ERROR', 'You must enter at least one line item for this transaction.', 'item')
  }
  draft.lines['item'] = moved
  checkTaken(rules, draft, source)
  draft.fields['entity'] = source.fields['entity'] ?? null
  draft.fields['subsidiary'] ??= source.fields['subsidiary'] ?? null
  return source
}

/** Goods on their way to the customer: cost posts only when they are Shipped (NetSuite help section_N1464868). */
export const itemFulfillment: Handler = {
  complete(rules, draft, held) {
    if (held === undefined) completeGoods(rules, draft)
    draft.fields['shipStatus'] ??= SHIPPED
    draft.fields['status'] = draft.fields['shipStatus']
  },
  entries(rules, draft) {
    const posted = rules.books.ledger.of(draft.id)
    if (draft.fields['shipStatus'] !== SHIPPED || posted.length > 0) return posted
    return costEntries(fulfilledGoods(rules, draft))
  },
  settle(rules, record, undo) {
    const order = sourceOf(rules.state, record)
    if (order === undefined) return
    const lines = order.lines['item'] ?? []
    const release = (): void => {
      rules.inventory.release(lines)
    }
    const commit = (): void => {
      rules.inventory.commit(rules.state, lines, order.fields, true)
    }
    undo.push(commit)
    release()
    book(rules, record, undo)
    if (record.fields['shipStatus'] === SHIPPED) ship(rules, record, undo)
    commit()
    undo.push(release)
  },
  resettle(rules, record, held, undo) {
    if (held.fields['shipStatus'] !== SHIPPED && record.fields['shipStatus'] === SHIPPED) ship(rules, record, undo)
  },
}

function fulfilledGoods(rules: PostingRules, record: Draft | StoredRecord): Goods[] {
  const order = sourceOf(rules.state, record)
  return goodsOf(rules, itemLines(record), (line) => idOf(line.fields['location']) ?? idOf(order?.fields['location']))
}

function ship(rules: PostingRules, record: StoredRecord, undo: Undo): void {
  const orderId = idOf(record.fields['createdFrom']) ?? ''
  for (const {line, item, location, quantity, cost} of fulfilledGoods(rules, record)) {
    const orderLine = `${orderId}:${textOf(line.fields['orderLine']) ?? ''}`
    const units = Number(quantity.toFixed())
    rules.books.costs.shipped(orderLine, quantity, cost)
    if (location !== undefined) rules.inventory.ship(item.id, location, units)
    undo.push(() => {
      rules.books.costs.shipped(orderLine, quantity.negated(), cost.negated())
      if (location !== undefined) rules.inventory.ship(item.id, location, -units)
    })
  }
}

/** What a customer may send back; nothing posts. */
export const returnAuthorization: Handler = {
  complete(rules, draft, held) {
    if (held === undefined) draft.fields['orderStatus'] ??= 'B'
    completeSale(rules, draft, held)
    for (const line of draft.lines['item'] ?? []) {
      line.fields['quantityReceived'] ??= '0'
      line.fields['quantityBilled'] ??= '0'
    }
    const status = returnStatus(rules.state, draft)
    draft.fields['orderStatus'] = status
    draft.fields['status'] = status
  },
  entries: () => [],
  settle: () => undefined,
}

/** The order line that a line of a return goes back to, through the bill if it was made from one. */
function originOf(rules: PostingRules, line: StoredLine, source: StoredRecord): string | undefined {
  if (source.type === 'salesOrder') return `${source.id}:${textOf(line.fields['orderLine']) ?? ''}`
  const target = sourceLine(source, line)
  const next = sourceOf(rules.state, source)
  return target === undefined || next === undefined ? undefined : originOf(rules, target, next)
}

type Returned = Goods & Readonly<{restock: boolean}>

/** Returned goods at what they cost when they were shipped, else at the average cost of today. */
function returnedGoods(rules: PostingRules, record: Draft | StoredRecord): Returned[] {
  const source = sourceOf(rules.state, record)
  const locationOf = (line: StoredLine): string | undefined =>
    idOf(line.fields['location']) ?? idOf(source?.fields['location'])
  return goodsOf(rules, itemLines(record), locationOf).map((goods) => {
    const origin = source === undefined ? undefined : originOf(rules, goods.line, source)
    const unit = origin === undefined ? undefined : rules.books.costs.shippedUnit(origin)
    const cost = unit === undefined ? goods.cost : rounded(unit.times(goods.quantity), BASE_PRECISION)
    return {...goods, cost, restock: goods.line.fields['restock'] !== false}
  })
}

/** Goods that came back: into stock, or written off (NetSuite help section_N1308274; its credit side is not documented). */
export const itemReceipt: Handler = {
  complete(rules, draft, held) {
    if (held !== undefined) return
    const source = completeGoods(rules, draft)
    for (const line of draft.lines['item'] ?? []) {
      line.fields['restock'] ??= true
      const target = sourceLine(source, line)
      if (target === undefined) continue
      const left = limitOf(rules, draft.type, source, target) - Number(textOf(target.fields['quantityReceived']) ?? '0')
      line.fields['quantityRemaining'] = numberText(left)
    }
  },
  entries(rules, draft) {
    const posted = rules.books.ledger.of(draft.id)
    if (posted.length > 0) return posted
    return returnedGoods(rules, draft).flatMap(({line, item, cost, restock}): Entry[] => {
      const asset = accountOf(item.fields, 'assetAccount', 'Asset Account')
      const side = (account: string, base: typeof cost): Entry => ({account, amount: base, base, line: line.key})
      return [
        side(restock ? asset : rules.books.preferences.writeOffAccount, cost),
        side(accountOf(item.fields, 'cogsAccount', 'COGS Account'), cost.negated()),
      ]
    })
  },
  settle(rules, record, undo) {
    const goods = returnedGoods(rules, record)
    book(rules, record, undo)
    for (const {item, location, quantity, cost, restock} of goods) {
      if (!restock || location === undefined) continue
      const units = Number(quantity.toFixed())
      const unit = cost.dividedBy(quantity)
      rules.books.costs.received(item, location, rules.inventory.onHand(item.id, location), quantity, unit)
      rules.inventory.ship(item.id, location, -units)
      undo.push(() => {
        rules.inventory.ship(item.id, location, units)
      })
    }
    setStanding(rules, record)
  },
}
