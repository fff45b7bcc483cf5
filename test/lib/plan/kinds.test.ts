import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {POSTING_TYPES, type PostingRecord, type PostingType} from '../../../src/lib/netsuite/posting-types.ts'
import {checkKind, isOfKind, withinReach, type Kind} from '../../../src/lib/plan/kinds.ts'
import type {LifeRules} from '../../../src/lib/plan/life-types.ts'

const KINDS: readonly Kind[] = ['payments', 'fulfillments', 'refunds']

const everything = {
  payments: 'deposit',
  billing: 'invoice',
  fulfillments: {from: 'shopify', locations: {}},
  refunds: {mode: 'push', restock: 'none', adjustmentItem: null},
} as unknown as LifeRules

function record(type: PostingType, externalId = `SHOPIFY:X:${type}`): PostingRecord {
  return {type, externalId} as PostingRecord
}

describe('a kind of records', () => {
  test('each record of an order is of exactly one kind; bank deposits and checks are of none', () => {
    for (const type of POSTING_TYPES) {
      const kinds = KINDS.filter((kind) => isOfKind(kind, record(type)))
      expect([type, kinds.length]).toEqual([type, type === 'deposit' || type === 'check' ? 0 : 1])
    }
  })

  test('money that came back because its refund failed belongs to the refunds', () => {
    const failed = record('customerDeposit', 'SHOPIFY:TRANSACTION:7:FAILED')

    expect(KINDS.filter((kind) => isOfKind(kind, failed))).toEqual(['refunds'])
  })

  test('a kind that the contract switches off says which line does so', () => {
    const off: readonly (readonly [Kind, Partial<LifeRules>, RegExp])[] = [
      ['payments', {payments: 'off'}, /payments: off/],
      ['payments', {billing: 'cashSale'}, /billing: cash_sale/],
      ['refunds', {refunds: {mode: 'off', restock: 'none', adjustmentItem: null}}, /refunds: \{mode: off\}/],
      ['fulfillments', {fulfillments: {from: 'netsuite', locations: {}}, billing: 'netsuite'}, /from: netsuite/],
    ]
    for (const [kind, change, line] of off) expect(() => checkKind(kind, {...everything, ...change})).toThrow(line)
    for (const kind of KINDS) expect(() => checkKind(kind, everything)).not.toThrow()
  })
})

const due = fc
  .array(fc.constantFrom(...POSTING_TYPES.filter((type) => type !== 'deposit' && type !== 'check')), {maxLength: 12})
  .map((types) => types.map((type, i) => record(type, `SHOPIFY:X:${i}`)))
const kind = fc.constantFrom(...KINDS)
const GOODS: readonly PostingType[] = ['itemFulfillment', 'returnAuthorization', 'itemReceipt']

describe('what a limited run may write', () => {
  test('nothing is lost, nothing changes its place, and only what was asked for is written', () => {
    fc.assert(
      fc.property(due, kind, (records, asked) => {
        const {reached, left} = withinReach(records, (one) => isOfKind(asked, one))
        expect(new Set([...reached, ...left])).toEqual(new Set(records))
        expect(reached.length + left.length).toBe(records.length)
        expect(records.filter((one) => reached.includes(one))).toEqual(reached)
        expect(reached.every((one) => isOfKind(asked, one))).toBe(true)
      }),
    )
  })

  test('no money is booked before money that the plan has earlier, for invoices take the deposits that stand there', () => {
    fc.assert(
      fc.property(due, kind, (records, asked) => {
        const {reached, left} = withinReach(records, (one) => isOfKind(asked, one))
        const money = records.filter(({type}) => !GOODS.includes(type))
        const firstLeft = money.findIndex((one) => left.includes(one))
        const tooEarly = money.filter((one, i) => firstLeft !== -1 && i > firstLeft && reached.includes(one))
        expect(tooEarly).toEqual([])
      }),
    )
  })

  test('kinds that take turns come to the end of the plan, whichever goes first', () => {
    fc.assert(
      fc.property(due, fc.shuffledSubarray([...KINDS], {minLength: 3}), (records, turns) => {
        let open: readonly PostingRecord[] = records
        for (let round = 0; round <= records.length && open.length > 0; round++) {
          for (const asked of turns) open = withinReach(open, (one) => isOfKind(asked, one)).left
        }
        expect(open).toEqual([])
      }),
    )
  })

  test('a shipment waits for no money, its bill for the deposit', () => {
    const records = [record('customerDeposit'), record('itemFulfillment'), record('invoice')]

    const {reached, left} = withinReach(records, (one) => isOfKind('fulfillments', one))

    expect([reached, left].map((list) => list.map(({type}) => type))).toEqual([
      ['itemFulfillment'],
      ['customerDeposit', 'invoice'],
    ])
  })
})
