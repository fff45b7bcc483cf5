import {beforeEach, describe, expect, test} from 'vitest'

import type {
  Failure,
  Fields,
  LineInput,
  RecordInput,
  StoredRecord,
} from '../../../../src/sandbox/netsuite/engine-types.ts'
import {accountId} from '../../../../src/sandbox/netsuite/seed-accounts.ts'
import {
  balances,
  checked,
  creditMemo,
  deposit,
  held,
  line,
  made,
  openWorld,
  order,
  payout,
  refund,
  saved,
  sold,
  type World,
} from './world.ts'

let world: World

beforeEach(() => {
  world = openWorld()
})

function refused(record: RecordInput): Failure {
  const before = JSON.stringify(balances(world))
  const outcome = world.engine.add(record)
  if (outcome.ok) throw new Error(`${record.type} was saved`)
  expect(JSON.stringify(balances(world))).toBe(before)
  return outcome
}

const fresh = (record: StoredRecord): Fields => {
  const found = world.engine.get(record.type, {id: record.id})
  if (!found.ok) throw new Error(found.message)
  return found.record.fields
}
const bank = {account: {id: accountId('1000')}, tranDate: '2026-11-09'}
const payments = (...records: readonly StoredRecord[]): LineInput[] =>
  records.map(({id}) => ({key: id, fields: {deposit: true}}))
const applied = (record: StoredRecord, amount: string): LineInput[] => [{key: record.id, fields: {apply: true, amount}}]

describe('money in undeposited funds', () => {
  test('a bank deposit takes a payment once', () => {
    const paid = deposit(world, null, '10.00')
    payout(world, [paid])

    expect(fresh(paid)).toMatchObject({status: 'B'})
    const lines = {payment: payments(paid)}
    expect(refused({type: 'deposit', fields: bank, lines})).toMatchObject({
      code: 'INVALID_KEY_OR_REF',
      message: `Invalid id reference key ${paid.id}.`,
    })
  })

  test('a bank deposit that is deleted gives its payments back', () => {
    const paid = deposit(world, null, '10.00')
    const taken = payout(world, [paid])
    expect(world.engine.delete('deposit', {id: taken.id})).toMatchObject({ok: true})

    expect(fresh(paid)).toMatchObject({status: 'A'})
    payout(world, [paid])
    expect(balances(world)['1000']).toEqual(['10.00', '0.00'])
  })

  test('a total below zero is refused, zero is not', () => {
    const lines = {cashBack: [{fields: {account: {id: accountId('6000')}, amount: '0.01'}}]}
    expect(refused({type: 'deposit', fields: bank, lines})).toMatchObject({message: 'The total can not be negative'})
    payout(world, [], {'6020': '100.00'}, {'1310': '100.00'})
  })

  test('money that never was undeposited cannot be deposited', () => {
    const paid = deposit(world, null, '10.00', '1020')

    expect(fresh(paid)).toMatchObject({status: 'B', undepFunds: false})
    expect(refused({type: 'deposit', fields: bank, lines: {payment: payments(paid)}})).toMatchObject({
      code: 'INVALID_KEY_OR_REF',
    })
  })

  test('a deposited payment keeps its amount, account and customer; its memo may change', () => {
    const paid = deposit(world, null, '10.00')
    payout(world, [paid])
    const change = (fields: Fields): unknown => world.engine.update('customerDeposit', {id: paid.id}, {fields})

    expect(world.engine.delete('customerDeposit', {id: paid.id})).toMatchObject({ok: false})
    expect(change({payment: '11.00'})).toMatchObject({ok: false})
    expect(change({undepFunds: false, account: {id: accountId('1020')}})).toMatchObject({ok: false})
    expect(change({currency: {id: '4'}, exchangeRate: '1.10'})).toMatchObject({ok: false})
    expect(change({memo: 'looked at'})).toMatchObject({ok: true})
    expect(refused({type: 'deposit', fields: bank, lines: {payment: payments(paid)}})).toMatchObject({ok: false})
  })
})

