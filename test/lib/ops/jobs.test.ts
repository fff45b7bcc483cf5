import {expect, test} from 'vitest'

import {receive} from '../../../src/lib/ledger/events.ts'
import {listParked} from '../../../src/lib/ledger/parked.ts'
import {settle} from '../../../src/lib/ledger/settle.ts'
import {parkJob, retryJobs} from '../../../src/lib/ops/jobs.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {hint, link, PARKED, settlement} from '../../support/hints.ts'

const nobody = {orders: [], all: false, relink: false, who: 'ada'}

async function withParked(...ids: number[]) {
  const ledger = await freshLedger()
  await receive(ledger, ids.map((id) => hint(id))) // prettier-ignore
  const jobs = await ledger.queue.fetch('orders', 10)
  await settle(
    ledger,
    jobs.map((job) => settlement(job, PARKED, {links: [link(Number(job.name?.slice(1)))]})),
  )
  return ledger
}

test('retry takes names, numbers and external IDs, and says which are not parked', async () => {
  const ledger = await withParked(1, 2, 3)

  const report = await retryJobs(ledger, {...nobody, orders: ['#1', '2', '#99']})

  expect(report.unknown).toEqual(['#99'])
  expect(report.queued).toHaveLength(2)
  expect((await ledger.queue.counts('orders')).waiting).toBe(2)
  expect((await listParked(ledger.db)).map(({name}) => name)).toEqual(['#3'])
})

test('retry by code takes all of that code, and nothing when nothing was chosen', async () => {
  const ledger = await withParked(1, 2)

  await expect(retryJobs(ledger, nobody)).rejects.toMatchObject({code: 'NOTHING_CHOSEN'})
  expect((await retryJobs(ledger, {...nobody, code: 'OTHER'})).queued).toEqual([])
  expect((await retryJobs(ledger, {...nobody, code: 'SKU_UNMAPPED'})).queued).toHaveLength(2)
})

test('relink forgets the link of what is retried, and of nothing else', async () => {
  const ledger = await withParked(1, 2)

  await retryJobs(ledger, {...nobody, orders: ['#1'], relink: true})

  expect((await ledger.db('links').select('shopify_id')).map((row: {shopify_id: string}) => row.shopify_id)).toEqual(['2'])
}) // prettier-ignore

test('what a person sets aside stays aside until a person takes it up', async () => {
  const ledger = await withParked(1)
  await parkJob(ledger, {order: '#1', note: 'customer asked to wait', owner: 'bob', who: 'ada'})

  await receive(ledger, [hint(1, {deliveryId: 'again'})])

  expect((await ledger.queue.counts('orders')).waiting).toBe(0)
  expect(await listParked(ledger.db)).toMatchObject([{code: 'PARKED_BY_HAND', owner: 'bob'}])
  await expect(parkJob(ledger, {order: '#9', note: '', owner: null, who: 'ada'})).rejects.toMatchObject({code: 'ORDER_NOT_IN_LEDGER'}) // prettier-ignore
})
