import {fromKnex, type PgBoss} from 'pg-boss'

import {messageOf} from '../core/errors.ts'
import {orLost, type LedgerConnection} from './connection.ts'
import {isCode} from './process-table.ts'
import {createBoss, HEARTBEAT_SECONDS} from './queue-install.ts'
import * as sql from './queue-sql.ts'
import {endJobs, type Ended, type JobEnd} from './queue-end.ts'
import {jobOf, queueReader, type Fetched, type QueueReader} from './queue-reader.ts'
import {chunked, storable, type Rows} from './rows.ts'
import type {Db, Flow, Job, Subject, Tx} from './types.ts'
import {jobsChannel} from './wake.ts'

/** A subject to work on. A higher priority goes first; `urgent` cuts short the wait of one that is to be tried again. */
export type QueueEntry = Readonly<{subject: Subject; name: string | null; priority?: number; urgent?: boolean}>

/** Work that waits, one lane a subject: at most one job of a subject waits and one runs, over all processes. */
export type Queue = QueueReader &
  Readonly<{
    /** Queues subjects in the caller's transaction. One that waits already is not queued again. Gives how many were new. */
    add(tx: Tx, flow: Flow, entries: readonly QueueEntry[]): Promise<number>
    /** Takes up to `n` jobs that are due, the oldest first. They are kept alive until they are settled or this process ends. */
    fetch(flow: Flow, n: number): Promise<Job[]>
    /** The same among these subjects only. */
    fetchSubjects(flow: Flow, subjects: readonly Subject[], n: number): Promise<Job[]>
    /** Takes what waits of these subjects in the caller's transaction, before any worker can see what that queued. */
    claim(tx: Tx, flow: Flow, subjects: readonly Subject[]): Promise<Job[]>
    /** Says that the jobs are worked on; the queue does so by itself every few seconds. Gives those taken over meanwhile. */
    touch(jobs: readonly Job[]): Promise<Job[]>
    /** Ends jobs in the caller's transaction; for settle. */
    end(tx: Tx, ends: readonly JobEnd[]): Promise<Ended>
    /** Lets go of jobs that could not be ended: no more signs of life, so that they are taken over in time. */
    forget(jobs: readonly Job[]): void
    /** Takes these subjects out of what waits, in the caller's transaction. */
    withdraw(tx: Tx, flow: Flow, subjects: readonly Subject[]): Promise<void>
    close(): Promise<void>
  }>

type QueueOptions = Readonly<{
  db: Db
  connection: LedgerConnection
  schema: string
  monitorSeconds: number
  note: (text: string) => void
}>

/** Opens the queue. Nothing of it holds the process, and nothing of it runs after close(). */
export async function openQueue({db, connection, schema, monitorSeconds, note}: QueueOptions): Promise<Queue> {
  const boss = createBoss(db, schema, monitorSeconds, false)
  boss.on('error', (error) => note(`queue: ${messageOf(error)}`))
  await boss.start()
  const held = holdJobs(boss, note)
  const supervise = supervisor(boss)
  const take = (flow: Flow, fetch: () => Promise<readonly Fetched[]>) =>
    orLost(connection, async () => {
      await supervise(monitorSeconds * 1000)
      let rows = await fetch()
      // Whoever found nothing has the time: so a lone job seldom waits for the search for dead workers.
      if (rows.length === 0 && (await supervise((monitorSeconds * 1000) / 4))) rows = await fetch()
      return held.add(rows.map((row) => jobOf(flow, row)))
    })

  return {
    ...queueReader(db, connection, schema, held.ids),
    add: (tx, flow, entries) => add(boss, schema, tx, flow, entries),
    fetch: (flow, n) => take(flow, () => boss.fetch<Fetched['data']>(flow, {batchSize: n})),
    fetchSubjects: (flow, subjects, n) => take(flow, () => fetchSubjects(db, schema, flow, subjects, n)),
    claim: async (tx, flow, subjects) => {
      const rows = await fetchSubjects(tx, schema, flow, subjects, subjects.length)
      return held.add(rows.map((row) => jobOf(flow, row)))
    },
    touch: (jobs) => orLost(connection, () => touch(boss, jobs)),
    async end(tx, ends) {
      const ended = await endJobs(boss, schema, tx, ends)
      held.remove(ends.map((end) => end.job))
      return ended
    },
    forget: (jobs) => held.remove(jobs),
    withdraw: async (tx, flow, subjects) => void (await tx.raw(sql.WITHDRAW(schema), [flow, [...subjects]])),
    async close() {
      held.close()
      await boss.stop({graceful: false})
    },
  }
}

