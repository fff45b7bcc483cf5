import {expect, test} from 'vitest'

import {world, type World} from '../support/world.ts'
import {address, line, order} from './order.ts'
import {parkedCodes} from './tied-out.ts'

const texts = {
  quotes: `"O'Brien" & <Söhne> ‘x’`,
  xml: '</platformCore:memo><evil attribute="1">&amp;&#0;<!-- -->',
  cdata: 'a]]>b<![CDATA[c]]>',
  emoji: '👩‍👩‍👧‍👦 🇩🇪 ZW‍J',
  rtl: 'שלום ‏مرحبا‎ ‮abc',
  sql: `Robert'); DROP TABLE orders;-- $1 ? \\`,
  spaces: 'a\u00a0b\u2003c\u200bd',
  lines: 'first\nsecond\ttab',
} as const

/** An order whose every free text is the given one. */
function hostile(id: number, text: string): Record<string, unknown> {
  const person = address({first_name: text, last_name: text, name: text, address1: text, city: text, company: text})
  return order(id, {
    note: text,
    note_attributes: [{name: text, value: text}],
    tags: text,
    po_number: text.slice(0, 40),
    customer: {id, email: `b${id}@example.com`, first_name: text, last_name: text},
    billing_address: person,
    shipping_address: person,
    line_items: [
      line(id * 10, {title: text, name: text, variant_title: text, properties: [{name: text, value: text}]}),
    ],
  })
}

type Held = Readonly<{externalId: string; otherRefNum: string; lines: {item: {fields: {description: string}}[]}}>

async function heldOf(shop: World, id: number): Promise<unknown> {
  const all = (await shop.salesOrders()) as unknown as Held[]
  return all.find((held) => held.externalId === `SHOPIFY:ORDER:${id}`)
}

test('quotes, markup, emoji and right-to-left text arrive as they were typed', async () => {
  const shop = await world()
  const names = Object.values(texts)
  await shop.postOrders(
    names.map((text, i) => hostile(3000 + i, text)),
    true,
  )

  const report = await shop.push()

  expect(report.counts, JSON.stringify(report.orders)).toMatchObject({written: names.length, parked: 0, retry: 0})
  for (const [i, text] of names.entries()) {
    const held = JSON.stringify(await heldOf(shop, 3000 + i))
    // What stands in the lines' description, and in the addresses.
    expect(held.split(JSON.stringify(text.trim()).slice(1, -1)).length, text).toBeGreaterThan(3)
  }
  expect((await shop.reconcile()).variances).toEqual([])
  expect((await shop.push()).counts).toMatchObject({unchanged: names.length, written: 0, updated: 0})
})

test('text that NetSuite cannot store parks that order only, whatever field it stands in', async () => {
  const shop = await world()
  await shop.postOrders([order(1001), order(1002)], true)
  const bad = {NUL: 'a\u0000b', control: 'a\u0007b', surrogate: 'a\ud83d b', noncharacter: 'a\uffffb'}
  const orders = Object.values(bad).flatMap((text, i) => [
    order(4000 + i, {shipping_address: address({address1: text})}),
    order(4100 + i, {customer: {id: 4100 + i, email: `c${i}@example.com`, first_name: 'A', last_name: text}}),
    order(4200 + i, {line_items: [line(42_000 + i * 10, {title: text, name: text})]}),
    order(4300 + i, {email: `x${text}@example.com`, customer: null}),
    order(4400 + i, {po_number: text}),
  ])
  await shop.postOrders(orders, true)

  for (let i = 0; i < 4 && (await shop.push()).counts.retry > 0; i++);

  const codes = await parkedCodes(shop)
  const arrived = (await shop.salesOrders()).map((held) => held.externalId)
  expect(arrived).toEqual(expect.arrayContaining(['SHOPIFY:ORDER:1001', 'SHOPIFY:ORDER:1002']))
  expect(new Set(Object.values(codes))).toEqual(new Set(['TEXT_NOT_SENDABLE']))
  expect(arrived.length + Object.keys(codes).length).toBe(orders.length + 2)
})

test('a note of 10 kB and a line of 10 kB arrive or are parked, and the others arrive', async () => {
  const shop = await world()
  const long = 'Lorem ipsum 🙂 '.repeat(700)
  await shop.postOrders([order(1001), hostile(5000, long), order(5001, {note: long})], true)

  await shop.push()

  const codes = await parkedCodes(shop)
  const arrived = (await shop.salesOrders()).map((held) => held.externalId)
  expect(arrived).toEqual(expect.arrayContaining(['SHOPIFY:ORDER:1001', 'SHOPIFY:ORDER:5001']))
  expect(arrived.includes('SHOPIFY:ORDER:5000') || codes['#5000'] !== undefined).toBe(true)
})
