import {gid} from '../core/ids.ts'
import type {Job} from '../ledger/types.ts'
import {checkKind, isOfKind, type Kind} from '../plan/kinds.ts'
import type {OrderHint} from '../shopify/types.ts'
import {drainOrders} from './orders.ts'
import type {Preview} from './preview.ts'
import {alone, previewPages, queueChosen, type PushDeps, type Watch} from './push.ts'
import {newReport, type PushReport} from './report.ts'
import {chosenOrders, isChosen, type Selection} from './select.ts'

/** Waiting orders that a run without a choice takes at most; the next run takes the rest. */
const WAITING_MAX = 10_000

type KindWatch = Omit<Watch, 'onSwept'>

/**
 * Pushes orders as orders:push does, but of the records after the sales order only those of one kind: the chosen orders, or
 * those that wait in the queue. Customer and sales order come first, as ever. An order with other records due goes back into
 * the queue with the transaction that records what was written, for orders:push or a worker. Two such runs of a kind exclude
 * each other (ALREADY_RUNNING), unless orders are named. Throws ConfigError KIND_OFF.
 */
export async function pushKind(deps: PushDeps, kind: Kind, chosen: Selection, watch: KindWatch): Promise<PushReport> {
  const limited = limitedTo(deps, kind)
  const report = newReport(deps.runId)
  const work = async (held: KindWatch) => {
    const subjects: string[] = []
    let claimed: readonly Job[] = []
    if (isChosen(chosen)) claimed = await queueChosen(limited, chosen, held, report, subjects)
    else subjects.push(...(await waiting(deps, chosen)).map(({subject}) => subject))
    return drainOrders(limited, report, {...held, verify: chosen.names.length > 0, subjects, claimed})
  }
  return chosen.names.length > 0 ? work(watch) : alone(deps, `${kind}:push`, watch, work)
}

/** What the same run would do. Reads both systems, writes nothing. Throws ConfigError KIND_OFF. */
export function dryKind(deps: PushDeps, kind: Kind, chosen: Selection, signal: AbortSignal): AsyncIterable<Preview[]> {
  const limited = limitedTo(deps, kind)
  const pages = isChosen(chosen) ? chosenOrders(deps.shopify, chosen, deps.rules.timeZone) : hintsOf(deps, chosen)
  return previewPages(limited, pages, signal)
}

function limitedTo(deps: PushDeps, kind: Kind): PushDeps {
  checkKind(kind, deps.rules.life)
  return {...deps, only: (record) => isOfKind(kind, record)}
}

function waiting({ledger}: PushDeps, {limit}: Selection) {
  return ledger.queue.list('orders', {limit: limit ?? WAITING_MAX})
}

async function* hintsOf(deps: PushDeps, chosen: Selection): AsyncIterable<readonly OrderHint[]> {
  const jobs = await waiting(deps, chosen)
  yield jobs.map(({subject, name}) => {
    const legacy = subject.slice(subject.indexOf('/') + 1)
    return {id: gid('Order', legacy), name: name ?? legacy, updatedAt: ''}
  })
}
