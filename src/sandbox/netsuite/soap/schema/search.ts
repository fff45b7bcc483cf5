import type {Area} from '../namespaces.ts'

/** Types of search fields (platform.core.xsd, Search…Field). A day compares in days, an instant in time. */
type SearchKind = 'string' | 'textNumber' | 'refs' | 'enums' | 'flag' | 'day' | 'instant' | 'long' | 'customs'

export type SearchField = Readonly<{
  name: string
  kind: SearchKind
  order: number
  /** The engine's field that it compares; '' where it is no criterion of its own. */
  field: string
}>

/** A search that the sandbox plays: its basic criteria in the order of the schema, of those only what it compares. */
type SearchType = Readonly<{
  /** Where the search record and its basic part are declared. */
  area: Area
  name: string
  fields: ReadonlyMap<string, SearchField>
}>

/** `name:kind` or `name:kind:field` in the order of the schema. */
function search(area: Area, name: string, table: string): SearchType {
  const fields = table
    .trim()
    .split(/\s+/)
    .map((entry, order): readonly [string, SearchField] => {
      const [field = '', kind = '', engineField] = entry.split(':')
      return [field, {name: field, kind: kind as SearchKind, order, field: engineField ?? field}]
    })
  return {area, name, fields: new Map(fields)}
}

const transaction = search(
  'sales',
  'TransactionSearch',
  `createdFrom:refs currency:refs dateCreated:instant:createdDate email:string entity:refs externalId:refs
  externalIdString:string:externalId internalId:refs:id internalIdNumber:long:id lastModifiedDate:instant location:refs
  mainLine:flag: memo:string otherRefNum:textNumber shipMethod:refs status:enums subsidiary:refs terms:refs tranDate:day
  tranId:string type:enums: customFieldList:customs:`,
)

const customer = search(
  'relationships',
  'CustomerSearch',
  `category:refs companyName:string currency:refs dateCreated:instant email:string entityId:string externalId:refs
  externalIdString:string:externalId firstName:string internalId:refs:id internalIdNumber:long:id isInactive:flag
  isPerson:flag lastModifiedDate:instant lastName:string phone:string subsidiary:refs customFieldList:customs:`,
)

const item = search(
  'accounting',
  'ItemSearch',
  `created:instant:createdDate displayName:string externalId:refs externalIdString:string:externalId internalId:refs:id
  internalIdNumber:long:id isInactive:flag itemId:string lastModifiedDate:instant parent:refs type:enums: upcCode:string
  vendorName:string customFieldList:customs:`,
)

export const searches = {transaction, customer, item} as const
export type SearchName = keyof typeof searches

/** TransactionType and ItemType of the schema → record types of the sandbox. */
export const typeFilters: Readonly<Record<string, string>> = {
  _salesOrder: 'salesOrder',
  _invoice: 'invoice',
  _cashSale: 'cashSale',
  _itemFulfillment: 'itemFulfillment',
  _customerDeposit: 'customerDeposit',
  _depositApplication: 'depositApplication',
  _customerPayment: 'customerPayment',
  _creditMemo: 'creditMemo',
  _cashRefund: 'cashRefund',
  _customerRefund: 'customerRefund',
  _returnAuthorization: 'returnAuthorization',
  _itemReceipt: 'itemReceipt',
  _deposit: 'deposit',
  _check: 'check',
  _inventoryItem: 'inventoryItem',
  _nonInventoryItem: 'nonInventorySaleItem',
  _service: 'serviceSaleItem',
  _otherCharge: 'otherChargeSaleItem',
  _discount: 'discountItem',
}

/** The search that an xsi:type names, whether the whole search or its basic part alone. */
export function searchNamed(area: Area, local: string): Readonly<{name: SearchName; basicOnly: boolean}> | undefined {
  for (const name of ['transaction', 'customer', 'item'] as const) {
    const type = searches[name]
    if (type.area === area && type.name === local) return {name, basicOnly: false}
    if (area === 'common' && `${type.name}Basic` === local) return {name, basicOnly: true}
  }
  return undefined
}
