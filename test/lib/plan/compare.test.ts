import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {money} from '../../../src/lib/core/money.ts'
import type {HeldSalesOrder, SalesOrder} from '../../../src/lib/netsuite/types.ts'
import {changesTo, describeChanges} from '../../../src/lib/plan/compare.ts'
import {isSameDecimal} from '../../../src/lib/plan/decimals.ts'
import {planOrder} from '../../../src/lib/plan/orders.ts'
import type {OrderRules} from '../../../src/lib/plan/types.ts'
import type {ShopifyOrder} from '../../../src/lib/shopify/types.ts'
import {anyOrders, anyRules, echo, itemBook} from './arbitraries.ts'
import {code, items, line, order, rules, shippingLine, suiteTax, tax, usd} from './orders-of-shopify.ts'

function planned(from: ShopifyOrder, by: OrderRules, book = items): SalesOrder {
  const plan = planOrder(from, by, book)
  if (plan.kind === 'skipped') throw new Error(plan.reason)
  return {...plan.salesOrder, entity: {id: '77'}}
}

const anyPlans = fc
  .tuple(anyOrders, anyRules)
  .map(([from, by]) => planned(from, {...by, roundingLimit: '24'}, itemBook))

/** Two tees with a code, shipping and tax. */
const tees = order({
  lines: [line({quantity: 2, discounts: [code('4.00')], taxLines: [tax('2.25')]})],
  shippingLines: [shippingLine('5.00')],
  totalTax: usd('2.25'),
  total: '43.25',
})

describe('what NetSuite holds as planned', () => {
  test('is not written again, whatever scale and order its answer has', () => {
    fc.assert(
      fc.property(anyPlans, fc.boolean(), fc.nat(5), (plan, hasKeys, rotate) => {
        const held = echo(plan, {hasKeys, rotate: hasKeys ? rotate % plan.lines.length : 0})
        expect(changesTo(plan, held)).toBeNull()
        expect(describeChanges(plan, held)).toEqual([])
      }),
      {numRuns: 1000},
    )
  })

  test('is recognised by item and amount where the contract keeps no line keys', () => {
    const plan = planned(
      order({lines: [line(), line({id: 'gid://shopify/LineItem/112', unitPrice: usd('7.00')})], total: '27.00'}),
      rules,
    )

    expect(changesTo(plan, echo(plan, {hasKeys: false, rotate: 1}))).toBeNull()
  })

  test('belongs to people where the plan is silent: their custom fields, default terms and status stay', () => {
    const plan = planned(order(), rules)

    expect(changesTo(plan, {...echo(plan), termsId: '5', status: 'A', shipMethodId: '8003'})).toBeNull()
  })
})

test.each([
  ['0', '-0.00', true],
  ['24', '+024.00', true],
  ['-0.5', '-.5', true],
  ['.', '0', false],
  ['10', '1', false],
  ['24.001', '24', false],
  ['12', 'twelve', false],
])('the amounts %s and %s are the same: %s', (a, b, same) => {
  expect(isSameDecimal(a, b)).toBe(same)
})

