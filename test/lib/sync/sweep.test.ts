import fc from 'fast-check'
import {afterAll, beforeAll, expect, test} from 'vitest'

import {getCursor} from '../../../src/lib/ledger/cursors.ts'
import type {Ledger} from '../../../src/lib/ledger/open.ts'
import type {ShopRules} from '../../../src/lib/plan/life-types.ts'
import type {OrderFilter} from '../../../src/lib/shopify/order-lists.ts'
import type {OrderHint} from '../../../src/lib/shopify/types.ts'
import type {SweepReport} from '../../../src/lib/sync/report.ts'
import {changedOrders, cursorOf, sweepOrders, type SweepDeps} from '../../../src/lib/sync/sweep.ts'
import {withFlowLock} from '../../../src/lib/ledger/locks.ts'
import {pushOrders} from '../../../src/lib/sync/push.ts'
import {selection} from '../../../src/lib/sync/select.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {depsOf, world} from '../../support/world.ts'
import {type Played, orderWithLines, playShop} from '../shopify/sandbox-shop.ts'
import {answered, clientOf, patientClock, SHOP_INFO, startScriptedShop} from '../shopify/scripted-shop.ts'

let played: Played
beforeAll(async () => {
  played = await playShop()
})
afterAll(() => played.stop())

const MINUTE = 60_000
let shops = 0

function rulesWith(since: string | null): ShopRules {
  return {timeZone: 'America/New_York', orders: {since}} as ShopRules
}

/** A shop of its own name, so that one ledger serves many runs. */
function depsFor(ledger: Ledger, change: Partial<SweepDeps> = {}): SweepDeps {
  played.shop.orders.clear()
  const {client: shopify, clock} = played
  return {ledger, shopify, clock, shop: `shop-${++shops}.myshopify.com`, rules: rulesWith(null), ...change}
}

function putOrder(id: number, updatedMs: number): void {
  played.shop.orders.put({...orderWithLines(1, id), updated_at: iso(updatedMs)})
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, '')
}

async function sweep(deps: SweepDeps, overlapMinutes = 10): Promise<SweepReport> {
  const reports: SweepReport[] = []
  const bounds = {overlapMinutes, signal: new AbortController().signal}
  await sweepOrders(deps, bounds, (begun) => void reports.push(begun))
  return reports[0] as SweepReport
}

async function queuedAt(deps: SweepDeps): Promise<Map<string, number>> {
  const rows = await deps.ledger.db('events').where({source: 'sweep'}).whereLike('subject', `${deps.shop}/%`)
  const newest = new Map<string, number>()
  for (const {subject, delivery_id: id} of rows as {subject: string; delivery_id: string}[]) {
    const at = Date.parse(id.slice(id.indexOf('@') + 1))
    newest.set(subject, Math.max(at, newest.get(subject) ?? 0))
  }
  return newest
}

const hoursAgo = (hours: number) => Math.floor((Date.now() - hours * 60 * MINUTE) / 1000) * 1000

test('a change is queued once, however often the sweep reads it again', async () => {
  const deps = depsFor(await freshLedger())
  for (const id of [1, 2, 3]) putOrder(id, hoursAgo(2))

  expect(await sweep(deps)).toMatchObject({because: 'first', listed: 3, queued: 3, known: 0})
  expect(await sweep(deps)).toMatchObject({because: 'cursor', listed: 3, queued: 0, known: 3})
  putOrder(2, hoursAgo(1))
  expect(await sweep(deps)).toMatchObject({queued: 1})
  expect(await deps.ledger.queue.counts('orders')).toMatchObject({waiting: 3})
})

test('what changed during an outage of days is found by the next sweep, also where the first one found nothing', async () => {
  const deps = depsFor(await freshLedger())
  const {from} = await sweep(deps)
  const later = {...deps, clock: patientClock(Date.now() + 3 * 24 * 60 * MINUTE)}
  putOrder(7, from.getTime() + MINUTE)

  expect(await sweep(later)).toMatchObject({listed: 1, queued: 1})
})

test('what the search of Shopify shows minutes late is found, as far as the sweep looks back', async () => {
  const deps = depsFor(await freshLedger())
  putOrder(1, hoursAgo(1))
  await sweep(deps)
  putOrder(2, hoursAgo(1) - 9 * MINUTE)
  putOrder(3, hoursAgo(1) - 19 * MINUTE)

  expect(await sweep(deps)).toMatchObject({queued: 1})
  expect(await sweep(deps, 20)).toMatchObject({queued: 1})
})

