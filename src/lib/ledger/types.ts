import type {Knex} from 'knex'

/** A flow is a queue: one a kind of work. */
export type Flow = 'orders' | 'payouts' | 'fulfillments'

/**
 * A subject is what a job is about: the shop and the Shopify id of the order, "tieout-demo.myshopify.com/5001", of the payout,
 * "tieout-demo.myshopify.com/payout-130000000001", or of the order whose shipments it is about, "…/shipment-5001".
 */
export type Subject = string

/** Something arrived: a webhook, a sweep, an operator's hand or a backfill hinted at a subject. Never data, only a hint. */
export type Hint = Readonly<{
  source: 'webhook' | 'sweep' | 'hand' | 'backfill'
  /** Unique within the source: the delivery id, or the run id with the subject. A second one is 'seen'. */
  deliveryId: string
  flow: Flow
  subject: Subject
  /** "#1001", for people. */
  name: string | null
  topic: string
  body: string
  receivedAt: Date
}>

/** A job that this process holds. `attempt` counts from 1. */
export type Job = Readonly<{id: string; flow: Flow; subject: Subject; name: string | null; attempt: number}>

/** How a job ends for now. Settled in the same transaction as the facts that belong to it. */
export type Settlement = Readonly<{
  job: Job
  end:
    | Readonly<{as: 'done'}>
    /** Tried again by the queue, no sooner than this. */
    | Readonly<{as: 'retry'; afterMs: number; code: string; message: string}>
    /** Waits for a person. */
    | Readonly<{as: 'parked'; code: string; message: string; hint: string}>
    /** Given back untouched: interrupted, or the system is closed. It waits at once again. */
    | Readonly<{as: 'released'}>
  writes: readonly Write[]
  links: readonly Link[]
  /** What was found in NetSuite; kept unless another worker has taken the job over. */
  remembered?: readonly Remembered[] | undefined
  /** What the order was to become, where that was decided; kept when it is another plan than the last one. */
  plan?: KeptPlan | undefined
}>

/** The plan of a record as the ledger keeps it: without customer details, but each of them as a mark that tells a change. */
export type KeptPlan = Readonly<{
  flow: Flow
  subject: Subject
  runId: string
  externalId: string
  /** As in `Write`. */
  planHash: string
  plannedAt: Date
  document: PlanDocument
}>

/**
 * Fields by name, those of lines by the line's key; what is not planned is left out. A value that begins with ~ is a
 * fingerprint of a detail that is not kept.
 */
export type PlanDocument = Readonly<{
  fields: Readonly<Record<string, string>>
  lines: readonly Readonly<{key: string; fields: Readonly<Record<string, string>>}>[]
}>

/** One attempt to change the other system, or one look that found it right. Append-only. */
export type Write = Readonly<{
  flow: Flow
  subject: Subject
  runId: string
  /** 'netsuite' or 'shopify'. */
  system: 'netsuite' | 'shopify'
  recordType: string
  externalId: string
  remoteId: string | null
  outcome: 'written' | 'adopted' | 'updated' | 'unchanged' | 'rejected' | 'unknown' | 'skipped'
  /** SHA-256 of the plan in canonical form: equal hash, equal plan. */
  planHash: string
  /** What was sent, or what changed; customer details are left out by the caller. */
  sent: unknown
  /** What came back: code, message, warnings, NetSuite's request id. */
  reply: unknown
  startedAt: Date
  durationMs: number
}>

/** Shopify id ↔ NetSuite id ↔ external ID. Unique in all three directions within a record type. */
export type Link = Readonly<{
  recordType: string
  shop: string
  shopifyId: string
  externalId: string
  netsuiteId: string
}>

export type Parked = Readonly<{
  flow: Flow
  subject: Subject
  name: string | null
  code: string
  message: string
  hint: string
  since: Date
  lastSeen: Date
  attempts: number
  owner: string | null
  note: string | null
}>

/**
 * What is known of one field of a record in NetSuite, as marks: a reference or an amount as it is, a customer's detail as a
 * fingerprint. `held`: the values that may stand there by our own doing. `planned`: the planned value where NetSuite made another of it.
 */
export type KnownField = Readonly<{held: readonly string[]; planned?: string | undefined}>

/** What was found of one record in NetSuite. */
export type Remembered = Readonly<{
  flow: Flow
  subject: Subject
  name: string | null
  recordType: string
  externalId: string
  netsuiteId: string
  runId: string
  /** null: as before. */
  fields: Readonly<Record<string, KnownField>> | null
  conflicts: readonly Pick<Conflict, 'field' | 'base' | 'held' | 'planned' | 'kept' | 'isOverwritten'>[]
  /** Fields in which a value that a person decided to keep stands in NetSuite again, or never will. */
  restored: readonly string[]
}>

export type ConflictState = 'open' | 'kept_shopify' | 'kept_netsuite'

/** A value that a person changed in NetSuite in a field that Shopify owns. `base`, `held`, `planned` are marks. */
export type Conflict = Readonly<{
  id: string
  flow: Flow
  subject: Subject
  /** "#1001", for people. */
  name: string | null
  recordType: string
  externalId: string
  netsuiteId: string
  field: string
  base: string | null
  held: string
  planned: string
  kept: string | null
  /** False where the value stands: what a person closed is not reopened. */
  isOverwritten: boolean
  /** How often the same value was found. */
  times: number
  detectedAt: Date
  seenAt: Date
  runId: string
  state: ConflictState
  resolvedAt: Date | null
  resolvedBy: string | null
  note: string | null
  /** When the value that was kept stood in NetSuite again, or was overruled by a change in Shopify. */
  restoredAt: Date | null
  alertedAt: Date | null
}>

export type QueueCounts = Readonly<{waiting: number; running: number; retrying: number}>

/** One line of a subject's history, oldest first. */
export type HistoryEntry = Readonly<{
  at: Date
  kind: 'event' | 'job' | 'request' | 'plan' | 'write' | 'link' | 'parked' | 'unparked' | 'conflict'
  summary: string
  detail: unknown
}>

export type Run = Readonly<{
  id: string
  command: string
  flags: unknown
  who: string
  /** Name of the machine; null for runs of older versions. */
  host: string | null
  startedAt: Date
  endedAt: Date | null
  outcome: string | null
  counts: unknown
}>

/** An item of NetSuite as last read, for resolving SKUs without a request. */
export type CachedItem = Readonly<{
  netsuiteId: string
  sku: string
  itemType: string
  isInactive: boolean
  readAt: Date
}>

export type Db = Knex
/** A transaction of knex; every function that takes Db takes one too. */
export type Tx = Knex.Transaction
