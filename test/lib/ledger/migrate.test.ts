import {readFile} from 'node:fs/promises'

import {expect, test} from 'vitest'

import {openLedger} from '../../../src/lib/ledger/open.ts'
import {QUEUE_SCHEMA_VERSION} from '../../../src/lib/ledger/queue-install.ts'
import {child} from '../../support/children.ts'
import {freshDatabase} from '../../support/fresh-ledger.ts'
import {runOn} from '../../support/postgres.ts'

test('four processes that meet a new database bring it up to date once', async () => {
  const url = await freshDatabase({migrated: false})

  const ends = await Promise.all([1, 2, 3, 4].map(() => child('lib/ledger/children/open.ts', url).ended))

  expect(ends.map((end) => [end.code, end.stderr])).toEqual(Array(4).fill([0, '']))
  const applied = ends.flatMap((end) => JSON.parse(end.lines[0] ?? '[]') as string[])
  expect(applied).toHaveLength(new Set(applied).size)
  expect(applied[0]).toBe('0001_events')
  expect(applied.at(-1)).toBe(`queue ${QUEUE_SCHEMA_VERSION}`)
})

test('a migration that was killed half-way is finished by the next command', async () => {
  const url = await freshDatabase({migrated: true})
  await runOn(url, "delete from tieout.migrations where name = '0008_postponed'")
  await runOn(url, 'drop table tieout.postponed')
  await runOn(url, 'update tieout.migrations_lock set is_locked = 1')

  const ledger = await openLedger({databaseUrl: url, home: '/nonexistent'})
  await ledger.close()

  expect(ledger.migrated).toEqual(['0008_postponed'])
})

test('a flow that is new in this version gets its queue in a ledger that has the others', async () => {
  const url = await freshDatabase({migrated: true})
  await runOn(url, "delete from tieout_queue.queue where name = 'payouts'")

  const ledger = await openLedger({databaseUrl: url, home: '/nonexistent'})
  const entry = {subject: 'shop/payout-1', name: null}
  await ledger.db.transaction((tx) => ledger.queue.add(tx, 'payouts', [entry]))
  const jobs = await ledger.queue.fetch('payouts', 10)
  await ledger.close()

  expect(ledger.migrated).toEqual([`queue ${QUEUE_SCHEMA_VERSION}`])
  expect(jobs).toMatchObject([{flow: 'payouts', subject: 'shop/payout-1'}])
})

test('a ledger of a newer version is left alone', async () => {
  const url = await freshDatabase({migrated: true})
  await runOn(url, "insert into tieout.migrations (name, batch) values ('9999_later', 9)")

  await expect(openLedger({databaseUrl: url, home: '/nonexistent'})).rejects.toMatchObject({code: 'LEDGER_NEWER'})
})

test('two ledgers in one database do not see each other', async () => {
  const url = await freshDatabase({migrated: true})

  const other = await openLedger({databaseUrl: url, home: '/nonexistent', schema: 'second'})
  await other.db('cursors').insert({name: 'sweep', position: new Date()})
  await other.close()

  expect(await runOn(url, 'select count(*)::int as n from tieout.cursors')).toEqual([{n: 0}])
})

test('the version of the queue that we install is the one that the installed pg-boss works with', async () => {
  const file = new URL('../../../node_modules/pg-boss/package.json', import.meta.url)
  const {pgboss} = JSON.parse(await readFile(file, 'utf8')) as {pgboss: {schema: number}}

  expect(QUEUE_SCHEMA_VERSION).toBe(pgboss.schema)
})

test('a database that cannot be reached is named, its password never', async () => {
  const urls = [
    'postgresql://me:s3cret@localhost:1/shop',
    'postgresql://me:s3cret@host.invalid/shop',
    'mysql://me:s3cret@x',
  ]
  for (const databaseUrl of urls) {
    const error: unknown = await openLedger({databaseUrl, home: '/nonexistent'}).catch((caught: unknown) => caught)

    expect(error).toMatchObject({code: 'DATABASE_UNREACHABLE', exitCode: 10})
    expect(JSON.stringify([String(error), error])).not.toContain('s3cret')
  }
})
