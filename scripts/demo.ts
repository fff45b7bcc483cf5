// The whole main job in one go: a sandbox of both platforms, a seeded shop, the real orders:push, then both sides read independently.
import {spawn, spawnSync, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync, rmSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'
import {fileURLToPath} from 'node:url'

import Table from 'cli-table3'
import {Listr} from 'listr2'

type RefundLine = Readonly<{restock_type: string; subtotal: number | string; total_tax: number | string}>
type Amount = Readonly<{shop_money: Readonly<{amount: string}>}>
type ShippingRefund = Readonly<{subtotal_amount_set: Amount; tax_amount_set: Amount}>
type Order = Readonly<{
  name: string
  test: boolean
  created_at: string
  cancelled_at: string | null
  taxes_included: boolean
  total_price: string
  current_total_price: string
  refunds: readonly Readonly<{
    refund_line_items: readonly RefundLine[]
    refund_shipping_lines: readonly ShippingRefund[]
  }>[]
}>
type SalesOrder = Readonly<{externalId: string | null; total: string; currency: string}>
type Parked = Readonly<{name: string; code: string; message: string}>
type Pushed = Readonly<{counts: Record<string, number>; requests: Readonly<{shopify: number; netsuite: number}>}>

type Sandbox = Readonly<{child: ChildProcess; shopify: string; netsuite: string}>

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, '.tieout', 'demo')
const run = join(root, 'bin', 'run.js')
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(SHOPIFY|NETSUITE|TIEOUT|DATABASE)_/.test(name)),
)
const say = (text: string) => void process.stdout.write(`${text}\n`)

function tieout(...args: string[]): string {
  const {stdout, status} = spawnSync(process.execPath, [run, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  })
  if (status !== 0 && status !== 3) throw new Error(`tieout ${args.join(' ')} ended with ${status}`)
  return stdout
}

/** Starts the sandbox and waits for the line that says it is ready; gives its two addresses. */
async function startSandbox(): Promise<Sandbox> {
  const child = spawn(
    process.execPath,
    [run, 'sandbox:start', '--orders', '120', '--awkward', '--latency', '5', '--write-config', '.'],
    {cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit']},
  )
  // Read to the end: a closed pipe would be a fault of its own.
  const ready = new Promise<string>((resolve) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('Ctrl-C')) resolve(text)
    })
    child.once('exit', () => resolve(text))
  })
  const text = await ready
  const [shopify, netsuite] = ['Shopify', 'NetSuite'].map((name) => new RegExp(`${name} +(http\\S+)`).exec(text)?.[1])
  if (shopify === undefined || netsuite === undefined) throw new Error('the sandbox did not start')
  return {child, shopify, netsuite}
}

async function read<T>(url: string): Promise<T> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return (await answer.json()) as T
}

/** Exact: a decimal text of two digits as an integer of cents. */
function cents(text: string | number): bigint {
  const [whole = '0', fraction = ''] = String(text).replace('-', '').split('.')
  const value = BigInt(whole + fraction.slice(0, 2).padEnd(2, '0'))
  return String(text).startsWith('-') ? -value : value
}

