import {inTransaction} from './connection.ts'
import type {Ledger} from './open.ts'
import type {QueueEntry} from './queue.ts'
import {chunked, storable} from './rows.ts'
import type {Flow, Hint, Job, Tx} from './types.ts'

/** `recorded`: new. `seen`: the same delivery had come before, and nothing was done. `claimed`: jobs that the caller holds. */
export type Received = Readonly<{recorded: number; seen: number; claimed: readonly Job[]}>

/** Live orders go before a backfill of old ones. */
const BACKFILL_PRIORITY = -1

/**
 * Records what arrived and queues its subjects, all of it or none, in one transaction. Delivery is at least once, so a
 * second delivery is counted as seen. A subject that waits already is not queued again: whoever works it later reads the
 * newest state. What a person set aside is recorded and stays aside.
 * @param claim the caller works them itself, whatever workers wait; what another holds just now is left to wait
 */
export async function receive(
  ledger: Pick<Ledger, 'db' | 'queue' | 'connection'>,
  hints: readonly Hint[],
  claim = false,
): Promise<Received> {
  if (hints.length === 0) return {recorded: 0, seen: 0, claimed: []}
  return inTransaction(ledger, async (tx) => {
    const fresh: Hint[] = []
    const claimed: Job[] = []
    // In one order everywhere: two transactions with the same deliveries wait for each other instead of deadlocking.
    const sorted = [...hints].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    for (const part of chunked(sorted)) {
      const recorded = await record(tx, part)
      fresh.push(...part.filter((hint) => recorded.delete(keyOf(hint))))
    }
    for (const [flow, ofFlow] of Map.groupBy(fresh, (hint) => hint.flow)) {
      const aside = await setAside(tx, flow, ofFlow)
      const entries = ofFlow.filter((hint) => !aside.has(hint.subject)).map(entryOf)
      await ledger.queue.add(tx, flow, entries)
      if (claim) claimed.push(...(await ledger.queue.claim(tx, flow, entries.map(({subject}) => subject)))) // prettier-ignore
    }
    return {recorded: fresh.length, seen: hints.length - fresh.length, claimed}
  })
}

async function record(tx: Tx, hints: readonly Hint[]): Promise<Set<string>> {
  const rows = await tx<{source: string; delivery_id: string}>('events')
    .insert(
      hints.map((hint) => ({
        source: hint.source,
        delivery_id: hint.deliveryId,
        flow: hint.flow,
        subject: hint.subject,
        name: storable(hint.name),
        topic: storable(hint.topic),
        body: Buffer.from(hint.body, 'utf8'),
        received_at: hint.receivedAt,
      })),
    )
    .onConflict(['source', 'delivery_id'])
    .ignore()
    .returning(['source', 'delivery_id'])
  return new Set(rows.map((row) => keyOf({source: row.source, deliveryId: row.delivery_id})))
}

/** Subjects that a person parked by hand: only a person brings them back. */
async function setAside(tx: Tx, flow: Flow, hints: readonly Hint[]): Promise<Set<string>> {
  const aside = new Set<string>()
  for (const part of chunked(hints)) {
    const rows = await tx<{subject: string}>('parked')
      .select('subject')
      .where({flow, by_hand: true, resolved_at: null} as object)
      .whereIn(
        'subject',
        part.map((hint) => hint.subject),
      )
    for (const row of rows) aside.add(row.subject)
  }
  return aside
}

function entryOf(hint: Hint): QueueEntry {
  const priority = hint.source === 'backfill' ? BACKFILL_PRIORITY : 0
  return {subject: hint.subject, name: hint.name, priority, urgent: hint.source === 'hand'}
}

function keyOf(hint: Readonly<{source: string; deliveryId: string}>): string {
  return `${hint.source} ${hint.deliveryId}`
}
