/**
 * A backlog of 2,000 orders, worked by 1, 2 and 10 processes of `jobs:work` against an account that allows five requests at
 * once, 40 ms each and 15 ms for each of their records. What is busy and what is refused is counted by the sandbox, not by us.
 * The ceiling is what the same requests would give with all five permits in use all the time. The peer is netsuite-rest, one
 * request an order, one after the other; it neither looks for customers nor reads totals back.
 * Required: at least 0.95 of the permits in use while work waits, no request refused; with ten processes of which some are killed
 * amid their work, less than one in a thousand.
 * Usage: node bench/drain.ts [orders]
 */
import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {isMainThread, parentPort, workerData} from 'node:worker_threads'

import {startEmbedded, stopEmbedded} from '../src/lib/ledger/embedded.ts'
import {print} from './figures.ts'
import {
  LATENCY_MS,
  LIMIT,
  openWorld,
  peerCredentials,
  PER_RECORD_MS,
  queueAll,
  serve,
  startWorker,
} from './parts/drain-world.ts'
import type {Place, SalesOrder, Stats, World} from './parts/drain-world.ts'

const ORDERS = Number(process.argv[2] ?? 2000)
const PROCESSES = [1, 2, 10]
const KILLED = {orders: 600, processes: 10, kills: 3}
const REQUIRED = {busy: 0.95, refusedShare: 0.001}
/** The last orders are in few batches, which cannot fill every permit: until then work waits. */
const TAIL = 0.1
const LOOK_MS = 50
const PATIENCE_MS = 120_000
const PEER_ORDERS = 100

type Figures = Readonly<{
  busy: number
  perSecond: number
  ceiling: number
  requests: number
  refusals: number
}>

async function drain(world: World, processes: number, kills: number): Promise<Figures> {
  const queue = await queueAll(world)
  const workers = Array.from({length: processes}, () => startWorker(world))
  await Promise.all(workers.map((worker) => worker.working))
  const before = await world.stats()
  const startMs = performance.now()
  await queue()
  const from = await until(world, (stats) => stats.inFlight >= LIMIT)
  for (const worker of workers.slice(0, kills)) {
    worker.kill()
    await sleep(500)
  }
  const to = await until(world, (_, left) => left <= ORDERS * TAIL)
  const done = await until(world, (_, left) => left === 0)
  const seconds = (done.atMs - startMs) / 1000
  await Promise.all(workers.slice(kills).map((worker) => worker.end()))
  const busyMs = to.stats.busyMs - from.stats.busyMs
  return {
    busy: busyMs / (LIMIT * (to.atMs - from.atMs)),
    perSecond: ORDERS / seconds,
    ceiling: ((written(to.stats) - written(from.stats)) * LIMIT * 1000) / busyMs,
    requests: done.stats.requests - before.requests,
    refusals: done.stats.refusals - before.refusals,
  }
}

/** Sales orders that were added. */
function written({byOperation}: Stats): number {
  return byOperation['soap addList']?.records ?? 0
}

/** `left`: orders that are not done. */
async function until(
  world: World,
  isTrue: (stats: Stats, left: number) => boolean,
): Promise<{stats: Stats; atMs: number}> {
  for (const since = performance.now(); performance.now() - since < PATIENCE_MS; await sleep(LOOK_MS)) {
    const stats = await world.stats()
    if (isTrue(stats, await world.left())) return {stats, atMs: performance.now()}
  }
  throw new Error(`the backlog is not done: ${JSON.stringify(await world.stats())}`)
}

type Peer = Readonly<{request(options: {path: string; method: string; body: string}): Promise<unknown>}>

async function peerPerSecond(world: World): Promise<number> {
  const NetsuiteRest = createRequire(import.meta.url)('netsuite-rest') as new (options: object) => Peer
  const peer = new NetsuiteRest(peerCredentials(world.netsuiteUrl))
  const bodies = (await world.salesOrders()).slice(0, PEER_ORDERS).map((order, i) => peerBody(order, i))
  const startMs = performance.now()
  for (const body of bodies) await peer.request({path: 'record/v1/salesOrder', method: 'POST', body})
  return (bodies.length * 1000) / (performance.now() - startMs)
}

/** The order as netsuite-rest's user would write it: its buyer, and its goods with their amounts. */
function peerBody({entity, subsidiary, lines}: SalesOrder, index: number): string {
  const items = lines.item.map(({fields: {item, quantity, amount}}) => ({
    item: {id: item.id},
    price: {id: '-1'},
    ...(quantity === undefined ? {} : {quantity: Number(quantity)}),
    amount: Number(amount),
  }))
  const order = {externalId: `PEER:${index}`, entity: {id: entity.id}, subsidiary: {id: subsidiary.id}, item: {items}}
  return JSON.stringify(order)
}

async function main(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'tieout-bench-'))
  await chmod(home, 0o711) // as root the server runs under another account, which must pass
  const rows: Row[] = []
  try {
    const server = (await startEmbedded(home)).url
    for (const processes of PROCESSES) {
      const world = await openWorld(home, server, `of_${processes}`, ORDERS)
      rows.push(...rowsOf(`${processes} worker process${processes > 1 ? 'es' : ''}`, await drain(world, processes, 0)))
      if (processes === 1)
        rows.push(['netsuite-rest, one request an order', `${(await peerPerSecond(world)).toFixed(1)} orders/s`, ''])
      await world.end()
    }
    const world = await openWorld(home, server, 'killed', KILLED.orders)
    const killed = await drain(world, KILLED.processes, KILLED.kills)
    await world.end()
    const share = killed.refusals / killed.requests
    if (share > REQUIRED.refusedShare) process.exitCode = 1
    rows.push([
      `refused, ${KILLED.processes} processes of which ${KILLED.kills} were killed`,
      `${killed.refusals} of ${killed.requests}`,
      `${(share * 100).toFixed(2)} %`,
    ])
  } finally {
    process.chdir(tmpdir())
    await stopEmbedded(home)
    await rm(home, {recursive: true, force: true})
  }
  print(
    `jobs:work: ${ORDERS} waiting orders, ${LATENCY_MS} ms a request and ${PER_RECORD_MS} ms a record, ${LIMIT} at once`,
    rows,
  )
}

type Row = [name: string, figure: string, ratio: string]

function rowsOf(name: string, {busy, perSecond, ceiling, requests, refusals}: Figures): Row[] {
  if (busy < REQUIRED.busy || refusals > 0) process.exitCode = 1
  return [
    [`${name}: permits in use`, `${(busy * 100).toFixed(1)} %`, (busy / REQUIRED.busy).toFixed(2)],
    [
      `  orders, start to end; of the ceiling of ${ceiling.toFixed(1)}/s`,
      `${perSecond.toFixed(1)} orders/s`,
      (perSecond / ceiling).toFixed(2),
    ],
    ['  refused', `${refusals} of ${requests}`, ''],
  ]
}

if (isMainThread) await main()
else parentPort?.postMessage(await serve(workerData as Place))
