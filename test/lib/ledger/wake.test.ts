import {expect, onTestFinished, test} from 'vitest'

import {closeCircuit, openCircuit} from '../../../src/lib/ledger/circuits.ts'
import {receive} from '../../../src/lib/ledger/events.ts'
import {openIntake} from '../../../src/lib/ledger/intake.ts'
import {park, unpark} from '../../../src/lib/ledger/parked.ts'
import {settle} from '../../../src/lib/ledger/settle.ts'
import {openWake} from '../../../src/lib/ledger/wake.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {hint, settlement, SHOP} from '../../support/hints.ts'
import {runOn} from '../../support/postgres.ts'

type Told = {jobs: number; circuits: number}

async function listening() {
  const ledger = await freshLedger()
  const told: Told = {jobs: 0, circuits: 0}
  const wake = openWake(ledger, {onJob: () => void told.jobs++, onCircuits: () => void told.circuits++})
  onTestFinished(() => wake.close())
  await until(() => told.jobs === 1 && told.circuits === 1)
  return {ledger, told}
}

async function until(isTrue: () => boolean): Promise<void> {
  const endMs = performance.now() + 5000
  while (!isTrue()) {
    if (performance.now() > endMs) throw new Error('not within 5 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const arrival = (id: number) => ({deliveryId: `d${id}`, flow: 'orders' as const, subject: `${SHOP}/${id}`, name: `#${id}`, topic: 'orders/create', body: Buffer.from('{}'), receivedAt: new Date()}) // prettier-ignore

test('every way into the queue wakes a worker: a webhook, a sweep or a hand, a retry by a person', async () => {
  const {ledger, told} = await listening()
  const intake = openIntake(ledger)
  onTestFinished(() => intake.close())

  await intake.record([arrival(1), arrival(2)])
  await until(() => told.jobs === 2)
  await receive(ledger, [hint(3)])
  await until(() => told.jobs === 3)
  await park(ledger, 'orders', [`${SHOP}/3`], {code: 'X', message: 'x', hint: 'x', owner: null, who: 'ana'})
  await unpark(ledger, 'orders', [`${SHOP}/3`], {who: 'ana', note: null})
  await until(() => told.jobs >= 4)
})

test('whoever cuts short the wait of an order wakes a worker', async () => {
  const {ledger, told} = await listening()
  await receive(ledger, [hint(1)])
  const [job] = await ledger.queue.fetch('orders', 1)
  if (job === undefined) throw new Error('no job')
  await settle(ledger, [settlement(job, {as: 'retry', afterMs: 600_000, code: 'X', message: 'x'})])
  await until(() => told.jobs === 2)

  await receive(ledger, [hint(1, {deliveryId: 'asked', source: 'hand'})])

  await until(() => told.jobs === 3)
})

test('a circuit that opens or closes is told; that of another ledger in the same database is not', async () => {
  const {ledger, told} = await listening()
  const login = {system: 'netsuite:1', fingerprint: 'a'}

  await openCircuit(ledger.db, login, {code: 'X', message: 'x', hint: 'x'})
  await until(() => told.circuits === 2)
  await closeCircuit(ledger.db, login.system)
  await until(() => told.circuits === 3)
  await ledger.db.raw(`select pg_notify('tieout_circuits', 'another')`)
  await receive(ledger, [hint(1)])
  await until(() => told.jobs === 2)

  expect(told.circuits).toBe(3)
})

test('a connection that breaks is replaced, and what was told meanwhile is looked for', async () => {
  const {ledger, told} = await listening()

  await runOn(ledger.url, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tieout worker' and datname = current_database()") // prettier-ignore
  await until(() => told.jobs === 2 && told.circuits === 2)
  await receive(ledger, [hint(1)])

  await until(() => told.jobs === 3)
})