describe('accounts', () => {
  test('a payment method that is grouped with undeposited funds beats the account', () => {
    const fields = {paymentMethod: {id: '2'}, undepFunds: false, account: {id: accountId('1020')}}
    expect(fresh(deposit(world, null, '5.00', undefined, fields))).toMatchObject({undepFunds: true})
    expect(balances(world)['1010']).toEqual(['5.00', '0.00'])
  })

  test('a payment method brings its account where the payment names none', () => {
    deposit(world, null, '5.00', undefined, {paymentMethod: {id: '3'}, undepFunds: false})
    expect(balances(world)['1020']).toEqual(['5.00', '0.00'])
  })

  test('liability accounts are offered only with expanded account lists', () => {
    world.books.preferences.expandAccountLists = false
    const fields = {customer: {id: '500'}, payment: '5.00', undepFunds: false, account: {id: accountId('2200')}}
    expect(refused({type: 'customerDeposit', fields})).toMatchObject({
      code: 'INVALID_KEY_OR_REF',
      message: `Invalid account reference key ${accountId('2200')}.`,
    })
  })

  test('an account that is missing is asked for by name', () => {
    const fields = {customer: {id: '500'}, payment: '5.00', undepFunds: false}
    expect(refused({type: 'customerDeposit', fields})).toMatchObject({
      message: 'Please enter value(s) for: Account',
      path: 'account',
    })
    const item = world.state.find('item', {id: '9006'})
    delete item?.fields['incomeAccount']
    const ordered = order(world, [line.product('5.00')])
    const draft = world.engine.initialize({type: 'salesOrder', ref: {id: ordered.id}}, 'invoice')
    if (!draft.ok) throw new Error(draft.message)
    expect(refused(draft.draft)).toMatchObject({
      message: 'Please enter value(s) for: Income Account',
      path: 'item.items[0].item',
    })
  })
})

describe('what is applied', () => {
  test('deposits pay the order that they are linked to, the oldest first, and no more than it costs', () => {
    const ordered = order(world, [line.product('50.00')])
    const later = deposit(world, ordered, '40.00', undefined, {tranDate: '2026-11-03'})
    const first = deposit(world, ordered, '30.00', undefined, {tranDate: '2026-11-01'})
    const billed = made(world, ordered, 'invoice')

    expect(fresh(billed)).toMatchObject({status: 'B', amountRemaining: '0.00', amountPaid: '50.00'})
    expect([fresh(first)['status'], fresh(later)['status']]).toEqual(['C', 'A'])
    expect(world.books.open.left(later.id).toFixed(2)).toBe('20.00')
  })

  test('what exceeds its order may pay another invoice, the rest may not', () => {
    const ordered = order(world, [line.product('50.00')])
    const paid = deposit(world, ordered, '70.00')
    const other = made(world, order(world, [line.product('90.00')]), 'invoice')
    const apply = (amount: string): RecordInput => ({
      type: 'depositApplication',
      fields: {deposit: {id: paid.id}},
      lines: {apply: applied(other, amount)},
    })

    expect(refused(apply('20.01'))).toMatchObject({code: 'USER_ERROR'})
    saved(world, apply('20.00'))
    expect(fresh(other)).toMatchObject({amountRemaining: '70.00', status: 'A'})
  })

  test('nobody gives back more than there is, or to somebody else, or in another currency', () => {
    const credit = creditMemo(world, [line.product('10.00')])
    const fields = {customer: {id: '500'}, account: {id: accountId('1010')}}
    const give = (amount: string, change: Fields = {}): RecordInput => ({
      type: 'customerRefund',
      fields: {...fields, ...change},
      lines: {apply: applied(credit, amount)},
    })
    const other = saved(world, {type: 'customer', fields: {companyName: 'Other', subsidiary: {id: '1'}}})

    expect(refused(give('10.01'))).toMatchObject({code: 'USER_ERROR', path: 'apply.items[0].amount'})
    expect(refused(give('1.00', {customer: {id: other.id}}))).toMatchObject({code: 'INVALID_KEY_OR_REF'})
    expect(refused(give('1.00', {currency: {id: '4'}}))).toMatchObject({code: 'INVALID_KEY_OR_REF'})
    saved(world, give('4.00'))
    expect(refused(give('6.01'))).toMatchObject({code: 'USER_ERROR'})
    saved(world, give('6.00'))
    expect(fresh(credit)).toMatchObject({status: 'B', unapplied: '0.00'})
  })

  test('a refund of a deposit shows the application that it made, not the deposit', () => {
    const paid = deposit(world, null, '30.00')
    const back = refund(world, paid, '10.00')
    const [row] = back.lines['apply'] ?? []

    expect(back.lines['deposit']).toBeUndefined()
    expect(world.state.find('depositApplication', {id: row?.key ?? ''})?.fields).toMatchObject({
      deposit: {id: paid.id},
      total: '10.00',
      unapplied: '0.00',
    })
    expect(fresh(paid)).toMatchObject({status: 'A'})
  })

  test('a record that others depend on stays; from the last to the first all can go, and leave nothing', () => {
    const ordered = order(world, [line.shirt('30.00')])
    const paid = deposit(world, ordered, '30.00')
    const shipped = made(world, ordered, 'itemFulfillment')
    const billed = made(world, ordered, 'invoice')
    const [application] = world.state.records('depositApplication')
    if (application === undefined) throw new Error('the deposit was not applied')

    for (const record of [ordered, paid, billed]) {
      expect(world.engine.delete(record.type, {id: record.id})).toMatchObject({ok: false})
    }
    for (const record of [application, billed, shipped, paid, ordered]) {
      expect(world.engine.delete(record.type, {id: record.id})).toMatchObject({ok: true})
    }
    expect(
      Object.values(balances(world))
        .flat()
        .every((amount) => amount === '0.00'),
    ).toBe(true)
    expect(world.inventory.onHand('1001', '1')).toBe(400)
  })
})

