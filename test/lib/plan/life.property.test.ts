import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {format, money} from '../../../src/lib/core/money.ts'
import type {PostingRecord} from '../../../src/lib/netsuite/posting-types.ts'
import type {SalesOrder} from '../../../src/lib/netsuite/types.ts'
import {planLife} from '../../../src/lib/plan/life.ts'
import type {LifePlan} from '../../../src/lib/plan/life-types.ts'
import {planOrder} from '../../../src/lib/plan/orders.ts'
import {unitShare} from '../../../src/lib/plan/shares.ts'
import type {OrderRules} from '../../../src/lib/plan/types.ts'
import type {ShopifyTransaction} from '../../../src/lib/shopify/money-types.ts'
import type {MoneyBag, ShopifyOrder} from '../../../src/lib/shopify/types.ts'
import {anyRules, itemBook, refundedOrders, wholeOrders} from './arbitraries.ts'
import {rules as example} from './orders-of-shopify.ts'
import {after, gid, Ledger, life, paid, shipped} from './lives-of-orders.ts'

const RUNS = {numRuns: 300}

/** No rounding line explains anything. */
const exact: OrderRules = {...example, roundingLimit: '0'}

function salesOrderOf(order: ShopifyOrder, rules: OrderRules): SalesOrder {
  const plan = planOrder(order, rules, itemBook)
  if (plan.kind === 'skipped') throw new Error(plan.reason)
  return plan.salesOrder
}

const bag = (order: ShopifyOrder, shop: bigint, presentment: bigint): MoneyBag => ({
  shop: money(shop, order.currency),
  presentment: money(presentment, order.presentmentCurrency),
})

/** The total in two payments, cut at a percentage, the second after the first shipment. */
function payments(order: ShopifyOrder, percent: number): ShopifyTransaction[] {
  const {shop, presentment} = order.total
  const cut = (minor: bigint) => (minor * BigInt(percent)) / 100n
  return [
    paid('0', {amount: bag(order, cut(shop.minor), cut(presentment.minor))}),
    paid('0', {
      id: gid('OrderTransaction', 903),
      gateway: 'paypal',
      amount: bag(order, shop.minor - cut(shop.minor), presentment.minor - cut(presentment.minor)),
      processedAt: after(150),
    }),
  ]
}

/** Every unit that stays on the order, in shipments by the cuts: a unit goes with the shipment that its number names. */
function shipments(order: ShopifyOrder, cuts: readonly number[]): ShopifyOrder['fulfillments'] {
  const gone = new Map<string, number>()
  for (const {lineId, quantity, restockType} of order.refunds.flatMap((refund) => refund.lines)) {
    if (restockType !== 'RETURN') gone.set(lineId, (gone.get(lineId) ?? 0) + quantity)
  }
  const loads = [0, 1, 2].map(() => new Map<number, number>())
  let n = 0
  for (const line of order.lines) {
    const number = Number(line.id.split('/').at(-1))
    for (let unit = 0; unit < line.quantity - (gone.get(line.id) ?? 0); unit++) {
      const load = loads[cuts[n++ % cuts.length] ?? 0]
      load?.set(number, (load.get(number) ?? 0) + 1)
    }
  }
  return loads.flatMap((load, i) =>
    load.size === 0 ? [] : [shipped(100 * (i + 1), Object.fromEntries(load) as Record<number, number>, 701 + i)],
  )
}

const cuts = fc.array(fc.integer({min: 0, max: 2}), {minLength: 1, maxLength: 7})
const percents = fc.integer({min: 0, max: 100})

function withoutOpenKeys({records}: LifePlan): Readonly<{records: PostingRecord[]}> {
  return {records: records.map((record) => (record.type === 'itemFulfillment' ? {...record, openKeys: []} : record))}
}

const sumOf = (records: readonly PostingRecord[], type: PostingRecord['type']) =>
  records
    .filter((record) => record.type === type)
    .reduce((sum, record) => sum + ('total' in record ? record.total.minor : 0n), 0n)

test('whatever the shipments, the shares of an amount sum back to it', () => {
  const amounts = fc.bigInt({min: -100_000n, max: 100_000n})
  fc.assert(
    fc.property(amounts, fc.array(fc.integer({min: 1, max: 9}), {minLength: 1, maxLength: 9}), (amount, counts) => {
      const whole = counts.reduce((a, b) => a + b)
      let [before, sum] = [0, 0n]
      for (const count of counts) {
        sum += unitShare(amount - sum, count, whole - before)
        before += count
      }
      expect(sum).toBe(amount)
    }),
  )
})

