import type {Area} from '../namespaces.ts'
import {address, customer, customerAddressbook, customerCurrency, taxDetails} from './customer.ts'
import type {ComplexType} from './fields.ts'
import {items, lists} from './lists.ts'
import {money, moneyRows} from './money.ts'
import {salesOrder, salesOrderItem} from './sales-order.ts'
import {
  cashSale,
  cashSaleItem,
  invoice,
  invoiceItem,
  itemFulfillment,
  itemFulfillmentItem,
  itemFulfillmentPackage,
} from './transforms.ts'

/** Transactions of the sandbox, as TransactionSearch covers them. */
const transactions = [salesOrder, invoice, cashSale, itemFulfillment, ...money]
const recordTypes = [...transactions, customer, ...items, ...lists]

/** Every type that a table declares, by its name in the schema. */
const byName = new Map(
  [
    ...recordTypes,
    salesOrderItem,
    customerAddressbook,
    customerCurrency,
    address,
    taxDetails,
    invoiceItem,
    cashSaleItem,
    itemFulfillmentItem,
    itemFulfillmentPackage,
    ...moneyRows,
  ].map((type) => [type.name, type]),
)

/** Record types by the value of the enumeration RecordType (platform.coreTypes.xsd). */
const records = new Map(recordTypes.map((type) => [recordTypeOf(type), type]))

export const transactionTypes: readonly string[] = transactions.map(recordTypeOf)
export const itemTypes: readonly string[] = items.map(recordTypeOf)

/** Every declared type. */
export function allTypes(): readonly ComplexType[] {
  return [...byName.values()]
}

/** A type by its name in the schema. Throws for one that no table declares. */
export function typeNamed(name: string): ComplexType {
  const type = byName.get(name)
  if (type === undefined) throw new Error(`no table declares the type ${name}`)
  return type
}

/** A record type by its qualified name (of an xsi:type), or undefined if the sandbox has no such record. */
export function recordTypeNamed(area: Area, name: string): ComplexType | undefined {
  const type = byName.get(name)
  return type !== undefined && type.area === area && records.has(recordTypeOf(type)) ? type : undefined
}

/** A record type by its tag: "salesOrder". */
export function recordTypeTagged(tag: string): ComplexType | undefined {
  return records.get(tag)
}

/** The tag of a record type: "SalesOrder" → "salesOrder". */
export function recordTypeOf(type: ComplexType): string {
  return type.name.charAt(0).toLowerCase() + type.name.slice(1)
}
