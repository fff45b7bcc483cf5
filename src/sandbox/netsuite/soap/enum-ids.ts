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

/** TransactionStatus of the schema (transactions.saleTypes.xsd) → letter. */
export const transactionStatuses: ReadonlyMap<string, string> = new Map([
  ['_salesOrderPendingApproval', 'A'],
  ['_salesOrderPendingFulfillment', 'B'],
  ['_salesOrderCancelled', 'C'],
  ['_salesOrderPartiallyFulfilled', 'D'],
  ['_salesOrderPendingBillingPartiallyFulfilled', 'E'],
  ['_salesOrderPendingBilling', 'F'],
  ['_salesOrderBilled', 'G'],
  ['_salesOrderClosed', 'H'],
  ['_invoiceOpen', 'A'],
  ['_invoicePaidInFull', 'B'],
  ['_invoiceVoided', 'V'],
  ['_cashSaleUnapprovedPayment', 'A'],
  ['_cashSaleNotDeposited', 'B'],
  ['_cashSaleDeposited', 'C'],
  ['_itemFulfillmentPicked', 'A'],
  ['_itemFulfillmentPacked', 'B'],
  ['_itemFulfillmentShipped', 'C'],
  ['_customerDepositNotDeposited', 'A'],
  ['_customerDepositDeposited', 'B'],
  ['_customerDepositFullyApplied', 'C'],
  ['_paymentUnapprovedPayment', 'A'],
  ['_paymentNotDeposited', 'B'],
  ['_paymentDeposited', 'C'],
  ['_creditMemoOpen', 'A'],
  ['_creditMemoFullyApplied', 'B'],
  ['_creditMemoVoided', 'V'],
  ['_returnAuthorizationPendingApproval', 'A'],
  ['_returnAuthorizationPendingReceipt', 'B'],
  ['_returnAuthorizationCancelled', 'C'],
  ['_returnAuthorizationPartiallyReceived', 'D'],
  ['_returnAuthorizationPendingRefundPartiallyReceived', 'E'],
  ['_returnAuthorizationPendingRefund', 'F'],
  ['_returnAuthorizationRefunded', 'G'],
  ['_returnAuthorizationClosed', 'H'],
])

const names = new Map(
  Object.entries(ids).map(([field, table]) => [field, new Map(Object.entries(table).map(([name, id]) => [id, name]))]),
)

/** ReturnAuthorizationOrderStatus of the schema: only these two may be said, the other states have no name there. */
const returnStatuses: Readonly<Record<string, string>> = {_pendingApproval: 'A', _pendingReceipt: 'B'}

/** The id of an enumeration's value; other text stays as it is. */
export function enumId(field: string, value: string): string {
  return ids[field]?.[value] ?? (field === 'orderStatus' ? returnStatuses[value] : undefined) ?? value
}

/** How SOAP spells the order status of a return authorization; undefined for a state that has no name. */
export function returnStatusName(id: string): string | undefined {
  return Object.keys(returnStatuses).find((name) => returnStatuses[name] === id)
}

/** How SOAP spells an id of an enumeration; other text stays as it is. */
export function enumName(field: string, id: string): string {
  return names.get(field)?.get(id) ?? id
}
