import type pg from 'pg'

import type {EngineParts} from '../engine-parts.ts'
import type {StoredRecord} from '../engine-types.ts'
import {allSchemas} from '../schema/registry.ts'
import type {Change} from '../state.ts'
import {textOf} from '../values.ts'
import {inTransaction} from './database.ts'
import type {Row} from './row-values.ts'
import {rowsOf, tablesOf} from './rows.ts'
import {tables} from './tables.ts'

type Dirty = Readonly<{record: StoredRecord; change: Change; at: number}>

const ROWS_AT_ONCE = 2000
/** So many changed records are written without waiting for a query, so that the first query after a load is not slow. */
const WRITE_BEHIND = 500

const OWNERS = new Map(tables.map(({name, owner}) => [name, owner]))
const SCOPES: Readonly<Record<string, string>> = {
  body: 'transaction',
  column: 'transactionline',
  entity: 'customer',
  item: 'item',
}

/** Keeps the tables of SuiteQL in step with the records: changes are noted at once and written in batches. */
export class Mirror {
  readonly #parts: EngineParts
  #pool: pg.Pool
  readonly #lagMs: number
  #dirty = new Map<string, Dirty>()
  #writing: Promise<void> = Promise.resolve()
  #failed: Error | null = null
  /** What the table of deleted records holds, which no record tells; and what of it an empty schema lacks. */
  #deletions: Row[] = []
  #lacking: readonly Row[] = []

  constructor(parts: EngineParts, pool: pg.Pool, lagMs: number) {
    this.#parts = parts
    this.#pool = pool
    this.#lagMs = lagMs
    parts.state.onChange((record, change) => {
      this.#note(record, change)
    })
    parts.inventory.onChange((itemId) => {
      const item = parts.state.find('item', {id: itemId})
      if (item !== undefined) this.#note(item, 'saved')
    })
  }

  /** Writes what is due; afterwards queries see it. Rejects when the database refuses. */
  async flush(): Promise<void> {
    this.#start()
    await this.#writing
    const failed = this.#failed
    this.#failed = null
    if (failed !== null) throw failed
  }

  /** After the account was cleared nothing was ever deleted. */
  async forget(): Promise<void> {
    this.#deletions = []
    await this.flush()
    await this.#pool.query('TRUNCATE deletedrecord')
  }

  /** Goes on in another, empty schema: everything is to be written again. */
  moveTo(pool: pg.Pool): void {
    this.#pool = pool
    this.#failed = null
    this.#lacking = this.#deletions
    const at = Date.now() - this.#lagMs
    for (const {type} of allSchemas()) {
      for (const record of this.#parts.state.records(type))
        this.#dirty.set(keyOf(record), {record, change: 'saved', at})
    }
  }

  #note(record: StoredRecord, change: Change): void {
    this.#dirty.set(keyOf(record), {record, change, at: Date.now()})
    if (this.#dirty.size === WRITE_BEHIND && this.#lagMs === 0) this.#start()
  }

  #start(): void {
    // A failure is told to whoever asks next; the records stay noted.
    this.#writing = this.#writing
      .then(() => this.#write())
      .catch((error: unknown) => {
        this.#failed = error instanceof Error ? error : new Error('the mirror of SuiteQL failed', {cause: error})
      })
  }

  async #write(): Promise<void> {
    const due = this.#due()
    if (due.length === 0) return
    const pool = this.#pool
    try {
      const deletions = deletionsOf(this.#parts, due)
      const lacking = this.#lacking
      await inTransaction(pool, 'BEGIN', async (client) => {
        await addCustomColumns(client, due)
        await replaceRows(client, this.#parts, due)
        await insertRows(client, 'deletedrecord', [...lacking, ...deletions])
      })
      this.#deletions = [...this.#deletions, ...deletions]
      if (this.#lacking === lacking) this.#lacking = []
    } catch (error) {
      this.#dirty = new Map([...due.map((dirty) => [keyOf(dirty.record), dirty] as const), ...this.#dirty])
      // What was given up meanwhile fails for that reason; everything is noted for the place after it.
      if (pool === this.#pool) throw error
    }
  }

  /** Takes out what is old enough to be seen. */
  #due(): Dirty[] {
    if (this.#lagMs === 0) {
      const all = [...this.#dirty.values()]
      this.#dirty = new Map()
      return all
    }
    const before = Date.now() - this.#lagMs
    const due = [...this.#dirty].filter(([, {at}]) => at <= before)
    for (const [key] of due) this.#dirty.delete(key)
    return due.map(([, dirty]) => dirty)
  }
}

async function addCustomColumns(client: pg.PoolClient, due: readonly Dirty[]): Promise<void> {
  for (const {record} of due) {
    const table = SCOPES[textOf(record.fields['scope']) ?? '']
    const scriptId = textOf(record.fields['scriptId'])
    if (record.type !== 'customField' || table === undefined || scriptId === undefined) continue
    if (!/^cust[a-z]+_\w+$/.test(scriptId)) continue
    await client.query(`ALTER TABLE "${table}" ADD COLUMN IF NOT EXISTS "${scriptId}" text`)
  }
}

async function replaceRows(client: pg.PoolClient, parts: EngineParts, due: readonly Dirty[]): Promise<void> {
  const gone = new Map<string, string[]>()
  const fresh = new Map<string, Row[]>()
  for (const {record, change} of due) {
    for (const table of tablesOf(record.type)) listed(gone, table).push(record.id)
    if (change !== 'saved') continue
    for (const [table, rows] of Object.entries(rowsOf(parts, record))) listed(fresh, table).push(...rows)
  }
  for (const [table, ids] of gone) {
    const owner = OWNERS.get(table)
    if (owner !== undefined) await client.query(`DELETE FROM "${table}" WHERE "${owner}" = ANY($1::bigint[])`, [ids])
  }
  for (const [table, rows] of fresh) await insertRows(client, table, rows)
}

async function insertRows(client: pg.PoolClient, table: string, rows: readonly Row[]): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const batch = JSON.stringify(rows.slice(from, from + ROWS_AT_ONCE))
    await client.query(`INSERT INTO "${table}" SELECT * FROM json_populate_recordset(NULL::"${table}", $1::json)`, [
      batch,
    ])
  }
}

function listed<T>(map: Map<string, T[]>, key: string): T[] {
  let list = map.get(key)
  if (list === undefined) map.set(key, (list = []))
  return list
}

function deletionsOf(parts: EngineParts, due: readonly Dirty[]): Row[] {
  return due.flatMap(({record, change}) =>
    change === 'deleted' && isTracked(record.type) ? [deletion(parts, record)] : [],
  )
}

/** Deleted headers are remembered, deleted lines nowhere. */
function isTracked(type: string): boolean {
  return tablesOf(type).some((table) => table === 'transaction' || table === 'customer' || table === 'item')
}

function deletion({clock}: EngineParts, {type, id}: StoredRecord): Row {
  return {deleteddate: clock.wallClock(clock.now()), type, recordid: id, deletedby: '-5', context: 'Web Services'}
}

function keyOf({type, id}: StoredRecord): string {
  return `${type}:${id}`
}
