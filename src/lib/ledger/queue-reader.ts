import {orLost, type LedgerConnection} from './connection.ts'
import * as sql from './queue-sql.ts'
import type {Rows} from './rows.ts'
import type {Db, Flow, Job, QueueCounts, Subject} from './types.ts'

/** A job that waits, is to be tried again, or runs; `dueAt` is when it may start. */
type QueuedJob = Job & Readonly<{state: 'created' | 'retry' | 'active'; dueAt: Date}>

/** What one may ask of the queue without taking anything. */
export type QueueReader = Readonly<{
  counts(flow: Flow): Promise<QueueCounts>
  list(flow: Flow, options: Readonly<{limit: number; state?: QueuedJob['state'] | undefined}>): Promise<QueuedJob[]>
  /** How many of these subjects (null: of all) wait or run. */
  waitingFor(flow: Flow, subjects: readonly Subject[] | null): Promise<number>
  /** When a job of these subjects (null: any) may be fetched; null when there is none. Look again then. */
  nextDue(flow: Flow, subjects: readonly Subject[] | null): Promise<Date | null>
  /** Since when the job that has waited longest could have been taken; null where none waits. */
  oldestDue(flow: Flow): Promise<Date | null>
}>

/** A job as pg-boss gives it. */
export type Fetched = Readonly<{
  id: string
  data: Readonly<{subject: string; name: string | null}>
  retryCount: number
}>

export function jobOf(flow: Flow, row: Fetched): Job {
  return {id: row.id, flow, subject: row.data.subject, name: row.data.name, attempt: row.retryCount + 1}
}

/** Reads the queue's table. `own` gives the ids of the jobs that this process works on. */
export function queueReader(db: Db, connection: LedgerConnection, schema: string, own: () => string[]): QueueReader {
  const rows = <T>(statement: (schema: string) => string, values: readonly unknown[]) =>
    orLost(connection, async () => (await db.raw<Rows<T>>(statement(schema), values as never)).rows)
  return {
    async counts(flow) {
      const [counts] = await rows<QueueCounts>(sql.COUNT, [flow])
      return counts ?? {waiting: 0, running: 0, retrying: 0}
    },
    async list(flow, options) {
      const state = options.state ?? null
      const found = await rows<Fetched & QueuedJob>(sql.LIST, [flow, state, state, options.limit])
      return found.map((row) => ({...jobOf(flow, row), state: row.state, dueAt: row.dueAt}))
    },
    async waitingFor(flow, subjects) {
      const [row] = await rows<{open: number}>(sql.OPEN_COUNT, [flow, subjects, subjects])
      return row?.open ?? 0
    },
    async oldestDue(flow) {
      const [row] = await rows<{due: Date | null}>(sql.OLDEST_DUE, [flow])
      return row?.due ?? null
    },
    async nextDue(flow, subjects) {
      const ids = own()
      const values = [ids, subjects, flow, subjects, subjects, ids, subjects]
      const [row] = await rows<{due: Date | null}>(sql.NEXT_DUE, values)
      return row?.due ?? null
    },
  }
}
