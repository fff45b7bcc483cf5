import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {money} from '../../../src/lib/core/money.ts'
import type {LifeRules} from '../../../src/lib/plan/life-types.ts'
import type {HeldMoney, PayoutBook} from '../../../src/lib/plan/payout-lines.ts'
import {planPayout, type PayoutPlan} from '../../../src/lib/plan/payouts.ts'
import type {BalanceTransaction, ShopifyPayout} from '../../../src/lib/shopify/money-types.ts'
import {amount, gid, Ledger, life, told} from './lives-of-orders.ts'
import {rules} from './orders-of-shopify.ts'

/** One line of Shopify's balance; a charge or refund names its order transaction by number. */
function moved(type: string, gross: string, fee = '0.00', transaction: number | null = null): BalanceTransaction {
  const [whole, part] = [amount(gross), amount(fee)]
  return {
    id: gid('ShopifyPaymentsBalanceTransaction', 1),
    legacyId: '1',
    type,
    amount: whole,
    fee: part,
    net: {...whole, minor: whole.minor - part.minor},
    transactionDate: '2026-11-20T15:00:00Z',
    orderId: transaction === null ? null : gid('Order', 5001),
    orderName: transaction === null ? null : '#1001',
    orderTransactionId: transaction === null ? null : gid('OrderTransaction', transaction),
    sourceType: null,
    adjustmentReason: null,
    test: false,
  }
}

function payout(net: string, change: Partial<ShopifyPayout> = {}): ShopifyPayout {
  return {
    id: gid('ShopifyPaymentsPayout', 601),
    legacyId: '601',
    issuedAt: '2026-11-24T03:00:00Z',
    status: 'PAID',
    transactionType: net.startsWith('-') ? 'WITHDRAWAL' : 'DEPOSIT',
    net: amount(net),
    bankAccountId: null,
    traceId: null,
    ...change,
  }
}

/** NetSuite holds each charge and refund with the amount of its line, or with the one that `booked` gives. */
function held(lines: readonly BalanceTransaction[], booked: Readonly<Record<string, string>> = {}): PayoutBook {
  const amounts = new Map(lines.map((line) => [line.orderTransactionId, line.amount]))
  return {
    isBooked: false,
    money: (id, kind): HeldMoney[] => {
      const whole = booked[id] === undefined ? amounts.get(id) : amount(booked[id])
      const minor = whole?.minor ?? 0n
      const type = kind === 'refund' ? 'customerRefund' : 'customerDeposit'
      const presentmentCurrency = booked[id] === undefined ? 'USD' : 'EUR'
      return [{type, ref: {id}, amount: money(minor < 0n ? -minor : minor, 'USD'), presentmentCurrency}]
    },
  }
}

function planned(to: ShopifyPayout, lines: readonly BalanceTransaction[], book = held(lines), by: LifeRules = life) {
  const plan: PayoutPlan = planPayout(to, lines, book, rules, by)
  if (!('records' in plan)) throw new Error('the payout waits')
  return plan.records
}

/** Positive where the payout debits an account. */
const posted = (...args: Parameters<typeof planned>) => new Ledger().write(planned(...args)).accounts()

type Case = readonly [name: string, net: string, lines: readonly BalanceTransaction[], accounts: Record<string, string>]

