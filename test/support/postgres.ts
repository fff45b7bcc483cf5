import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'

import pg from 'pg'
import type {TestProject} from 'vitest/node'

import {startEmbedded, stopEmbedded} from '../../src/lib/ledger/embedded.ts'
import {openLedger} from '../../src/lib/ledger/open.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A server where tests may create databases. */
    databaseUrl: string
    /** A database with the ledger's schema, for `create database … template`. */
    template: string
  }
}

/**
 * One Postgres for all tests of a run: the embedded one in a temporary home, or that of TEST_DATABASE_URL, whose user must be
 * allowed to create databases. Tests get databases of their own from it (fresh-ledger.ts).
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(path.join(tmpdir(), 'tieout-test-'))
  await chmod(home, 0o711) // as root the server runs under another account, which must pass
  const given = process.env.TEST_DATABASE_URL
  const url = given ?? (await startEmbedded(path.join(home, 'home'))).url
  if (given === undefined) await neverMindCrashes(url)
  const template = `tieout_template_${process.pid}`
  await runOn(url, `create database ${template}`)
  const ledger = await openLedger({databaseUrl: withDatabase(url, template), home})
  await ledger.close()
  project.provide('databaseUrl', url)
  project.provide('template', template)
  return async () => {
    if (given === undefined) await stopEmbedded(path.join(home, 'home'))
    else await runOn(url, `drop database ${template} with (force)`)
    await rm(home, {recursive: true, force: true})
  }
}

/** Test data need not survive a power cut: without waiting for the disk the tests are several times faster. */
async function neverMindCrashes(url: string): Promise<void> {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    await runOn(url, `alter system set ${setting} = off`)
  }
  await runOn(url, 'select pg_reload_conf()')
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

/** One statement on a connection of its own. */
export async function runOn<T extends pg.QueryResultRow>(url: string, statement: string, values: unknown[] = []) {
  const client = new pg.Client({connectionString: url})
  await client.connect()
  try {
    return (await client.query<T>(statement, values)).rows
  } finally {
    await client.end()
  }
}
