import {globSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import fc from 'fast-check'
import {expect, test} from 'vitest'

import {CredentialError} from '../../../../src/lib/core/errors.ts'
import {openAlerts} from '../../../../src/lib/ledger/alerts.ts'
import {closeCircuit, openCircuit} from '../../../../src/lib/ledger/circuits.ts'
import {receive} from '../../../../src/lib/ledger/events.ts'
import type {Ledger} from '../../../../src/lib/ledger/open.ts'
import {park} from '../../../../src/lib/ledger/parked.ts'
import {beginRun, endRun} from '../../../../src/lib/ledger/runs.ts'
import {settle} from '../../../../src/lib/ledger/settle.ts'
import {BUGS} from '../../../../src/lib/ops/alerts/collect.ts'
import {statusOf} from '../../../../src/lib/ops/status.ts'
import {statusText} from '../../../../src/lib/output/status.ts'
import {freshLedger} from '../../../support/fresh-ledger.ts'
import {hint, settlement, SHOP} from '../../../support/hints.ts'
import {slackServer} from '../../../support/slack.ts'
import {letPass, parkOrders, slackChannel, solveAll, tick} from './world.ts'

/** What is open after a tick, by key. */
async function openNow(ledger: Ledger) {
  await tick(ledger)
  return Object.fromEntries((await openAlerts(ledger.db, 100)).map((alert) => [alert.key, alert]))
}

async function waited(ledger: Ledger, minutes: number): Promise<void> {
  await ledger.db.raw(
    `update ${ledger.schemas.queue}.job set created_on = created_on - make_interval(mins => ${minutes}),
      start_after = start_after - make_interval(mins => ${minutes})`,
  )
}

test('what is open is what is parked now, by code, whatever was parked and solved before', async () => {
  const ledger = await freshLedger()
  const codes = ['SKU_UNMAPPED', 'TAX_UNMAPPED', 'TOTAL_DIFFERS']
  const parkedByCode = fc.array(fc.nat({max: 25}), {minLength: codes.length, maxLength: codes.length})
  await fc.assert(
    fc.asyncProperty(fc.array(parkedByCode, {minLength: 1, maxLength: 4}), async (rounds) => {
      for (const counts of rounds) {
        await solveAll(ledger)
        for (const [i, count] of counts.entries()) if (count > 0) await parkOrders(ledger, count, codes[i], i * 100)
        const open = await openNow(ledger)
        const expected = counts.flatMap((count, i) =>
          count === 0 ? [] : [[`parked:${codes[i]}`, count, count >= 20 ? 'page' : 'warn']],
        )
        expect(Object.values(open).map(({key, count, severity}) => [key, count, severity]).toSorted()).toEqual(expected.toSorted()) // prettier-ignore
      }
    }),
    {numRuns: 8},
  )
})

test('parked orders are told with their names and worth, and without a word about a customer', async () => {
  const ledger = await freshLedger()
  const body = (id: number, total: string) =>
    JSON.stringify({
      id,
      email: 'jane.doe@example.com',
      currency: 'USD',
      total_price: total,
      note: 'Jane "total_price":"9"',
    })
  await receive(ledger, [
    hint(1, {body: body(1, '100.10')}),
    hint(2, {body: body(2, '12.30')}),
    hint(2, {deliveryId: 'later', body: body(2, '12.25'), receivedAt: new Date('2026-11-24T10:00:00Z')}),
    hint(3, {body: 'no JSON \u0000 at all'}),
  ])
  await parkOrders(ledger, 7)

  const alert = (await openNow(ledger))['parked:SKU_UNMAPPED']

  expect(alert?.effect).toMatch(
    /^They wait for a person, the oldest since .* UTC, worth 112\.35 USD as far as known: #1, #2, #3, #4, #5, …\. /,
  )
  expect(JSON.stringify(alert)).not.toMatch(/jane/i)
})

test('what a person set aside is not alerted', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(1)])
  const reason = {code: 'PARKED_BY_HAND', message: 'wait for finance', hint: 'retry it', owner: 'ana', who: 'ana'}
  await park(ledger, 'orders', [`${SHOP}/1`], reason)

  expect(await openNow(ledger)).toEqual({})
})

test('a system that refuses us is a page that says how many orders wait; the queue is not told beside it', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(1), hint(2)])
  await waited(ledger, 120)
  const login = {system: 'netsuite:1234567', fingerprint: 'f'}
  const fault = new CredentialError('NETSUITE_LOGIN_REFUSED', 'NetSuite refused the login', {hint: 'renew it'})
  await openCircuit(ledger.db, login, fault)

  const open = await openNow(ledger)

  expect(Object.keys(open)).toEqual(['circuit:netsuite:1234567'])
  expect(open['circuit:netsuite:1234567']).toMatchObject({
    severity: 'page',
    code: 'NETSUITE_LOGIN_REFUSED',
    effect: expect.stringMatching(/^2 orders waiting, .* NetSuite refused the login\.$/) as string,
    next: 'tieout doctor',
  })
  await closeCircuit(ledger.db, login.system)
  expect(Object.keys(await openNow(ledger))).toEqual(['queue:lag'])
})

