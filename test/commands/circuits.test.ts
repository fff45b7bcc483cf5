import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {order} from '../simulation/order.ts'
import {start} from '../support/command.ts'
import {runOn} from '../support/postgres.ts'
import {world, type World} from '../support/world.ts'

const run = (shop: World, ...args: string[]) => start(shop.folder, args).ended
const refusedLogins = async (shop: World) => (await shop.stats('netsuite')).requests

test('a dead credential is tried once by a row of cron runs, status says so, and doctor lets everybody go on', async () => {
  const shop = await world()
  await shop.postOrders([order(1)], true)
  await shop.fault('netsuite', {kind: 'login'})

  const first = await run(shop, 'orders:push', '--since', '2020-01-01')
  const tried = await refusedLogins(shop)
  const [again, reconcile, status] = [await run(shop, 'orders:push', '--json'), await run(shop, 'reconcile', 'orders'), await run(shop, 'status')] // prettier-ignore
  const stillTried = await refusedLogins(shop)
  const stillDead = await run(shop, 'doctor')
  await shop.calm()
  const [doctor, last] = [await run(shop, 'doctor'), await run(shop, 'orders:push')]

  expect([first.code, again.code, reconcile.code, stillDead.code, doctor.code, last.code]).toEqual([
    12, 12, 12, 12, 0, 0,
  ])
  expect([tried, stillTried]).toEqual([1, 1])
  expect(JSON.parse(again.stdout)).toMatchObject({error: {code: 'NETSUITE_LOGIN_REFUSED'}})
  expect(again.stdout).toContain('not asked again before')
  expect(status.stdout).toMatch(/left alone: netsuite:\S+ since \S+ \(NETSUITE_LOGIN_REFUSED\)/)
  expect(await shop.salesOrders()).toHaveLength(1)
  expect(await runOn(shop.databaseUrl, 'select * from tieout.circuits')).toEqual([])
}, 60_000)

test('another credential in the settings is asked at once, and what it shows holds for all', async () => {
  const shop = await world()
  await shop.postOrders([order(1)], true)
  const file = join(shop.folder, '.env')
  const good = readFileSync(file, 'utf8')
  writeFileSync(file, good.replace(/^SHOPIFY_ACCESS_TOKEN=.*$/m, 'SHOPIFY_ACCESS_TOKEN=wrong'))
  const refused = await run(shop, 'orders:push', '--since', '2020-01-01')
  const rows = await runOn(shop.databaseUrl, 'select system, code, fingerprint from tieout.circuits')

  writeFileSync(file, good)
  const mended = await run(shop, 'orders:push', '--since', '2020-01-01')

  expect([refused.code, mended.code]).toEqual([12, 0])
  expect(rows).toMatchObject([{system: expect.stringMatching(/^shopify:/) as string, code: 'SHOPIFY_TOKEN_REFUSED'}])
  expect(JSON.stringify(rows)).not.toContain('wrong')
  expect(await runOn(shop.databaseUrl, 'select * from tieout.circuits')).toEqual([])
  expect(await shop.salesOrders()).toHaveLength(1)
}, 60_000)