describe('what a person changed in NetSuite', () => {
  const changes: Record<string, Partial<HeldSalesOrder>> = {
    subsidiary: {subsidiaryId: '2'},
    currency: {currencyId: '4'},
    tranDate: {tranDate: '2026-11-19'},
    otherRefNum: {otherRefNum: null},
    memo: {memo: 'call first'},
    email: {email: ''},
    shipMethod: {shipMethodId: '8002'},
    shippingCost: {shippingCost: '4.99'},
  }

  test.each(Object.entries(changes))('in the field %s is written back, and nothing else', (name, change) => {
    const plan = planned(tees, rules)
    const held = {...echo(plan), ...change}

    const update = changesTo(plan, held)
    const described = describeChanges(plan, held)

    const companions = name === 'shippingCost' ? ['shippingTaxCode'] : []
    expect(Object.keys(update?.fields ?? {})).toEqual([name, ...companions])
    expect(update?.fields[name as 'memo']).toEqual(plan[name as 'memo'])
    expect(update?.lines).toBeNull()
    expect(described.map((each) => each.field)).toEqual([name])
  })

  test('of a customer is sent back with everything that a customer brings along', () => {
    const plan = planned(tees, rules)

    const update = changesTo(plan, {...echo(plan), entityId: '78'})

    expect(Object.keys(update?.fields ?? {}).toSorted()).toEqual(
      ['billingAddress', 'email', 'entity', 'shipMethod', 'shippingAddress', 'shippingCost', 'shippingTaxCode'].toSorted(), // prettier-ignore
    )
    expect(update?.fields.entity).toEqual({id: '77'})
    expect(update?.lines).toHaveLength(plan.lines.length)
  })

  test('on one line sends all lines with the numbers that NetSuite gave them', () => {
    fc.assert(
      fc.property(
        anyPlans,
        fc.nat(20),
        fc.constantFrom('itemId', 'amount', 'description', 'quantity'),
        (plan, n, name) => {
          const at = n % plan.lines.length
          const held = echo(plan)
          const original = held.lines[at]
          if (original === undefined || original[name] === null) return
          const lines = held.lines.map((each, i) => (i === at ? {...each, [name]: '123456.7891'} : each))

          const update = changesTo(plan, {...held, lines})
          const described = describeChanges(plan, {...held, lines})

          const key = plan.lines[at]?.key
          expect(described.map(({field}) => field)).toEqual([`lines.${key}.${name === 'itemId' ? 'item' : name}`])
          expect(update?.lines?.map((each) => each.line)).toEqual(held.lines.map((each) => each.line))
          expect(update?.lines?.map((each) => each.planned)).toEqual(plan.lines)
          expect(Object.keys(update?.fields ?? {})).toEqual(plan.taxDetails === null ? [] : ['taxDetails'])
        },
      ),
      {numRuns: 1000},
    )
  })

  test('by adding a line of their own is shown with that line, and the update leaves it out', () => {
    const plan = planned(tees, rules)
    const held = echo(plan)
    const extra = {
      ...held.lines[0],
      line: '99',
      key: null,
      itemId: '4444',
      quantity: '1',
      amount: '3.00',
    } as HeldSalesOrder['lines'][number]
    const changed = {...held, lines: [...held.lines, extra], total: '46.25'}

    expect(describeChanges(plan, changed)).toEqual([
      {field: 'lines.#99.item', held: '4444', planned: null},
      {field: 'lines.#99.quantity', held: '1', planned: null},
      {field: 'lines.#99.amount', held: '3.00', planned: null},
      {field: 'total', held: '46.25', planned: '43.25'},
    ])
    expect(changesTo(plan, changed)?.lines?.map(({line: number}) => number)).toEqual(['1', '4', '7'])
  })

  test('by deleting a line is put back as a new line', () => {
    const plan = planned(tees, rules)
    const held = echo(plan)

    const update = changesTo(plan, {...held, lines: held.lines.slice(0, 2)})

    expect(update?.lines?.map(({line: number}) => number)).toEqual(['1', '4', null])
  })

  test('in one of our custom fields writes that field only', () => {
    const plan = planned(tees, rules)
    const held = {...echo(plan), customFields: {...plan.customFields, custbody_tieout_order_id: '1'}}

    expect(changesTo(plan, held)?.fields).toEqual({customFields: {custbody_tieout_order_id: '5001'}})
    expect(describeChanges(plan, held)).toEqual([
      {field: 'customFields.custbody_tieout_order_id', held: '1', planned: '5001'},
    ])
  })

  test('in the tax of a SuiteTax order writes the tax details again', () => {
    const plan = planned(tees, suiteTax)
    const held = {...echo(plan), taxTotal: '2.20', total: '43.20'}

    expect(changesTo(plan, held)?.fields).toEqual({taxDetails: plan.taxDetails})
  })

  test('that made NetSuite compute another total is shown, though no update can write a total', () => {
    const plan = planned(tees, rules)
    const held = {...echo(plan), taxTotal: '1.00', total: '44.25'}

    expect(changesTo(plan, held)).toBeNull()
    expect(describeChanges(plan, held)).toEqual([
      {field: 'taxTotal', held: '1.00', planned: '0.00'},
      {field: 'total', held: '44.25', planned: '43.25'},
    ])
  })
})

