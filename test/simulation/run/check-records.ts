import type {Document} from './orders.ts'
import {decimal, thousandths} from './verdict.ts'

type Fields = Readonly<Record<string, unknown>>
type Ref = Readonly<{id: string}> | undefined
type Line = Readonly<{fields: Readonly<{quantity?: string; isClosed?: boolean}>; customFields: Fields}>

/** A record as NetSuite's control endpoint shows it. */
export type Held = Fields &
  Readonly<{
    id: string
    externalId: string | null
    total: string | null
    lines: Readonly<{item?: readonly Line[]}>
    email?: string
    entity?: Ref
    shippingAddress?: Readonly<{addr1?: string}>
  }>

export type RecordFaults = {
  lost: string[]
  duplicated: string[]
  differences: string[]
  difference: bigint
  broken: string[]
}

/**
 * Compares what the shop says with what NetSuite holds, in the checker's own reading of Shopify's documents: one sales order
 * an order, its total and its units, closed where the order was cancelled, and nothing beside them.
 * @param deleted ids of orders that were in the shop and are not any more
 */
export function checkRecords(
  documents: readonly Document[],
  deleted: ReadonlySet<string>,
  salesOrders: readonly Held[],
  customers: readonly Held[],
): RecordFaults {
  const faults: RecordFaults = {lost: [], duplicated: [], differences: [], difference: 0n, broken: []}
  const held = Map.groupBy(salesOrders, (record) => record.externalId ?? '')
  for (const document of documents) {
    const records = held.get(`SHOPIFY:ORDER:${String(document['id'])}`) ?? []
    if (document['test'] === true) {
      if (records.length > 0) faults.broken.push(`${name(document)} is a test order, and NetSuite holds it`)
    } else checkOrder(document, records, faults)
  }
  checkStrays(documents, deleted, held, faults)
  checkCustomers(customers, salesOrders, faults)
  return faults
}

function name(document: Document): string {
  return String(document['name'])
}

function checkOrder(document: Document, [record, ...more]: readonly Held[], faults: RecordFaults): void {
  if (record === undefined) {
    faults.lost.push(`${name(document)}: NetSuite holds no sales order`)
    return
  }
  if (more.length > 0)
    faults.duplicated.push(`${name(document)}: sales orders ${[record, ...more].map(({id}) => id).join(', ')}`)
  const [expected, found] = [totalOf(document), thousandths(record.total)]
  if (expected !== found) {
    faults.differences.push(`${name(document)}: ${decimal(expected)} in Shopify, ${decimal(found)} in NetSuite`)
    faults.difference += expected > found ? expected - found : found - expected
  }
  checkLines(document, record, faults)
  const [street, booked] = [addressOf(document)?.['address1'], record.shippingAddress?.addr1]
  if (typeof street === 'string' && street !== booked)
    faults.broken.push(`${name(document)}: goes to ${street}, in NetSuite to ${String(booked)}`)
}

function addressOf(document: Document): Document | null {
  return (document['shipping_address'] ?? null) as Document | null
}

/**
 * What has to stand in the books: what stands on the order now, and what came back after it shipped, which a refund undoes
 * in the books and not on the order. An order that was cancelled, or from which nothing is left, stands as it was ordered.
 */
function totalOf(document: Document): bigint {
  if (isClosed(document)) return thousandths(document['total_price'])
  const isIncluded = document['taxes_included'] === true
  let total = thousandths(document['current_total_price'])
  for (const refund of members(document, 'refunds')) {
    const returned = members(refund, 'refund_line_items').filter((line) => line['restock_type'] !== 'cancel')
    const duties = dutiesOf(document, new Set(returned.map((line) => line['line_item_id'])))
    for (const duty of members(refund, 'duties'))
      if (duties.has(duty['duty_id'])) total += shopMoney(duty, 'amount_set')
    for (const line of returned) {
      total += thousandths(line['subtotal']) + (isIncluded ? 0n : thousandths(line['total_tax']))
    }
    for (const line of members(refund, 'refund_shipping_lines')) {
      total += shopMoney(line, 'subtotal_amount_set') + (isIncluded ? 0n : shopMoney(line, 'tax_amount_set'))
    }
  }
  return total
}

