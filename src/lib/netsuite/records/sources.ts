import {RejectedError} from '../../core/errors.ts'
import type {PostingLine} from '../posting-types.ts'
import type {Ref} from '../types.ts'
import {customOf, flagAt, idAt, rowsAt, textAt, type Prefix, type RecordTable, type Values} from './fields.ts'
import {itemList, plainFields, type LineRules} from './posting-fields.ts'

/** Records that others are made from, line by line. */
export type SourceType = 'salesOrder' | 'invoice' | 'cashSale' | 'returnAuthorization'

export type SourceLine = Readonly<{
  /** NetSuite's own number of the line: the `orderLine` of what is made from it. */
  line: string
  key: string | null
  itemId: string
  quantity: string | null
  /** What was shipped of an order line, or received of a return. */
  quantityMoved: string
  locationId: string | null
  isClosed: boolean
}>

/** A record that another one is made from. */
export type Source = Readonly<{
  id: string
  entityId: string | null
  currencyId: string | null
  shipMethodId: string | null
  shippingCost: string | null
  shippingTaxCodeId: string | null
  lines: readonly SourceLine[]
}>

/** What a posting must know of the records it refers to. Both throw RejectedError NETSUITE_REFERENCE_MISSING. */
export type Known = Readonly<{
  idOf(type: RecordTable['type'], ref: Ref): string
  sourceOf(type: SourceType, ref: Ref): Source
}>

/** The parts of a source that are read; nothing of it is written through this table. */
function sourceTable(type: SourceType, prefix: Prefix): RecordTable {
  const soapType = `${prefix}:${type.charAt(0).toUpperCase()}${type.slice(1)}` as const
  const lines = itemList(prefix, {
    item: 'ref', quantity: 'number', location: 'ref', isClosed: 'flag', line: 'number', quantityFulfilled: 'number',
    quantityReceived: 'number',
  }) // prettier-ignore
  const header = plainFields(prefix, {
    entity: 'ref',
    currency: 'ref',
    shipMethod: 'ref',
    shippingCost: 'number',
    shippingTaxCode: 'ref',
  })
  return {type, soapType, fields: [...header, lines]}
}

export const sourceTables: Readonly<Record<SourceType, RecordTable>> = {
  salesOrder: sourceTable('salesOrder', 'tranSales'),
  invoice: sourceTable('invoice', 'tranSales'),
  cashSale: sourceTable('cashSale', 'tranSales'),
  returnAuthorization: sourceTable('returnAuthorization', 'tranCust'),
}

/** A source as read, from the values of either channel. */
export function heldSource(id: string, values: Values, rules: LineRules): Source {
  return {
    id,
    entityId: idAt(values, 'entity'),
    currencyId: idAt(values, 'currency'),
    shipMethodId: idAt(values, 'shipMethod'),
    shippingCost: textAt(values, 'shippingCost'),
    shippingTaxCodeId: idAt(values, 'shippingTaxCode'),
    lines: rowsAt(values, 'items').map((row) => ({
      line: textAt(row, 'line') ?? '',
      key: rules.lineKey === null ? null : (customOf(row['customFields'])[rules.lineKey] ?? null),
      itemId: idAt(row, 'item') ?? '',
      quantity: textAt(row, 'quantity'),
      quantityMoved: textAt(row, 'quantityFulfilled') ?? textAt(row, 'quantityReceived') ?? '0',
      locationId: idAt(row, 'location'),
      isClosed: flagAt(row, 'isClosed'),
    })),
  }
}

/**
 * The source line of each line: the one that bears its key. Where the source's lines bear no keys (it was entered by
 * hand, or no field keeps them), the only line of the same item. null: the source has no such line.
 */
export function matchedLines(source: Source, lines: readonly PostingLine[]): (SourceLine | null)[] {
  const byKey = new Map(source.lines.map((line) => [line.key, line]))
  return lines.map((line) => {
    const found = byKey.get(line.key)
    if (found !== undefined) return found
    const alike = source.lines.filter(({key, itemId}) => key === null && itemId === line.item.id)
    return alike.length === 1 ? (alike[0] ?? null) : null
  })
}

/** Likewise, where each line must have one. Throws RejectedError NETSUITE_LINE_MISSING, which names all that have none. */
export function linesFrom(source: Source, lines: readonly PostingLine[], subject: string): SourceLine[] {
  const found = matchedLines(source, lines)
  const missing = lines.filter((_, i) => found[i] === null).map(({key}) => key)
  if (missing.length > 0) {
    const what = `record ${source.id} has no line for ${missing.join(', ')}`
    throw new RejectedError('NETSUITE_LINE_MISSING', what, {
      subject,
      hint: 'compare the lines of the record in NetSuite with the order in Shopify; see docs/runbooks/netsuite-line-missing.md',
    })
  }
  return found.filter((line) => line !== null)
}

/**
 * Lines of which something is left to move and that are not among those taken, as rows that leave them where they are.
 * `keys`: only these; undefined: every line that has a quantity.
 */
export function leftLines(source: Source, taken: readonly SourceLine[], keys: readonly string[] | undefined): Values[] {
  const left = source.lines.filter((line) => {
    if (taken.includes(line) || line.isClosed || line.quantity === null) return false
    if (keys !== undefined && (line.key === null || !keys.includes(line.key))) return false
    return Number(line.quantityMoved) < Number(line.quantity)
  })
  return left.map(({line, itemId}) => ({itemReceive: false, item: {id: itemId}, orderLine: line}))
}

/** The source after these lines have moved: what the next record of the same call starts from. */
export function afterMove(source: Source, lines: readonly PostingLine[]): Source {
  const from = matchedLines(source, lines)
  const moved = (line: SourceLine) =>
    lines.reduce((sum, {quantity}, i) => sum + (from[i] === line ? (quantity ?? 0) : 0), 0)
  return {
    ...source,
    lines: source.lines.map((line) => ({...line, quantityMoved: String(Number(line.quantityMoved) + moved(line))})),
  }
}

/**
 * Shipping of a record made from another one. It is always stated where the source has shipping, because how NetSuite
 * splits it over several bills is not documented: what the plan does not charge here is 0.
 */
export function shippingValues(
  shipping: Readonly<{shipMethodId: string | null; cost: string | null}>,
  source: Source | null,
): Values {
  const cost = shipping.cost ?? (source !== null && hasShipping(source) ? '0' : null)
  if (cost === null) return {}
  const method = shipping.shipMethodId ?? source?.shipMethodId ?? null
  const taxCode = source?.shippingTaxCodeId ?? null
  return {
    shippingCost: cost,
    shipMethod: method === null ? null : {id: method},
    shippingTaxCode: taxCode === null ? null : {id: taxCode},
  }
}

function hasShipping({shipMethodId, shippingCost}: Source): boolean {
  return shipMethodId !== null || Number(shippingCost ?? '0') !== 0
}
