/**
 * The shapes between the sandbox's NetSuite engine and its channels (SOAP, REST, SuiteQL, control).
 * They are neutral: field names are those of NetSuite's SOAP schema (2025_2), without the suffix "List" for sublists;
 * references are objects; amounts, rates and quantities are decimal text ('49.95', '2'); days are 'YYYY-MM-DD';
 * date-times are ISO instants in UTC; booleans are booleans; enumerations are the ids of the REST service
 * (orderStatus 'A' or 'B', commitInventory '1' to '3'); countries are ISO 3166-1 alpha-2.
 */

export type RecordType = string

export type FieldRef = Readonly<{id?: string; externalId?: string; name?: string}>

/** A postal address as a value (billingAddress, shippingAddress, addressbookAddress). */
export type AddressValue = Readonly<{
  country?: string
  attention?: string
  addressee?: string
  addrPhone?: string
  addr1?: string
  addr2?: string
  addr3?: string
  city?: string
  state?: string
  zip?: string
  addrText?: string
  override?: boolean
}>

/** null clears a field (SOAP nullFieldList, REST null). */
export type FieldValue = string | boolean | FieldRef | AddressValue | null
export type Fields = Readonly<Record<string, FieldValue>>

/**
 * One line of a sublist. `key` is what identifies it in a keyed list (itemList: `line`, a number as text;
 * addressbook: `internalId`); null or absent: a new line. It is not repeated in `fields`.
 */
export type LineInput = Readonly<{key?: string | null; fields: Fields; customFields?: Fields}>

/** A record as a channel hands it in. Sublists: 'item', 'taxDetails', 'addressbook', 'currency'. */
export type RecordInput = Readonly<{
  type: RecordType
  externalId?: string
  /** Only to be refused where a channel forbids it; the engine chooses ids. */
  id?: string
  fields: Fields
  lines?: Readonly<Record<string, readonly LineInput[]>>
  customFields?: Fields
}>

/** Change of a record: only what is given changes. */
export type RecordPatch = Readonly<{
  externalId?: string
  fields?: Fields
  lines?: Readonly<Record<string, readonly LineInput[]>>
  customFields?: Fields
}>

export type StoredLine = {
  key: string
  fields: Record<string, FieldValue>
  customFields: Record<string, FieldValue>
}

/**
 * A record as the engine keeps it: references resolved to {id, name}, totals computed. Do not change it; it is not a copy.
 * Computed fields stand among the others (subTotal, taxTotal, total, status, tranId, createdDate, lastModifiedDate;
 * on lines lineUniqueKey, amount, quantityCommitted, …).
 */
export type StoredRecord = {
  readonly type: RecordType
  readonly id: string
  externalId: string | null
  fields: Record<string, FieldValue>
  lines: Record<string, StoredLine[]>
  customFields: Record<string, FieldValue>
}

/** How to find one record. When both are given, both must agree. */
export type RecordRef = Readonly<{id?: string; externalId?: string}>

/** `path` names the place in REST's manner: 'item.items[0].item'. */
export type Failure = Readonly<{
  ok: false
  code: string
  message: string
  path?: string
  /** True: the record was saved although the answer says it was not (NetSuite help section_N3536574). Then `id` is there. */
  afterSubmitFailed?: boolean
  id?: string
}>
type Success = Readonly<{ok: true; id: string; warnings: readonly string[]}>
export type WriteOutcome = Success | Failure
export type ReadOutcome = Readonly<{ok: true; record: StoredRecord}> | Failure

export type WriteOptions = Readonly<{
  /** Sublist names whose given lines replace all others; true: every sublist given. Default true, as SOAP's replaceAll. */
  replaceSublists?: boolean | readonly string[]
  /** SOAP preference: read-only fields are dropped instead of refused. */
  ignoreReadOnlyFields?: boolean
  /** SOAP preference. */
  disableMandatoryCustomFieldValidation?: boolean
}>

