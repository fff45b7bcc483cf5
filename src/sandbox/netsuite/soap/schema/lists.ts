import {record} from './fields.ts'

/**
 * Items and lists, which a sales integration only reads: the fields that the sandbox fills, in the order of the schema
 * (lists.accounting.xsd). A ship item has no record in SOAP.
 */
export const items = [
  record(
    'accounting',
    'InventoryItem',
    `createdDate:instant lastModifiedDate:instant cogsAccount:ref incomeAccount:ref isTaxable:flag assetAccount:ref
    weight:number mpn:text cost:number averageCost:number leadTime:integer itemId:text upcCode:text displayName:text
    vendorName:text parent:ref isInactive:flag quantityBackOrdered:number quantityCommitted:number
    quantityAvailable:number quantityOnHand:number quantityOnOrder:number reorderPoint:number customFieldList:custom`,
  ),
  record(
    'accounting',
    'NonInventorySaleItem',
    `createdDate:instant lastModifiedDate:instant incomeAccount:ref isTaxable:flag weight:number mpn:text
    isFulfillable:flag itemId:text upcCode:text displayName:text parent:ref isInactive:flag customFieldList:custom`,
  ),
  record(
    'accounting',
    'ServiceSaleItem',
    `createdDate:instant lastModifiedDate:instant incomeAccount:ref isTaxable:flag itemId:text upcCode:text
    displayName:text parent:ref isInactive:flag customFieldList:custom`,
  ),
  record(
    'accounting',
    'OtherChargeSaleItem',
    `createdDate:instant lastModifiedDate:instant incomeAccount:ref isTaxable:flag itemId:text upcCode:text
    displayName:text parent:ref isInactive:flag customFieldList:custom`,
  ),
  record(
    'accounting',
    'DiscountItem',
    `createdDate:instant lastModifiedDate:instant description:text account:ref itemId:text upcCode:text
    displayName:text vendorName:text parent:ref isInactive:flag customFieldList:custom`,
  ),
]

const NAMED = 'name:text isInactive:flag'

export const lists = [
  record('accounting', 'Currency', 'name:text symbol:text isBaseCurrency:flag isInactive:flag exchangeRate:number'),
  record('accounting', 'Location', 'name:text isInactive:flag makeInventoryAvailable:flag'),
  record('accounting', 'Subsidiary', 'name:text isInactive:flag currency:ref'),
  record('accounting', 'Term', 'name:text daysUntilNetDue:integer isInactive:flag'),
  record('accounting', 'PaymentMethod', 'name:text undepFunds:flag account:ref isInactive:flag'),
  ...['PriceLevel', 'Department', 'Classification'].map((name) => record('accounting', name, NAMED)),
]