function decimal(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(3, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/**
 * What Shopify's own figures say that a sales order has to hold: what stands on the order now, and what was returned after it
 * shipped, which refunds undo in the books and not on the order. A cancelled order stands closed, with all that it was.
 */
function standing(order: Order): bigint {
  if (order.cancelled_at !== null) return cents(order.total_price)
  const lines = order.refunds
    .flatMap((refund) => refund.refund_line_items)
    .filter((line) => line.restock_type !== 'cancel')
  const shipping = order.refunds.flatMap((refund) => refund.refund_shipping_lines)
  const undone = [
    ...lines.map((line) => ({net: cents(line.subtotal), tax: cents(line.total_tax)})),
    ...shipping.map((line) => ({
      net: cents(line.subtotal_amount_set.shop_money.amount),
      tax: cents(line.tax_amount_set.shop_money.amount),
    })),
  ]
  return undone.reduce(
    (sum, {net, tax}) => sum + net + (order.taxes_included ? 0n : tax),
    cents(order.current_total_price),
  )
}

type Demo = {sandbox?: Sandbox; orders: readonly Order[]; pushed?: Pushed; parked: readonly Parked[]}

/** Nothing of an earlier demo is left: neither its server nor its files. */
function reset(): void {
  const home = {...env, TIEOUT_HOME: join(folder, '.tieout')}
  spawnSync(process.execPath, [run, 'ledger:stop'], {cwd: root, env: home, stdio: 'ignore'})
  rmSync(folder, {recursive: true, force: true})
  mkdirSync(folder, {recursive: true})
}

const steps = new Listr<Demo>(
  [
    {
      title: 'starting Postgres, a Shopify and a NetSuite on this machine',
      task: async (demo) => {
        reset()
        demo.sandbox = await startSandbox()
        demo.orders = await read<Order[]>(`${demo.sandbox.shopify}/_sandbox/orders`)
      },
    },
    {
      title: 'tieout orders:push',
      task: (demo, task) => {
        task.title = `tieout orders:push --since ${since(demo.orders)} (${demo.orders.length} orders)`
        demo.pushed = JSON.parse(tieout('orders:push', '--since', since(demo.orders), '--json')) as Pushed
        demo.parked = (JSON.parse(tieout('jobs:list', '--json')) as {parked: Parked[]}).parked
      },
    },
  ],
  {fallbackRenderer: 'simple'},
)

async function main(): Promise<void> {
  const began = Date.now()
  const demo: Demo = {orders: [], parked: []}
  try {
    await steps.run(demo)
    await report(demo)
    say(`\n${((Date.now() - began) / 1000).toFixed(1)} s. Everything that happened is in the ledger. Look around:\n`)
    for (const [command, why] of lookAround(demo.orders)) say(`  ${command.padEnd(80)} # ${why}`)
    say('\nThe tour in README.md starts the sandbox for as long as you like.')
  } finally {
    await stop(demo.sandbox)
  }
}

function lookAround(orders: readonly Order[]): (readonly [string, string])[] {
  const at = `TIEOUT_HOME=${relative(process.cwd(), join(folder, '.tieout'))} ${relative(process.cwd(), run)}`
  const first = orders.find((order) => !order.test)?.name ?? '#1001'
  return [
    [`${at} orders:trace '${first}'`, 'one order, from hint to sales order'],
    [`${at} jobs:list`, 'what is parked, and what to do'],
    [`${at} status`, 'how things stand'],
  ]
}

async function stop(sandbox: Sandbox | undefined): Promise<void> {
  if (sandbox !== undefined && sandbox.child.exitCode === null) {
    sandbox.child.kill('SIGINT')
    await once(sandbox.child, 'exit')
  }
  tieout('ledger:stop')
}

function since(orders: readonly Order[]): string {
  return orders.map((order) => order.created_at.slice(0, 10)).toSorted()[0] ?? '2026-01-01'
}

async function report({sandbox, orders, pushed, parked}: Demo): Promise<void> {
  if (sandbox === undefined || pushed === undefined) throw new Error('the push did not run')
  const {netsuite} = sandbox
  const salesOrders = await read<SalesOrder[]>(`${netsuite}/_sandbox/records/salesOrder`)
  const customers = await read<unknown[]>(`${netsuite}/_sandbox/records/customer`)
  const names = new Set(parked.map((job) => job.name))
  const expected = orders.filter((order) => !order.test && !names.has(order.name))
  const shopifySum = expected.reduce((sum, order) => sum + standing(order), 0n)
  const netsuiteSum = salesOrders.reduce((sum, order) => sum + cents(order.total), 0n)
  const tests = orders.filter((order) => order.test).length
  const table = new Table({
    head: ['', 'Shopify', 'NetSuite'],
    style: {head: [], border: []},
    colAligns: ['left', 'right', 'right'],
  })
  table.push(
    ['orders, sales orders', String(expected.length), String(salesOrders.length)],
    ['sum of their totals', decimal(shopifySum), decimal(netsuiteSum)],
    ['difference', '', decimal(shopifySum - netsuiteSum)],
    ['customers', '', String(customers.length)],
    ['test orders, skipped', String(tests), '0'],
    ['parked', String(parked.length), '0'],
    ['requests', String(pushed.requests.shopify), String(pushed.requests.netsuite)],
  )
  say(`\nBoth sides, each read by itself:\n${table.toString()}`)
  for (const job of parked.toSorted((a, b) => a.name.localeCompare(b.name)))
    say(`  parked ${job.name}: ${job.code}: ${job.message}`)
  if (shopifySum !== netsuiteSum || expected.length !== salesOrders.length)
    throw new Error('the two sides do not agree')
}

await main()
