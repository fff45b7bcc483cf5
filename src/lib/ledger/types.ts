import type {Knex} from 'knex'

/** A flow is a queue: one a kind of work. */
export type Flow = 'orders'

/** A subject is what a job is about: the shop and the Shopify id of the order, "tieout-demo.myshopify.com/5001". */
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

export type QueueCounts = Readonly<{waiting: number; running: number; retrying: number}>

/** One line of a subject's history, oldest first. */
export type HistoryEntry = Readonly<{
  at: Date
  kind: 'event' | 'job' | 'write' | 'link' | 'parked' | 'unparked'
  summary: string
  detail: unknown
}>

export type Run = Readonly<{
  id: string
  command: string
  flags: unknown
  who: string
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
