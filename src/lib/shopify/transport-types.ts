import type {ZodType} from 'zod'

import type {Bucket} from './throttle.ts'

/**
 * What sending a request twice would do. 'read': nothing; 'set': the same again (it states a value);
 * 'once': a second effect, so a lost reply leaves its outcome unknown.
 */
export type Effect = 'read' | 'set' | 'once'

/** A GraphQL operation in a file, with the shape of its answer. */
export type Document<T> = Readonly<{
  /** The name of the operation. */
  operation: string
  effect: Effect
  /** Points to reserve before an answer told the requested cost: an upper bound. */
  estimate: number
  /** The whole text that is sent, fragments included. */
  text(): string
  answer: ZodType<T>
}>

export type Variables = Readonly<Record<string, unknown>>

/** One HTTP answer; header names are in lower case. */
export type Reply = Readonly<{status: number; headers: Readonly<Record<string, string>>; body: string}>

/** Points that Shopify asked for and charged; `actual` is null where it refused. */
export type Cost = Readonly<{requested: number; actual: number | null}>

export type Answer<T> = Readonly<{data: T; cost: Cost | null}>

/** One finished request, for the ledger and for figures. Carries no secrets and no bodies. */
export type ShopifyRequestNote = Readonly<{
  operation: string
  startedAt: Date
  durationMs: number
  /** Time spent waiting for points before it was sent. */
  waitedMs: number
  cost: Cost | null
  /** 'ok', or the code of the error. */
  outcome: string
  requestId: string | null
}>

/** What the answers so far told about the connection; null: no answer yet. For doctor. */
export type ConnectionFacts = Readonly<{
  pinnedVersion: string
  /** The version that executed the last request; another than the pinned one means that ours was retired. */
  servedVersion: string | null
  /** Page about a deprecated resource that was used, if any. */
  deprecation: string | null
  /** Shopify's clock minus ours; exact to a second, as the Date header is. */
  clockSkewMs: number | null
  bucket: Bucket | null
}>

/** Sends documents. Retries what may be retried; what is thrown is final for the caller. */
export type Transport = Readonly<{
  send<T>(document: Document<T>, variables: Variables, signal?: AbortSignal): Promise<Answer<T>>
  facts(): ConnectionFacts
}>