test.each([-6, 6])('a clock that is %i hours wrong neither skips changes nor begins elsewhere', async (hours) => {
  const wrong = patientClock(Date.now() + hours * 60 * MINUTE)
  const shop = await playShop({clock: wrong})
  const deps = {...depsFor(await freshLedger()), shopify: shop.client, clock: wrong}
  shop.shop.orders.put({...orderWithLines(1, 1), updated_at: iso(hoursAgo(23))})

  const report = await sweep(deps)
  await shop.stop()

  expect(Math.abs(report.from.getTime() - hoursAgo(24))).toBeLessThan(MINUTE)
  expect(report.queued).toBe(1)
  expect(report.upTo?.getTime()).toBeLessThanOrEqual(Date.now())
})

test('the first sweep begins on the day of the contract, and none looks behind it', async () => {
  const ledger = await freshLedger()
  const deps = depsFor(ledger, {rules: rulesWith('2026-11-20')})
  const opening = Date.parse('2026-11-20T05:00:00Z') // midnight in New York
  putOrder(1, opening - 1000)
  putOrder(2, opening)

  expect(await sweep(deps)).toMatchObject({because: 'contract', from: new Date(opening), queued: 1})
  expect(await sweep(deps)).toMatchObject({from: new Date(opening), listed: 1})
})

test('before the day of the contract nothing is swept and nothing is fixed', async () => {
  const deps = depsFor(await freshLedger(), {rules: rulesWith('2099-01-01')})
  putOrder(1, hoursAgo(1))

  expect(await sweep(deps)).toMatchObject({listed: 0, notes: [expect.stringContaining('still to come')]})
  expect(await getCursor(deps.ledger.db, cursorOf(deps.shop))).toBeNull()
})

test('a sweep that reaches back behind 60 days says so where Shopify hides older orders', async () => {
  const seeing = depsFor(await freshLedger(), {rules: rulesWith('2026-01-01')})
  const scopes = [{handle: 'read_orders'}]
  const blind = await startScriptedShop(({operation}) => {
    if (operation === 'ShopInfo') return answered(SHOP_INFO)
    if (operation === 'GrantedScopes') return answered({currentAppInstallation: {accessScopes: scopes}})
    return answered({orders: {nodes: [], pageInfo: {hasNextPage: false, endCursor: null}}})
  })

  const report = await sweep({...seeing, shopify: clientOf(blind)})
  await blind.stop()

  expect(report.notes).toEqual([expect.stringContaining('read_all_orders')])
  expect((await sweep(seeing)).notes).toEqual([])
})

test('a dry run shows what would be queued, and queues nothing', async () => {
  const deps = depsFor(await freshLedger())
  putOrder(1, hoursAgo(2))
  await sweep(deps)
  putOrder(2, hoursAgo(1))

  const pages: (readonly OrderHint[])[] = []
  for await (const page of changedOrders(deps, 10, () => undefined)) pages.push(page)

  expect(pages.flat().map(({name}) => name)).toEqual(['#2'])
  expect(await sweep(deps)).toMatchObject({queued: 1})
})

test('a run that works a backlog for hours does not keep lost webhooks from being found', async () => {
  const shop = await world({orders: 4})
  const app = await shop.open()
  const deps = depsOf(app)
  const watch = {signal: new AbortController().signal, onProgress: () => undefined, patienceMs: 0}
  const [order] = await shop.documents()
  await shop.postOrders({...order, updated_at: iso(hoursAgo(1))})

  await withFlowLock(app.ledger, `orders:push ${deps.shop}`, async () => {
    await expect(pushOrders(deps, selection({ids: []}), watch)).rejects.toMatchObject({code: 'ALREADY_RUNNING'})
  })
  const waiting = await app.ledger.queue.list('orders', {limit: 10})
  const report = await pushOrders(deps, selection({ids: []}), watch)
  await app.close('done')

  expect(waiting.map(({name}) => name)).toContain(order?.name)
  expect(report.counts.written).toBeGreaterThan(0)
})

class Killed extends Error {}

type Trouble = Readonly<{
  /** Orders that change while a page is on its way. */
  edits: readonly number[]
  /** Of these the change is seen by the search only later. */
  late: readonly number[]
  /** Orders of the page that change after the search chose them: they show a newer time than their place says. */
  shown: readonly number[]
  kill: 'before' | 'recorded' | null
  /** Seconds until the next page. 0: equal times. */
  passes: number
}>

