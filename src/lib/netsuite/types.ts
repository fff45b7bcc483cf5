import type {Money} from '../core/money.ts'

/** A reference by internal id or by the external ID that we chose. */
export type Ref = Readonly<{id: string}> | Readonly<{externalId: string}>

export type Address = Readonly<{
  /** ISO 3166-1 alpha-2; the SOAP channel turns it into NetSuite's country names. */
  country: string | null
  attention: string | null
  addressee: string | null
  phone: string | null
  addr1: string | null
  addr2: string | null
  city: string | null
  state: string | null
  zip: string | null
}>

/** Script id → text value; all our custom fields are free-form text. */
export type CustomFields = Readonly<Record<string, string>>

/**
 * One line of a sales order. `amount` is in the transaction's currency, without tax.
 * `key` names the line for ever (it stands in the custom column field of the contract): "<Shopify line id>", "<id>:discount", "tip", ….
 */
export type SalesOrderLine = Readonly<{
  key: string
  item: Readonly<{id: string}>
  /** null where a quantity means nothing (discount items). */
  quantity: number | null
  amount: Money
  description: string | null
  location: Readonly<{id: string}> | null
  /** Legacy tax only. */
  taxCode: Readonly<{id: string}> | null
  isClosed: boolean
}>

/** SuiteTax only: one tax of one line (`lineKey`) or of shipping (null). */
export type TaxDetail = Readonly<{
  lineKey: string | null
  taxType: Readonly<{id: string}>
  taxCode: Readonly<{id: string}>
  basis: Money
  /** Percent as decimal text, e.g. "8.25". */
  rate: string
  amount: Money
}>

/** What NetSuite should hold for an order. `total` is what NetSuite must compute from the rest. */
export type SalesOrder = Readonly<{
  type: 'salesOrder'
  externalId: string
  entity: Ref
  subsidiary: Readonly<{id: string}> | null
  currency: Readonly<{id: string}>
  /** Calendar day YYYY-MM-DD in the zone of the contract. */
  tranDate: string
  status: 'pendingApproval' | 'pendingFulfillment'
  otherRefNum: string
  memo: string | null
  email: string | null
  terms: Readonly<{id: string}> | null
  location: Readonly<{id: string}> | null
  billingAddress: Address | null
  shippingAddress: Address | null
  shipMethod: Readonly<{id: string}> | null
  shippingCost: Money | null
  /** Legacy tax only: the code of shipping. */
  shippingTaxCode: Readonly<{id: string}> | null
  /** null under legacy tax; otherwise the override that states every tax (an empty list: no tax). */
  taxDetails: readonly TaxDetail[] | null
  customFields: CustomFields
  lines: readonly SalesOrderLine[]
  total: Money
}>

export type Customer = Readonly<{
  type: 'customer'
  externalId: string
  isPerson: boolean
  firstName: string | null
  lastName: string | null
  companyName: string | null
  email: string | null
  phone: string | null
  subsidiary: Readonly<{id: string}> | null
  currency: Readonly<{id: string}> | null
  billingAddress: Address | null
  shippingAddress: Address | null
  customFields: CustomFields
}>

export type PlannedRecord = SalesOrder | Customer

/** A sales order as read back. Amounts are in the order's currency; `line` is NetSuite's own line number, the key of updates. */
export type HeldSalesOrder = Readonly<{
  type: 'salesOrder'
  id: string
  externalId: string | null
  tranId: string | null
  /** NetSuite's letter: A Pending Approval … B Pending Fulfillment … G Billed, H Closed. */
  status: string
  entityId: string
  subsidiaryId: string | null
  currencyId: string
  tranDate: string
  otherRefNum: string | null
  memo: string | null
  email: string | null
  termsId: string | null
  /** Left out where the channel gave a reference in place of the address. */
  billingAddress?: Address | null
  shippingAddress?: Address | null
  shipMethodId: string | null
  shippingCost: string
  taxTotal: string
  /** Decimal text as NetSuite computed it, in the transaction's currency. */
  total: string
  customFields: CustomFields
  lines: readonly HeldLine[]
}>