describe('whatever is ordered, however it is paid and shipped', () => {
  const open = wholeOrders.filter(({cancelledAt}) => cancelledAt === null)

  test('the bills sum to the sales order, every line to its own, and nothing stays open', () => {
    fc.assert(
      fc.property(open, anyRules, percents, cuts, (order, rules, percent, by) => {
        const lived = {...order, transactions: payments(order, percent), fulfillments: shipments(order, by)}
        const salesOrder = salesOrderOf(lived, rules)
        const {records} = planLife(lived, salesOrder, rules, life)
        const {balances} = new Ledger().write(records)
        const bills = records.flatMap((record) => (record.type === 'invoice' ? [record] : []))

        expect(sumOf(records, 'invoice')).toBe(salesOrder.total.minor)
        for (const line of salesOrder.lines) {
          const own = bills.flatMap(({lines}) => lines.filter(({key}) => key === line.key))
          expect(own.reduce((sum, {amount}) => sum + (amount?.minor ?? 0n), 0n)).toBe(line.amount.minor)
        }
        for (const {lines, taxDetails, shippingCost, total} of bills) {
          const parts = [...lines, ...(taxDetails ?? [])].map(({amount}) => amount?.minor ?? 0n)
          expect(parts.reduce((a, b) => a + b, shippingCost?.minor ?? 0n)).toBe(total.minor)
        }
        expect([balances.get('1100') ?? 0n, balances.get('2100') ?? 0n]).toEqual([0n, 0n])
      }),
      RUNS,
    )
  })
})

