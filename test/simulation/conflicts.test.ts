import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {showConflict} from '../../src/lib/ops/conflict-values.ts'
import {conflictsReport, resolveConflicts} from '../../src/lib/ops/conflicts.ts'
import {drainOrders, queueOrders} from '../../src/lib/sync/orders.ts'
import {previewOrders} from '../../src/lib/sync/preview.ts'
import {newReport} from '../../src/lib/sync/report.ts'
import type {App} from '../../src/app.ts'
import {dying, letTimePass} from '../support/crash.ts'
import {depsOf, world, type HeldOrder, type World} from '../support/world.ts'
import {address, order} from './order.ts'
import {expectTiedOut, parkedCodes} from './tied-out.ts'

type Row = Readonly<{id: string; field: string; held: string; planned: string; kept: string | null; state: string; times: number; is_overwritten: boolean}> // prettier-ignore

async function inApp<T>(shop: World, work: (app: App) => Promise<T>): Promise<T> {
  const app = await shop.open()
  try {
    return await work(app)
  } finally {
    await app.close('done')
  }
}

const conflicts = (shop: World, where: object = {}) =>
  inApp(shop, (app) => app.ledger.db('conflicts').where(where).orderBy('id') as unknown as Promise<Row[]>)

async function held(shop: World): Promise<HeldOrder> {
  const [first] = await shop.salesOrders()
  if (first === undefined) throw new Error('no sales order')
  return first
}

const byHand = async (shop: World, body: unknown) => shop.edit('PATCH', `salesOrder/${(await held(shop)).id}`, body)

const keep = (shop: World, value: 'shopify' | 'netsuite', ...ids: string[]) =>
  inApp(shop, (app) => resolveConflicts(app.ledger, {ids, keep: value, note: 'because', who: 'ops'}))

/** An order that NetSuite holds as planned. */
async function pushed(change: Record<string, unknown> = {}): Promise<World> {
  const shop = await world()
  await shop.postOrders([order(1001, change)], true)
  await shop.push()
  return shop
}

let edition = 0
async function edited(shop: World, change: Record<string, unknown>): Promise<void> {
  edition += 1
  const at = new Date(Date.UTC(2026, 10, 22) + edition * 60_000).toISOString()
  await shop.postOrders([order(1001, {...change, updated_at: at})])
}

