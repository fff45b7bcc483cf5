import {inTransaction} from './connection.ts'
import type {Ledger} from './open.ts'
import {chunked, storable} from './rows.ts'
import type {Db, Flow, Parked, Subject, Tx} from './types.ts'

type Row = {
  flow: Flow
  subject: string
  name: string | null
  code: string
  message: string
  hint: string
  since: Date
  last_seen: Date
  attempts: number
  owner: string | null
  note: string | null
}

/** Why a subject waits for a person. */
export type Reason = Readonly<{
  flow: Flow
  subject: Subject
  name: string | null
  code: string
  message: string
  hint: string
  attempts: number
}>

export type ParkedFilter = Readonly<{
  flow?: Flow | undefined
  code?: string | undefined
  subjects?: readonly Subject[] | undefined
  limit?: number | undefined
}>

const LIMIT_MAX = 100_000

/** Parks subjects, or tells the newest reason of those that are parked already: `since`, owner and note stay. */
export async function parkAll(tx: Tx, reasons: readonly Reason[]): Promise<void> {
  for (const part of chunked(reasons)) {
    const rows = part.map((reason) => ({
      flow: reason.flow,
      subject: reason.subject,
      name: storable(reason.name),
      code: reason.code,
      message: storable(reason.message),
      hint: storable(reason.hint),
      attempts: reason.attempts,
    }))
    await tx('parked')
      .insert(rows)
      .onConflict(tx.raw('(flow, subject) where resolved_at is null') as never)
      .merge({
        name: tx.raw('coalesce(excluded.name, parked.name)'),
        code: tx.raw('excluded.code'),
        message: tx.raw('excluded.message'),
        hint: tx.raw('excluded.hint'),
        attempts: tx.raw('parked.attempts + 1'),
        last_seen: tx.raw('now()'),
      })
  }
}

/** Marks parked subjects as settled, by whom. Those that a person set aside wait for a person. Gives the subjects. */
export async function resolve(tx: Tx, flow: Flow, subjects: readonly Subject[], by: string): Promise<Subject[]> {
  const resolved: Subject[] = []
  for (const part of chunked(subjects)) {
    const rows = await tx<{subject: string}>('parked')
      .where({flow, resolved_at: null, by_hand: false} as object)
      .whereIn('subject', part)
      .update({resolved_at: tx.fn.now(), resolved_by: storable(by)} as object)
      .returning('subject')
    resolved.push(...rows.map((row) => row.subject))
  }
  return resolved
}

/**
 * Sets subjects aside by hand: out of the queue, and no hint brings them back until unpark. Also gives one that is parked
 * another owner or reason. `who` is kept in the note.
 */
export async function park(
  ledger: Pick<Ledger, 'db' | 'queue' | 'connection'>,
  flow: Flow,
  subjects: readonly Subject[],
  reason: Readonly<{code: string; message: string; hint: string; owner: string | null; who: string}>,
): Promise<void> {
  const {code, message, hint, owner, who} = reason
  await inTransaction(ledger, async (tx) => {
    await ledger.queue.withdraw(tx, flow, subjects)
    await parkAll(
      tx,
      subjects.map((subject) => ({flow, subject, name: null, code, message, hint, attempts: 0})),
    )
    await tx('parked')
      .where({flow, resolved_at: null})
      .whereIn('subject', [...subjects])
      .update({
        by_hand: true,
        owner: storable(owner),
        note: storable(`${who}: ${message}`),
        // Parking by hand sets the name only where another row of the subject knows it.
        name: tx.raw(`coalesce(parked.name, (select e.name from events e where e.subject = parked.subject
          and e.flow = parked.flow and e.name is not null order by e.received_at desc limit 1))`),
      })
  })
}

/** Queues parked subjects again, at once; who did it and why stays in the history. Gives those that were parked. */
export async function unpark(
  ledger: Pick<Ledger, 'db' | 'queue' | 'connection'>,
  flow: Flow,
  subjects: readonly Subject[],
  by: Readonly<{who: string; note: string | null}>,
): Promise<Subject[]> {
  const queued: Subject[] = []
  for (const part of chunked(subjects)) {
    await inTransaction(ledger, async (tx) => {
      const rows = await tx<Row>('parked')
        .where({flow, resolved_at: null} as object)
        .whereIn('subject', part)
        .update({
          resolved_at: tx.fn.now(),
          resolved_by: storable(by.who),
          ...(by.note === null ? {} : {note: storable(by.note)}),
        } as object)
        .returning(['subject', 'name'])
      await ledger.queue.add(
        tx,
        flow,
        rows.map((row) => ({subject: row.subject, name: row.name, urgent: true})),
      )
      queued.push(...rows.map((row) => row.subject))
    })
  }
  return queued
}

/** What waits for a person, longest first. */
export async function listParked(db: Db | Tx, filter: ParkedFilter = {}): Promise<Parked[]> {
  const query = db<Row>('parked')
    .select('*')
    .where({resolved_at: null} as object)
    .orderBy('since')
    .orderBy('id')
  if (filter.flow !== undefined) void query.where('flow', filter.flow)
  if (filter.code !== undefined) void query.where('code', filter.code)
  if (filter.subjects !== undefined) void query.whereIn('subject', [...filter.subjects])
  const rows = await query.limit(filter.limit ?? LIMIT_MAX)
  return rows.map(parkedOf)
}

/** How many wait for a person. */
export async function countParked(db: Db | Tx, filter: Pick<ParkedFilter, 'flow' | 'code'> = {}): Promise<number> {
  const byCode = await countParkedByCode(db, filter.flow)
  return [...byCode].reduce((sum, [code, n]) => (filter.code === undefined || filter.code === code ? sum + n : sum), 0)
}

/** How many wait for a person under each error code, most first. */
export async function countParkedByCode(db: Db | Tx, flow?: Flow): Promise<Map<string, number>> {
  const query = db<Row>('parked')
    .select('code')
    .count('* as n')
    .where({resolved_at: null} as object)
    .groupBy('code')
    .orderBy('n', 'desc')
  if (flow !== undefined) void query.where('flow', flow)
  const rows = (await query) as unknown as {code: string; n: string}[]
  return new Map(rows.map((row) => [row.code, Number(row.n)]))
}

function parkedOf(row: Row): Parked {
  const {flow, subject, name, code, message, hint, since, attempts, owner, note} = row
  return {flow, subject, name, code, message, hint, since, lastSeen: row.last_seen, attempts, owner, note}
}
