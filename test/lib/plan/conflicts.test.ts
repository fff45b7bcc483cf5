import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import type {Address, HeldLine, HeldSalesOrder, SalesOrder} from '../../../src/lib/netsuite/types.ts'
import {changesTo} from '../../../src/lib/plan/compare.ts'
import {conflictsOf, knownBeforeUpdate, knownFields, knownOfNew} from '../../../src/lib/plan/conflicts.ts'
import {markOf, type Memory, type Ruling} from '../../../src/lib/plan/memory.ts'
import {planOrder} from '../../../src/lib/plan/orders.ts'
import type {ShopifyOrder} from '../../../src/lib/shopify/types.ts'
import {anyOrders, anyRules, echo, itemBook} from './arbitraries.ts'
import {items, line, order, rules} from './orders-of-shopify.ts'

function planned(from: ShopifyOrder, by = rules, book = items): SalesOrder {
  const plan = planOrder(from, by, book)
  if (plan.kind === 'skipped') throw new Error(plan.reason)
  return {...plan.salesOrder, entity: {id: '77'}}
}

const anyPlans = fc
  .tuple(anyOrders, anyRules)
  .map(([from, by]) => planned(from, {...by, roundingLimit: '24'}, itemBook))

const nothing = (plan: SalesOrder): Memory => ({externalId: plan.externalId, fields: null, rulings: new Map()})
/** What is remembered after NetSuite was read as it is. */
const seen = (plan: SalesOrder, held: HeldSalesOrder, rulings: Record<string, Ruling> = {}): Memory => ({
  externalId: plan.externalId,
  fields: knownFields(plan, held, nothing(plan)),
  rulings: new Map(Object.entries(rulings)),
})
const fieldsOf = (plan: SalesOrder, held: HeldSalesOrder, memory: Memory) =>
  conflictsOf(plan, held, memory).map(({field}) => field)

const two = planned(order({lines: [line(), line({id: 'gid://shopify/LineItem/112'})], total: '40.00'}))
const noted = (note: string) => planned(order({note}))

type Edit = (held: HeldSalesOrder) => HeldSalesOrder

const onLine =
  (change: Partial<HeldLine>): Edit =>
  (held) => ({...held, lines: held.lines.map((each, i) => (i === 0 ? {...each, ...change} : each))})

/** What people do in NetSuite, and the conflict that it is. */
const edits: Readonly<Record<string, readonly [Edit, field: (plan: SalesOrder) => string]>> = {
  'another memo': [(held) => ({...held, memo: 'call first'}), () => 'memo'],
  'no reference': [(held) => ({...held, otherRefNum: null}), () => 'otherRefNum'],
  'another customer': [(held) => ({...held, entityId: '78'}), () => 'entity'],
  'another day': [(held) => ({...held, tranDate: '2001-01-01'}), () => 'tranDate'],
  'another price': [onLine({amount: '123456.78'}), (plan) => `lines.${plan.lines[0]?.key}.amount`],
  'another text': [onLine({description: 'Something else'}), (plan) => `lines.${plan.lines[0]?.key}.description`],
  'a line taken out': [(held) => ({...held, lines: held.lines.slice(1)}), (plan) => `lines.${plan.lines[0]?.key}`],
  'a line put in': [
    (held) => ({
      ...held,
      lines: [...held.lines, {...held.lines[0], line: '99', key: null, itemId: '4444'} as HeldLine],
    }),
    () => 'lines.#99',
  ],
}

const anyEdit = fc.constantFrom(...Object.keys(edits))

function edit(name: string, plan: SalesOrder): [HeldSalesOrder, string] {
  const [change, field] = edits[name] ?? []
  if (change === undefined || field === undefined) throw new Error(name)
  return [change(echo(plan)), field(plan)]
}

