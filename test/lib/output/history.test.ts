import fc from 'fast-check'
import {expect, test} from 'vitest'

import type {HistoryEntry} from '../../../src/lib/ledger/types.ts'
import {historyText, traceText} from '../../../src/lib/output/history.ts'
import {columnsOf} from '../../../src/lib/output/text.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 9, 0, second))

function request(second: number, change: Record<string, unknown> = {}): HistoryEntry {
  const detail = {batch: 1, system: 'netsuite', channel: 'rest', operation: 'add', records: 1, waitedMs: 0, durationMs: 30, outcome: 'ok', requestId: `r-${second}`, ...change} // prettier-ignore
  return {at: at(second), kind: 'request', summary: `netsuite rest add of 1 record: ok in ${String(detail.durationMs)} ms`, detail}
} // prettier-ignore

const entries: HistoryEntry[] = [
  {at: at(0), kind: 'event', summary: 'arrived by webhook: orders/create #1001', detail: {deliveryId: 'd-1'}},
  {at: at(1), kind: 'job', summary: 'taken up by jobs:work on vm-1 (ana), with 2 other orders', detail: {}},
  request(2, {waitedMs: 40}),
  request(3, {durationMs: 90}),
  request(4, {outcome: 'NETSUITE_BUSY'}),
  {at: at(5), kind: 'write', summary: 'written: salesOrder SHOPIFY:ORDER:1001 as netsuite 42 in 90 ms', detail: {command: 'jobs:work', who: 'ana', sent: {total: '42.00 USD', lines: [{key: '1', quantity: 2}]}, reply: {requestId: 'abc'}}},
  {at: new Date('2026-11-25T00:00:00Z'), kind: 'job', summary: 'done, 15 h 0 min after it arrived', detail: {}},
] // prettier-ignore
const trace = {subject: 'shop/1001', state: 'settled', dueAt: null, omitted: 0, entries, records: []} as const

test('a history reads as a timeline: the day once, then a line for each fact', () => {
  expect(historyText('shop/1001', entries, undefined)).toBe(
    [
      'shop/1001',
      '2026-11-24 (UTC)',
      '09:00:00.000  event     arrived by webhook: orders/create #1001',
      '09:00:01.000  job       taken up by jobs:work on vm-1 (ana), with 2 other orders',
      '09:00:02.000  request   2 times netsuite rest add of 2 records in all: ok in 30 to 90 ms each, after up to 40 ms of waiting',
      '09:00:04.000  request   netsuite rest add of 1 record: ok in 30 ms',
      '09:00:05.000  write     written: salesOrder SHOPIFY:ORDER:1001 as netsuite 42 in 90 ms',
      '2026-11-25 (UTC)',
      '00:00:00.000  job       done, 15 h 0 min after it arrived',
    ].join('\n'),
  )
})

test('the trace has below each write what was sent and answered', () => {
  expect(traceText(trace, undefined)).toMatch(
    /\n {26}jobs:work, by ana\n {26}sent: total 42\.00 USD\n {28}line key 1, quantity 2\n {26}reply: \{requestId abc\}\n/,
  )
})

const records = [
  {recordType: 'customerDeposit', externalId: 'SHOPIFY:TRANSACTION:16000000102171', netsuiteId: '100106', tranDate: '2026-11-18', amount: '132.14 USD', from: ['SHOPIFY:ORDER:5900000001021'], bankDeposit: {externalId: 'SHOPIFY:PAYOUT:130000000001', netsuiteId: '100400', fee: '4.13 USD'}},
  {recordType: 'depositApplication', externalId: 'SHOPIFY:TRANSACTION:16000000102171:APPLIED', netsuiteId: '100107', tranDate: '2026-11-19', amount: null, from: ['SHOPIFY:TRANSACTION:16000000102171'], bankDeposit: null},
] // prettier-ignore

test('the trace ends with what follows the sales order: its amount, what it was made from, and the bank deposit it is in', () => {
  const told = traceText({...trace, records}, undefined)

  expect(told).toMatch(/customerDeposit 100106 .*132\.14 USD.*SHOPIFY:ORDER:5900000001021.*100400/)
  expect(told).toMatch(/depositApplication 100107 .* 100106 /)
  expect(told).toMatch(/SHOPIFY:PAYOUT:130000000001/)
})

test('nothing is wider than the terminal, and no text can forge a line or steer it', () => {
  fc.assert(
    fc.property(fc.integer({min: 40, max: 140}), fc.string({unit: 'binary', maxLength: 300}), (width, summary) => {
      const told = traceText({...trace, records, omitted: 7, entries: [...entries, {at: at(9), kind: 'parked', summary, detail: {hint: summary}}]}, width) // prettier-ignore
      for (const text of told.split('\n')) expect(columnsOf(text)).toBeLessThanOrEqual(width)
      expect(told).not.toMatch(/[\u001b\u009b\u202e]/)
      expect(told.split('\n').filter((text) => /^\d\d:\d\d:\d\d\.\d{3} {2}parked/.test(text))).toHaveLength(1)
    }),
  )
})

test('on sixty columns the words stand under the time', () => {
  expect(historyText('shop/1001', entries.slice(0, 2), 60)).toBe(
    [
      'shop/1001',
      '2026-11-24 (UTC)',
      '09:00:00.000  event',
      '  arrived by webhook: orders/create #1001',
      '09:00:01.000  job',
      '  taken up by jobs:work on vm-1 (ana), with 2 other orders',
    ].join('\n'),
  )
})
