/**
 * webhooks:listen under 64 busy connections with orders of 5.7 kB, each a new order, beside the least that a durable row can
 * cost: inserts of the same row, one a statement, over 16 connections of pg. The two take turns on one server. The listener
 * is the command itself, in a process of its own, as are the sender and the peer. A second part sends at half of the rate.
 * Required: 0.8 of the inserts a second, and 99 of 100 answers within 50 ms at half of the rate.
 * Usage: node bench/webhooks.ts [seconds a turn] [turns]
 */
import {fork, spawn, type ChildProcess} from 'node:child_process'
import {createHmac} from 'node:crypto'
import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {connect, type Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'

import pg from 'pg'

import {startEmbedded, stopEmbedded} from '../src/lib/ledger/embedded.ts'
import {openLedger} from '../src/lib/ledger/open.ts'
import {median, print} from './figures.ts'
import {orderBody} from './parts/webhook-order.ts'

const CONNECTIONS = 64
const PEER_CONNECTIONS = 16
const SECRET = 'bench'
const SHOP = 'bench.myshopify.com'
const REQUIRED = {ratio: 0.8, p99Ms: 50}

type Job = Readonly<{kind: 'load' | 'peer'; url: string; seconds: number; from: number; perSecond: number | null}>
type Done = Readonly<{count: number; perSecond: number; p50Ms: number; p99Ms: number; refused: number}>

const FIRST = 5_000_000_000

/** A signed delivery, as it goes over the line. */
function delivery(id: number): Buffer {
  const bytes = orderBody(id)
  const signature = createHmac('sha256', SECRET).update(bytes).digest('base64')
  const head = [
    'POST /webhooks/shopify HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', `Content-Length: ${bytes.length}`,
    'X-Shopify-Topic: orders/create', `X-Shopify-Hmac-Sha256: ${signature}`, `X-Shopify-Shop-Domain: ${SHOP}`,
    'X-Shopify-API-Version: 2026-10', `X-Shopify-Webhook-Id: 0b2d1f2a-bench-${id}`,
    `X-Shopify-Triggered-At: ${new Date().toISOString()}`, '', '',
  ] // prettier-ignore
  return Buffer.concat([Buffer.from(head.join('\r\n')), bytes])
}

/**
 * A connection that stays open, for one request and its answer after the other; says whether it was 200. The answers of the
 * listener come whole, with a known length.
 */
function sender(socket: Socket): (message: Buffer) => Promise<boolean> {
  let [text, answered, failed] = ['', (_is200: boolean) => {}, (_error: Error) => {}]
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    if (end === -1 || text.length < end + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)) return
    const isOk = text.startsWith('HTTP/1.1 200')
    text = ''
    answered(isOk)
  })
  socket.once('close', () => failed(new Error('the listener closed the connection')))
  return (message) =>
    new Promise((resolve, reject) => {
      ;[answered, failed] = [resolve, reject]
      socket.write(message)
    })
}

/** What is sent is made before: sender and peer share the processors with what is measured. */
const MADE_PER_SECOND = 8000

function made<T>(make: (id: number) => T, from: number, count: number): T[] {
  return Array.from({length: count}, (_, i) => make(from + i))
}

/** Sends as fast as answers come, or at a rate; then a time counts from when the request was due. */
async function load({url, seconds, from, perSecond}: Job): Promise<Done> {
  const {hostname, port} = new URL(url)
  const times: number[] = []
  let [sent, refused] = [0, 0]
  const ready = made(delivery, from, Math.ceil((perSecond ?? MADE_PER_SECOND) * seconds))
  const beganMs = performance.now()
  const one = async (): Promise<void> => {
    const socket = connect({host: hostname, port: Number(port), noDelay: true})
    const send = sender(socket)
    for (;;) {
      const n = sent++
      const dueMs = perSecond === null ? performance.now() : beganMs + (n * 1000) / perSecond
      if (dueMs - beganMs > seconds * 1000) break
      const waitMs = dueMs - performance.now()
      if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs))
      if (!(await send(ready[n] ?? delivery(from + n)))) refused++
      times.push(performance.now() - dueMs)
    }
    socket.removeAllListeners('close').end()
  }
  await Promise.all(Array.from({length: CONNECTIONS}, one))
  return done(times, beganMs, refused)
}

/** The same rows, one a statement, each on disk before the next. */
async function peer({url, seconds, from}: Job): Promise<Done> {
  const times: number[] = []
  let n = 0
  const row = (id: number) => [`0b2d1f2a-peer-${id}`, `${SHOP}/${id}`, `#${id % 1_000_000}`, orderBody(id), new Date()]
  const ready = made(row, from, MADE_PER_SECOND * seconds)
  const clients = Array.from({length: PEER_CONNECTIONS}, () => new pg.Client({connectionString: url}))
  await Promise.all(clients.map((client) => client.connect()))
  const beganMs = performance.now()
  const text = `insert into tieout.events (source, delivery_id, flow, subject, name, topic, body, received_at)
    values ('webhook', $1, 'orders', $2, $3, 'orders/create', $4, $5)`
  const one = async (client: pg.Client): Promise<void> => {
    while (performance.now() - beganMs < seconds * 1000) {
      const [i, startMs] = [n++, performance.now()]
      const values = ready[i] ?? row(from + i)
      await client.query({name: 'row', text, values})
      times.push(performance.now() - startMs)
    }
  }
  await Promise.all(clients.map(one))
  const figures = done(times, beganMs, 0)
  await Promise.all(clients.map((client) => client.end()))
  return figures
}

