import type {HeldPosting, PostingRecord, PostingType} from './posting-types.ts'
import type {Ref, WriteStatus} from './types.ts'

/**
 * Posting records through one channel (SOAP or REST): the same record through each leaves the same record.
 * Faults of the whole message are thrown (RetryableError, CredentialError, …; `outcomeUnknown` where the write may have
 * happened, and messages before it are written); faults of one record are its WriteStatus.
 */
export type PostingPort = Readonly<{
  /**
   * Writes any mix of types, parents first, and answers in the order of the question. A record may refer to another of
   * the same call. References by external ID that only take internal ids, and the lines of the records that others are
   * made from, are read before. 'refused' with NETSUITE_REFERENCE_MISSING or NETSUITE_LINE_MISSING: NetSuite does not
   * hold what the record refers to, and it was not sent.
   */
  add(records: readonly PostingRecord[]): Promise<WriteStatus[]>
  /** Records of one type in the order of the question; null where no such record exists. */
  get(type: PostingType, refs: readonly Ref[]): Promise<(HeldPosting | null)[]>
}>

/** A posting record as a query sees it. */
export type PostingRow = Readonly<{
  type: PostingType
  id: string
  externalId: string
  tranId: string | null
  /** "CustDep:A"; letters differ from type to type. */
  statusKey: string
  /** Decimal text in the transaction's currency, never negative (the signs of NetSuite's headers differ from type to type); null: none. */
  total: string | null
  currencyId: string
  tranDate: string
}>

/** Named questions by SuiteQL about postings. An empty answer is never proof of absence (lag, permissions). */
export type PostingQueries = Readonly<{
  postingsByExternalId(externalIds: readonly string[]): Promise<PostingRow[]>
  /** Postings dated from..to (calendar days, inclusive) whose external ID starts with the prefix, in id order, in pages. */
  postingsByDate(from: string, to: string, externalIdPrefix: string): AsyncIterable<readonly PostingRow[]>
  /** First day after this one that lies in an open accounting period; null where none is open. */
  firstOpenDay(after: string): Promise<string | null>
}>