const CASES: readonly Case[] = [
  ['1 a charge', '80.45', [moved('CHARGE', '83.16', '2.71', 1)], {'1000': '80.45', '1010': '-83.16', '6000': '2.71'}],
  [
    '6 a charge and its refund, whose fee stays charged',
    '95.09',
    [moved('CHARGE', '48.60', '1.71', 1), moved('REFUND', '-48.60', '0.00', 2), moved('CHARGE', '100.00', '3.20', 3)],
    {'1000': '95.09', '1010': '-100.00', '6000': '4.91'},
  ],
  [
    '11 a dispute',
    '176.00',
    [moved('CHARGE', '300.00', '9.00', 1), moved('DISPUTE_WITHDRAWAL', '-100.00', '15.00')],
    {'1000': '176.00', '1010': '-300.00', '1310': '100.00', '6000': '9.00', '6010': '15.00'},
  ],
  [
    '11 a dispute won, its fee given back',
    '115.00',
    [moved('DISPUTE_REVERSAL', '100.00', '-15.00')],
    {'1000': '115.00', '1310': '-100.00', '6010': '-15.00'},
  ],
  [
    '12 a reserve held',
    '770.70',
    [moved('CHARGE', '1000.00', '29.30', 1), moved('RESERVED_FUNDS', '-200.00')],
    {'1000': '770.70', '1010': '-1000.00', '1300': '200.00', '6000': '29.30'},
  ],
  [
    '12 a reserve released, whatever its type is called',
    '685.20',
    [moved('CHARGE', '500.00', '14.80', 1), moved('RESERVED_FUNDS_WITHDRAWAL', '200.00')],
    {'1000': '685.20', '1010': '-500.00', '1300': '-200.00', '6000': '14.80'},
  ],
  [
    '13 the money of a failed payout comes back inside a later one',
    '776.20',
    [moved('CHARGE', '300.00', '9.00', 1), moved('TRANSFER_FAILURE', '485.20')],
    {'1000': '776.20', '1005': '-485.20', '1010': '-300.00', '6000': '9.00'},
  ],
  [
    '14 a payout that is taken from the bank',
    '-42.62',
    [moved('CHARGE', '80.00', '2.62', 1), moved('REFUND', '-120.00', '0.00', 2)],
    {'1000': '-42.62', '1010': '40.00', '6000': '2.62'},
  ],
  [
    '17 duties that Shopify pays on',
    '111.00',
    [moved('CHARGE', '127.50', '4.00', 1), moved('CUSTOMS_DUTY', '-12.50')],
    {'1000': '111.00', '1010': '-127.50', '2320': '12.50', '6000': '4.00'},
  ],
  [
    '23 labels, a bill and a credit',
    '157.65',
    [
      moved('CHARGE', '200.00', '6.10', 1),
      moved('SHIPPING_LABEL', '-7.85'),
      moved('SHIPPING_LABEL_ADJUSTMENT', '-0.65'),
      moved('BILLING_DEBIT', '-29.00'),
      moved('ANOMALY_CREDIT', '1.25'),
    ],
    {'1000': '157.65', '1010': '-200.00', '6000': '6.10', '6030': '8.50', '6040': '29.00', '6090': '-1.25'},
  ],
  [
    '24 tax withheld for a marketplace',
    '48.13',
    [moved('CHARGE', '54.00', '1.87', 1), moved('TAX_ADJUSTMENT_DEBIT', '-4.00')],
    {'1000': '48.13', '1010': '-54.00', '2310': '4.00', '6000': '1.87'},
  ],
  [
    '25 money that came back from a failed refund',
    '10.00',
    [moved('REFUND_FAILURE', '10.00', '0.00', 1)],
    {'1000': '10.00', '1010': '-10.00'},
  ],
]

test.each(CASES)('case %s', (_, net, lines, accounts) => {
  expect(posted(payout(net), lines)).toEqual(accounts)
})

test('case 13 a payout that failed is taken back by a check, where it was booked', () => {
  const failed = payout('485.20', {status: 'FAILED'})

  expect(posted(failed, [], {...held([]), isBooked: true})).toEqual({'1000': '-485.20', '1005': '485.20'})
  expect(planned(failed, [])).toEqual([])
})

test('case 13 a payout that failed before it was booked stands in transit, whence a later one brings its money', () => {
  const lines = [moved('CHARGE', '500.00', '14.80', 1)]
  for (const status of ['FAILED', 'CANCELED']) {
    const failed = payout('485.20', {status})
    expect(posted(failed, lines)).toEqual({'1005': '485.20', '1010': '-500.00', '6000': '14.80'})
    expect(told(planned(failed, lines))).toEqual(['deposit SHOPIFY:PAYOUT:601:TRANSIT 485.20'])
  }
})

test('case 14 is a deposit of zero and a check, dated in the zone of the contract', () => {
  const lines = [moved('CHARGE', '80.00', '2.62', 1), moved('REFUND', '-120.00', '0.00', 2)]
  const records = planned(payout('-42.62'), lines)

  expect(told(records)).toEqual(['deposit SHOPIFY:PAYOUT:601 0.00', 'check SHOPIFY:PAYOUT:601:W 42.62'])
  expect(records.map(({tranDate}) => tranDate)).toEqual(['2026-11-23', '2026-11-23'])
})

test('case 15 a payment in another currency settles at another rate, and the difference is shown', () => {
  const lines = [moved('CHARGE', '100.74', '4.73', 1)]
  const booked = held(lines, {[gid('OrderTransaction', 1)]: '101.20'})

  expect(posted(payout('96.01'), lines, booked)).toEqual({
    '1000': '96.01',
    '1010': '-101.20',
    '6000': '4.73',
    '7000': '0.46',
  })
})

