import {expect, test} from 'vitest'

import {receive} from '../../../src/lib/ledger/events.ts'
import {settle} from '../../../src/lib/ledger/settle.ts'
import {child} from '../../support/children.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {hint, settlement, SHOP} from '../../support/hints.ts'

test('two processes drain 300 orders while hints keep coming: none runs twice at once, none is lost', async () => {
  const ledger = await freshLedger()
  await ledger.db.raw('create table turns (subject text primary key, worker text); create table finished (subject text, ended text, worker text)') // prettier-ignore
  const ids = Array.from({length: 300}, (_, i) => i + 1)
  await receive(ledger, ids.map((id) => hint(id))) // prettier-ignore

  const workers = ['a', 'b'].map((name) => child('lib/ledger/children/drain.ts', ledger.url, name))
  for (let i = 0; i < 5; i++) {
    await receive(ledger, ids.slice(i * 40, i * 40 + 60).map((id) => hint(id, {deliveryId: `more-${i}-${id}`}))) // prettier-ignore
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const ends = await Promise.all(workers.map((worker) => worker.ended))

  expect(ends.map((end) => [end.code, end.stderr])).toEqual([[0, ''], [0, '']]) // prettier-ignore
  const finished = await ledger.db<{subject: string; ended: string; worker: string}>('finished').select('*')
  const ended = new Set(finished.filter((row) => ['done', 'parked'].includes(row.ended)).map((row) => row.subject))
  expect(ended.size).toBe(300)
  expect(new Set(finished.map((row) => row.worker))).toEqual(new Set(['a', 'b']))
  expect(await ledger.queue.waitingFor('orders', null)).toBe(0)
})

test('a worker that is killed loses its jobs to another within 30 s; one that lives keeps its own', async () => {
  const ledger = await freshLedger({monitorSeconds: 1})
  await receive(ledger, [1, 2, 3, 4].map((id) => hint(id))) // prettier-ignore
  const dead = child('lib/ledger/children/hold.ts', ledger.url, '2')
  const lost = JSON.parse((await dead.line('took')).slice(5)) as string[]
  const alive = child('lib/ledger/children/hold.ts', ledger.url, '2')
  await alive.line('took')
  dead.kill()

  const since = Date.now()
  const taken: string[] = []
  while (taken.length < 2 && Date.now() - since < 30_000) {
    taken.push(...(await ledger.queue.fetch('orders', 10)).map((job) => job.subject))
    await new Promise((resolve) => setTimeout(resolve, 200))
  }

  expect(taken.sort()).toEqual(lost.sort())
  expect(Date.now() - since).toBeLessThan(30_000)
  expect(await ledger.queue.fetch('orders', 10)).toEqual([]) // the living one is older than a heartbeat by now
}, 45_000)

test('a run by name takes only the orders it was given, and never one that runs', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [1, 2, 3, 4].map((id) => hint(id))) // prettier-ignore
  const subjects = [`${SHOP}/2`, `${SHOP}/4`, `${SHOP}/9`]

  const jobs = await ledger.queue.fetchSubjects('orders', subjects, 10)

  expect(jobs.map((job) => job.subject).sort()).toEqual([`${SHOP}/2`, `${SHOP}/4`])
  expect(await ledger.queue.fetchSubjects('orders', subjects, 10)).toEqual([])
  expect(await ledger.queue.waitingFor('orders', subjects)).toBe(2)
  expect(await ledger.queue.counts('orders')).toEqual({waiting: 2, running: 2, retrying: 0})
})

test('the queue says when to look again', async () => {
  const ledger = await freshLedger()
  expect(await ledger.queue.nextDue('orders', null)).toBeNull()
  await receive(ledger, [hint(1), hint(2)])
  expect((await ledger.queue.nextDue('orders', null))?.getTime()).toBeLessThanOrEqual(Date.now())
  const [job, other] = await ledger.queue.fetch('orders', 10)
  const wait = async (subjects: string[] | null) =>
    ((await ledger.queue.nextDue('orders', subjects))?.getTime() ?? Infinity) - Date.now()
  expect(await wait(null)).toBeLessThan(1000) // runs here: it ends soon

  if (job === undefined || other === undefined) throw new Error('two jobs were queued')
  await settle(ledger, [
    settlement(job, {as: 'retry', afterMs: 60_000, code: 'BUSY', message: ''}),
    settlement(other, {as: 'done'}),
  ])

  expect(await wait(null)).toBeGreaterThan(50_000)
  expect(await wait([other.subject])).toBe(Infinity)
  expect(await ledger.queue.list('orders', {limit: 10})).toMatchObject([
    {subject: job.subject, state: 'retry', attempt: 1},
  ])
})

test('a finished process leaves nothing that holds it', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(1)])

  // It takes a job and ends without closing anything but the database: the job waits for its heartbeat to lapse.
  const {code, lines} = await child('lib/ledger/children/open.ts', ledger.url).ended

  expect([code, lines]).toEqual([0, ['[]']])
})

test('no job is ever dropped by age or by the number of its attempts', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(1)])

  const {rows} = await ledger.db.raw<{rows: {years: number; retries: number}[]}>(
    `select extract(year from age(keep_until, start_after))::int as years, retry_limit as retries from ${ledger.schemas.queue}.job`,
  )

  expect(rows).toEqual([{years: 49, retries: 2_147_483_647}])
})