describe('a value that someone changed in NetSuite', () => {
  test('is overwritten by Shopify’s, and kept for who changed it until someone acknowledges', async () => {
    const shop = await pushed()
    await byHand(shop, {memo: 'call first', otherRefNum: 'MINE'})

    const report = await shop.push('#1001')
    const again = await shop.push('#1001')
    const rows = await conflicts(shop)
    const resolved = await keep(shop, 'shopify', ...rows.map(({id}) => id))

    expect(report.counts).toMatchObject({updated: 1})
    expect(again.counts).toMatchObject({unchanged: 1})
    expect(await held(shop)).toMatchObject({memo: 'Shopify #1001', otherRefNum: '#1001'})
    expect(rows).toMatchObject([{field: 'otherRefNum', kept: 'MINE', state: 'open', times: 1}, {field: 'memo', kept: 'call first'}]) // prettier-ignore
    expect(resolved).toEqual({resolved: rows.map(({id}) => id), queued: [], unknown: []})
    expect(await conflicts(shop)).toMatchObject([{state: 'kept_shopify', kept: null}, {state: 'kept_shopify', kept: null}]) // prettier-ignore
    await expectTiedOut(shop)
  })

  test('is found when the order changes in Shopify, without anybody asking', async () => {
    const shop = await pushed()
    await byHand(shop, {shippingAddress: {addr1: '9 Side Street', city: 'Austin', state: 'TX', zip: '78701', country: 'US', addressee: 'Ada Buyer'}}) // prettier-ignore
    await edited(shop, {po_number: 'PO-1'})

    await shop.push()

    expect(await conflicts(shop)).toMatchObject([{field: 'shippingAddress.addr1', kept: '9 Side Street'}])
    expect(await held(shop)).toMatchObject({shippingAddress: {addr1: '1 Main Street'}, otherRefNum: 'PO-1'})
  })

  test('is shown before anything is written', async () => {
    const shop = await pushed()
    await byHand(shop, {memo: 'call first'})
    const [preview] = await inApp(shop, async (app) => {
      const deps = depsOf(app)
      const read = await deps.shopify.getOrder('gid://shopify/Order/1001')
      return previewOrders(deps, read === null ? [] : [read])
    })

    expect(preview).toMatchObject({would: 'update', conflicts: ['memo'], pinned: []})
    expect(await conflicts(shop)).toEqual([])
    expect(await held(shop)).toMatchObject({memo: 'call first'})
  })

  test('is in no list by its words where it may be of a customer, and is shown to who decides', async () => {
    const shop = await pushed()
    await byHand(shop, {email: 'wife@example.com', shipMethod: {id: '8002'}})
    await shop.push('#1001')
    const [list, shown] = await inApp(shop, async (app) => {
      const report = await conflictsReport(app.ledger.db, {all: false, limit: 10})
      const id = report.conflicts.find(({field}) => field === 'email')?.id ?? ''
      return [report, await showConflict(app.ledger.db, app.remotes(), id)] as const
    })

    expect(list.open).toBe(2)
    expect(JSON.stringify(list)).not.toContain('example.com')
    expect(list.conflicts.find(({field}) => field === 'shipMethod')).toMatchObject({held: '8002', planned: '8001', isPrivate: false}) // prettier-ignore
    expect(shown).toMatchObject({entered: 'wife@example.com', now: {netsuite: 'buyer1001@example.com', shopify: 'buyer1001@example.com'}}) // prettier-ignore
  })

  test('in a price or a line never stays: the order ties out, and the person is told', async () => {
    const shop = await pushed()
    await byHand(shop, {
      item: {
        items: [
          {line: 1, quantity: '5'},
          {item: {id: '9006'}, quantity: '1', amount: '3.00'},
        ],
      },
    })

    await shop.push('#1001')

    const rows = await conflicts(shop)
    expect(rows.map(({field}) => field)).toEqual(expect.arrayContaining(['lines.10010.quantity', 'lines.#2']))
    await expect(keep(shop, 'netsuite', rows[0]?.id ?? '')).rejects.toMatchObject({code: 'CONFLICT_NOT_KEEPABLE'})
    expect((await conflicts(shop)).every(({state}) => state === 'open')).toBe(true)
    await expectTiedOut(shop)
  })

  test('by closing the order is left closed, told once, and acknowledged as NetSuite’s', async () => {
    const shop = await pushed()
    await byHand(shop, {item: {items: [{line: 1, isClosed: true}]}})

    await shop.push('#1001')
    await shop.push('#1001')
    const rows = await conflicts(shop)

    expect(rows).toMatchObject([{field: 'status', held: 'closed', is_overwritten: false, times: 1}])
    await expect(keep(shop, 'shopify', rows[0]?.id ?? '')).rejects.toMatchObject({code: 'CONFLICT_NOT_KEEPABLE'})
    expect(await keep(shop, 'netsuite', rows[0]?.id ?? '')).toMatchObject({queued: []})
    await shop.push('#1001')
    expect(await conflicts(shop)).toHaveLength(1)
    expect(await held(shop)).toMatchObject({status: 'H'})
  })
})

describe('a value of NetSuite that a person decides to keep', () => {
  test('is put back by the ordinary job, and then left alone', async () => {
    const shop = await pushed()
    await byHand(shop, {memo: 'call first'})
    await shop.push('#1001')
    const [row] = await conflicts(shop)

    const resolved = await keep(shop, 'netsuite', row?.id ?? '')
    const report = await inApp(shop, (app) => {
      const calm = {verify: false, subjects: null, signal: new AbortController().signal, onProgress: () => undefined, patienceMs: 0} // prettier-ignore
      return drainOrders(depsOf(app), newReport(app.runId), calm)
    })
    const restored = await held(shop)
    await byHand(shop, {memo: 'call twice'})
    const verified = await shop.push('#1001')

    expect(resolved.queued).toHaveLength(1)
    expect(report.counts).toMatchObject({updated: 1})
    expect(restored).toMatchObject({memo: 'call first'})
    expect(verified.counts).toMatchObject({unchanged: 1})
    expect(await held(shop)).toMatchObject({memo: 'call twice'})
    expect(await conflicts(shop)).toMatchObject([{state: 'kept_netsuite', kept: null, restored_at: expect.any(Date) as Date}]) // prettier-ignore
  })

  test('is left to whoever entered another one in NetSuite before it was put back', async () => {
    const shop = await pushed()
    await byHand(shop, {memo: 'first'})
    await shop.push('#1001')
    const [row] = await conflicts(shop)
    await byHand(shop, {memo: 'second'})
    await keep(shop, 'netsuite', row?.id ?? '')

    await shop.push()

    expect(await held(shop)).toMatchObject({memo: 'second'})
    expect(await conflicts(shop)).toHaveLength(1)
  })

  test('is overruled when Shopify changes it, which is a new conflict', async () => {
    const shop = await pushed()
    await byHand(shop, {memo: 'call first'})
    await shop.push('#1001')
    const [row] = await conflicts(shop)
    await keep(shop, 'netsuite', row?.id ?? '')
    await shop.push()
    await edited(shop, {note: 'ring the bell'})

    const report = await shop.push()
    const again = await shop.push('#1001')

    expect(report.counts).toMatchObject({updated: 1})
    expect(again.counts).toMatchObject({unchanged: 1})
    expect(await held(shop)).toMatchObject({memo: 'Shopify #1001: ring the bell'})
    expect(await conflicts(shop, {state: 'open'})).toMatchObject([{field: 'memo', kept: 'call first'}])
  })

  test('is one: to keep the first of two settles the second', async () => {
    const shop = await pushed()
    for (const memo of ['first', 'second']) {
      await byHand(shop, {memo})
      await shop.push('#1001')
    }
    const [first] = await conflicts(shop)

    await keep(shop, 'netsuite', first?.id ?? '')
    await shop.push('#1001')

    expect(await conflicts(shop)).toMatchObject([{state: 'kept_netsuite'}, {state: 'kept_shopify', kept: null}])
    expect(await held(shop)).toMatchObject({memo: 'first'})
  })
})

