import {spawn} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'

import {describe, expect, test} from 'vitest'

import {runOn} from '../support/postgres.ts'
import {world, type Ran, type World} from '../support/world.ts'

const run = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

function json<T = Record<string, unknown>>(ran: Ran): T {
  return JSON.parse(ran.stdout) as T
}

function code(ran: Ran): string {
  return json<{error: {code: string}}>(ran).error.code
}

/** The first order of the shop that is not a test. */
async function anOrder(shop: World) {
  const order = (await shop.documents()).find((document) => !document.test)
  if (order === undefined) throw new Error('the shop holds test orders only')
  return order
}

/** Waits until a platform is at work on a request, which takes it its latency. */
async function aRequestUnderWay(shop: World): Promise<void> {
  const busy = async (): Promise<number> =>
    Number((await shop.stats('shopify')).inFlight) + Number((await shop.stats('netsuite')).inFlight)
  await expect.poll(busy, {timeout: 30_000, interval: 25}).toBeGreaterThan(0)
}

describe('an empty ledger', () => {
  test('has an answer to every question', {timeout: 60_000}, async () => {
    const shop = await world({orders: 5})

    const [status, list, trace, show] = await Promise.all([
      shop.tieout('status', '--json'),
      shop.tieout('jobs:list', '--json'),
      shop.tieout('orders:trace', '#1001', '--json'),
      shop.tieout('jobs:show', '#1001', '--json'),
    ])

    expect(status.code).toBe(0)
    expect(json(status)).toMatchObject({parked: {total: 0, oldest: null}, runs: []})
    expect(list.code).toBe(0)
    expect(json(list)).toMatchObject({
      counts: {waiting: 0, running: 0, retrying: 0, parked: 0},
      parked: [],
      waiting: [],
    })
    expect([trace.code, code(trace)]).toEqual([2, 'ORDER_NOT_IN_LEDGER'])
    expect([show.code, code(show)]).toEqual([2, 'ORDER_NOT_IN_LEDGER'])
  })
})

describe('following an order', () => {
  test(
    'the trace has what was sent and answered, and works while both systems are down',
    {timeout: 60_000},
    async () => {
      const shop = await world({orders: 5})
      const order = await anOrder(shop)
      await shop.tieout('orders:push', order.name)
      const down = {SHOPIFY_API_URL: 'http://127.0.0.1:1', NETSUITE_API_URL: 'http://127.0.0.1:1'}

      const text = await shop.start(['orders:trace', order.name], {env: down}).ended
      const traces = json<{subject: string; state: string; entries: {at: string; kind: string; detail: unknown}[]}[]>(
        await shop.start(['orders:trace', String(order.id), '--json'], {env: down}).ended,
      )

      const [held] = await shop.salesOrders()
      expect(text.code, text.stderr).toBe(0)
      expect(text.stdout).toMatch(/arrived by hand[^]*written: salesOrder[^]*linked: salesOrder/)
      expect(text.stdout).toMatch(/sent: .*total \d+\.\d\d [A-Z]{3}\n +line key .*amount \d+\.\d\d/)
      expect(text.stdout).toMatch(/reply: .*requestId \S+/)
      expect(text.stdout).toContain(`NetSuite ${held?.id}`)
      expect(text.stdout).toMatch(/now: settled/)
      const times = traces[0]?.entries.map(({at}) => at) ?? []
      expect(times).toEqual(times.toSorted())
      expect(times.every((at) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at))).toBe(true)
    },
  )

  test('parking and retrying leave who, when and why in its history', {timeout: 60_000}, async () => {
    const shop = await world({orders: 5})
    const {name} = await anOrder(shop)
    await shop.tieout('orders:push', name)

    const parked = await shop.tieout('jobs:park', name, '--note', 'address disputed', '--owner', 'ana')
    const whileParked = await shop.tieout('orders:trace', name)
    const status = await shop.tieout('status')
    const retried = await shop.tieout('jobs:retry', name, '--note', 'settled by phone', '--json')
    const again = await shop.tieout('jobs:retry', name)
    const trace = await shop.tieout('orders:trace', name)

    expect(parked.code, parked.stderr).toBe(0)
    expect(whileParked.stdout).toMatch(/now: parked/)
    expect([status.code, status.stdout]).toEqual([3, expect.stringMatching(/PARKED_BY_HAND/)])
    expect(json<{queued: string[]}>(retried).queued).toHaveLength(1)
    expect([again.code, again.stderr]).toEqual([3, expect.stringMatching(/is not parked/)])
    expect(trace.stdout).toMatch(/owner: ana/)
    expect(trace.stdout).toMatch(/taken up again by \S+: settled by phone/)
    expect(trace.stdout).toMatch(/now: waits in the queue/)
  })
})

describe('a crowd of parked orders', () => {
  test('fits on a screen, is counted in full, and its texts cannot steer the terminal', {timeout: 60_000}, async () => {
    const shop = await world()
    await runOn(
      shop.databaseUrl,
      `insert into tieout.parked (flow, subject, name, code, message, hint, attempts)
       select 'orders', 'tieout-demo.myshopify.com/' || n, '#' || n, 'SKU_UNMAPPED', $1, 'create it', 1 from generate_series(1, 10000) n`,
      ['\u001b[2J\u009bred \u202e item'],
    )

    const list = await shop.tieout('jobs:list')
    const all = await shop.tieout('jobs:list', '--json', '--limit', '10000')
    const shown = await shop.tieout('jobs:show', '#77')
    const status = await shop.tieout('status')

    expect(list.stdout).toMatch(/^10000 parked/)
    expect(list.stdout.split('\n').length).toBeLessThan(200)
    expect(json<{parked: unknown[]}>(all).parked).toHaveLength(10_000)
    expect(status.stdout).toMatch(/parked: 10000/)
    for (const {stdout} of [list, all, shown]) expect(stdout).not.toMatch(/[\u001b\u009b\u202e]/)
  })
})

