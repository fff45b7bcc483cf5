import {describe, expect, test} from 'vitest'

import type {App} from '../../../src/app.ts'
import {POSTING_TYPES, type PostingType} from '../../../src/lib/netsuite/posting-types.ts'
import type {Kind} from '../../../src/lib/plan/kinds.ts'
import {dryKind, pushKind} from '../../../src/lib/sync/kind-push.ts'
import type {Preview} from '../../../src/lib/sync/preview.ts'
import {dryRun, pushOrders, type PushDeps} from '../../../src/lib/sync/push.ts'
import type {PushReport} from '../../../src/lib/sync/report.ts'
import {selection, type Selection} from '../../../src/lib/sync/select.ts'
import {depsOf, world, type World} from '../../support/world.ts'

const everything = selection({ids: [], since: '2020-01-01'})
const waiting = selection({ids: []})
const calm = {signal: new AbortController().signal, onProgress: () => undefined, patienceMs: 0}

async function within<T>(shop: World, work: (app: App, deps: PushDeps) => Promise<T>): Promise<T> {
  const app = await shop.open()
  try {
    return await work(app, depsOf(app))
  } finally {
    await app.close('done')
  }
}

const push = (shop: World, kind: Kind, chosen: Selection = everything): Promise<PushReport> =>
  within(shop, (_, deps) => pushKind(deps, kind, chosen, calm))

/** Everything that waits, as a worker or orders:push would take it up. */
const pushRest = (shop: World): Promise<PushReport> =>
  within(shop, (_, deps) => pushOrders(deps, selection({ids: [], limit: 500}), calm))

async function preview(shop: World, change: Partial<PushDeps> = {}, kind?: Kind): Promise<Preview[]> {
  return within(shop, async (_, own) => {
    const deps = {...own, ...change}
    const pages =
      kind === undefined ? dryRun(deps, everything, calm.signal) : dryKind(deps, kind, everything, calm.signal)
    const previews: Preview[] = []
    for await (const page of pages) previews.push(...page)
    return previews
  })
}

type Held = Readonly<{externalId: string | null}>
type Balance = Readonly<{account: string; debit: string; credit: string; balance: string}>

async function held(shop: World, types: readonly PostingType[] = POSTING_TYPES): Promise<string[]> {
  const all = await Promise.all(
    types.map(async (type) => (await (await fetch(`${shop.netsuiteUrl}/_sandbox/records/${type}`)).json()) as Held[]),
  )
  return all.flatMap((records) => records.flatMap(({externalId}) => externalId ?? [])).toSorted()
}

async function balances(shop: World): Promise<Record<string, string>> {
  const rows = (await (await fetch(`${shop.netsuiteUrl}/_sandbox/gl`)).json()) as Balance[]
  return Object.fromEntries(rows.map(({account, balance}) => [account, balance]))
}

async function queued(shop: World): Promise<number> {
  return within(shop, async (app) => (await app.ledger.queue.list('orders', {limit: 1000})).length)
}

const month = {orders: 20, days: 10, books: true, seed: 3}

describe('payments, fulfilments and refunds that are pushed by themselves', () => {
  test('leave the same records and the same ledger as orders:push, in whatever turn, and nothing is lost between', async () => {
    const whole = await world(month)
    await whole.push()
    const [records, gl] = [await held(whole), await balances(whole)]
    const turns: readonly (readonly Kind[])[] = [
      ['payments', 'fulfillments', 'refunds'],
      ['refunds', 'fulfillments', 'payments'],
    ]
    for (const turn of turns) {
      const shop = await world(month)
      for (const kind of turn) await push(shop, kind)
      const before = await held(shop)
      await pushRest(shop)

      expect(before.filter((id) => !records.includes(id))).toEqual([])
      expect(await held(shop)).toEqual(records)
      expect(await balances(shop)).toEqual(gl)
      expect(await queued(shop)).toBe(0)
    }
    expect(records.length).toBeGreaterThan(30)
  }, 120_000)

  test('payments bring the sales order, and nothing that is no payment; what else is due waits in the queue', async () => {
    const shop = await world(month)

    const report = await push(shop, 'payments')
    const again = await push(shop, 'payments', waiting)

    expect(await held(shop, ['itemFulfillment', 'invoice', 'creditMemo', 'customerRefund'])).toEqual([])
    expect(report.records.customerDeposit).toBe((await held(shop, ['customerDeposit'])).length)
    expect((await shop.salesOrders()).length).toBe(report.counts.written)
    expect(report.left).toBe(await queued(shop))
    expect(report.left).toBeGreaterThan(5)
    expect(again).toMatchObject({
      left: report.left,
      records: {},
      counts: {unchanged: report.left, written: 0, updated: 0},
    })
  }, 60_000)

  test('a kind that the contract keeps out of NetSuite is refused before anything is queued', async () => {
    const shop = await world({orders: 2, days: 1})

    await expect(push(shop, 'payments')).rejects.toMatchObject({code: 'KIND_OFF', exitCode: 10})
    await expect(push(shop, 'refunds')).rejects.toMatchObject({message: expect.stringContaining('refunds: {mode: off}') as string}) // prettier-ignore
    expect(await queued(shop)).toBe(0)
  })
})

describe('a dry run', () => {
  test('names the records that a push then writes, and their postings are those of the general ledger', async () => {
    const shop = await world(month)

    const planned = (await preview(shop)).flatMap(({records}) => records)
    await shop.push()
    const after = (await preview(shop)).flatMap(({records}) => records)
    const gl = await balances(shop)

    expect(new Set(planned.map(({would}) => would))).toEqual(new Set(['add']))
    expect(await held(shop)).toEqual(planned.map(({externalId}) => externalId).toSorted())
    expect(new Set(after.map(({would}) => would))).toEqual(new Set(['leave']))
    const postings = planned.flatMap((record) => record.postings)
    const balance = (...names: string[]) =>
      postings
        .filter(({account}) => names.includes(account))
        .reduce((sum, {debit, credit}) => sum + cents(debit) - cents(credit), 0)
    expect(balance('undeposited funds', 'account 3')).toBe(cents(gl['1010'] ?? ''))
    expect(balance('account 4')).toBe(cents(gl['1020'] ?? ''))
    for (const {postings: own, externalId} of planned)
      expect([externalId, own.reduce((sum, {debit, credit}) => sum + cents(debit) - cents(credit), 0)]).toEqual([externalId, 0]) // prettier-ignore
  }, 60_000)

  test('of one kind shows what is left to orders:push', async () => {
    const shop = await world(month)

    const records = (await preview(shop, {}, 'refunds')).flatMap((one) => one.records)

    expect(new Set(records.filter(({type}) => type === 'itemFulfillment').map(({would}) => would))).toEqual(new Set(['wait'])) // prettier-ignore
  })

  test('tells an order whose gateway has no account, as a push parks it', async () => {
    const shop = await world(month)
    const rules = await within(shop, (app) => Promise.resolve(app.remotes().rules))
    const {shopify_payments: _, ...gateways} = rules.life.gateways

    const previews = await preview(shop, {rules: {...rules, life: {...rules.life, gateways}}})

    const faulty = previews.filter(({reason}) => reason?.startsWith('GATEWAY_UNMAPPED'))
    expect(faulty.length).toBeGreaterThan(5)
    expect(new Set(faulty.map(({would}) => would))).toEqual(new Set(['park']))
    expect(faulty[0]?.changes.length).toBeGreaterThan(5)
  })
})

function cents(text: string | null): number {
  return Math.round(Number((text ?? '0').split(' ')[0]) * 100)
}
