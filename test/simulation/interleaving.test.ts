import fc from 'fast-check'
import {expect, test} from 'vitest'

import {drainOrders, queueOrders} from '../../src/lib/sync/orders.ts'
import {newReport} from '../../src/lib/sync/report.ts'
import {dying, letTimePass, type Moment} from '../support/crash.ts'
import {depsOf, world, type World} from '../support/world.ts'
import {order} from './order.ts'
import {expectTiedOut} from './tied-out.ts'

const IDS = [1001, 1002, 1003, 1004, 1005, 1006]
const ignore = {signal: new AbortController().signal, onProgress: () => undefined, patienceMs: 0}

type Step =
  | Readonly<{do: 'push'}>
  | Readonly<{do: 'name'; id: number}>
  | Readonly<{do: 'edit'; id: number; po: string | null}>
  | Readonly<{do: 'fault'; kind: string; operation: string}>
  | Readonly<{do: 'crash'; moment: Moment}>

const id = fc.constantFrom(...IDS)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant({do: 'push'} as const),
  fc.record({do: fc.constant('name' as const), id}),
  fc.record({do: fc.constant('edit' as const), id, po: fc.constantFrom('PO-1', 'PO-2', null)}),
  fc.record({
    do: fc.constant('fault' as const),
    kind: fc.constantFrom('lost-reply', 'cut', 'html', 'unexpected-error', 'after-submit-failed'),
    operation: fc.constantFrom('add', 'addList', 'update', 'updateList', 'POST customer'),
  }),
  fc.record({
    do: fc.constant('crash' as const),
    moment: fc.record({
      call: fc.integer({min: 1, max: 12}),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  }),
)

/** A run that dies: what it did in the systems is done, what it wanted to record is not. */
async function crash(shop: World, moment: Moment): Promise<void> {
  const app = await shop.open()
  const mortal = dying(depsOf(app), moment, () => app.ledger.close())
  const run = drainOrders(mortal, newReport(app.runId), {...ignore, verify: false, subjects: null})
  const isDead = await run.then(
    () => false,
    () => true,
  )
  if (!isDead) await app.close('done')
  await letTimePass(shop.databaseUrl)
}

async function take(shop: World, one: Step): Promise<void> {
  if (one.do === 'push') await shop.push()
  else if (one.do === 'name') await shop.push(`#${one.id}`)
  else if (one.do === 'edit')
    await shop.postOrders([order(one.id, {po_number: one.po, updated_at: new Date().toISOString()})]) // prettier-ignore
  else if (one.do === 'fault')
    await shop.fault('netsuite', {kind: one.kind, match: {operation: one.operation}, count: 1})
  else await crash(shop, one.moment)
}

/** Orders are queued at the start as by webhooks, so that a crashing run finds work. */
async function queue(shop: World): Promise<void> {
  const app = await shop.open()
  await queueOrders(depsOf(app), 'webhook', IDS.map((one) => ({id: `gid://shopify/Order/${one}`, name: `#${one}`, updatedAt: ''}))) // prettier-ignore
  await app.close('done')
}

test('pushes, crashes, faults and edits in any order end with each order once, and tied out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, {minLength: 2, maxLength: 7}), async (steps) => {
      const shop = await world()
      await shop.postOrders(IDS.map((one) => order(one)), true) // prettier-ignore
      await queue(shop)
      for (const one of steps) await take(shop, one)
      await shop.calm()
      for (let i = 0; i < 8 && (await shop.push()).counts.retry > 0; i++);

      await expectTiedOut(shop)
      expect((await shop.customers()).filter(({externalId}) => externalId !== null)).toHaveLength(IDS.length)
      const last = await shop.push()
      expect(last.counts, JSON.stringify(last)).toMatchObject({unchanged: IDS.length, written: 0, updated: 0})
    }),
    {numRuns: 8, seed: 20261124, endOnFailure: true},
  )
}, 90_000)