describe('what goes wrong outside of an order', () => {
  test('a database that is not there ends with 10, and its password is not told', async () => {
    const shop = await world()

    const ran = await shop.start(['status'], {env: {DATABASE_URL: 'postgresql://ana:hunter2@127.0.0.1:1/books'}}).ended

    expect(ran.code).toBe(10)
    expect(ran.stderr).toMatch(/^Error DATABASE_UNREACHABLE: .*127\.0\.0\.1:1\/books/)
    expect(ran.stderr).not.toMatch(/hunter2|\n +at /)
  })

  test(
    'another shop, or a refused credential: one message each, and the run is remembered',
    {timeout: 60_000},
    async () => {
      const shop = await world({orders: 5})
      const before = (await shop.stats('netsuite')).requests

      const other = await shop.tieout('orders:push', '--shop', 'other.myshopify.com', '--json')
      const untouched = (await shop.stats('netsuite')).requests
      const env = {NETSUITE_TOKEN_SECRET: 'wrong-secret', NETSUITE_CONCURRENCY: ''}
      const refused = await shop.start(['orders:push', '--since', '2020-01-01'], {env}).ended
      const status = await shop.tieout('status')

      expect([other.code, code(other)]).toEqual([2, 'FLAGS_INVALID'])
      expect(untouched).toBe(before)
      expect([refused.code, refused.stderr]).toEqual([12, expect.stringMatching(/^Error NETSUITE_LOGIN_REFUSED/m)])
      expect(refused.stdout + refused.stderr).not.toContain('wrong-secret')
      expect(status.stdout).toMatch(/orders:push.*NETSUITE_LOGIN_REFUSED/)
    },
  )

  test('a reader that goes away, as head does, ends the command quietly', {timeout: 60_000}, async () => {
    const shop = await world({orders: 10})
    const env = {PATH: process.env.PATH, NODE_ENV: 'production'}
    const script = `'${process.execPath}' '${run}' orders:push --since 2020-01-01 --dry-run | head -1`

    const child = spawn('sh', ['-c', script], {cwd: shop.folder, env, stdio: ['ignore', 'pipe', 'pipe']})
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    await new Promise((resolve) => child.on('close', resolve))

    expect(stdout).toMatch(/^#\d+ would be/)
    expect(stderr).toBe('')
  })
})

describe('Ctrl-C', () => {
  test('ends a push with 130 and one line; a second one ends it at once', {timeout: 60_000}, async () => {
    const shop = await world({orders: 40, latencyMs: 1500})
    const once = shop.start(['orders:push', '--since', '2020-01-01', '--limit', '5'])
    await aRequestUnderWay(shop)
    once.process.kill('SIGINT')
    const ended = await once.ended
    const twice = shop.start(['orders:push', '--since', '2020-01-01'])
    await aRequestUnderWay(shop)
    twice.process.kill('SIGINT')
    await delay(150)
    const second = Date.now()
    twice.process.kill('SIGINT')
    const {signal} = await twice.ended

    expect(ended.code, ended.stderr).toBe(130)
    expect(ended.stderr.match(/^Interrupted/gm)).toHaveLength(1)
    expect(signal).toBe('SIGINT')
    expect(Date.now() - second).toBeLessThan(1000)
  })

  test('is how the sandbox ends: exit 0, and the ports are free again', {timeout: 60_000}, async () => {
    const shop = await world()
    const taken = new URL(shop.shopifyUrl).port
    const refused = await shop.start(['sandbox:start', '--orders', '1', '--shopify-port', taken]).ended
    const fault = await shop.tieout('sandbox:start', '--orders', '1', '--faults', 'netsuite:nope', '--json')
    const sandbox = shop.start(['sandbox:start', '--orders', '1'])
    let said = ''
    await new Promise<void>((resolve) =>
      sandbox.process.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()).includes('Ctrl-C') && resolve()),
    )
    sandbox.process.kill('SIGINT')
    const ended = await sandbox.ended

    expect([refused.code, refused.stderr]).toEqual([10, expect.stringMatching(/SANDBOX_NOT_STARTED.*EADDRINUSE/)])
    expect([fault.code, code(fault)]).toEqual([2, 'FLAGS_INVALID'])
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/^Stopped/)])
  })
})

describe('what a command says and where', () => {
  test('with --quiet and --json stderr is silent, and stdout is one document', {timeout: 60_000}, async () => {
    const shop = await world({orders: 6, awkward: true})

    const json = await shop.tieout('orders:push', '--since', '2020-01-01', '--json')
    const quiet = await shop.tieout('jobs:list', '--quiet')
    const commands = [['status'], ['jobs:list'], ['reconcile', 'orders'], ['orders:push', '--since', '2020-01-01', '--dry-run'], ['orders:show', '#1001'], ['ledger:migrate'], ['ledger:start'], ['ledger:backup', '--file', 'b.gz']] // prettier-ignore
    const all = await Promise.all(commands.map((args) => shop.tieout(...args, '--json')))

    for (const ran of [json, ...all]) {
      expect(ran.stderr).toBe('')
      expect(() => JSON.parse(ran.stdout) as unknown).not.toThrow()
    }
    expect([quiet.code, quiet.stderr]).toEqual([0, ''])
    expect(readFileSync(`${shop.folder}/b.gz`).subarray(0, 2).toString('hex')).toBe('1f8b')
  })
})
