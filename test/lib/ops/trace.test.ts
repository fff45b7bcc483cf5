import {expect, test} from 'vitest'

import type {App} from '../../../src/app.ts'
import {receive} from '../../../src/lib/ledger/events.ts'
import {retryJobs} from '../../../src/lib/ops/jobs.ts'
import {parkedOrders, traceOrders, type Trace} from '../../../src/lib/ops/trace.ts'
import {traceText} from '../../../src/lib/output/history.ts'
import {drainOrders, queueOrders, subjectOf} from '../../../src/lib/sync/orders.ts'
import {newReport} from '../../../src/lib/sync/report.ts'
import {line, order} from '../../simulation/order.ts'
import {depsOf, world, type Document, type World} from '../../support/world.ts'

const calm = new AbortController().signal

async function drain(app: App): Promise<void> {
  const options = {verify: false, subjects: null, signal: calm, onProgress: () => undefined, patienceMs: 0}
  await drainOrders(depsOf(app), newReport(app.runId), options)
}

async function delivered(app: App, deliveryId: string, topic: string): Promise<void> {
  const {shop} = app.remotes()
  const hint = {
    source: 'webhook',
    deliveryId,
    flow: 'orders',
    subject: subjectOf(shop, 'gid://shopify/Order/1001'),
    name: '#1001',
    topic,
    body: '{}',
    receivedAt: new Date(),
  } as const
  await receive(app.ledger, [hint])
}

async function traceOf(app: App, last = 1000): Promise<Trace> {
  const [trace] = await traceOrders(app.ledger, '#1001', last)
  if (trace === undefined) throw new Error('the ledger knows the order')
  return trace
}

const edited = (quantity: number, goods: string, total: string) =>
  order(1001, {
    line_items: [line(10_010, {quantity, current_quantity: quantity})],
    ...{total_line_items_price: goods, subtotal_price: goods, current_subtotal_price: goods},
    ...{total_price: total, current_total_price: total, updated_at: '2026-11-22T10:00:00-05:00'},
  })

/** Every text that says who the buyer is, or where; what is too short could be part of any number. */
function personalTexts(documents: readonly Document[]): string[] {
  const found = new Set<string>()
  const names = /^(email|first_name|last_name|name|address1|address2|phone|company|city|zip|latitude|longitude)$/
  const look = (value: unknown, inPerson: boolean): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, member] of Object.entries(value)) {
      const isPerson = inPerson || /^(customer|billing_address|shipping_address|default_address)$/.test(key)
      if (typeof member === 'string' && (isPerson || key === 'email' || key === 'phone') && names.test(key)) found.add(member)
      look(member, isPerson)
    }
  } // prettier-ignore
  look(documents, false)
  return [...found].filter((text) => text.length >= 5)
}

async function rowsOfTrail(app: App): Promise<string> {
  const tables = ['batches', 'tries', 'requests', 'plans']
  return JSON.stringify(await Promise.all(tables.map((table) => app.ledger.db(table).select('*'))))
}

/** Webhooks, one of them twice; a lost reply; an edit; a refusal for a field; a person who retries. */
async function story(shop: World, app: App): Promise<void> {
  await shop.postOrders([order(1001)], true)
  for (const id of ['d-1', 'd-1', 'd-2']) await delivered(app, id, 'orders/create')
  for (const operation of ['add', 'addList'])
    await shop.fault('netsuite', {kind: 'lost-reply', match: {channel: 'soap', operation, recordType: 'salesOrder'}, count: 1}) // prettier-ignore
  await drain(app)
  await shop.calm()

  await shop.postOrders([edited(1, '20.00', '25.00')], true)
  await delivered(app, 'd-3', 'orders/edited')
  await drain(app)

  await shop.postOrders([edited(3, '60.00', '65.00')], true)
  await delivered(app, 'd-4', 'orders/edited')
  const field = 'custbody_department_approved'
  await shop.fault('netsuite', {kind: 'mandatory-field', field, match: {recordType: 'salesOrder'}})
  await drain(app)
}

