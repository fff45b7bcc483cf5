import {expect, test} from 'vitest'

import {newReport, tally} from '../../../src/lib/sync/report.ts'
import {workOf, type Work} from '../../../src/lib/sync/work.ts'

const job = {id: '1', flow: 'orders', subject: 'shop/1', name: '#1', attempt: 1} as const

function work(change: Partial<Work>): Work {
  return {...workOf(job), ...change}
}

const again = {as: 'retry', afterMs: 0, code: 'NETSUITE_BUSY', message: 'busy'} as const
const error = {code: 'NETSUITE_BUSY', message: 'busy', hint: 'wait'}

test('an order that was tried again and then went well is told once, as written', () => {
  const report = newReport('run')
  const counting = tally(report)
  counting.count([work({end: again, error})])
  counting.count([work({did: 'written', end: {as: 'done'}})])
  counting.close()

  expect(report.counts).toMatchObject({written: 1, retry: 0})
  expect(report.orders).toMatchObject([{outcome: 'written', code: null}])
})

test('what was written before the fault stays written, though the next try found nothing to do', () => {
  const report = newReport('run')
  const counting = tally(report)
  counting.count([work({did: 'written', end: again, error})])
  counting.count([work({did: 'unchanged', end: {as: 'done'}})])

  expect(report.counts).toMatchObject({written: 1, unchanged: 0, retry: 0})
})

test('an order that still waits at the end is told with its reason', () => {
  const report = newReport('run')
  const counting = tally(report)
  counting.count([work({end: again, error})])
  counting.count([work({end: again, error})])
  counting.close()

  expect(report.counts).toMatchObject({retry: 1})
  expect(report.orders).toMatchObject([{outcome: 'retry', code: 'NETSUITE_BUSY', hint: 'wait'}])
})

test('thousands that went well never crowd out the one that waits', () => {
  const report = newReport('run')
  const counting = tally(report)
  for (let i = 0; i < 3000; i++)
    counting.count([{...workOf({...job, subject: `shop/${i}`}), did: 'written', end: {as: 'done'}}])
  counting.count([{...workOf({...job, subject: 'shop/x'}), error, end: {...error, as: 'parked'}}])
  counting.close()

  expect(report.counts).toMatchObject({written: 3000, parked: 1})
  expect(report.orders.filter(({outcome}) => outcome === 'parked')).toHaveLength(1)
  expect(report.orders.length).toBeLessThanOrEqual(2000)
})