describe('an order that was closed in NetSuite', () => {
  const plan = planned(tees, rules)
  const open = echo(plan)
  const held = {...open, status: 'H', lines: open.lines.map((each) => ({...each, isClosed: true}))}

  test('is shown as different and never reopened', () => {
    expect(changesTo(plan, held)).toBeNull()
    expect(describeChanges(plan, held).map(({field}) => field)).toEqual([
      'lines.111.closed',
      'lines.111:discount.closed',
      'lines.tax:state-tax:6.25.closed',
      'status',
    ])
  })

  test('stays closed when another field is corrected, and a line that joins it is closed too', () => {
    const lines = held.lines.map((each, i) => (i === 0 ? {...each, quantity: '1'} : each)).slice(0, 2)

    const update = changesTo(plan, {...held, lines})

    expect(update?.lines?.map((each) => each.planned.isClosed)).toEqual([true, true, true])
  })

  test('is what an order cancelled in Shopify becomes', () => {
    const cancelled = planned({...tees, cancelledAt: '2026-11-21T00:00:00Z'}, rules)

    expect(changesTo(cancelled, held)).toBeNull()
    const update = changesTo(cancelled, open)
    expect(update?.lines?.every((each) => each.planned.isClosed)).toBe(true)
    expect(update?.fields).toEqual({})
  })
})

test('shipping that left the order costs nothing any more', () => {
  const plan = planned(order(), rules)
  const held = {...echo(plan), shippingCost: '5.00', total: '25.00'}

  expect(plan.shippingCost).toBeNull()
  expect(changesTo(plan, held)?.fields).toEqual({shippingCost: money(0n, 'USD')})
})

test('an order that NetSuite does not hold shows every planned field as new', () => {
  const shown = describeChanges(planned(tees, rules), null)

  expect(shown.every((change) => change.held === null && change.planned !== null)).toBe(true)
  expect(shown.slice(0, 4)).toEqual([
    {field: 'entity', held: null, planned: '77'},
    {field: 'subsidiary', held: null, planned: '1'},
    {field: 'currency', held: null, planned: '1'},
    {field: 'tranDate', held: null, planned: '2026-11-20'},
  ])
  expect(shown).toContainEqual({field: 'lines.111:discount.amount', held: null, planned: '-4.00'})
  expect(shown).toContainEqual({field: 'billingAddress.addr1', held: null, planned: '1 Main St'})
  expect(shown.at(-1)).toEqual({field: 'total', held: null, planned: '43.25'})
})

describe('an address', () => {
  const plan = planned(tees, rules)
  const held = echo(plan)
  const {shippingAddress} = plan

  test('of which one part differs is written as a whole', () => {
    const moved = {...held, shippingAddress: {...shippingAddress, city: 'Boston'} as typeof shippingAddress}

    expect(changesTo(plan, moved)?.fields).toEqual({shippingAddress})
    expect(describeChanges(plan, moved)).toEqual([
      {field: 'shippingAddress.city', held: 'Boston', planned: shippingAddress?.city},
    ])
  })

  test('is missing a part that Shopify does not have: it is cleared', () => {
    const moved = {...held, shippingAddress: {...shippingAddress, addr2: 'Unit 9'} as typeof shippingAddress}

    expect(changesTo(plan, moved)?.fields).toEqual({shippingAddress})
  })

  test.each([
    ['space', {addr1: ' 1  Main St '}],
    ['the case of a state', {state: 'ny'}],
    ['a country in small letters', {country: 'us'}],
  ])('is the same where NetSuite writes it another way: %s', (_, change) => {
    const echoed = {...held, billingAddress: {...plan.billingAddress, ...change} as typeof shippingAddress}

    expect(changesTo(plan, echoed)).toBeNull()
  })

  test('has the same phone number whatever its punctuation, and the islands that NetSuite counts to Saint Helena', () => {
    const island = {...shippingAddress, country: 'AC', phone: '+1 (555) 010-0199'} as typeof shippingAddress
    const echoed = {...island, country: 'SH', phone: '+15550100199'} as typeof shippingAddress

    expect(changesTo({...plan, shippingAddress: island}, {...held, shippingAddress: echoed})).toBeNull()
  })

  test('of which Shopify has nothing is left to NetSuite, and so is one that a channel does not give', () => {
    const {billingAddress: _unread, ...unread} = {...held, shippingAddress: {...shippingAddress, city: 'Boston'}}

    expect(changesTo({...plan, shippingAddress: null}, unread as HeldSalesOrder)).toBeNull()
  })
})