describe('goods', () => {
  test('cost posts when goods are shipped, not when they are picked', () => {
    const shipped = made(world, order(world, [line.shirt('40.00', '2')]), 'itemFulfillment', {shipStatus: 'A'})
    expect(balances(world)['5000']).toEqual(['0.00', '0.00'])

    held(
      world,
      'itemFulfillment',
      world.engine.update('itemFulfillment', {id: shipped.id}, {fields: {shipStatus: 'C'}}),
    )
    expect(balances(world)['5000']).toEqual(['30.00', '0.00'])
  })

  test('goods that are not restocked are written off', () => {
    const ordered = order(world, [line.shirt('40.00', '2')])
    made(world, ordered, 'itemFulfillment')
    made(world, ordered, 'invoice')
    const authorized = made(world, ordered, 'returnAuthorization')
    const lines = [{fields: {orderLine: '1', quantity: '2', restock: false, itemReceive: true}}]
    made(world, authorized, 'itemReceipt', {}, lines)

    expect(balances(world)['5100']).toEqual(['30.00', '0.00'])
    expect(balances(world)['1200']).toEqual(['0.00', '30.00'])
    expect(world.inventory.onHand('1001', '1')).toBe(398)
  })

  test('only what was shipped is billed, only what came back is credited', () => {
    const ordered = order(world, [line.shirt('80.00', '2'), line.tip('3.00')])
    expect(made(world, ordered, 'invoice').fields).toMatchObject({total: '3.00'})
    made(world, ordered, 'itemFulfillment', {}, [{fields: {orderLine: '1', quantity: '1', itemReceive: true}}])
    expect(made(world, ordered, 'invoice').fields).toMatchObject({total: '40.00'})
    expect(fresh(ordered)).toMatchObject({status: 'D'})

    const authorized = made(world, ordered, 'returnAuthorization', {}, [
      {fields: {orderLine: '1', quantity: '1', amount: '40.00', price: {id: '-1'}}},
    ])
    expect(
      world.engine.initialize({type: 'returnAuthorization', ref: {id: authorized.id}}, 'creditMemo'),
    ).toMatchObject({
      code: 'INVALID_INITIALIZE_REF',
    })
    made(world, authorized, 'itemReceipt')
    made(world, authorized, 'creditMemo')
    expect(fresh(authorized)).toMatchObject({status: 'G'})
  })

  test('a header discount in money falls on the first invoice alone', () => {
    const lines = [line.product('30.00'), line.product('70.00')]
    const ordered = order(world, lines, undefined, {discountItem: {id: '9001'}, discountRate: '-10.00'})
    const first = [{fields: {orderLine: '1', quantity: '1', amount: '30.00', price: {id: '-1'}}}]

    expect(made(world, ordered, 'invoice', {}, first).fields).toMatchObject({total: '20.00'})
    expect(made(world, ordered, 'invoice').fields).toMatchObject({total: '70.00'})
  })
})

