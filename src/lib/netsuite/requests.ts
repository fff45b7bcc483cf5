/** Lanes of the account's requests, most urgent first. */
export type Lane = 'orders' | 'payments' | 'fulfillments' | 'inventory' | 'customers' | 'backfill'

/**
 * Leave to have one request in flight, over all processes. The governor of the client asks for one before each request
 * and gives it back after; the ledger keeps the slots.
 */
export type PermitPort = Readonly<{
  acquire(lane: Lane, signal?: AbortSignal): Promise<Permit>
  /** Told when NetSuite refused for concurrency: fewer slots for a while. */
  refused(): void
}>
type Permit = Readonly<{
  waitedMs: number
  /** `cut`: sent, and no reply came. NetSuite may still work at it, and counts it meanwhile. */
  release(cut?: boolean): Promise<void>
}>

/** One finished request, for the ledger and for figures. Carries no secrets and no bodies. */
export type RequestNote = Readonly<{
  channel: 'soap' | 'rest' | 'suiteql' | 'oauth'
  operation: string
  records: number
  startedAt: Date
  durationMs: number
  waitedMs: number
  outcome: string
  requestId: string | null
}>
