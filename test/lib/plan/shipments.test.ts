import fc from 'fast-check'
import {expect, test} from 'vitest'

import type {HeldShipment} from '../../../src/lib/netsuite/shipment-types.ts'
import {distribute} from '../../../src/lib/plan/shipment-units.ts'
import {planShipments, type ShipmentFacts, type ShipmentStep} from '../../../src/lib/plan/shipments.ts'
import type {ShopifyFulfillmentOrder} from '../../../src/lib/shopify/fulfillments.ts'
import type {ShopifyFulfillment, ShopifyLine, ShopifyOrder} from '../../../src/lib/shopify/types.ts'

const RULES = {from: 'netsuite', locations: {'71': '1', '72': '2'}} as const
const lineId = (n: number) => `gid://shopify/LineItem/${n}`

/** Lines by their number and units; a test needs no more of an order. */
function orderOf(units: readonly number[], fulfillments: readonly ShopifyFulfillment[] = []): ShopifyOrder {
  const lines = units.map((quantity, n) => ({id: lineId(n), sku: `SKU-${n}`, quantity, requiresShipping: true, isGiftCard: false})) // prettier-ignore
  return {name: '#1001', lines: lines as unknown as ShopifyLine[], fulfillments} as unknown as ShopifyOrder
}

function placeOf(
  n: number,
  units: readonly number[],
  change: Partial<ShopifyFulfillmentOrder> = {},
): ShopifyFulfillmentOrder {
  const lines = units.map((remaining, i) => ({id: `place-${n}-${i}`, lineId: lineId(i), total: remaining, remaining}))
  const locationId = `gid://shopify/Location/${70 + n}`
  return {id: `gid://shopify/FulfillmentOrder/${n}`, status: 'OPEN', requestStatus: 'UNSUBMITTED', locationId, canShip: true, holds: [], lines, ...change} // prettier-ignore
}

function heldOf(id: string, units: Readonly<Record<number, number>>, change: Partial<HeldShipment> = {}): HeldShipment {
  const lines = Object.entries(units).map(([key, quantity]) => ({key, quantity, locationId: '1'}))
  return {id, externalId: null, tranId: `IF${id}`, order: 'SHOPIFY:ORDER:1', isShipped: true, shipMethodId: null, tracking: [], lines, ...change} // prettier-ignore
}

function factsOf(change: Partial<ShipmentFacts>): ShipmentFacts {
  return {
    order: orderOf([]),
    places: [],
    held: [],
    told: new Map(),
    cancelled: new Set(),
    deleted: new Set(),
    ...change,
  }
}

const units = fc.array(fc.nat(4), {minLength: 1, maxLength: 4})
const places = fc.array(fc.record({units, state: fc.constantFrom('OPEN', 'OPEN', 'ON_HOLD', 'CLOSED')}), {maxLength: 4})

const sum = (numbers: Iterable<number>) => [...numbers].reduce((a, b) => a + b, 0)

test('units are distributed without one too many or too few, and only where Shopify would ship them', () => {
  fc.assert(
    fc.property(units, places, fc.nat(4), (wanted, given, preferred) => {
      const all = given.map((one, n) => placeOf(n, one.units, {status: one.state, canShip: one.state === 'OPEN'}))
      const asked = new Map(wanted.map((n, i) => [lineId(i), n]))

      const {parts, blocked, missing, rest} = distribute(asked, all, ({id}) => id.endsWith(`/${preferred}`))

      const remaining = (list: readonly ShopifyFulfillmentOrder[]) => sum(list.flatMap(({lines}) => lines.map((line) => line.remaining))) // prettier-ignore
      const taken = remaining(all) - remaining(rest)
      expect(taken + sum(missing.values())).toBe(sum(asked.values()))
      expect(rest.every(({lines}) => lines.every((line) => line.remaining >= 0))).toBe(true)
      const shipped = sum(parts.flatMap(({lines}) => lines.map(({quantity}) => quantity)))
      expect(blocked.length === 0 ? shipped : taken).toBe(taken)
      const mayShip = new Set(all.filter(({canShip}) => canShip).map(({id}) => id))
      expect(parts.every(({fulfillmentOrderId}) => mayShip.has(fulfillmentOrderId))).toBe(true)
      expect(blocked.every(({status}) => status === 'ON_HOLD')).toBe(true)
    }),
  )
})

/** Shopify after it carried out the steps. */
function after({order, places: before, told, ...rest}: ShipmentFacts, steps: readonly ShipmentStep[]): ShipmentFacts {
  const left = structuredClone(before) as ShopifyFulfillmentOrder[]
  const made = [...order.fulfillments]
  const pairs = new Map(told)
  for (const step of steps) {
    if (step.do === 'adopt') pairs.set(step.fulfillmentId, step.of.id)
    if (step.do !== 'create') continue
    const id = `gid://shopify/Fulfillment/${900 + made.length}`
    const shown = step.parts.flatMap(({fulfillmentOrderId, lines}) =>
      lines.map(({id: at, quantity}) => {
        const line = left.find((one) => one.id === fulfillmentOrderId)?.lines.find((one) => one.id === at)
        if (line === undefined || line.remaining < quantity) throw new Error('Shopify would refuse it')
        ;(line as {remaining: number}).remaining -= quantity
        return {lineId: line.lineId, quantity}
      }),
    )
    made.push({id, status: 'SUCCESS', lines: shown})
    pairs.set(id, step.of.id)
  }
  return {...rest, order: {...order, fulfillments: made}, places: left, told: pairs}
}

const shippedBy = ({order}: ShipmentFacts) => sum(order.fulfillments.flatMap(({lines}) => lines.map(({quantity}) => quantity))) // prettier-ignore