test('every conflict is told once, and they end when people have acknowledged them', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  const channel = slackChannel(slack.url)
  const conflict = (id: number, field: string) =>
    ledger.db('conflicts').insert({
      flow: 'orders', subject: `${SHOP}/${id}`, name: `#${id}`, record_type: 'salesOrder', external_id: `SHOPIFY:ORDER:${id}`,
      netsuite_id: '1', field, base: 'a', held: 'jane', planned: 'a', is_overwritten: true, run_id: 'run-1',
    }) // prettier-ignore
  const toldNow = async () => {
    const before = slack.texts.length
    await tick(ledger, channel)
    return slack.texts.slice(before)
  }
  await conflict(1, 'memo')
  await conflict(1, 'email')
  await conflict(2, 'memo')

  expect(await toldNow()).toEqual([expect.stringMatching(/^NOTE: 3 conflicts [^]*#2, #1\.\n.*conflicts:list/)])
  await letPass(ledger, 60 * 48)
  expect(await toldNow()).toEqual([])
  await conflict(3, 'memo')
  expect(await toldNow()).toEqual([expect.stringMatching(/^NOTE, more: 4 conflicts /)])

  await ledger.db('conflicts').update({state: 'kept_shopify', resolved_at: ledger.db.fn.now(), resolved_by: 'ana'})
  await tick(ledger, channel)
  await letPass(ledger, 10)
  expect(await openNow(ledger)).toEqual({})
  expect(await toldNow()).toEqual([])
  expect(slack.texts.join()).not.toContain('jane')
})

test('the status shows what is open', async () => {
  const ledger = await freshLedger()
  await parkOrders(ledger, 2)
  await tick(ledger)

  const status = await statusOf(ledger)

  expect(status.alerts).toMatchObject([{key: 'parked:SKU_UNMAPPED', severity: 'warn'}])
  expect(statusText(status)).toContain('alerts (tieout alerts:list):\n  warn: 2 orders are parked: SKU_UNMAPPED\n')
})

test.each([
  [14, undefined],
  [16, 'warn'],
  [61, 'page'],
])('an order that nobody has begun for %i minutes: %s', async (minutes, severity) => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(1), hint(2)])
  await waited(ledger, minutes)

  expect((await openNow(ledger))['queue:lag']?.severity).toBe(severity)
})

test('orders that are tried again for hours are told by what fails, and those tried again since a moment are not', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(1), hint(2)])
  const jobs = await ledger.queue.fetch('orders', 2)
  const retry = {as: 'retry', afterMs: 60_000, code: 'NETSUITE_UNAVAILABLE', message: 'later'} as const
  await settle(ledger, jobs.map((job) => settlement(job, retry))) // prettier-ignore
  expect(await openNow(ledger)).toEqual({})

  await waited(ledger, 70)

  expect(await openNow(ledger)).toMatchObject({
    'retrying:NETSUITE_UNAVAILABLE': {count: 2, severity: 'warn', code: 'NETSUITE_UNAVAILABLE'},
  })
})

test('runs that ended by a bug are told, and other ends are not', async () => {
  const ledger = await freshLedger()
  const ends: Readonly<Record<string, string>> = {
    'exit 0': 'orders:push', 'exit 3': 'orders:push', interrupted: 'orders:push', NETSUITE_LOGIN_REFUSED: 'orders:push',
    'exit 1': 'reconcile', INVARIANT_BROKEN: 'reconcile', "Cannot read properties of undefined (reading 'jane')": 'jobs:retry',
  } // prettier-ignore
  for (const [outcome, command] of Object.entries(ends)) {
    const run = await beginRun(ledger.db, {command, flags: [], who: 'ana'})
    await endRun(ledger.db, run.id, {outcome, counts: null})
  }

  const open = await openNow(ledger)

  expect(Object.values(open).map(({key, count}) => [key, count]).toSorted()).toEqual([['bug:jobs:retry', 1], ['bug:reconcile', 2]]) // prettier-ignore
  expect(JSON.stringify(open)).not.toContain('jane')
})

test('every code of a bug is known to the alerts', () => {
  const root = fileURLToPath(new URL('../../../../', import.meta.url))
  const inSource = globSync('src/lib/**/*.ts', {cwd: root}).flatMap((file) =>
    [...readFileSync(`${root}${file}`, 'utf8').matchAll(/new BugError\(\s*'([A-Z_]+)'/g)].map(([, code]) => code),
  )

  expect(BUGS).toEqual([...new Set(inSource)].toSorted())
})
