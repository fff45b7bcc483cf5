import {randomUUID} from 'node:crypto'

import {jsonOf, storable} from './rows.ts'
import type {Db, Run, Tx} from './types.ts'

type Row = {
  id: string
  command: string
  flags: unknown
  who: string
  host: string | null
  started_at: Date
  ended_at: Date | null
  outcome: string | null
  counts: unknown
}

/** Records that a command begins: who, on which machine, with which flags. Flags must hold no secret. */
export async function beginRun(
  db: Db | Tx,
  run: Readonly<{command: string; flags: unknown; who: string; host?: string | undefined}>,
): Promise<Run> {
  const {command, flags, who, host = null} = run
  const [row] = await db<Row>('runs')
    .insert({id: randomUUID(), command, flags: jsonOf(flags), who: storable(who), host: storable(host)})
    .returning('*')
  return runOf(row as Row)
}

/** Records how it ended. A run that has ended stays as it is. */
export async function endRun(
  db: Db | Tx,
  id: string,
  end: Readonly<{outcome: string; counts: unknown}>,
): Promise<void> {
  await db('runs')
    .where({id, ended_at: null})
    .update({ended_at: db.fn.now(), outcome: storable(end.outcome), counts: jsonOf(end.counts)})
}

/** The latest runs, newest first; of one command where it is named. */
export async function lastRuns(
  db: Db | Tx,
  options: Readonly<{command?: string | undefined; limit: number}>,
): Promise<Run[]> {
  const query = db<Row>('runs').select('*').orderBy('started_at', 'desc').limit(options.limit)
  if (options.command !== undefined) void query.where({command: options.command})
  return (await query).map(runOf)
}

function runOf(row: Row): Run {
  const {id, command, flags, who, host, outcome, counts} = row
  return {id, command, flags, who, host, startedAt: row.started_at, endedAt: row.ended_at, outcome, counts}
}
