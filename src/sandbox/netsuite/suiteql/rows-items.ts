import {company} from '../../company.ts'
import type {StoredRecord} from '../engine-types.ts'
import {numberText} from '../rules/inventory.ts'
import {idOf, textOf} from '../values.ts'
import {flag, type Row, type Rows, type RowSource, wall} from './row-values.ts'

const TEXTS = [
  'itemId',
  'displayName',
  'itemType',
  'description',
  'upcCode',
  'mpn',
  'vendorName',
  'matrixType',
  'cost',
  'averageCost',
]
const REFS = ['parent', 'incomeAccount', 'assetAccount']

/** An item with its prices and its stock by location; items that are not stocked have no quantities. */
export function itemRows({clock, inventory}: RowSource, {id, externalId, fields, lines}: StoredRecord): Rows {
  const levels = [...inventory.locationsOf(id)]
  const total = (pick: (level: (typeof levels)[number]['level']) => number): string | null =>
    levels.length === 0 ? null : numberText(levels.reduce((sum, {level}) => sum + pick(level), 0))
  const item: Row = {
    id,
    externalid: externalId,
    fullname: textOf(fields['itemId']),
    isinactive: flag(fields['isInactive']),
    subsidiary: company.subsidiary.id,
    ...Object.fromEntries(TEXTS.map((name) => [name.toLowerCase(), textOf(fields[name]) ?? null])),
    ...Object.fromEntries(REFS.map((name) => [name.toLowerCase(), idOf(fields[name]) ?? null])),
    createddate: wall(clock, fields['createdDate']),
    lastmodifieddate: wall(clock, fields['lastModifiedDate']),
    quantityonhand: total((level) => level.onHand),
    quantityavailable: total((level) => Math.max(0, level.onHand - level.committed)),
    quantitycommitted: total((level) => level.committed),
    quantitybackordered: total((level) => level.backOrdered),
    quantityonorder: levels.length === 0 ? null : '0',
  }
  const stock = levels.map(({locationId, level}) => ({
    item: id,
    location: locationId,
    quantityonhand: numberText(level.onHand),
    quantityavailable: numberText(Math.max(0, level.onHand - level.committed)),
    quantitycommitted: numberText(level.committed),
    quantitybackordered: numberText(level.backOrdered),
    quantityonorder: '0',
    quantityintransit: '0',
    lastquantityavailablechange: clock.wallClock(level.changedAt),
  }))
  return {
    item: [item],
    inventoryitemlocations: stock,
    aggregateitemlocation: stock,
    pricing: (lines['pricing'] ?? []).map((line) => ({
      item: id,
      pricelevel: idOf(line.fields['priceLevel']),
      currency: idOf(line.fields['currency']),
      quantity: textOf(line.fields['quantity']) ?? '0',
      unitprice: textOf(line.fields['price']),
    })),
  }
}
