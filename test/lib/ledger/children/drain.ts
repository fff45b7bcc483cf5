// Works the queue until it is empty. Each job must have its subject alone; some are to be tried again, some are released.
import {openLedger} from '../../../../src/lib/ledger/open.ts'
import {settle} from '../../../../src/lib/ledger/settle.ts'
import type {Settlement} from '../../../../src/lib/ledger/types.ts'

const [, , databaseUrl, worker] = process.argv
const ledger = await openLedger({home: '/nonexistent', databaseUrl})
const tries = new Map<string, number>()

function endOf(subject: string): Settlement['end'] {
  const n = (tries.get(subject) ?? 0) + 1
  tries.set(subject, n)
  const number = Number(subject.split('/')[1])
  if (n === 1 && number % 7 === 0) return {as: 'retry', afterMs: 20, code: 'BUSY', message: 'later'}
  if (n === 1 && number % 11 === 0) return {as: 'released'}
  if (number % 29 === 0) return {as: 'parked', code: 'SKU_UNMAPPED', message: 'unknown', hint: 'map it'}
  return {as: 'done'}
}

while ((await ledger.queue.waitingFor('orders', null)) > 0) {
  const jobs = await ledger.queue.fetch('orders', 10)
  if (jobs.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  for (const job of jobs) {
    // A turn is a row that exists while the job runs; its primary key is the subject.
    await ledger.db.raw('insert into turns (subject, worker) values (?, ?)', [job.subject, worker ?? ''])
  }
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
  for (const job of jobs) await ledger.db.raw('delete from turns where subject = ?', [job.subject])
  const ends = jobs.map((job) => ({job, end: endOf(job.subject), writes: [], links: []}))
  await ledger.db.raw('insert into finished select unnest(?::text[]), unnest(?::text[]), ?', [
    ends.map(({job}) => job.subject),
    ends.map(({end}) => end.as),
    worker ?? '',
  ])
  await settle(ledger, ends)
}
await ledger.close()