function done(times: readonly number[], beganMs: number, refused: number): Done {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  const perSecond = (times.length / (performance.now() - beganMs)) * 1000
  return {count: times.length, perSecond, p50Ms: at(0.5), p99Ms: at(0.99), refused}
}

/** Runs a job in a process of its own. */
function inProcess(job: Job): Promise<Done> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(job)])
    child.once('message', (figures) => resolve(figures as Done))
    child.once('exit', (code) => (code === 0 ? undefined : reject(new Error(`${job.kind} ended with ${code}`))))
  })
}

async function startCommand(databaseUrl: string): Promise<{url: string; command: ChildProcess}> {
  const dev = fileURLToPath(new URL('../bin/dev.js', import.meta.url))
  const env = {...process.env, DATABASE_URL: databaseUrl, SHOPIFY_SHOP: SHOP, SHOPIFY_WEBHOOK_SECRET: SECRET}
  const command = spawn(process.execPath, [dev, 'webhooks:listen', '--port', '0', '--no-work'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    const lines: string[] = []
    createInterface({input: command.stderr}).on('line', (line) => {
      lines.push(line)
      const found = /"event":"listening","url":"([^"]+)"/.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    command.once('exit', () => reject(new Error(lines.join('\n'))))
  })
  return {url, command}
}

async function main(seconds: number, turns: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'tieout-bench-'))
  await chmod(home, 0o711) // as root the server runs under another account, which must pass
  try {
    const databaseUrl = (await startEmbedded(home)).url
    const ledger = await openLedger({databaseUrl, home})
    const {url, command} = await startCommand(databaseUrl)
    const rounds: {ours: Done; peer: Done}[] = []
    let from = FIRST
    const next = (job: Omit<Job, 'from'>) => inProcess({...job, from: (from += 10_000_000)})
    await next({kind: 'load', url, seconds: 1, perSecond: null})
    for (let i = 0; i < turns; i++) {
      const peers = await next({kind: 'peer', url: databaseUrl, seconds, perSecond: null})
      rounds.push({peer: peers, ours: await next({kind: 'load', url, seconds, perSecond: null})})
    }
    const half = median(rounds.map(({ours}) => ours.perSecond)) / 2
    const paced = await next({kind: 'load', url, seconds: seconds * 2, perSecond: half})
    command.kill('SIGTERM')
    await new Promise((resolve) => command.once('exit', resolve))
    await ledger.close()
    report(rounds, paced, half)
  } finally {
    await stopEmbedded(home)
    await rm(home, {recursive: true, force: true})
  }
}

function report(rounds: readonly {ours: Done; peer: Done}[], paced: Done, half: number): void {
  const of = (pick: (round: {ours: Done; peer: Done}) => number) => median(rounds.map(pick))
  const ratio = of(({ours, peer}) => ours.perSecond / peer.perSecond)
  const refused = paced.refused + rounds.reduce((sum, {ours}) => sum + ours.refused, 0)
  const ms = (value: number) => `${value.toFixed(1)} ms`
  print(`webhooks:listen, ${orderBody(FIRST).length} bytes, ${CONNECTIONS} connections, each a new order`, [
    ['single-row inserts, 16 connections', `${of(({peer}) => peer.perSecond).toFixed(0)} rows/s`, '1.00'],
    ['accepted, on disk and queued', `${of(({ours}) => ours.perSecond).toFixed(0)} requests/s`, ratio.toFixed(2)],
    ['answered, median', ms(of(({ours}) => ours.p50Ms)), ''],
    ['answered, 99 of 100', ms(of(({ours}) => ours.p99Ms)), ''],
    [`at ${half.toFixed(0)} requests/s, median`, ms(paced.p50Ms), ''],
    [`at ${half.toFixed(0)} requests/s, 99 of 100`, ms(paced.p99Ms), (paced.p99Ms / REQUIRED.p99Ms).toFixed(2)],
    ['refused', String(refused), ''],
  ])
  if (ratio < REQUIRED.ratio || paced.p99Ms > REQUIRED.p99Ms || refused > 0) process.exitCode = 1
}

const [, , first, second] = process.argv
if (process.send === undefined) await main(Number(first ?? 4), Number(second ?? 3))
else {
  const job = JSON.parse(first ?? '') as Job
  process.send(job.kind === 'load' ? await load(job) : await peer(job), () => process.disconnect())
}
