import {readFile, truncate, writeFile} from 'node:fs/promises'
import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {gunzipSync, gzipSync} from 'node:zlib'

import {expect, onTestFinished, test} from 'vitest'

import {backup} from '../../../src/lib/ledger/backup.ts'
import {connectionOf} from '../../../src/lib/ledger/connection.ts'
import {receive} from '../../../src/lib/ledger/events.ts'
import {openLedger, type Ledger} from '../../../src/lib/ledger/open.ts'
import {restore} from '../../../src/lib/ledger/restore.ts'
import {beginRun} from '../../../src/lib/ledger/runs.ts'
import {settle} from '../../../src/lib/ledger/settle.ts'
import {freshDatabase, freshLedger} from '../../support/fresh-ledger.ts'
import {hint, link, PARKED, settlement, write} from '../../support/hints.ts'
import {runOn} from '../../support/postgres.ts'

async function temporary(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tieout-backup-'))
  onTestFinished(() => rm(directory, {recursive: true, force: true}))
  return directory
}

async function filled(): Promise<Ledger & {url: string}> {
  const ledger = await freshLedger()
  const nasty = 'a\\b\n\r\t\'"$1 ;-- end\n-- end\nnull \u0000'
  await receive(
    ledger,
    Array.from({length: 1200}, (_, i) => hint(i, {body: `${nasty}${i}`, name: `#${i}${nasty}`})),
  )
  await beginRun(ledger.db, {command: 'orders:push', flags: {x: nasty}, who: 'ana'})
  const jobs = await ledger.queue.fetch('orders', 40)
  const ends = jobs.slice(0, 30).map((job, i) =>
    settlement(job, i % 2 === 0 ? {as: 'done'} : {...PARKED, message: nasty}, {
      writes: [write(job.subject, {sent: {text: nasty}})],
      links: [link(Number(job.subject.split('/')[1]))],
    }),
  )
  await settle(ledger, ends)
  return ledger
}

async function contents(url: string) {
  const tables = await runOn<{name: string}>(
    url,
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_schema = 'tieout' or (table_schema = 'tieout_queue' and table_name in ('queue', 'job'))`,
  )
  const rows = await Promise.all(
    tables.filter(({name}) => !name.includes('.migrations')).map(async ({name}) => [
      name,
      (await runOn<{row: string}>(url, `select t::text as row from ${name} t order by 1`)).map(({row}) => row),
    ] as const),
  ) // prettier-ignore
  return Object.fromEntries(rows)
}

test('a backup that is restored into an empty database holds every row, and work goes on there', async () => {
  const ledger = await filled()
  const file = path.join(await temporary(), 'ledger.sql.gz')
  const before = await contents(ledger.url)

  const written = await backup(ledger, file)
  const target = await freshDatabase({migrated: false})
  const read = await restore(file, connectionOf(target))

  expect(await contents(target)).toEqual(before)
  expect(read.tables).toMatchObject({'tieout.events': 1200, 'tieout.writes': 30, 'tieout_queue.job': 1200})
  expect([read.rows, read.bytes]).toEqual([written.rows, written.bytes])
  const there = await openLedger({databaseUrl: target, home: '/nonexistent'})
  onTestFinished(() => there.close())
  expect(await receive(there, [hint(1), hint(5000)])).toMatchObject({recorded: 1, seen: 1})
  expect(await there.queue.fetch('orders', 10)).toHaveLength(10)
})

test('a database where a command has been before, but nothing happened, counts as empty; one with rows is refused', async () => {
  const ledger = await filled()
  const file = path.join(await temporary(), 'ledger.sql.gz')
  await backup(ledger, file)
  const target = await freshDatabase({migrated: true})

  expect((await restore(file, connectionOf(target))).rows).toBeGreaterThan(1200)
  await expect(restore(file, connectionOf(target))).rejects.toMatchObject({code: 'RESTORE_TARGET_NOT_EMPTY'})
})

test('a file that was cut off, is no backup, or comes from a newer version changes nothing', async () => {
  const ledger = await filled()
  const directory = await temporary()
  const file = path.join(directory, 'ledger.sql.gz')
  await backup(ledger, file)
  const text = gunzipSync(await readFile(file)).toString()
  await writeFile(path.join(directory, 'whole.gz'), gzipSync(text))
  await writeFile(path.join(directory, 'short.gz'), gzipSync(text.slice(0, -40)))
  await writeFile(path.join(directory, 'other.gz'), gzipSync('select 1;\n'))
  await writeFile(path.join(directory, 'plain.gz'), 'no gzip')
  await writeFile(path.join(directory, 'newer.gz'), gzipSync(text.replace('0008_postponed', '9999_later')))
  await truncate(file, 4000)
  const target = await freshDatabase({migrated: false})
  const refusal = (name: string) => restore(path.join(directory, name), connectionOf(target)).catch((error: unknown) => error) // prettier-ignore

  for (const name of ['ledger.sql.gz', 'short.gz', 'other.gz', 'plain.gz', 'missing.gz']) {
    expect(await refusal(name)).toMatchObject({code: 'BACKUP_UNREADABLE'})
  }
  expect(await refusal('newer.gz')).toMatchObject({code: 'LEDGER_NEWER'})
  expect((await restore(path.join(directory, 'whole.gz'), connectionOf(target))).rows).toBeGreaterThan(1200)
})

test('a backup that cannot be written says so and leaves no file behind', async () => {
  const ledger = await freshLedger()
  const directory = await temporary()

  await expect(backup(ledger, path.join(directory, 'missing/ledger.gz'))).rejects.toMatchObject({code: 'BACKUP_FAILED'})
  await expect(backup(ledger, directory)).rejects.toMatchObject({code: 'BACKUP_FAILED'})

  expect(await readdir(directory)).toEqual([])
})
