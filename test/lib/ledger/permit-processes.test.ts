import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'

import {expect, onTestFinished, test} from 'vitest'

import {child} from '../../support/children.ts'
import {freshDatabase} from '../../support/fresh-ledger.ts'
import {pool} from '../../support/permits.ts'

const PERMITS = 'lib/ledger/children/permits.ts'
const CALLS = 'lib/ledger/children/permit-calls.ts'

type Span = readonly [from: bigint, to: bigint, waitedMs: number]

async function spansOf(ended: Awaited<ReturnType<typeof child>['ended']>): Promise<Span[]> {
  expect([ended.code, ended.stderr]).toEqual([0, ''])
  const line = ended.lines.find((text) => text.startsWith('held '))?.slice(5) ?? '[]'
  return (JSON.parse(line) as [string, string, number][]).map(([from, to, ms]) => [BigInt(from), BigInt(to), ms])
}

/** The most that were held at the same time, from all processes, on the clock they share. */
function mostAtOnce(spans: readonly Span[]): number {
  const edges = spans.flatMap(([from, to]): [bigint, number][] => [[from, 1], [to, -1]]) // prettier-ignore
  edges.sort(([a, x], [b, y]) => (a === b ? x - y : a < b ? -1 : 1))
  let now = 0
  return edges.reduce((most, [, step]) => Math.max(most, (now += step)), 0)
}

test('three processes with many lanes each never have more requests in flight than the limit, and all get their share', async () => {
  const url = await freshDatabase({migrated: true})

  const ends = await Promise.all([20, 20, 5].map((lanes) => child(PERMITS, url, '5', '2000', String(lanes)).ended))

  const spans = await Promise.all(ends.map(spansOf))
  expect(mostAtOnce(spans.flat())).toBe(5)
  const total = spans.flat().length
  for (const own of spans) expect(own.length).toBeGreaterThan(total / 20)
})

test('the reserve stays free over processes', async () => {
  const url = await freshDatabase({migrated: true})
  const args = [url, '5', '700', '10', 'orders', '6', '3']

  const spans = await Promise.all([1, 2, 3].map(async () => spansOf(await child(PERMITS, ...args).ended)))

  expect(mostAtOnce(spans.flat())).toBe(2)
})

test('orders of one process hardly wait for the backfill of others, which still gets what is left', async () => {
  const url = await freshDatabase({migrated: true})
  const backfill = [1, 2].map(() => child(PERMITS, url, '2', '3000', '10', 'backfill', '40'))
  await Promise.all(backfill.map((one) => one.line('holding')))

  const orders = await spansOf(await child(PERMITS, url, '2', '1500', '1', 'orders', '40').ended)

  const waits = orders.slice(1).map(([, , ms]) => ms) // the first connects, and finds both permits just taken
  expect(waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.9)]).toBeLessThan(250)
  for (const one of backfill) expect((await spansOf(await one.ended)).length).toBeGreaterThan(10)
})

test('a lower lane waits no longer than its lane is behind, however much the urgent one asks for', async () => {
  const url = await freshDatabase({migrated: true})
  const urgent = [1, 2].map(() => child(PERMITS, url, '2', '5500', '10', 'orders', '20'))
  await Promise.all(urgent.map((one) => one.line('holding')))
  const other = await pool(2, {url})

  const permit = await other.acquire('payments') // 3 s behind orders

  expect(permit.waitedMs).toBeGreaterThan(1500)
  expect(permit.waitedMs).toBeLessThan(4500)
  await permit.release()
}, 20_000)

test('ten processes, some killed amid their requests: the account never sees more than its limit', async () => {
  const url = await freshDatabase({migrated: true})
  const account = await startAccount(60)
  const start = () => child(CALLS, url, '5', '4500', '4', account.url)
  const all = Array.from({length: 10}, start)
  await Promise.all(all.slice(0, 4).map((one) => one.line('calling')))
  for (const one of all.slice(0, 4)) {
    one.kill()
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  const ends = await Promise.all(all.slice(4).map((one) => one.ended))

  expect(ends.map((end) => [end.code, end.stderr])).toEqual(ends.map(() => [0, '']))
  expect(account.seen().most).toBe(5)
  expect(account.seen().requests).toBeGreaterThan(50)
}, 30_000)

/** Like NetSuite it goes on with a request whose caller is gone, and counts it until it is done. */
async function startAccount(workMs: number) {
  let inFlight = 0
  let most = 0
  let requests = 0
  const server = createServer((_request, response) => {
    requests++
    most = Math.max(most, ++inFlight)
    setTimeout(() => {
      inFlight--
      response.end('{}')
    }, workMs)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen: () => ({most, requests})}
}
