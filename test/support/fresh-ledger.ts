import {randomUUID} from 'node:crypto'

import {inject, onTestFinished} from 'vitest'

import {openLedger, type Ledger, type LedgerOptions} from '../../src/lib/ledger/open.ts'
import {runOn, withDatabase} from './postgres.ts'

/**
 * A ledger in a database of its own, for the test that asks. When the test fails on a server of TEST_DATABASE_URL the
 * database is kept, and its URL told; the embedded server goes with the run.
 */
export async function freshLedger(options: Partial<LedgerOptions> = {}): Promise<Ledger & {url: string}> {
  const url = await freshDatabase({migrated: true})
  const ledger = await openLedger({home: '/nonexistent', databaseUrl: url, ...options})
  onTestFinished(() => ledger.close())
  return {...ledger, url}
}

/** The URL of a new database: empty, or with the ledger's schema. */
export async function freshDatabase({migrated}: {migrated: boolean}): Promise<string> {
  const server = inject('databaseUrl')
  const name = `tieout_test_${randomUUID().replaceAll('-', '')}`
  // template0 for an empty one: template1 may hold what an administrator put there.
  await runOn(server, `create database ${name} template ${migrated ? inject('template') : 'template0'}`)
  const url = withDatabase(server, name)
  onTestFinished(async ({task}) => {
    if (task.result?.state === 'fail' && process.env.TEST_DATABASE_URL !== undefined)
      console.error(`kept for a look: ${url}`)
    else await runOn(server, `drop database if exists ${name} with (force)`)
  })
  return url
}
