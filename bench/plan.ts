import {spawnSync} from 'node:child_process'
import {fileURLToPath} from 'node:url'

import {money} from '../src/lib/core/money.ts'
import {planHash} from '../src/lib/plan/hash.ts'
import {planOrder, skusOf} from '../src/lib/plan/orders.ts'
import type {ItemBook, OrderRules} from '../src/lib/plan/types.ts'
import type {MoneyBag, ShopifyLine, ShopifyOrder} from '../src/lib/shopify/types.ts'

/*
 * Plans 100,000 orders, one at a time as a backfill does, and prints the rate and how the memory grew.
 * The young generation is held at a fixed size: V8 doubles it with the work, which says nothing of what is kept.
 * Usage: node bench/plan.ts [orders]
 */
const COUNT = Number(process.argv[2] ?? 100_000)
const FIRST = Math.floor(COUNT / 10)

const bag = (cents: number): MoneyBag => {
  const amount = money(BigInt(cents), 'USD')
  return {shop: amount, presentment: amount}
}

function* orders(count: number): Generator<ShopifyOrder> {
  for (let n = 0; n < count; n++) yield order(n)
}

/** One to four lines, a third with a discount, tax and shipping on each. */
function order(n: number): ShopifyOrder {
  let [total, totalTax] = [500, 0]
  const lines = Array.from({length: 1 + (n % 4)}, (_, i): ShopifyLine => {
    const quantity = 1 + ((n + i) % 3)
    const gross = (1000 + ((n * 37 + i * 911) % 9000)) * quantity
    const discount = n % 3 === 0 ? Math.floor(gross / 10) : 0
    const tax = Math.round((gross - discount) * 0.0625)
    total += gross - discount + tax
    totalTax += tax
    return {
      id: `gid://shopify/LineItem/${n * 10 + i}`,
      sku: `SKU-${(n + i) % 500}`,
      title: 'Article',
      variantTitle: null,
      quantity,
      currentQuantity: quantity,
      unitPrice: bag(gross / quantity),
      discounts: discount === 0 ? [] : [{amount: bag(discount), kind: 'code', title: 'TEN'}],
      taxLines: [{title: 'State Tax', rate: '0.0625', price: bag(tax), channelLiable: false}],
      duties: [],
      isGiftCard: false,
      requiresShipping: true,
      taxable: true,
      variantId: null,
      properties: [],
    }
  })
  const shipping = {id: null, title: 'Standard', code: null, price: bag(500), discountedPrice: bag(500)}
  const address = {
    firstName: 'Ann',
    lastName: `Lee ${n}`,
    company: null,
    address1: '1 Main St',
    address2: null,
    city: 'New York',
    province: 'New York',
    provinceCode: 'NY',
    zip: '10001',
    countryCode: 'US',
    phone: null,
  }
  const day = new Date(Date.UTC(2026, 0, 1) + n * 300_000).toISOString()
  return {
    id: `gid://shopify/Order/${n}`,
    legacyId: `${n}`,
    name: `#${n}`,
    createdAt: day,
    updatedAt: day,
    processedAt: day,
    cancelledAt: null,
    closedAt: null,
    test: false,
    currency: 'USD',
    presentmentCurrency: 'USD',
    taxesIncluded: false,
    dutiesIncluded: false,
    taxExempt: false,
    sourceName: 'web',
    email: `ann.${n}@example.com`,
    phone: null,
    note: null,
    tags: [],
    attributes: [],
    poNumber: null,
    customer: {
      id: `gid://shopify/Customer/${n}`,
      firstName: 'Ann',
      lastName: `Lee ${n}`,
      email: `ann.${n}@example.com`,
      phone: null,
      note: null,
      taxExempt: false,
    },
    company: null,
    billingAddress: address,
    shippingAddress: address,
    lines,
    shippingLines: [{...shipping, taxLines: [], isRemoved: false}],
    fees: [],
    refunds: [],
    fulfillments: [],
    total: bag(total),
    totalTax: bag(totalTax),
    tip: bag(0),
    currentTotal: bag(total),
    currentTotalTax: bag(totalTax),
    financialStatus: 'PAID',
    fulfillmentStatus: 'UNFULFILLED',
    gateways: ['shopify_payments'],
    paymentTerms: null,
    netsuiteId: null,
  }
}

const rules: OrderRules = {
  timeZone: 'America/New_York',
  book: 'shop',
  subsidiary: '1',
  location: '1',
  currencies: {USD: '1'},
  orders: {test: 'skip', cancelled: 'close', deleted: 'park', note: 'memo', status: 'pendingFulfillment'},
  items: {
    discount: '9001',
    tip: null,
    duty: null,
    fee: null,
    giftCard: null,
    custom: null,
    rounding: null,
    tax: '9008',
    marketplaceTax: null,
  },
  roundingLimit: '0.00',
  discounts: 'line',
  tax: {mode: 'legacy', code: '-8'},
  shipping: {methods: {Standard: '8001'}, fallback: null},
  terms: {},
  customers: {match: ['externalId', 'email'], withoutEmail: 'park', walkIn: null},
  fields: {order: 'custbody_order', orderName: null, line: 'custcol_line', customer: null},
}

const items: ItemBook = new Map(
  Array.from({length: 500}, (_, i) => [`SKU-${i}`, {kind: 'found', id: `${1000 + i}`, isInactive: false}] as const),
)

type Memory = Readonly<{rssMb: number; liveMb: number}>

function memory(): Memory {
  globalThis.gc?.()
  const {rss, heapUsed} = process.memoryUsage()
  return {rssMb: rss / 1024 / 1024, liveMb: heapUsed / 1024 / 1024}
}

const FLAGS = ['--max-semi-space-size=4', '--expose-gc']

if (globalThis.gc === undefined) {
  const args = [...FLAGS, fileURLToPath(import.meta.url), `${COUNT}`]
  process.exitCode = spawnSync(process.execPath, args, {stdio: 'inherit'}).status ?? 1
} else {
  measure()
}

function measure(): void {
  let early = memory()
  let [planned, sum, skus] = [0, 0n, 0]
  let [planningMs, hashingMs] = [0, 0]
  for (const each of orders(COUNT)) {
    const startedAt = performance.now()
    skus += skusOf(each).length
    const plan = planOrder(each, rules, items)
    const plannedAt = performance.now()
    if (plan.kind === 'skipped') throw new Error(plan.reason)
    planHash(plan.salesOrder)
    hashingMs += performance.now() - plannedAt
    planningMs += plannedAt - startedAt
    sum += plan.salesOrder.total.minor
    planned += 1
    if (planned === FIRST) early = memory()
  }
  const late = memory()
  const rate = (ms: number) => Math.round(planned / (ms / 1000)).toLocaleString('en-US')
  const growth = (from: number, to: number) =>
    `${from.toFixed(0)} → ${to.toFixed(0)} MB, ratio ${(to / from).toFixed(2)}`

  console.log(
    `orders planned      ${planned.toLocaleString('en-US')} (${skus.toLocaleString('en-US')} lines, ${sum} cents)`,
  )
  console.log(`planning            ${rate(planningMs)} orders/s`)
  console.log(`planning + hashing  ${rate(planningMs + hashingMs)} orders/s`)
  console.log(`resident memory     ${growth(early.rssMb, late.rssMb)} (after ${FIRST} and ${planned} orders)`)
  console.log(`live heap           ${growth(early.liveMb, late.liveMb)}`)
}