describe('whatever is given back', () => {
  const orders = refundedOrders.filter(
    ({lines, shippingLines}) =>
      lines.every(({duties}) => duties.length === 0) && shippingLines.every(({isRemoved}) => !isRemoved),
  )

  /** Each refund is paid back whole: what was cancelled before anything ships, what was returned after everything did. */
  function lived(order: ShopifyOrder, by: readonly number[], cancelled = 50): ShopifyOrder {
    const onTop = order.taxesIncluded ? 0n : 1n
    const transactions = [paid('0', {amount: order.total})]
    const refunds = order.refunds.map((refund, i) => {
      const [first] = refund.lines
      const isReturn = first?.restockType === 'RETURN'
      const of = (side: 'shop' | 'presentment') =>
        refund.lines.reduce((sum, {subtotal, tax}) => sum + subtotal[side].minor + onTop * tax[side].minor, 0n)
      const id = gid('OrderTransaction', 1000 + i)
      const time = after(isReturn ? 400 + i : cancelled + i)
      transactions.push(
        paid('0', {
          id,
          kind: 'REFUND',
          amount: bag(order, of('shop'), of('presentment')),
          processedAt: time,
          parentId: gid('OrderTransaction', 901),
        }),
      )
      return {...refund, createdAt: time, transactionIds: [id]}
    })
    return {...order, transactions, refunds, fulfillments: shipments(order, by), fulfillmentStatus: 'FULFILLED'}
  }

  /** The order as Shopify stated it at that time: nothing that came later, its units still there. */
  function asOf(order: ShopifyOrder, limit: string): ShopifyOrder {
    const isThen = (at: string | null | undefined) => (at ?? '') <= limit
    const later = order.refunds.filter(({createdAt}) => !isThen(createdAt)).flatMap(({lines}) => lines)
    const fulfillments = order.fulfillments.filter(({createdAt}) => isThen(createdAt))
    const gone = (side: 'shop' | 'presentment') =>
      later.reduce(
        (sum, {subtotal, tax}) => sum + subtotal[side].minor + (order.taxesIncluded ? 0n : tax[side].minor),
        0n,
      )
    const {shop, presentment} = order.currentTotal
    return {
      ...order,
      currentTotal: bag(order, shop.minor + gone('shop'), presentment.minor + gone('presentment')),
      lines: order.lines.map((line) => {
        const back = later.filter(({lineId}) => lineId === line.id).reduce((sum, {quantity}) => sum + quantity, 0)
        return {...line, currentQuantity: line.currentQuantity + back}
      }),
      transactions: (order.transactions ?? []).filter(({processedAt}) => isThen(processedAt)),
      refunds: order.refunds.filter(({createdAt}) => isThen(createdAt)),
      fulfillments,
      fulfillmentStatus: fulfillments.length === order.fulfillments.length ? order.fulfillmentStatus : 'UNFULFILLED',
    }
  }

  test('the refunds sum to what was paid back, and nothing stays open but the rest of an order that is never billed', () => {
    fc.assert(
      fc.property(orders, anyRules, cuts, (order, rules, by) => {
        const from = lived(order, by)
        const salesOrder = salesOrderOf(from, rules)
        const {records} = planLife(from, salesOrder, rules, life)
        const {balances} = new Ledger().write(records)
        const back = (from.transactions ?? [])
          .filter(({kind}) => kind === 'REFUND')
          .reduce((sum, {amount}) => sum + amount[rules.book].minor, 0n)

        expect(sumOf(records, 'customerRefund')).toBe(back)
        expect(balances.get('1100') ?? 0n).toBe(0n)
        const left = salesOrder.lines.every(({isClosed}) => isClosed) ? order.total[rules.book].minor - back : 0n
        expect(-(balances.get('2100') ?? 0n)).toBe(left)
        if (left !== 0n || records.length === 0) return
        const kept = [...balances].filter(([account]) => account !== '1010').reduce((sum, [, minor]) => sum - minor, 0n)
        expect(kept).toBe(order.total[rules.book].minor - back)
      }),
      RUNS,
    )
  })

  // NO_RESTOCK says nothing of shipping: until all has shipped, Shopify does not tell what it meant.
  const clear = orders.filter(({refunds}) =>
    refunds.every(({lines}) => lines.every(({restockType}) => restockType !== 'NO_RESTOCK')),
  )

  test('as the order goes on, what was written is planned the same, and what follows adds up', () => {
    fc.assert(
      fc.property(clear, anyRules, cuts, (order, anyOf, by) => {
        // Wide enough for an odd unit of any currency.
        const rules = {...anyOf, roundingLimit: '5'}
        const whole = lived(order, by, 250)
        const ledger = new Ledger()
        const written = new Map<string, PostingRecord>()
        const types = new Map<string, PostingRecord['type']>()
        for (const minutes of [0, 100, 200, 251, 300, 900]) {
          const from = asOf(whole, after(minutes))
          // Which lines a shipment leaves is of interest only when it is written.
          const {records} = withoutOpenKeys(planLife(from, salesOrderOf(from, rules), rules, life, types))
          const known = records.filter(({externalId}) => written.has(externalId))
          expect(known).toEqual([...written.values()])
          for (const record of records.filter(({externalId}) => !written.has(externalId))) {
            ledger.write([record])
            written.set(record.externalId, record)
            types.set(record.externalId, record.type)
          }
        }
        // Known: where units were cancelled one smallest unit may stay open (docs/progress.md); nowhere else.
        const isCancelled = whole.refunds.some(({lines}) => lines.some(({restockType}) => restockType === 'CANCEL'))
        const open = ledger.balances.get('1100') ?? 0n
        expect(open < 0n ? -open : open).toBeLessThanOrEqual(isCancelled ? 1n : 0n)
      }),
      {numRuns: 150},
    )
  })

  test('a cent more than the refund explains is refused, and both sums are named', () => {
    fc.assert(
      fc.property(orders, cuts, (order, by) => {
        fc.pre(order.refunds.length > 0)
        const from = lived(order, by)
        const rules = {...exact, book: 'shop'} as const
        const last = from.transactions?.at(-1)
        const more = money((last?.amount.shop.minor ?? 0n) + 1n, order.currency)
        const excess = {...from, transactions: (from.transactions ?? []).map((each) => (each === last ? {...each, amount: {...each.amount, shop: more}} : each))} // prettier-ignore
        expect(() => planLife(excess, salesOrderOf(excess, rules), rules, life)).toThrow(
          expect.objectContaining({
            code: expect.stringMatching(/^REFUND_(TOTAL_MISMATCH|EXCEEDS_PAYMENT)$/) as string,
            message: expect.stringContaining(format(more).replace(/^.* /, '')) as string,
          }),
        )
      }),
      {numRuns: 100},
    )
  })
})