describe('a value that differs from the plan and from what was left there', () => {
  test('is a conflict, in that field and no other, whatever the order', () => {
    fc.assert(
      fc.property(anyPlans, anyEdit, (plan, name) => {
        const [held, field] = edit(name, plan)
        expect(fieldsOf(plan, held, seen(plan, echo(plan)))).toEqual([field])
        expect(conflictsOf(plan, held, seen(plan, echo(plan)))[0]?.isOverwritten).toBe(true)
      }),
      {numRuns: 200},
    )
  })

  test('is none where nothing is remembered of the record, as when it was there before Tieout', () => {
    fc.assert(
      fc.property(anyPlans, anyEdit, (plan, name) => {
        expect(conflictsOf(plan, edit(name, plan)[0], nothing(plan))).toEqual([])
      }),
      {numRuns: 100},
    )
  })

  test('is recorded once: after it was written down, the same value is no news, whether or not it was overwritten', () => {
    fc.assert(
      fc.property(anyPlans, anyEdit, fc.boolean(), (plan, name, arrived) => {
        const [held] = edit(name, plan)
        const before = knownBeforeUpdate(plan, held, seen(plan, echo(plan)))
        const memory = {...nothing(plan), fields: before}
        expect(conflictsOf(plan, arrived ? echo(plan) : held, memory)).toEqual([])
      }),
      {numRuns: 150},
    )
  })

  test('is none where the person entered what Shopify says, too', () => {
    const [old, now] = [noted('old'), noted('new')]

    expect(conflictsOf(now, echo(now), seen(old, echo(old)))).toEqual([])
    expect(changesTo(now, echo(now), seen(old, echo(old)))).toBeNull()
  })
})

describe('a change in Shopify', () => {
  test('is an ordinary update, not a conflict: NetSuite holds what was left there', () => {
    fc.assert(
      fc.property(anyPlans, anyPlans, (old, now) => {
        // One that was closed as a whole and lives again is told: nothing reopens it.
        fc.pre(old.lines.some((each) => !each.isClosed))
        const held = echo(old)
        const memory = seen(old, held)
        expect(conflictsOf(now, held, memory)).toEqual([])
      }),
      {numRuns: 150},
    )
  })

  test('that overtakes an update of unknown outcome takes neither value for a person’s', () => {
    const [first, second, third] = [noted('1'), noted('2'), noted('3')]
    const fields = knownBeforeUpdate(second, echo(first), seen(first, echo(first)))
    const memory = {...nothing(third), fields}

    for (const held of [echo(first), echo(second)]) expect(conflictsOf(third, held, memory)).toEqual([])
    expect(fieldsOf(third, {...echo(first), memo: 'by hand'}, memory)).toEqual(['memo'])
  })

  test('to an order that was added and never read back is an ordinary update', () => {
    fc.assert(
      fc.property(anyPlans, (plan) => {
        expect(conflictsOf(plan, echo(plan), {...nothing(plan), fields: knownOfNew(plan)})).toEqual([])
        const [held, field] = edit('another memo', plan)
        expect(fieldsOf(plan, held, {...nothing(plan), fields: knownOfNew(plan)})).toEqual([field])
      }),
      {numRuns: 200},
    )
  })
})

describe('what NetSuite made of our own value', () => {
  const plan = planned(order())
  const named = {...echo(plan), shippingAddress: {...plan.shippingAddress, state: 'New York'} as Address}
  const memory = seen(plan, named)

  test('is neither written again nor a conflict', () => {
    expect(changesTo(plan, named, memory)).toBeNull()
    expect(conflictsOf(plan, named, memory)).toEqual([])
  })

  test('is written where Shopify changed the address, and is a conflict where a person did', () => {
    const moved = {...plan, shippingAddress: {...plan.shippingAddress, state: 'NJ'} as Address}
    const byHand = {...named, shippingAddress: {...plan.shippingAddress, state: 'Ohio'} as Address}

    expect(changesTo(moved, named, memory)?.fields).toEqual({shippingAddress: moved.shippingAddress})
    expect(conflictsOf(moved, named, memory)).toEqual([])
    expect(fieldsOf(plan, byHand, memory)).toEqual(['shippingAddress.state'])
  })
})

test('an address that a channel does not give is written when Shopify changed it since it was last written', () => {
  const plan = planned(order())
  const {shippingAddress: _shipping, ...held} = echo(plan)
  const memory = seen(plan, held)
  const moved = {...plan, shippingAddress: {...plan.shippingAddress, city: 'Boston'} as Address}

  expect(changesTo(plan, held, memory)).toBeNull()
  expect(changesTo(moved, held, memory)?.fields).toEqual({shippingAddress: moved.shippingAddress})
  expect(conflictsOf(moved, held, memory)).toEqual([])
})

