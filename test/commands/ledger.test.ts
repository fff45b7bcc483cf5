import {chmodSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {expect, onTestFinished, test} from 'vitest'

import {freshDatabase} from '../support/fresh-ledger.ts'
import {world} from '../support/world.ts'

test(
  'the embedded ledger starts once, stops once, is backed up and restored, and may stop under a run',
  {timeout: 90_000},
  async () => {
    const shop = await world({orders: 20, latencyMs: 250})
    const home = join(shop.folder, 'embedded')
    mkdirSync(home)
    for (const folder of [shop.folder, home]) chmodSync(folder, 0o711) // as root the server runs under another account
    const env = {DATABASE_URL: '', TIEOUT_HOME: home}
    const tieout = (...args: string[]) => shop.start(args, {env}).ended
    onTestFinished(async () => void (await tieout('ledger:stop')))

    const [first, second] = [await tieout('ledger:start'), await tieout('ledger:start', '--json')]
    const pushing = shop.start(['orders:push', '--since', '2020-01-01'], {env})
    await delay(1500)
    const stopped = await tieout('ledger:stop', '--json')
    const lost = await pushing.ended
    const again = await tieout('ledger:stop', '--json')
    const pushed = await tieout('orders:push', '--since', '2020-01-01')
    const backup = await tieout('ledger:backup', '--file', 'ledger.gz', '--json')
    const nowhere = await tieout('ledger:backup', '--file', 'nowhere/ledger.gz', '--json')
    const occupied = await tieout('ledger:restore', '--file', 'ledger.gz')
    const elsewhere = {DATABASE_URL: await freshDatabase({migrated: false})}
    const restored = await shop.start(['ledger:restore', '--file', 'ledger.gz', '--json'], {env: elsewhere}).ended
    const status = await shop.start(['status', '--json'], {env: elsewhere}).ended

    expect(first.stdout).toMatch(/^postgresql:\/\//)
    expect(JSON.parse(second.stdout)).toMatchObject({state: 'already-running', url: first.stdout.trim()})
    expect(JSON.parse(stopped.stdout)).toEqual({state: 'stopped'})
    expect(JSON.parse(again.stdout)).toEqual({state: 'not-running'})
    expect([lost.code, lost.stderr]).toEqual([3, expect.stringMatching(/^Error DATABASE_LOST: /m)])
    expect(lost.stderr).not.toMatch(/\n +at |knex/)
    expect(pushed.code, pushed.stderr).toBe(0)
    expect(await shop.salesOrders()).toHaveLength((await shop.documents()).filter((order) => !order.test).length)
    expect([nowhere.code, JSON.parse(nowhere.stdout)]).toMatchObject([10, {error: {code: 'BACKUP_FAILED'}}])
    expect([occupied.code, occupied.stderr]).toEqual([10, expect.stringMatching(/RESTORE_TARGET_NOT_EMPTY/)])
    expect(JSON.parse(restored.stdout)).toMatchObject({rows: (JSON.parse(backup.stdout) as {rows: number}).rows})
    expect((JSON.parse(status.stdout) as {runs: unknown[]}).runs.length).toBeGreaterThan(0)
  },
)