const someOrders = fc.array(fc.integer({min: 1, max: 9}), {maxLength: 3})
const trouble: fc.Arbitrary<Trouble> = fc.record({
  edits: someOrders,
  late: fc.oneof({weight: 3, arbitrary: fc.constant([])}, {weight: 1, arbitrary: someOrders}),
  shown: fc.oneof({weight: 2, arbitrary: fc.constant([])}, {weight: 1, arbitrary: someOrders}),
  kill: fc.oneof(
    {weight: 4, arbitrary: fc.constant(null)},
    {weight: 1, arbitrary: fc.constantFrom('before' as const, 'recorded' as const)},
  ),
  passes: fc.oneof(fc.constant(0), fc.integer({min: 1, max: 400})),
})

/** A shop that is busy while it is listed, and a process that dies among it. */
function troubled(deps: SweepDeps, startMs: number, troubles: readonly Trouble[]) {
  let nowMs = startMs
  let next = 0
  let late: {id: number; at: number}[] = []
  let isDying = false
  const edit = (id: number) => putOrder(id, nowMs)
  const showLate = () => {
    for (const {id, at} of late) putOrder(id, Math.max(at, updatedAt(id)))
    late = []
  }
  async function* busy(filter: OrderFilter) {
    for await (const page of played.client.listOrders({...filter, pageSize: 3})) {
      const now = troubles[next++]
      if (now?.kill === 'before') throw new Killed('before the page was there')
      showLate()
      const shown = new Set(now?.shown.map((n) => page[n % page.length]?.id))
      nowMs += (now?.passes ?? 0) * 1000
      for (const id of shown) edit(Number(/\d+$/.exec(id ?? '')?.[0]))
      isDying = now?.kill === 'recorded'
      yield page.map((hint) => (shown.has(hint.id) ? {...hint, updatedAt: iso(nowMs)} : hint))
      now?.edits.forEach(edit)
      late = (now?.late ?? []).map((id) => ({id, at: nowMs}))
    }
  }
  const db = new Proxy(deps.ledger.db, {
    get: (target, key) => {
      if (key === 'raw' && isDying) throw new Killed('after the page was recorded')
      return Reflect.get(target, key) as unknown
    },
  })
  const mortal: SweepDeps = {
    ...deps,
    ledger: {...deps.ledger, db},
    shopify: {
      shopInfo: () => played.client.shopInfo(),
      grantedScopes: () => played.client.grantedScopes(),
      connection: () => played.client.connection(),
      listOrders: busy,
    },
  }
  return {mortal, showLate, hasMore: () => next < troubles.length, revive: () => void (isDying = false)}
}

const updatedAt = (id: number) => played.shop.orders.get(String(id))?.updatedAt ?? 0

test('a first sweep that died before it found anything is gone on with, however late', async () => {
  const deps = depsFor(await freshLedger())
  const {mortal} = troubled(deps, 0, [{edits: [], late: [], shown: [], kill: 'before', passes: 0}])
  putOrder(1, hoursAgo(23))
  await expect(sweep(mortal)).rejects.toThrow(Killed)

  expect(await sweep({...deps, clock: patientClock(Date.now() + 72 * 60 * MINUTE)})).toMatchObject({queued: 1})
})

test('every order that changed before a sweep is queued at its change, whatever happens while orders are listed', async () => {
  const ledger = await freshLedger()
  const ages = fc.array(fc.integer({min: 60, max: 600}), {minLength: 9, maxLength: 9})
  await fc.assert(
    fc.asyncProperty(ages, fc.array(trouble, {minLength: 1, maxLength: 12}), async (minutes, troubles) => {
      const deps = depsFor(ledger)
      // Several share a minute, so that pages end among equal times.
      minutes.forEach((age, n) => putOrder(n + 1, hoursAgo(0) - Math.floor(age / 60) * 60 * MINUTE))
      const world = troubled(deps, hoursAgo(0) - 50 * MINUTE, troubles)
      while (world.hasMore()) {
        world.revive()
        await sweep(world.mortal).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error
        })
      }
      world.showLate()

      const held = new Map(minutes.map((_, n) => [`${deps.shop}/${n + 1}`, updatedAt(n + 1)]))
      await sweep(deps)

      expect(await queuedAt(deps)).toEqual(held)
      expect(await ledger.queue.waitingFor('orders', [...held.keys()])).toBe(held.size)
    }),
    {numRuns: 40},
  )
}, 60_000)
