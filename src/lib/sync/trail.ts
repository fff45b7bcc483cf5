import {AsyncLocalStorage} from 'node:async_hooks'

import type {Clock} from '../core/clock.ts'
import type {Batch, KeptRequest} from '../ledger/requests.ts'

/** Requests kept of one batch; a storm of refusals is told as well by its first ones and their number. */
const REQUESTS_MAX = 200

type Trail = {startedAt: Date; requests: KeptRequest[]; leftOut: number}

/**
 * What runs inside is known by the asynchronous context, not by a parameter through both clients, which know nothing of
 * batches. Two batches side by side each have their own.
 */
const trails = new AsyncLocalStorage<Trail>()

/** Runs the work of a batch; the requests made meanwhile, by whatever it calls, are collected for `trailOf`. */
export function withTrail<T>(clock: Clock, work: () => Promise<T>): Promise<T> {
  return trails.run({startedAt: clock.now(), requests: [], leftOut: 0}, work)
}

/** Takes a finished request. One that was made outside of any batch (a list, a check) is of no order, and not kept. */
export function noteRequest(request: KeptRequest): void {
  const trail = trails.getStore()
  if (trail === undefined) return
  if (trail.requests.length < REQUESTS_MAX) trail.requests.push(request)
  else trail.leftOut += 1
}

/** The batch that runs here, with its requests so far; null outside of any. */
export function trailOf(runId: string): Batch | null {
  const trail = trails.getStore()
  return trail === undefined ? null : {runId, ...trail}
}