/** Orders of a few lines over two places, a part of which either side has shipped. */
const worlds = fc
  .record({
    at: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), {minLength: 1, maxLength: 3}),
    byHand: fc.array(fc.nat(6), {maxLength: 3}),
    byNetSuite: fc.array(fc.array(fc.nat(6), {minLength: 1, maxLength: 3}), {maxLength: 4}),
    forgets: fc.boolean(),
  })
  .map(({at, byHand, byNetSuite, forgets}) => {
    const ordered = at.map(([a, b]) => a + b)
    const hand = ordered.map((n, i) => Math.min(n, byHand[i] ?? 0))
    const left = [...ordered]
    const held = byNetSuite.map((wanted, id) => {
      const own: Record<number, number> = {}
      for (const [i, n] of left.entries()) {
        const taken = Math.min(n, wanted[i] ?? 0)
        if (taken > 0) own[i] = taken
        left[i] = n - taken
      }
      return heldOf(String(id + 1), own)
    })
    const shown = hand.flatMap((quantity, i) => (quantity === 0 ? [] : [{lineId: lineId(i), quantity}]))
    const fulfillments =
      shown.length === 0 ? [] : [{id: 'gid://shopify/Fulfillment/800', status: 'SUCCESS', lines: shown}]
    // What was shipped by hand left the first place first.
    const first = at.map(([a], i) => Math.max(0, a - (hand[i] ?? 0)))
    const second = at.map(([a, b], i) => b - Math.max(0, (hand[i] ?? 0) - a))
    const facts = factsOf({
      order: orderOf(ordered, fulfillments),
      places: [placeOf(1, first), placeOf(2, second)],
      held,
    })
    return {facts, ordered, hand, held, forgets}
  })

test('whoever ships, Shopify shows in the end what the side shows that shipped more of a line, and nothing twice', () => {
  fc.assert(
    fc.property(worlds, ({facts, ordered, hand, held, forgets}) => {
      const plan = planShipments(facts, RULES)
      const then = after(facts, plan.steps)
      // A process that died knows nothing of what it shipped.
      const again = planShipments(forgets ? {...then, told: facts.told} : then, RULES)

      expect(plan).toMatchObject({faults: [], waiting: []})
      const byLine = ordered.map((_, i) => {
        return Math.max(hand[i] ?? 0, sum(held.flatMap(({lines}) => lines.filter(({key}) => key === String(i)).map((line) => line.quantity)))) // prettier-ignore
      })
      expect(shippedBy(then)).toBe(sum(byLine))
      expect(again.steps.filter((step) => step.do === 'create')).toEqual([])
      expect(again.faults).toEqual([])
    }),
  )
})

test('goods leave the place of Shopify that is mapped to where they left in NetSuite', () => {
  const held = [heldOf('1', {0: 1}, {lines: [{key: '0', quantity: 1, locationId: '2'}]})]

  const {steps} = planShipments(factsOf({order: orderOf([2]), places: [placeOf(1, [1]), placeOf(2, [1])], held}), RULES)

  expect(steps).toMatchObject([{do: 'create', parts: [{fulfillmentOrderId: 'gid://shopify/FulfillmentOrder/2'}]}])
})

test('a shipment that is only picked or packed is not told yet', () => {
  const held = [heldOf('1', {0: 2}, {isShipped: false})]

  const plan = planShipments(factsOf({order: orderOf([2]), places: [placeOf(1, [2])], held}), RULES)

  expect(plan).toMatchObject({steps: [], waiting: [], faults: []})
})

test('digital goods and gift cards need no fulfilment, and what was added in NetSuite is none of Shopify’s', () => {
  const order = orderOf([1, 1])
  const lines = order.lines.map((line, n) => ({...line, requiresShipping: n !== 0, isGiftCard: n === 1}))
  const held = [heldOf('1', {0: 1, 1: 1, 99: 1})]

  const plan = planShipments(factsOf({order: {...order, lines}, places: [placeOf(1, [0, 0])], held}), RULES)

  expect(plan).toMatchObject({steps: [], waiting: [], faults: []})
})

test('lines without any key are a person’s matter: the column field is not filled', () => {
  const held = [heldOf('1', {}, {lines: [{key: null, quantity: 1, locationId: '1'}]})]

  const {faults} = planShipments(factsOf({order: orderOf([1]), places: [placeOf(1, [1])], held}), RULES)

  expect(faults).toEqual([{code: 'SHIPMENT_LINE_UNKNOWN', what: 'item fulfilment IF1 (id 1)'}])
})

test('units that NetSuite took out of a shipment which was told need a person', () => {
  const id = 'gid://shopify/Fulfillment/800'
  const order = orderOf([3], [{id, status: 'SUCCESS', lines: [{lineId: lineId(0), quantity: 3}]}])

  const {steps, faults} = planShipments(
    factsOf({order, held: [heldOf('1', {0: 2})], told: new Map([[id, '1']])}),
    RULES,
  )

  expect(steps.filter((step) => step.do !== 'name')).toEqual([])
  expect(faults).toMatchObject([{code: 'SHIPMENT_WITHDRAWN'}])
})

test('a tracking number that Shopify alone knows stays; the external ID of another system stays too', () => {
  const id = 'gid://shopify/Fulfillment/800'
  const tracking = [{number: '1Z', company: 'UPS', url: null}]
  const order = orderOf([1], [{id, status: 'SUCCESS', lines: [{lineId: lineId(0), quantity: 1}], tracking}])
  const held = [heldOf('1', {0: 1}, {externalId: 'WMS-77'})]

  const {steps} = planShipments(factsOf({order, held, told: new Map([[id, '1']])}), RULES)

  expect(steps).toEqual([])
})