describe('whatever happens while a value of a person is overwritten', () => {
  /** The push of a named order reads Shopify, reads NetSuite, updates, reads back. */
  test.each([
    ['before the update is sent', {call: 3, when: 'before'} as const],
    ['after it arrived', {call: 3, when: 'after'} as const],
    ['before it is read back', {call: 4, when: 'before'} as const],
    ['after it was read back', {call: 4, when: 'after'} as const],
  ])('a process that dies %s neither loses nor doubles the conflict', async (_, moment) => {
    const shop = await pushed()
    await byHand(shop, {memo: 'call first'})
    const app = await shop.open()
    const deps = depsOf(app)
    await queueOrders(deps, 'hand', [{id: 'gid://shopify/Order/1001', name: '#1001', updatedAt: ''}])
    const options = {verify: true, subjects: null, signal: new AbortController().signal, onProgress: () => undefined}
    const mortal = dying(deps, moment, () => app.ledger.close())
    await expect(drainOrders(mortal, newReport(app.runId), options)).rejects.toThrow()
    await letTimePass(shop.databaseUrl)
    await edited(shop, {po_number: 'PO-7'})

    await shop.push()
    await shop.push('#1001')

    expect(await conflicts(shop)).toMatchObject([{field: 'memo', kept: 'call first', times: 1}])
    expect(await held(shop)).toMatchObject({memo: 'Shopify #1001', otherRefNum: 'PO-7'})
    await expectTiedOut(shop)
  })

  test('a lost reply does not make Shopify’s own value look like a person’s', async () => {
    const shop = await pushed()
    await edited(shop, {note: 'one'})
    await shop.fault('netsuite', {kind: 'lost-reply', match: {channel: 'soap', operation: 'update'}, count: 1})
    await shop.push()
    await edited(shop, {note: 'two'})
    await shop.push()

    expect(await conflicts(shop)).toEqual([])
    expect(await held(shop)).toMatchObject({memo: 'Shopify #1001: two'})
  })

  test('a record that is adopted has no conflicts: nothing is known of who made it what', async () => {
    const shop = await pushed()
    await inApp(shop, async ({ledger}) => {
      await ledger.db('links').delete()
      await ledger.db('held_values').delete()
    })
    await byHand(shop, {memo: 'of another integration'})

    expect((await shop.push('#1001')).counts).toMatchObject({updated: 1})
    expect(await conflicts(shop)).toEqual([])
  })

  test('an order that an older version wrote, without this memory, is known by its plan', async () => {
    const shop = await pushed()
    await inApp(shop, ({ledger}) => ledger.db('held_values').delete())
    await byHand(shop, {memo: 'call first'})

    await shop.push('#1001')

    expect(await conflicts(shop)).toMatchObject([{field: 'memo', kept: 'call first'}])
  })
})

type Step =
  | Readonly<{by: 'shopify'; change: Record<string, unknown>}>
  | Readonly<{by: 'person'; field: Field}>
  | Readonly<{by: 'push'; named: boolean}>
  | Readonly<{by: 'decide'; side: 'shopify' | 'netsuite'}>

const FIELDS = ['memo', 'email', 'otherRefNum', 'shippingAddress'] as const
type Field = (typeof FIELDS)[number]

const anyChange: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.record({note: fc.constantFrom('one', 'two', null)}),
  fc.record({po_number: fc.constantFrom('PO-1', 'PO-2', null)}),
  fc.record({shipping_address: fc.constantFrom('Austin', 'Boston').map((city) => address({city}))}),
)

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  anyChange.map((change) => ({by: 'shopify' as const, change})),
  {weight: 2, arbitrary: fc.constantFrom(...FIELDS).map((field) => ({by: 'person' as const, field}))},
  {weight: 3, arbitrary: fc.boolean().map((named) => ({by: 'push' as const, named}))},
  fc.constantFrom('shopify', 'netsuite').map((side) => ({by: 'decide' as const, side})),
)

