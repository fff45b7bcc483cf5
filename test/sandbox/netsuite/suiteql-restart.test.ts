import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import pg from 'pg'
import {afterAll, beforeAll, expect, test} from 'vitest'

import {startEmbedded, stopEmbedded} from '../../../src/lib/ledger/embedded.ts'
import {startNetSuite, type SandboxNetSuite} from '../../../src/sandbox/netsuite/server.ts'
import {call, idOf, order, query} from './client.ts'

let folder: string
let databaseUrl: string
let netsuite: SandboxNetSuite

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tieout-sandbox-'))
  await chmod(folder, 0o711) // as root the server runs under another account, which must pass
  databaseUrl = (await startEmbedded(join(folder, 'home'))).url
  netsuite = await startNetSuite({port: 0, databaseUrl, concurrency: 10})
})
afterAll(async () => {
  await stopEmbedded(join(folder, 'home'))
  await rm(folder, {recursive: true, force: true})
})

const post = async (externalId: string): Promise<string> =>
  idOf(await call(netsuite.url, 'POST', 'record/v1/salesOrder', {body: order({externalId})}))
async function found(q: string): Promise<unknown[]> {
  const {status, text, body} = await query(netsuite.url, q)
  if (status !== 200) throw new Error(text)
  return body.items.map(({links: _links, ...row}: Record<string, unknown>) => Object.values(row)[0])
}
const orders = () => found("SELECT externalid FROM transaction WHERE type = 'SalesOrd' ORDER BY id")

test('queries know everything again after Postgres was restarted, also what was written meanwhile and what was deleted', async () => {
  await post('O:1')
  const gone = await post('O:2')
  await call(netsuite.url, 'DELETE', `record/v1/salesOrder/${gone}`)
  expect(await orders()).toEqual(['O:1'])

  await stopEmbedded(join(folder, 'home'))
  await post('O:3')
  const early = orders()
  await startEmbedded(join(folder, 'home'))

  expect(await early).toEqual(['O:1', 'O:3'])
  expect(await found("SELECT recordid FROM deletedrecord WHERE type = 'salesOrder'")).toEqual([gone])
})

test('several queries survive it together when every connection is cut', async () => {
  await post('O:4')
  const cut = async () => {
    const client = new pg.Client({connectionString: databaseUrl})
    await client.connect()
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()')
    await client.end()
  }

  const [, ...answers] = await Promise.all([cut(), ...Array.from({length: 8}, orders)])

  for (const answer of answers) expect(answer).toEqual(['O:1', 'O:3', 'O:4'])
})

test('it stops cleanly although its Postgres went first', async () => {
  await stopEmbedded(join(folder, 'home'))

  await expect(netsuite.stop()).resolves.toBeUndefined()
})