/** In a transaction of its own, or inside the caller's, which a refusal leaves as it was. */
async function fetchSubjects(
  db: Db | Tx,
  schema: string,
  flow: Flow,
  subjects: readonly Subject[],
  n: number,
): Promise<Fetched[]> {
  const values = [flow, [...subjects], n, flow]
  try {
    return await db.transaction(async (tx) => (await tx.raw<Rows<Fetched>>(sql.FETCH_SUBJECTS(schema), values)).rows)
  } catch (error) {
    if (isCode(error, '23505')) return [] // another worker took one of them at the same moment
    throw error
  }
}

async function add(boss: PgBoss, schema: string, tx: Tx, flow: Flow, entries: readonly QueueEntry[]): Promise<number> {
  // In one order everywhere: two transactions that queue the same subjects wait for each other instead of deadlocking.
  const sorted = merged(entries).sort((a, b) => (a.subject < b.subject ? -1 : 1))
  let added = 0
  for (const part of chunked(sorted)) {
    const values = [part.map((e) => e.subject), part.map((e) => e.priority ?? 0), part.map((e) => e.urgent ?? false)]
    const raised = await tx.raw<Rows<{subject: string}>>(sql.RAISE(schema), [...values, flow, flow, flow])
    const waiting = new Set(raised.rows.map((row) => row.subject))
    // pg-boss tells of what it inserts; of what may go sooner we do.
    if (part.some((entry) => entry.urgent)) await tx.raw('select pg_notify(?, ?)', [jobsChannel(schema), flow])
    const jobs = part
      .filter((entry) => !waiting.has(entry.subject))
      .map(({subject, name, priority}) => ({
        singletonKey: subject,
        priority: priority ?? 0,
        data: {subject, name: storable(name)},
      }))
    if (jobs.length === 0) continue
    added += (await boss.insert(flow, jobs, {db: fromKnex(tx), returnId: true}))?.length ?? 0
  }
  return added
}

/** One entry a subject: the highest priority, urgent if any is. */
function merged(entries: readonly QueueEntry[]): QueueEntry[] {
  const bySubject = new Map<Subject, QueueEntry>()
  for (const entry of entries) {
    const known = bySubject.get(entry.subject) ?? entry
    bySubject.set(entry.subject, {
      subject: entry.subject,
      name: entry.name ?? known.name,
      priority: Math.max(entry.priority ?? 0, known.priority ?? 0),
      urgent: (entry.urgent ?? false) || (known.urgent ?? false),
    })
  }
  return [...bySubject.values()]
}

async function touch(boss: PgBoss, jobs: readonly Job[]): Promise<Job[]> {
  const lost: Job[] = []
  for (const [flow, ofFlow] of Map.groupBy(jobs, (job) => job.flow)) {
    const attempts = ofFlow.map((job) => ({id: job.id, retryCount: job.attempt - 1}))
    const response = (await boss.touch(flow, attempts)) as {settled?: string[]}
    const alive = new Set(response.settled ?? [])
    lost.push(...ofFlow.filter((job) => !alive.has(job.id)))
  }
  return lost
}

/** Keeps fetched jobs alive: a third of the heartbeat's time between signs of life. */
function holdJobs(boss: PgBoss, note: (text: string) => void) {
  const held = new Map<string, Job>()
  let timer: NodeJS.Timeout | undefined
  const beat = async () => {
    try {
      for (const job of await touch(boss, [...held.values()])) held.delete(job.id)
    } catch (error) {
      note(`queue: no sign of life could be given: ${messageOf(error)}`)
    }
  }
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  return {
    add(jobs: Job[]): Job[] {
      for (const job of jobs) held.set(job.id, job)
      if (held.size > 0) timer ??= setInterval(() => void beat(), (HEARTBEAT_SECONDS * 1000) / 3).unref()
      return jobs
    },
    remove(jobs: readonly Job[]): void {
      for (const job of jobs) held.delete(job.id)
      if (held.size === 0) stop()
    },
    ids: () => [...held.keys()],
    close: stop,
  }
}

/**
 * pg-boss's supervision (dead workers, retention), asked for by whoever fetches; its claim keeps it to one at a time. True where
 * it was due.
 */
function supervisor(boss: PgBoss): (everyMs: number) => Promise<boolean> {
  let lastMs = 0
  return async (everyMs) => {
    if (Date.now() - lastMs < everyMs) return false
    lastMs = Date.now()
    await boss.supervise()
    return true
  }
}
