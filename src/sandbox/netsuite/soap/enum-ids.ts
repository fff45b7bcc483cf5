/**
 * Enumerations have one spelling in SOAP (the schema's) and another in REST (its ids), which the engine keeps.
 * By field: what SOAP says → the id (REST API Browser 2026.1, salesOrder and itemFulfillment).
 */
const ids: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  orderStatus: {
    _pendingApproval: 'A',
    _pendingFulfillment: 'B',
    _cancelled: 'C',
    _partiallyFulfilled: 'D',
    _pendingBillingPartFulfilled: 'E',
    _pendingBilling: 'F',
    _fullyBilled: 'G',
    _closed: 'H',
  },
  commitInventory: {_availableQty: '1', _completeQty: '2', _doNotCommit: '3'},
  shipStatus: {_picked: 'A', _packed: 'B', _shipped: 'C'},
  stage: {_customer: 'CUSTOMER', _lead: 'LEAD', _prospect: 'PROSPECT'},
  globalSubscriptionStatus: {_softOptIn: '1', _softOptOut: '2', _confirmedOptIn: '3', _confirmedOptOut: '4'},
}

/** How the text of a sales order's status reads, by its letter. Other transactions state their text themselves. */
const statusTexts: Readonly<Record<string, string>> = {
  A: 'Pending Approval',
  B: 'Pending Fulfillment',
  C: 'Cancelled',
  D: 'Partially Fulfilled',
  E: 'Pending Billing/Partially Fulfilled',
  F: 'Pending Billing',
  G: 'Billed',
  H: 'Closed',
}

/** TransactionStatus of the schema (transactions.saleTypes.xsd) → letter, for the sales order. */
export const salesOrderStatuses: ReadonlyMap<string, string> = new Map([
  ['_salesOrderPendingApproval', 'A'],
  ['_salesOrderPendingFulfillment', 'B'],
  ['_salesOrderCancelled', 'C'],
  ['_salesOrderPartiallyFulfilled', 'D'],
  ['_salesOrderPendingBillingPartiallyFulfilled', 'E'],
  ['_salesOrderPendingBilling', 'F'],
  ['_salesOrderBilled', 'G'],
  ['_salesOrderClosed', 'H'],
])

const names = new Map(
  Object.entries(ids).map(([field, table]) => [field, new Map(Object.entries(table).map(([name, id]) => [id, name]))]),
)

/** The id of an enumeration's value; other text stays as it is. */
export function enumId(field: string, value: string): string {
  return ids[field]?.[value] ?? value
}

/** How SOAP spells an id of an enumeration; other text stays as it is. */
export function enumName(field: string, id: string): string {
  if (field === 'status') return statusTexts[id] ?? id
  return names.get(field)?.get(id) ?? id
}
