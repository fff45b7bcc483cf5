import {connect, type Socket} from 'node:net'
import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import fc from 'fast-check'
import {expect, onTestFinished, test, vi} from 'vitest'

import {systemClock} from '../../../../src/lib/core/clock.ts'
import {startEmbedded, stopEmbedded} from '../../../../src/lib/ledger/embedded.ts'
import {openIntake} from '../../../../src/lib/ledger/intake.ts'
import {openLedger, type Ledger} from '../../../../src/lib/ledger/open.ts'
import {startListener, type Listener, type ListenerOptions} from '../../../../src/lib/ops/listener/server.ts'
import {freshLedger} from '../../../support/fresh-ledger.ts'
import {headersOf, order, post, SECRET, SHOP, signature, type Sent} from './sender.ts'

type Playing = Readonly<{url: string; ledger: Ledger; listener: Listener; lines: string[]}>

async function listen(change: Partial<ListenerOptions> = {}, on?: Ledger): Promise<Playing> {
  const ledger = on ?? (await freshLedger())
  const intake = openIntake(ledger)
  const lines: string[] = []
  const listener = await startListener({
    host: '127.0.0.1',
    port: 0,
    shops: new Set([SHOP]),
    secrets: [SECRET, 'old'],
    intake,
    clock: systemClock,
    publicMetrics: false,
    log: (line) => void lines.push(line),
    ...change,
  })
  onTestFinished(async () => {
    await listener.stop()
    await intake.close()
  })
  return {url: listener.url, ledger, listener, lines}
}

type Row = Readonly<{
  flow: string
  subject: string
  topic: string
  name: string | null
  body: Buffer
  delivery_id: string
}>
const told = (lines: readonly string[]) =>
  lines.map((line) => JSON.parse(line) as {event: string; times: number; detail?: string})