/** All criteria must hold. Field 'id' and 'externalId' are the record's own; a reference compares by its id. */
export type Criterion = Readonly<{field: string; operator: Operator; values: readonly string[]}>
export type Operator =
  | 'is'
  | 'isNot'
  | 'anyOf'
  | 'noneOf'
  | 'contains'
  | 'startsWith'
  | 'empty'
  | 'notEmpty'
  | 'equal'
  | 'greaterThan'
  | 'greaterThanOrEqual'
  | 'lessThan'
  | 'lessThanOrEqual'
  /** Days and date-times: values are 'YYYY-MM-DD' or ISO instants; a day stands for the whole day. */
  | 'on'
  | 'notOn'
  | 'onOrAfter'
  | 'onOrBefore'
  | 'after'
  | 'before'
  | 'within'
  | 'notWithin'

export type SelectValue = Readonly<{id: string; name: string}>

export type Governance = Readonly<{
  accountConcurrencyLimit: number
  unallocatedConcurrencyLimit: number
  integrationConcurrencyLimit: number | null
  integrationLimitType: 'integrationSpecific' | 'accountLimit' | 'internal'
}>

export type ItemAvailability = Readonly<{
  item: Readonly<{id: string; externalId: string | null; name: string}>
  location: Readonly<{id: string; name: string}>
  quantityOnHand: string
  quantityAvailable: string
  quantityCommitted: string
  quantityBackOrdered: string
  quantityOnOrder: string
  lastQtyAvailableChange: string
}>

/** The record engine of one account, as one channel sees it (faults are matched by channel). Synchronous and in memory. */
export type Engine = Readonly<{
  add(record: RecordInput, options?: WriteOptions): WriteOutcome
  update(type: RecordType, ref: RecordRef, patch: RecordPatch, options?: WriteOptions): WriteOutcome
  upsert(externalId: string, record: RecordInput, options?: WriteOptions): WriteOutcome
  delete(type: RecordType, ref: RecordRef): WriteOutcome
  get(type: RecordType, ref: RecordRef): ReadOutcome
  /** In id order. An unknown field or type gives no rows. */
  search(type: RecordType, criteria: readonly Criterion[]): StoredRecord[]
  /** A draft of the record that `toType` would be; nothing is saved. */
  initialize(
    from: Readonly<{type: RecordType; ref: RecordRef}>,
    toType: RecordType,
  ): Readonly<{ok: true; draft: RecordInput}> | Failure
  /** What a field may hold; `sublist` for fields of lines. */
  selectValues(recordType: RecordType, field: string, sublist?: string): SelectValue[]
  itemAvailability(itemIds: readonly string[], changedSince?: Date): ItemAvailability[]
  serverTime(): Date
  governance(): Governance
  /** The same engine as another channel sees it. */
  as(channel: Channel): Engine
}>

export type Channel = 'soap' | 'rest' | 'suiteql' | 'oauth' | 'control'

/** The tokenPassport of a SOAP message, as sent. */
export type TokenPassport = Readonly<{
  account: string
  consumerKey: string
  token: string
  nonce: string
  timestamp: string
  signature: string
  algorithm: string
}>

/** `reason` is what the Login Audit Trail would say; it is never told to the caller. */
export type AuthOutcome = Readonly<{ok: true}> | Readonly<{ok: false; reason: string}>

/** What the SOAP channel gets from the server with each message. */
export type SoapContext = Readonly<{
  engine: Engine
  verifyPassport(passport: TokenPassport): AuthOutcome
  /** '2025_2' or '2023_2', from the path. */
  version: string
  /** Base URL of this server, for getDataCenterUrls. */
  baseUrl: string
  account: string
  timeZone: string
  suiteTax: boolean
  /** Elements out of schema order are refused. */
  strictOrder: boolean
  /** Answers vary their prefixes and the order of elements. */
  varyResponses: boolean
  /** Internal id of a custom field by its script id (answers carry both). */
  customFieldId(scriptId: string): string | undefined
}>

/** `operation` and `records` are counted; `records` also costs perRecordMs. */
export type SoapAnswer = Readonly<{status: number; body: string; operation: string; records: number}>