export type HeldLine = Readonly<{
  line: string
  key: string | null
  itemId: string
  quantity: string | null
  amount: string
  description: string | null
  locationId: string | null
  taxCodeId: string | null
  isClosed: boolean
}>

export type HeldCustomer = Readonly<{
  type: 'customer'
  id: string
  externalId: string | null
  entityId: string
  isPerson: boolean
  isInactive: boolean
  firstName: string | null
  lastName: string | null
  companyName: string | null
  email: string | null
  phone: string | null
}>

/**
 * What became of one write.
 * 'saved': the record is there (also after afterSubmitFailed, whose text then stands in `warnings`).
 * 'duplicate': a record with this external ID was already there (DUP_RCRD): adopt it.
 * 'refused': a fault of the data; `code` and `message` are NetSuite's.
 */
export type WriteStatus =
  | Readonly<{outcome: 'saved'; id: string; warnings: readonly string[]; requestId: string | null}>
  | Readonly<{outcome: 'duplicate'; requestId: string | null}>
  | Readonly<{outcome: 'refused'; code: string; message: string; requestId: string | null}>

/** Only what differs: `fields` by the names of SalesOrder; `lines` complete when any line differs (they replace the list). */
export type SalesOrderChange = Readonly<{
  type: 'salesOrder'
  id: string
  fields: Partial<Omit<SalesOrder, 'type' | 'externalId' | 'lines' | 'total'>>
  /** `line` is null for a line that NetSuite does not hold yet. */
  lines: readonly Readonly<{line: string | null; planned: SalesOrderLine}>[] | null
}>

/**
 * Sales orders through one channel (SOAP or REST): the same plan through each leaves the same record.
 * Faults of the whole message are thrown (RetryableError, CredentialError, …; `outcomeUnknown` where the write may have happened);
 * faults of one record are its WriteStatus. Lists answer in the order of the question and are split to NetSuite's limits inside.
 */
export type SalesOrderPort = Readonly<{
  add(orders: readonly SalesOrder[]): Promise<WriteStatus[]>
  update(changes: readonly SalesOrderChange[]): Promise<WriteStatus[]>
  /** null where no such record exists. */
  get(refs: readonly Ref[]): Promise<(HeldSalesOrder | null)[]>
}>

export type CustomerPort = Readonly<{
  add(customer: Customer): Promise<WriteStatus>
  get(ref: Ref): Promise<HeldCustomer | null>
}>

export type ItemRow = Readonly<{
  id: string
  itemId: string
  fullName: string | null
  upc: string | null
  itemType: string
  isInactive: boolean
  modified: string
}>
export type OrderRow = Readonly<{
  id: string
  externalId: string
  tranId: string | null
  statusKey: string
  total: string
  currencyId: string
  tranDate: string
  modified: string
}>
export type CustomerRow = Readonly<{
  id: string
  externalId: string | null
  entityId: string
  companyName: string | null
  email: string | null
  phone: string | null
  isInactive: boolean
}>

/** Named questions by SuiteQL. An empty answer is never proof of absence (lag, permissions). */
export type QueryPort = Readonly<{
  /** Every sellable item, in id order, in pages; inactive ones included (and marked). */
  items(afterId?: string): AsyncIterable<readonly ItemRow[]>
  itemsBySku(skus: readonly string[]): Promise<ItemRow[]>
  ordersByExternalId(externalIds: readonly string[]): Promise<OrderRow[]>
  /** Sales orders dated from..to (calendar days, inclusive) whose external ID starts with the prefix, in id order, in pages. */
  ordersByDate(from: string, to: string, externalIdPrefix: string): AsyncIterable<readonly OrderRow[]>
  customersByExternalId(externalIds: readonly string[]): Promise<CustomerRow[]>
  customersByEmail(emails: readonly string[]): Promise<CustomerRow[]>
  customersByPhone(phones: readonly string[]): Promise<CustomerRow[]>
  customersByCompany(names: readonly string[]): Promise<CustomerRow[]>
  /** Ids of `table` (subsidiary, location, currency, item, account, term, …) among those asked that exist. For doctor. */
  existing(table: string, ids: readonly string[]): Promise<Set<string>>
  raw(statement: string, params?: readonly string[]): Promise<Record<string, string>[]>
}>
