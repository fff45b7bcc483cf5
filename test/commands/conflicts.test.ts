import {expect, test} from 'vitest'

import {order} from '../simulation/order.ts'
import {world} from '../support/world.ts'

type List = Readonly<{open: number; conflicts: readonly Readonly<{id: string; field: string; held: string | null; state: string}>[]}> // prettier-ignore

test('an operator sees what someone changed in NetSuite, looks at it, and decides', async () => {
  const shop = await world()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  const [held] = await shop.salesOrders()
  await shop.edit('PATCH', `salesOrder/${held?.id}`, {memo: 'call Ada first', shipMethod: {id: '8002'}})

  const dry = await shop.tieout('orders:push', '#1001', '--dry-run')
  await shop.tieout('orders:push', '#1001')
  const listed = await shop.tieout('conflicts:list')
  const {open, conflicts} = JSON.parse((await shop.tieout('conflicts:list', '--json')).stdout) as List
  const memo = conflicts.find(({field}) => field === 'memo')?.id ?? ''
  const shown = await shop.tieout('conflicts:show', memo)
  const wrong = await shop.tieout('conflicts:resolve', memo, 'x', '--keep', 'netsuite')
  const resolved = await shop.tieout('conflicts:resolve', memo, '77', '--keep', 'netsuite', '--note', 'agreed')
  await shop.tieout('orders:push', '#1001')
  const after = JSON.parse((await shop.tieout('conflicts:list', '--all', '--json')).stdout) as List
  const compared = await shop.reconcile()

  expect(dry.stdout).toContain('changed in NetSuite by someone')
  expect(open).toBe(2)
  expect(listed.stdout).not.toContain('Ada')
  expect(conflicts.find(({field}) => field === 'shipMethod')?.held).toBe('8002')
  expect(shown.stdout).toContain('call Ada first')
  expect([wrong.code, resolved.code]).toEqual([2, 3])
  expect(resolved.stderr).toContain('77 is no open conflict')
  expect(after.conflicts.map(({state}) => state)).toEqual(expect.arrayContaining(['kept_netsuite', 'open']))
  expect(await shop.salesOrders()).toMatchObject([{memo: 'call Ada first', shipMethod: {id: '8001'}}])
  expect(compared).toMatchObject({matched: 1, kept: 1, variances: []})
}, 60_000)
