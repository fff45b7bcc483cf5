import {countryNames} from '../countries.ts'

/** Enumerations whose values the sandbox checks, as the schema lists them. */
const tables: Readonly<Record<string, readonly string[]>> = {
  Country: countryNames,
  CustomerStage: ['_customer', '_lead', '_prospect'],
  ItemFulfillmentShipStatus: ['_packed', '_picked', '_shipped'],
  ReturnAuthorizationOrderStatus: ['_pendingApproval', '_pendingReceipt'],
  SalesOrderItemCommitInventory: ['_availableQty', '_completeQty', '_doNotCommit'],
  SalesOrderOrderStatus: [
    '_pendingApproval',
    '_pendingFulfillment',
    '_cancelled',
    '_partiallyFulfilled',
    '_pendingBillingPartFulfilled',
    '_pendingBilling',
    '_fullyBilled',
    '_closed',
    '_undefined',
  ],
}

/** The values of a checked enumeration. Throws for one without a table. */
export function enumerations(type: string): ReadonlySet<string> {
  const values = tables[type]
  if (values === undefined) throw new Error(`no table lists the values of ${type}`)
  return new Set(values)
}

/**
 * TransactionType (transactions.saleTypes.xsd) and ItemType (lists.accountingTypes.xsd): what a type filter may say.
 */
export const searchableTypes: ReadonlySet<string> = new Set(
  `
    _assemblyBuild _assemblyUnbuild _binTransfer _binWorksheet _cashRefund _cashSale _check _creditMemo _custom
    _customPurchase _customSale _customerDeposit _customerPayment _customerRefund _deposit _depositApplication
    _estimate _expenseReport _inboundShipment _inventoryAdjustment _inventoryCostRevaluation _inventoryTransfer
    _invoice _itemFulfillment _itemReceipt _journal _opportunity _paycheck _paycheckJournal _periodEndJournal
    _purchaseOrder _requisition _returnAuthorization _salesOrder _transferOrder _vendorBill _vendorCredit
    _vendorPayment _vendorReturnAuthorization _workOrder _workOrderClose _workOrderCompletion _workOrderIssue
    _assembly _description _discount _downloadItem _giftCertificateItem _inventoryItem _itemGroup _kit _markup
    _nonInventoryItem _otherCharge _payment _service _subtotal
  `
    .trim()
    .split(/\s+/),
)