const noLimits = {subjects: null, signal: new AbortController().signal, onProgress: () => undefined, patienceMs: 0}

/** One order that people change on both sides. Every value that is entered in NetSuite is another one: "hand 7". */
async function player(shop: World, app: App, id: number) {
  const deps = depsOf(app)
  let document: Record<string, unknown> = {}
  let entered = 0
  const shopify = async (change: Record<string, unknown>) => {
    document = {...document, ...change}
    edition += 1
    const at = new Date(Date.UTC(2026, 10, 22) + edition * 60_000).toISOString()
    await shop.postOrders([order(id, {...document, updated_at: at})], true)
  }
  const record = async () => {
    const found = (await shop.salesOrders()).find(({externalId}) => externalId === `SHOPIFY:ORDER:${id}`)
    const shipTo = found?.['shippingAddress'] as {city?: string; attention?: string} | undefined
    const values = {memo: found?.['memo'], email: found?.['email'], otherRefNum: found?.['otherRefNum']}
    return {id: found?.id ?? '', shipTo, values: {...values, shippingAddress: shipTo?.attention} as Record<Field, string | undefined>} // prettier-ignore
  }
  const person = async (field: Field) => {
    const {id: netsuiteId, shipTo} = await record()
    const value = `hand ${(entered += 1)}`
    await shop.edit('PATCH', `salesOrder/${netsuiteId}`, {[field]: field === 'shippingAddress' ? {...shipTo, attention: value} : value}) // prettier-ignore
  }
  const rows = async () =>
    (await app.ledger
      .db('conflicts')
      .where({external_id: `SHOPIFY:ORDER:${id}`})
      .orderBy('id')) as Row[]
  /** Whatever a person had entered and a push overwrites is in a new conflict, once; and there are no others. */
  const push = async (named: boolean) => {
    const [before, old] = [await record(), await rows()]
    edition += 1
    await queueOrders({...deps, runId: `push-${edition}`}, 'hand', [{id: `gid://shopify/Order/${id}`, name: `#${id}`, updatedAt: ''}]) // prettier-ignore
    const report = await drainOrders(deps, newReport(app.runId), {...noLimits, verify: named})
    const [after, now] = [await record(), await rows()]
    const lost = FIELDS.flatMap((field) => {
      const value = before.values[field] ?? ''
      return value.startsWith('hand') && value !== after.values[field] ? [value] : []
    })
    const told = now.slice(old.length).map(({kept}) => kept ?? '')
    expect(told, JSON.stringify({before, after, now})).toEqual(expect.arrayContaining(lost))
    expect(new Set(told).size).toBe(told.length)
    expect(told.every((value) => value.startsWith('hand') && !Object.values(after.values).includes(value))).toBe(true)
    return report
  }
  const decide = async (side: 'shopify' | 'netsuite') => {
    const open = (await rows()).find(({state}) => state === 'open')
    if (open !== undefined) await resolveConflicts(app.ledger, {ids: [open.id], keep: side, note: null, who: 'ops'})
  }
  await shopify({})
  return {shopify, person, push, decide, record, rows, document: () => document}
}

test('however both sides are changed: what people entered is told when it is overwritten, and every field ends as planned or as kept', async () => {
  const shop = await world()
  const app = await shop.open()
  let id = 1000
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, {minLength: 4, maxLength: 14}), async (steps) => {
      const one = await player(shop, app, (id += 1))
      await one.push(true)
      for (const step of steps) {
        if (step.by === 'shopify') await one.shopify(step.change)
        else if (step.by === 'person') await one.person(step.field)
        else if (step.by === 'push') await one.push(step.named)
        else await one.decide(step.side)
      }
      await one.push(true)
      const writes = (await shop.stats('netsuite')).byOperation['update']?.records

      const again = await one.push(true)

      expect(again.counts).toMatchObject({unchanged: 1, updated: 0})
      expect((await shop.stats('netsuite')).byOperation['update']?.records).toBe(writes)
      const {note, po_number: po} = one.document() as {note?: string | null; po_number?: string | null}
      const planned = {
        memo: note === null || note === undefined ? `Shopify #${id}` : `Shopify #${id}: ${note}`,
        email: `buyer${id}@example.com`,
        otherRefNum: po ?? `#${id}`,
        shippingAddress: undefined,
      }
      const [{values}, rows] = [await one.record(), await one.rows()]
      for (const field of FIELDS) {
        const isKept = rows.some(({field: name, state}) => name.startsWith(field) && state === 'kept_netsuite')
        if (!isKept) expect([field, values[field]]).toEqual([field, planned[field]])
      }
    }),
    {numRuns: 10, endOnFailure: true},
  )
  await app.close('done')
  expect(await parkedCodes(shop)).toEqual({})
}, 60_000)