describe('a payout that cannot be booked', () => {
  const lines = [moved('CHARGE', '83.16', '2.71', 1)]

  test('waits for a payment that NetSuite does not hold, and names it', () => {
    const plan = planPayout(payout('80.45'), lines, {isBooked: false, money: () => []}, rules, life)

    expect(plan).toEqual({
      waitsFor: [
        {
          order: '#1001',
          transaction: 'gid://shopify/OrderTransaction/1',
          why: 'NetSuite does not hold the payment of 83.16 USD',
        },
      ],
    })
  })

  test('waits while it is scheduled, and is nothing once it is cancelled', () => {
    expect(planPayout(payout('80.45', {status: 'SCHEDULED'}), lines, held(lines), rules, life)).toHaveProperty(
      'waitsFor',
    )
    expect(planPayout(payout('80.45', {status: 'CANCELED'}), [], held(lines), rules, life)).toEqual({records: []})
  })

  test('is refused with every type that no line of the contract covers', () => {
    const odd = [moved('NEW_CREDIT', '5.00'), moved('CHARGE', '83.16', '2.71', 1), moved('STRIPE_FEE', '-1.00')]

    expect(() => planned(payout('84.45'), odd)).toThrow(
      expect.objectContaining({
        code: 'PAYOUT_TYPE_UNMAPPED',
        message: expect.stringContaining('payouts.types.NEW_CREDIT') as string,
      }),
    )
    expect(() => planned(payout('84.45'), odd)).toThrow(/payouts\.types\.STRIPE_FEE/)
  })

  test.each([
    ['its lines do not sum to it', payout('80.46'), lines, held(lines), life, 'PAYOUT_TOTAL_MISMATCH'],
    ['the contract has no bank of its currency', payout('80.45'), lines, held(lines), {...life, payouts: {...life.payouts, banks: {}}}, 'ACCOUNT_UNMAPPED'], // prettier-ignore
    ['a fee has no account', payout('80.45'), lines, held(lines), {...life, payouts: {...life.payouts, fees: null}}, 'ACCOUNT_UNMAPPED'], // prettier-ignore
    ['NetSuite holds another amount of it', payout('80.45'), lines, held([moved('CHARGE', '83.15', '2.71', 1)]), life, 'PAYOUT_AMOUNT_DIFFERS'], // prettier-ignore
    ['NetSuite has no such currency', {...payout('80.45'), net: money(8045n, 'SEK')}, lines, held(lines), life, 'CURRENCY_UNMAPPED'], // prettier-ignore
  ])('is refused where %s', (_, to, all, book, by, code) => {
    const codes: string[] = []
    try {
      planned(to, all, book, by)
    } catch (error) {
      codes.push((error as {code: string}).code, (error as Error).message)
    }
    // The first fault gives the code; all of them stand in the message.
    expect(codes.join(' ')).toContain(code === 'CURRENCY_UNMAPPED' ? 'no NetSuite currency for SEK' : code)
  })
})

describe('whatever a payout holds', () => {
  const cents = fc.integer({min: -50_000, max: 90_000})
  const kinds = fc.constantFrom('CHARGE', 'REFUND', 'RESERVED_FUNDS', 'SHIPPING_LABEL', 'TRANSFER_REFUND')
  const seeds = fc.array(fc.record({kind: kinds, cents, fee: fc.integer({min: 0, max: 900})}), {maxLength: 40})

  const linesFrom = (all: readonly {kind: string; cents: number; fee: number}[]) =>
    all.map(({kind, cents: minor, fee}, i): BalanceTransaction => {
      const isMoney = kind === 'CHARGE' || kind === 'REFUND'
      const size = BigInt(kind === 'CHARGE' ? Math.abs(minor) : kind === 'REFUND' ? -Math.abs(minor) : minor)
      const line = moved(kind, '0.00', '0.00', isMoney ? i : null)
      return {
        ...line,
        amount: money(size, 'USD'),
        fee: money(BigInt(fee), 'USD'),
        net: money(size - BigInt(fee), 'USD'),
      }
    })

  test('the bank moves by exactly its net, undeposited funds by its charges and refunds, and no deposit is negative', () => {
    fc.assert(
      fc.property(seeds, fc.integer({min: 1, max: 50}), (all, linesPerDeposit) => {
        const lines = linesFrom(all)
        const sum = (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n)
        const net = sum(lines.map((line) => line.net.minor))
        const to = {...payout('0.00'), net: money(net, 'USD')}
        const by = {...life, payouts: {...life.payouts, linesPerDeposit}}
        const records = planned(to, lines, held(lines), by)
        const {balances} = new Ledger().write(records)
        const money010 = sum(lines.filter((line) => line.orderTransactionId !== null).map((line) => line.amount.minor))
        const back = sum(lines.filter((line) => line.type === 'TRANSFER_REFUND').map((line) => line.amount.minor))

        expect(balances.get('1000') ?? 0n).toBe(net)
        expect(balances.get('1010') ?? 0n).toBe(-money010)
        expect(balances.get('1005') ?? 0n).toBe(-back)
        for (const record of records) {
          expect(record.total.minor >= 0n).toBe(true)
          if (record.type !== 'deposit') continue
          expect(record.payments.length).toBeLessThanOrEqual(linesPerDeposit)
          expect([...record.other, ...record.cashBack].every((line) => line.amount.minor > 0n)).toBe(true)
        }
      }),
      {numRuns: 300},
    )
  })

  test('one that holds 4,500 payments is collected in three parts and reaches the bank as one line', () => {
    const lines = linesFrom(Array.from({length: 4500}, () => ({kind: 'CHARGE', cents: 1000, fee: 59})))
    const records = planned({...payout('0.00'), net: money(4500n * 941n, 'USD')}, lines)

    expect(told(records)).toEqual([
      'deposit SHOPIFY:PAYOUT:601:1 20000.00',
      'deposit SHOPIFY:PAYOUT:601:2 20000.00',
      'deposit SHOPIFY:PAYOUT:601:3 5000.00',
      'deposit SHOPIFY:PAYOUT:601 42345.00',
    ])
  })
})