const eventsOf = (ledger: Ledger) => ledger.db<Row>('events').select().orderBy('id')
const figure = async (url: string, name: string) => {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (.*)$`, 'm').exec(text)?.[1] ?? 0)
}

/** A connection that speaks for itself. */
async function raw(url: string): Promise<{socket: Socket; answer: Promise<string>}> {
  const {hostname, port} = new URL(url)
  const socket = connect({host: hostname, port: Number(port), allowHalfOpen: true})
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const answer = new Promise<string>((resolve) => {
    socket.once('end', () => resolve(text))
    socket.once('error', () => resolve(text))
    socket.once('close', () => resolve(text))
  })
  await new Promise((resolve) => socket.once('connect', resolve))
  return {socket, answer}
}

const headOf = (sent: Sent, length: number) =>
  [
    'POST /webhooks/shopify HTTP/1.1',
    'Host: localhost',
    `Content-Length: ${length}`,
    ...Object.entries(headersOf(sent)).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n')

test('an accepted delivery is in the ledger, byte by byte, and its order is queued', async () => {
  const {url, ledger} = await listen()
  const body = Buffer.from([...Buffer.from('{"id":5001,"name":"#1001","note":"'), 0xc3, 0x28, ...Buffer.from('"}')])

  const response = await post(url, {body, headers: {'x-shopify-webhook-id': 'delivery-1'}})

  expect([response.status, await response.text()]).toEqual([200, ''])
  const rows = await eventsOf(ledger)
  expect(rows).toMatchObject([
    {delivery_id: 'delivery-1', subject: `${SHOP}/5001`, name: '#1001', topic: 'orders/create'},
  ])
  expect(rows[0]?.body).toEqual(body)
  expect((await ledger.queue.fetch('orders', 5)).map(({subject}) => subject)).toEqual([`${SHOP}/5001`])
})

test('the secret before the current one still counts, and the figures say who signs with it', async () => {
  const {url} = await listen()

  expect((await post(url, {secret: 'old'})).status).toBe(200)
  expect((await post(url)).status).toBe(200)

  expect(await figure(url, 'tieout_webhooks_signed_total{secret="previous"}')).toBe(1)
})

const refusals: readonly (readonly [what: string, status: number, reason: string, sent: Sent])[] = [
  ['without a signature', 401, 'unsigned', {headers: {'x-shopify-hmac-sha256': undefined}}],
  ['signed with another secret', 401, 'signature', {secret: 'stranger'}],
  ['with the signature of another body', 401, 'signature', {headers: {'x-shopify-hmac-sha256': signature('{}')}}],
  ['of another shop', 403, 'shop', {headers: {'x-shopify-shop-domain': 'other.myshopify.com'}}],
  ['without a topic', 400, 'header', {headers: {'x-shopify-topic': undefined}}],
  ['without a delivery id', 400, 'header', {headers: {'x-shopify-webhook-id': undefined}}],
  ['that is a form', 415, 'content-type', {headers: {'content-type': 'application/x-www-form-urlencoded'}}],
  ['that is too long', 413, 'too-large', {body: 'x'.repeat(3001)}],
]
test.each(refusals)(
  'a delivery %s is answered with %i, counted as %s, and leaves no row',
  async (_, status, reason, sent) => {
    const {url, ledger, lines} = await listen({bounds: {bodyBytesMax: 3000}})

    const response = await post(url, sent)

    expect(response.status).toBe(status)
    expect(await figure(url, `tieout_webhooks_refused_total{reason="${reason}"}`)).toBe(1)
    expect(await eventsOf(ledger)).toEqual([])
    expect(told(lines).map(({event}) => event)).toEqual([reason])
    expect((await post(url)).status).toBe(200)
  },
)

test('a body that is longer than its bound is refused also when its length was not told', async () => {
  const {url} = await listen({bounds: {bodyBytesMax: 3000}})
  const body = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 40; i++) controller.enqueue(Buffer.alloc(100, 'x'))
      controller.close()
    },
  })

  const response = await fetch(`${url}/webhooks`, {
    method: 'POST',
    body,
    duplex: 'half',
    headers: headersOf({}),
  })

  expect(response.status).toBe(413)
})

test('a topic that no flow works is kept as ignored and answered with 200, or Shopify would end all subscriptions', async () => {
  const {url, ledger} = await listen()

  const response = await post(url, {body: '{"id":7}', headers: {'x-shopify-topic': 'customers/update'}})

  expect(response.status).toBe(200)
  expect(await eventsOf(ledger)).toMatchObject([{flow: 'ignored', subject: SHOP, topic: 'customers/update'}])
  expect(await ledger.queue.counts('orders')).toMatchObject({waiting: 0})
})

test('an authentic body that is no JSON is kept, flagged and told, without a word of it', async () => {
  const {url, ledger, lines} = await listen()

  expect((await post(url, {body: 'secret <html>'})).status).toBe(200)

  expect(await eventsOf(ledger)).toMatchObject([
    {flow: 'unreadable', subject: SHOP, body: Buffer.from('secret <html>')},
  ])
  expect(lines.join()).toContain('unreadable')
  expect(lines.join()).not.toContain('secret')
})

test('a delivery that comes again, and an old one that is replayed, are answered with 200 and change nothing', async () => {
  const {url, ledger} = await listen()
  const headers = {'x-shopify-webhook-id': 'delivery-1', 'x-shopify-triggered-at': '2020-01-01T00:00:00Z'}

  const statuses = await Promise.all(Array.from({length: 5}, async () => (await post(url, {headers})).status))

  expect(statuses).toEqual([200, 200, 200, 200, 200])
  expect(await eventsOf(ledger)).toHaveLength(1)
  expect(await figure(url, 'tieout_webhooks_total{outcome="seen"}')).toBe(4)
})

test('of many deliveries at once a row that the ledger refuses fails alone', async () => {
  const {url, ledger, lines} = await listen()
  await ledger.db.raw(`alter table events add check (subject <> '${SHOP}/13')`)

  const answers = await Promise.all(
    Array.from({length: 40}, async (_, id) => (await post(url, {body: order(id + 1)})).status),
  )

  expect(answers.map((status, i) => [i + 1, status]).filter(([, status]) => status !== 200)).toEqual([[13, 500]])
  expect(await eventsOf(ledger)).toHaveLength(39)
  expect(told(lines)).toMatchObject([{event: 'row', detail: '23514'}])
})

test('whatever is sent, the listener lives, and only what is authentic is kept', async () => {
  const {url, ledger} = await listen()
  let authentic = 0
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({maxLength: 500}),
      fc.constantFrom('orders/create', 'refunds/create', 'shop/update', 'nonsense', '../..'),
      fc.boolean(),
      async (bytes, topic, isSigned) => {
        const body = Buffer.from(bytes)
        const sent = {body, headers: {'x-shopify-topic': topic}, ...(isSigned ? {} : {secret: 'stranger'})}
        const {status} = await post(url, sent)
        const isKept = isSigned && /^\w+\/\w+$/.test(topic)
        if (isKept) authentic++
        expect(status).toBe(isKept ? 200 : isSigned ? 400 : 401)
      },
    ),
    {numRuns: 60},
  )
  expect(await eventsOf(ledger)).toHaveLength(authentic)
})

test('more bodies than there is room for are told to come again, and room is given back', async () => {
  const {url} = await listen({bounds: {requestsMax: 3}})
  const held = await Promise.all([1, 2, 3].map(() => raw(url)))
  for (const {socket} of held) socket.write(headOf({body: order(1)}, 1000))
  await vi.waitFor(async () => expect(await figure(url, 'tieout_webhook_requests')).toBe(3))

  const response = await post(url)
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])

  for (const {socket} of held) socket.destroy()
  await vi.waitFor(async () => expect((await post(url)).status).toBe(200))
  expect(await figure(url, 'tieout_webhook_bytes')).toBe(0)
})

test('more bytes than there is room for are told to come again', async () => {
  const {url} = await listen({bounds: {bytesMax: 5000}})
  const {socket} = await raw(url)
  socket.write(headOf({body: 'x'.repeat(5000)}, 5000) + 'x'.repeat(4990))
  await vi.waitFor(async () => expect(await figure(url, 'tieout_webhook_bytes')).toBe(4990))

  expect((await post(url)).status).toBe(503)

  socket.destroy()
  await vi.waitFor(async () => expect((await post(url)).status).toBe(200))
})

test('a sender that trickles its headers or its body is cut off, and others are served meanwhile', async () => {
  const {url} = await listen({bounds: {headersMs: 200, requestMs: 400}})
  const [headers, body] = [await raw(url), await raw(url)]
  headers.socket.write('POST /webhooks HTTP/1.1\r\nHost: loc')
  body.socket.write(headOf({body: order(1)}, 1000) + '{"id"')

  expect((await post(url)).status).toBe(200)

  expect(await headers.answer).toMatch(/^HTTP\/1.1 408/)
  await body.answer
  await vi.waitFor(async () => expect(await figure(url, 'tieout_webhook_requests')).toBe(0))
})

test('a request whose sender closes its half, or goes in the middle, does no harm', async () => {
  const {url, ledger} = await listen()
  const whole = order(5001)
  const [half, cut, odd] = [await raw(url), await raw(url), await raw(url)]
  half.socket.end(headOf({body: whole}, Buffer.byteLength(whole)) + whole)
  cut.socket.write(headOf({body: whole}, 1000) + whole.slice(0, 20))
  await delay(50)
  cut.socket.destroy()
  odd.socket.write('\u0000\u0001 nonsense\r\n\r\n')

  await half.answer
  expect(await odd.answer).toMatch(/^HTTP\/1.1 400/)
  expect((await post(url, {body: order(5002)})).status).toBe(200)
  expect((await eventsOf(ledger)).map(({subject}) => subject)).toContain(`${SHOP}/5002`)
  await vi.waitFor(async () => expect(await figure(url, 'tieout_webhook_requests')).toBe(0))
})

test('a flood of bad requests is one line in the log, with the number at the end', async () => {
  const {url, listener, lines} = await listen()

  for (let i = 0; i < 30; i++) await post(url, {secret: 'stranger'})

  expect(lines).toHaveLength(1)
  await listener.stop()
  expect(told(lines).map(({times}) => times)).toEqual([1, 29])
})

test('the health says alive, and ready while the database answers', async () => {
  const {url} = await listen()

  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect(await (await fetch(`${url}/healthz?ready`)).text()).toBe('ready\n')
  expect((await fetch(`${url}/elsewhere`)).status).toBe(404)
  expect((await fetch(`${url}/webhooks`)).status).toBe(405)
})

test('figures are for this machine, not for those whom a proxy passes on, unless they are made public', async () => {
  const [closed, open] = [await listen(), await listen({publicMetrics: true})]
  const proxied = {headers: {'x-forwarded-for': '203.0.113.7'}}

  expect((await fetch(`${closed.url}/metrics`)).headers.get('content-type')).toContain('version=0.0.4')
  expect((await fetch(`${closed.url}/metrics`, proxied)).status).toBe(404)
  expect((await fetch(`${open.url}/metrics`, proxied)).status).toBe(200)
})

test('a listener that ends answers what is under way, and takes nothing new', async () => {
  const {url, ledger, listener} = await listen()
  const body = order(5001)
  const {socket, answer} = await raw(url)
  socket.write(headOf({body}, Buffer.byteLength(body)))
  await vi.waitFor(async () => expect(await figure(url, 'tieout_webhook_requests')).toBe(1))

  const stopped = listener.stop()
  await delay(20)
  await expect(post(url)).rejects.toThrow()
  socket.write(body)

  expect(await answer).toMatch(/^HTTP\/1.1 200[^]*connection: close/i)
  expect(await stopped).toMatchObject({recorded: 1, refused: 0})
  expect(await eventsOf(ledger)).toHaveLength(1)
})

test('while the database is away deliveries are told to come again; when it is back they are taken, without a restart', async () => {
  const home = await mkdtemp(join(tmpdir(), 'tieout-listen-'))
  await chmod(home, 0o711) // as root the server runs under another account, which must pass
  onTestFinished(async () => {
    await stopEmbedded(home)
    await rm(home, {recursive: true, force: true})
  })
  const ledger = await openLedger({databaseUrl: (await startEmbedded(home)).url, home})
  onTestFinished(() => ledger.close())
  const {url} = await listen({}, ledger)
  const accepted = new Set<string>()
  const send = async (id: number) => {
    const response = await post(url, {body: order(id), headers: {'x-shopify-webhook-id': `d${id}`}})
    if (response.status === 200) accepted.add(`d${id}`)
    return response.status
  }
  const statuses = new Set<number>()
  let n = 1
  let isOver = false
  const traffic = Promise.all(
    Array.from({length: 4}, async () => {
      while (!isOver) statuses.add(await send(n++))
    }),
  )

  await delay(100)
  await stopEmbedded(home)
  await vi.waitFor(async () => expect((await fetch(`${url}/healthz?ready`)).status).toBe(503), 5000)
  expect(await send(n++)).toBe(503)
  await startEmbedded(home)
  await vi.waitFor(async () => expect(await send(n++)).toBe(200), 5000)
  isOver = true
  await traffic

  expect([...statuses].toSorted()).toEqual([200, 503])
  const kept = new Set((await eventsOf(ledger)).map((row) => row.delivery_id))
  expect([...accepted].filter((id) => !kept.has(id))).toEqual([])
})
