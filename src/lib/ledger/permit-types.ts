import type {PermitLane} from './permit-line.ts'

/** Leave to have one request in flight. Give it back in any case. */
export type HeldPermit = Readonly<{
  waitedMs: number
  /** `cut`: the request was cut off without an answer. The account may still work at it, so its permit rests first. */
  release(cut?: boolean): Promise<void>
}>

/** Leave for requests to one account, over all processes that use this ledger. */
export type PermitPool = Readonly<{
  /** Waits for its turn. Throws RetryableError PERMIT_QUEUE_FULL or DATABASE_LOST, or the signal's reason. */
  acquire(lane: PermitLane, signal?: AbortSignal): Promise<HeldPermit>
  /** The account refused a request for concurrency: all processes use fewer for a while. */
  refused(): void
  /** What the account said that it allows; told to all processes. */
  setLimit(limit: number): void
  /** `slots`: what we may use of the account's limit; `limit`: that, less what refusals took for now; the others of this process. */
  stats(): Readonly<{slots: number; limit: number; inFlight: number; waiting: number}>
  /** Permits still in use then rest, as those of a dead process do. */
  close(): Promise<void>
}>

/**
 * `limit`: requests that the account allows at once. `isTold`: an operator said so; then what the account says can only lower it.
 * `reserve` of them stay free for people and other integrations, but one is always ours.
 */
export type PermitOptions = Readonly<{
  account: string
  limit: number
  isTold: boolean
  reserve: number
  waitersMax: number
}>