test('the trace of an order tells its whole story, piece by piece and in order', async () => {
  const shop = await world()
  const app = await shop.open()
  await story(shop, app)
  const parked = await parkedOrders(app.ledger, '#1001')
  await shop.calm()
  await retryJobs(app.ledger, {orders: ['#1001'], all: false, relink: false, note: 'field filled', who: 'ana'})
  await drain(app)
  const trace = await traceOf(app)
  const text = traceText(trace, undefined)
  await app.close('done')

  expect(trace).toMatchObject({state: 'settled', omitted: 0})
  const pieces = [
    /event arrived by webhook: orders\/create #1001/,
    /event arrived by webhook: orders\/create #1001/,
    /job taken up by test on \S+ \(.+\)/,
    /request shopify graphql OrdersById: ok in \d+ ms/,
    /plan plan 1: total 45\.00 USD, 1 line/,
    /write written: customer/,
    /request netsuite soap add\w* of 1 record: NETSUITE_\w+ in/,
    /write unknown: salesOrder SHOPIFY:ORDER:1001/,
    /write adopted: salesOrder/,
    /request shopify graphql SetNetsuiteIds: ok/,
    /link linked: salesOrder SHOPIFY:ORDER:1001 is NetSuite \d+/,
    /job done, .+ after it arrived/,
    /event arrived by webhook: orders\/edited #1001/,
    /job taken up by test/,
    /plan plan 2: total 45\.00 USD → 25\.00 USD; line 1 amount 40\.00 USD → 20\.00 USD; line 1 quantity 2 → 1/,
    /write about to be updated: salesOrder SHOPIFY:ORDER:1001 as netsuite \d+/,
    /request netsuite soap update\w* of 1 record: ok/,
    /write updated: salesOrder/,
    /job done/,
    /event arrived by webhook: orders\/edited/,
    /plan plan 3: total 25\.00 USD → 65\.00 USD/,
    /write rejected: salesOrder/,
    /parked parked: NETSUITE_FIELD_MISSING/,
    /unparked taken up again by ana: field filled/,
    /job taken up, try \d, by test|job taken up by test/,
    /write updated: salesOrder/,
    /job done/,
  ]
  let at = 0
  const told = trace.entries.map(({kind, summary}) => `${kind} ${summary}`)
  for (const piece of pieces) {
    const next = told.findIndex((entry, i) => i >= at && piece.test(entry))
    expect(next, `${piece} after ${told.slice(at).join('\n')}`).toBeGreaterThanOrEqual(at)
    at = next + 1
  }
  expect(told.filter((entry) => entry.startsWith('event'))).toHaveLength(4)
  expect(told.filter((entry) => entry.startsWith('plan'))).toHaveLength(3)
  expect(trace.entries.map((entry) => entry.at.getTime())).toEqual(trace.entries.map((entry) => entry.at.getTime()).toSorted((a, b) => a - b)) // prettier-ignore
  expect(parked[0]?.history.at(-1)).toMatchObject({kind: 'parked'})
  expect(text).toMatch(/delivery d-1\n/)
  expect(text).toMatch(/reply: /)
  expect(text).toMatch(/ id WEBSERVICES_\S+\n/)
  expect(text.endsWith('now: settled, nothing waits')).toBe(true)
}) // prettier-ignore

test('a long history shows its newest lines and counts the others', async () => {
  const shop = await world()
  const app = await shop.open()
  await story(shop, app)
  const whole = await traceOf(app)
  const short = await traceOf(app, 3)
  await app.close('done')

  expect(short.entries).toEqual(whole.entries.slice(-3))
  expect(short.omitted).toBe(whole.entries.length - 3)
  expect(traceText(short, undefined)).toContain(`${whole.entries.length - 3} earlier lines are left out`)
})

test('an order that only had to be looked at keeps its try and its requests, and no second plan', async () => {
  const shop = await world()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  await shop.push('#1001')
  const app = await shop.open()
  await queueOrders(depsOf(app), 'hand', [{id: 'gid://shopify/Order/1001', name: '#1001', updatedAt: ''}])
  await drain(app)
  const {entries} = await traceOf(app)
  await app.close('done')

  expect(entries.filter(({kind}) => kind === 'plan')).toHaveLength(1)
  expect(entries.filter(({summary}) => summary.startsWith('taken up'))).toHaveLength(3)
  expect(entries.filter(({summary}) => /^arrived by hand: orders #1001, test on .* \(.*\)/.test(summary))).toHaveLength(3)
  const last = entries.slice(entries.findLastIndex(({kind}) => kind === 'event')).map(({kind}) => kind)
  expect(last).toEqual(['event', 'job', 'request', 'job'])
}) // prettier-ignore

test('requests and plans of orders of every kind hold no name, address, e-mail address or phone', async () => {
  const shop = await world({orders: 40, seed: 21, awkward: true})
  const people = personalTexts(await shop.documents())
  await shop.push()
  const app = await shop.open()
  const rows = await rowsOfTrail(app)
  const plans = await app.ledger.db('plans').select('*')
  await app.close('done')

  expect(people.length).toBeGreaterThan(50)
  expect(plans.length).toBeGreaterThan(20)
  for (const text of people) expect(rows.includes(JSON.stringify(text).slice(1, -1)), text).toBe(false)
})