/** The ids of the duties on these lines. */
function dutiesOf(document: Document, lineIds: ReadonlySet<unknown>): Set<unknown> {
  const lines = members(document, 'line_items').filter((line) => lineIds.has(line['id']))
  return new Set(lines.flatMap((line) => members(line, 'duties')).map((duty) => duty['id']))
}

function isClosed(document: Document): boolean {
  return document['cancelled_at'] !== null || [...unitsOf(document).values()].every((units) => units === 0)
}

/** The units of each line that the sales order has to hold. */
function unitsOf(document: Document): Map<string, number> {
  const units = new Map(
    members(document, 'line_items').map((line) => [String(line['id']), Number(line['current_quantity'])]),
  )
  const refunded = members(document, 'refunds').flatMap((refund) => members(refund, 'refund_line_items'))
  for (const line of refunded) {
    const id = String(line['line_item_id'])
    if (line['restock_type'] !== 'cancel') units.set(id, (units.get(id) ?? 0) + Number(line['quantity']))
  }
  return units
}

function checkLines(document: Document, record: Held, faults: RecordFaults): void {
  const closed = isClosed(document)
  const expected = closed
    ? new Map(members(document, 'line_items').map((line) => [String(line['id']), Number(line['quantity'])]))
    : unitsOf(document)
  const lines = record.lines.item ?? []
  for (const [id, units] of expected) {
    const own = lines.filter((line) => line.customFields['custcol_tieout_line_key'] === id)
    const open = own.filter((line) => line.fields.isClosed !== true)
    const counted = (closed ? own : open).reduce((sum, line) => sum + Number(line.fields.quantity), 0)
    if (counted !== units)
      faults.broken.push(`${name(document)}: line ${id} has ${units} units, in NetSuite ${counted}`)
    if (own.length > 1) faults.duplicated.push(`${name(document)}: line ${id} stands ${own.length} times`)
  }
  const stray = lines.find(({customFields}) => {
    const key = String(customFields['custcol_tieout_line_key'])
    return /^\d+$/.test(key) && !expected.has(key)
  })
  if (stray !== undefined) faults.broken.push(`${name(document)}: NetSuite holds a line that the order does not have`)
  if (closed && lines.some((line) => line.fields.isClosed !== true))
    faults.broken.push(`${name(document)}: cancelled, and open in NetSuite`)
}

/** Sales orders of no order: without our external ID, or of an order that the shop never had. */
function checkStrays(
  documents: readonly Document[],
  deleted: ReadonlySet<string>,
  held: ReadonlyMap<string, readonly Held[]>,
  faults: RecordFaults,
): void {
  const known = new Set([...documents.map((document) => String(document['id'])), ...deleted])
  for (const [externalId, records] of held) {
    const id = /^SHOPIFY:ORDER:(\d+)$/.exec(externalId)?.[1]
    if (id !== undefined && known.has(id)) {
      if (deleted.has(id) && records.length > 1) faults.duplicated.push(`${externalId}: ${records.length} sales orders`)
      continue
    }
    const ids = records.map((record) => record.id).join(', ')
    faults.duplicated.push(`sales orders ${ids} belong to no order (external ID ${externalId || 'none'})`)
  }
}

function checkCustomers(customers: readonly Held[], salesOrders: readonly Held[], faults: RecordFaults): void {
  for (const key of ['externalId', 'email'] as const) {
    const groups = Map.groupBy(customers, (customer) => String(customer[key] ?? '').toLowerCase())
    for (const [value, group] of groups) {
      if (value !== '' && group.length > 1)
        faults.duplicated.push(`${group.length} customers with ${key} ${value}: ${group.map(({id}) => id).join(', ')}`)
    }
  }
  const ids = new Set(customers.map((customer) => customer.id))
  for (const {id, entity} of salesOrders)
    if (!ids.has(entity?.id ?? '')) faults.broken.push(`sales order ${id} has no customer`)
}

function members(of: Document, key: string): readonly Document[] {
  return Array.isArray(of[key]) ? (of[key] as Document[]) : []
}

function shopMoney(of: Document, key: string): bigint {
  return thousandths((of[key] as {shop_money: {amount: string}}).shop_money.amount)
}