describe('what someone closed in NetSuite', () => {
  const open = echo(two)
  const oneClosed = {...open, lines: open.lines.map((each, i) => (i === 0 ? {...each, isClosed: true} : each))}
  const closed = {...open, status: 'H', lines: open.lines.map((each) => ({...each, isClosed: true}))}

  test('is a conflict that nothing overwrites: the line, or the order as a whole', () => {
    const memory = seen(two, open)

    expect(conflictsOf(two, oneClosed, memory)).toMatchObject([{field: 'lines.111.closed', isOverwritten: false}])
    expect(conflictsOf(two, closed, memory)).toMatchObject([{field: 'status', held: 'closed', isOverwritten: false}])
    expect(changesTo(two, closed, memory)).toBeNull()
  })

  test('is told once', () => {
    expect(conflictsOf(two, oneClosed, seen(two, oneClosed))).toEqual([])
    expect(conflictsOf(two, closed, seen(two, closed))).toEqual([])
  })
})

describe('a value that a person decided to keep', () => {
  const plan = noted('from Shopify')
  const ruling = (change: Partial<Ruling> = {}): Ruling => ({
    state: 'kept_netsuite',
    planned: markOf(plan.externalId, {name: 'memo', kind: 'text'}, plan.memo),
    held: markOf(plan.externalId, {name: 'memo', kind: 'text'}, 'by hand'),
    kept: 'by hand',
    isRestored: false,
    ...change,
  })

  test('is put back, and from then on left as it is in NetSuite', () => {
    const waiting = seen(plan, echo(plan), {memo: ruling()})
    const held = {...echo(plan), memo: 'by hand'}

    expect(changesTo(plan, echo(plan), waiting)?.fields).toEqual({memo: 'by hand'})
    expect(changesTo(plan, held, waiting)).toBeNull()
    const restored = seen(plan, held, {memo: ruling({isRestored: true, kept: null})})
    for (const memo of ['by hand', 'again by hand', null]) {
      expect(changesTo(plan, {...held, memo}, restored)).toBeNull()
      expect(conflictsOf(plan, {...held, memo}, restored)).toEqual([])
    }
  })

  test('goes along as it is when the rest of its address or its line is written', () => {
    const text = (name: string, value: string | null) => markOf(two.externalId, {name, kind: 'address'}, value)
    const memory = seen(two, echo(two), {
      'shippingAddress.addr2': ruling({planned: text('shippingAddress.addr2', null), held: '~', kept: 'Dock 4'}),
      'lines.111.description': ruling({
        planned: text('lines.111.description', two.lines[0]?.description ?? null),
        held: '~',
        kept: 'Engraved',
      }),
    })

    const update = changesTo(two, echo(two), memory)

    expect(update?.fields.shippingAddress).toEqual({...two.shippingAddress, addr2: 'Dock 4'})
    expect(update?.lines?.map(({planned: each}) => each.description)).toEqual(['Engraved', two.lines[1]?.description])
    expect(update?.lines?.map(({planned: each}) => each.amount)).toEqual(two.lines.map((each) => each.amount))
  })

  test('is overruled by another value in Shopify, and that is told with the value that is lost by it', () => {
    const now = noted('changed again in Shopify')
    const held = {...echo(plan), memo: 'by hand'}
    const restored = seen(plan, held, {memo: ruling({isRestored: true, kept: null})})
    const waiting = seen(plan, echo(plan), {memo: ruling()})

    expect(changesTo(now, held, restored)?.fields).toEqual({memo: now.memo})
    expect(conflictsOf(now, held, restored)).toMatchObject([{field: 'memo', kept: 'by hand'}])
    expect(conflictsOf(now, echo(plan), waiting)).toMatchObject([{field: 'memo', kept: 'by hand'}])
  })

  test('is never one that decides what is owed or shipped', () => {
    const field = 'lines.111.quantity'
    const memory = seen(two, echo(two), {[field]: ruling({planned: '1', held: '3', kept: null})})
    const held = {...echo(two), lines: echo(two).lines.map((each, i) => (i === 0 ? {...each, quantity: '3'} : each))}

    expect(changesTo(two, held, memory)?.lines?.[0]?.planned.quantity).toBe(1)
  })
})

test('nothing that the ledger is to remember holds a detail of the customer', () => {
  const plan = planned(order({note: 'ring twice', poNumber: 'PO of Ann'}))
  const held = {...echo(plan), memo: 'someone’s own words'}
  const [conflict] = conflictsOf(plan, held, seen(plan, echo(plan)))
  const {kept, ...marks} = conflict ?? {kept: null}

  const text = JSON.stringify([
    knownFields(plan, held, nothing(plan)),
    knownBeforeUpdate(plan, held, nothing(plan)),
    marks,
  ])

  for (const detail of ['Ann', 'Lee', 'Main St', '10001', 'New York', 'ann.lee', 'ring twice', 'own words'])
    expect(text).not.toContain(detail)
  expect(kept).toBe('someone’s own words')
})