test('nothing posts into a closed or locked period; what does not post is free', () => {
  const paid = deposit(world, null, '5.00')
  for (const flag of ['closed', 'allLocked']) {
    const period = [...world.state.records('accountingPeriod')].find(({fields}) => fields['name'] === 'Nov 2026')
    if (period === undefined) throw new Error('no such period')
    period.fields[flag] = true
    const fields = {customer: {id: '500'}, payment: '5.00', tranDate: '2026-11-02'}
    expect(refused({type: 'customerDeposit', fields})).toMatchObject({code: 'USER_ERROR', path: 'tranDate'})
    expect(world.engine.update('customerDeposit', {id: paid.id}, {fields: {memo: 'late'}})).toMatchObject({ok: false})
    expect(world.engine.delete('customerDeposit', {id: paid.id})).toMatchObject({ok: false})
    order(world, [line.product('5.00')])
    period.fields[flag] = false
  }
})

test('cents between an invoice converted line by line and its payment go to rounding gain or loss', () => {
  const euro = {currency: {id: '4'}, exchangeRate: '1.1'}
  const ordered = order(world, [line.product('0.05'), line.product('0.05')], undefined, euro)
  deposit(world, ordered, '0.10', undefined, euro)
  made(world, ordered, 'invoice')

  expect(balances(world)['4000']).toEqual(['0.00', '0.12'])
  expect(balances(world)['7010']).toEqual(['0.01', '0.00'])
  expect(balances(world)['7000']).toEqual(['0.00', '0.00'])
  expect(balances(world)['1100']).toEqual(['0.12', '0.12'])
})

test('a bank account in euro takes euro as they are; other money needs its amount in euro', () => {
  const euro = deposit(world, null, '92.00', undefined, {currency: {id: '4'}, exchangeRate: '1.10'})
  const dollars = deposit(world, null, '11.00')
  const fields = {account: {id: accountId('1003')}, tranDate: '2026-11-09', exchangeRate: '1.10'}
  const [first, second] = payments(euro, dollars)
  if (first === undefined || second === undefined) throw new Error('there are two payments')

  expect(refused({type: 'deposit', fields, lines: {payment: [first, second]}})).toMatchObject({
    message: 'Please enter value(s) for: Payment Amount',
  })
  const given = {...second, fields: {...second.fields, paymentAmount: '10.00'}}
  const taken = saved(world, {type: 'deposit', fields, lines: {payment: [first, given]}})
  expect(taken.fields).toMatchObject({total: '102.00', currency: {id: '4'}})
  expect(balances(world)['1003']).toEqual(['112.20', '0.00'])
  expect(balances(world)['1010']).toEqual(['112.20', '112.20'])
})

test('a check debits the accounts of its lines', () => {
  checked(world, '1000', {'1005': '7.00', '6060': '-1.00'})
  expect(balances(world)).toMatchObject({'1000': ['0.00', '6.00'], '1005': ['7.00', '0.00'], '6060': ['0.00', '1.00']})
})

test('a sale in full leaves nothing open', () => {
  const paid = sold(world, [line.product('10.00')], '10.00')
  expect(world.books.open.left(paid.id).isZero()).toBe(true)
})
