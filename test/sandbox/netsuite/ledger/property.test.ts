import {Decimal} from 'decimal.js'
import fc from 'fast-check'
import {expect, test} from 'vitest'

import type {Fields, StoredRecord} from '../../../../src/sandbox/netsuite/engine-types.ts'
import {accountId, accounts} from '../../../../src/sandbox/netsuite/seed-accounts.ts'
import {
  creditMemo,
  deposit,
  line,
  made,
  NotSaved,
  openWorld,
  order,
  payout,
  refund,
  saved,
  type World,
} from './world.ts'

/** What may happen; what is not possible at the moment is refused by the account, which must then change nothing. */
const actions = [
  'order', 'deposit', 'ship', 'bill', 'invoice', 'apply', 'credit', 'refundCredit', 'refundDeposit', 'payout', 'cashSale', 'authorize',
  'receive', 'pay', 'delete', 'edit',
] as const // prettier-ignore
const step = fc.record({
  action: fc.constantFrom(...actions),
  cents: fc.integer({min: 1, max: 20_000}),
  pick: fc.nat(30),
  currency: fc.constantFrom('1', '1', '1', '4', '5'),
  rate: fc.constantFrom('1.10', '1.0733', '0.91'),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function take(world: World, {action, cents, pick, currency, rate}: Step): void {
  const amount = new Decimal(cents).dividedBy(currency === '5' ? 1 : 100).toFixed(currency === '5' ? 0 : 2)
  const money = currency === '1' ? {} : {currency: {id: currency}, exchangeRate: rate}
  const one = (type: string): StoredRecord => {
    const all = [...world.state.records(type)]
    // Documents on which something is open are tried first.
    const open = all.filter(({id}) => world.books.open.left(id).greaterThan(0))
    const found = open[pick % Math.max(1, open.length)] ?? all[pick % Math.max(1, all.length)]
    if (found === undefined) throw new NotSaved(`there is no ${type} yet`)
    return found
  }
  /** A part of what is open, in the currency of the document. */
  const part = (record: StoredRecord): [string, Fields] => {
    const left = new Decimal(world.books.open.left(record.id).toFixed())
    const currency = record.fields['currency'] ?? null
    return [Decimal.min(left, amount).toFixed(), currency === null ? {} : {currency, exchangeRate: rate}]
  }
  let credited: StoredRecord
  switch (action) {
    case 'order':
      order(world, [line.shirt(amount, '2'), line.tax('1')], undefined, money)
      break
    case 'deposit':
      if (pick % 2 === 0) deposit(world, null, amount, undefined, money)
      else deposit(world, one('salesOrder'), amount, undefined, currency === '1' ? {} : {exchangeRate: rate})
      break
    case 'ship':
      made(world, one('salesOrder'), 'itemFulfillment')
      break
    case 'bill':
      made(world, one('salesOrder'), 'invoice', currency === '1' ? {} : {exchangeRate: rate})
      break
    case 'apply': {
      const paid = one('customerDeposit')
      const due = one('invoice')
      const most = Decimal.min(part(paid)[0], part(due)[0]).toFixed()
      const lines = {apply: [{key: due.id, fields: {apply: true, amount: most}}]}
      saved(world, {type: 'depositApplication', fields: {deposit: {id: paid.id}}, lines})
      break
    }
    case 'invoice':
      saved(world, {type: 'invoice', fields: {entity: {id: '500'}, ...money}, lines: {item: [line.product(amount)]}})
      break
    case 'credit':
      creditMemo(world, [line.product(amount)], money)
      break
    case 'refundCredit':
      credited = one('creditMemo')
      refund(world, credited, part(credited)[0], '1010', part(credited)[1])
      break
    case 'refundDeposit':
      credited = one('customerDeposit')
      refund(world, credited, part(credited)[0], '1020', part(credited)[1])
      break
    case 'payout':
      payout(world, [one('customerDeposit')], {'6000': '0.01'})
      break
    case 'cashSale':
      saved(world, {type: 'cashSale', fields: {entity: {id: '500'}, ...money}, lines: {item: [line.cap(amount)]}})
      break
    case 'authorize':
      made(world, one('salesOrder'), 'returnAuthorization')
      break
    case 'receive':
      made(world, one('returnAuthorization'), 'itemReceipt')
      break
    case 'pay':
      made(world, one('invoice'), 'customerPayment', currency === '1' ? {} : {exchangeRate: rate})
      break
    case 'edit': {
      const record = one(pick % 2 === 0 ? 'customerDeposit' : 'customerPayment')
      const account = pick % 3 === 0 ? {account: {id: accountId('1020')}, undepFunds: false} : {}
      const outcome = world.engine.update(record.type, {id: record.id}, {fields: {payment: amount, ...account}})
      if (!outcome.ok) throw new NotSaved(outcome.message)
      break
    }
    case 'delete': {
      const record = one('transaction')
      const outcome = world.engine.delete(record.type, {id: record.id})
      if (!outcome.ok) throw new NotSaved(outcome.message)
    }
  }
}

function sumOfAccount(world: World, account: string): Decimal {
  let sum = new Decimal(0)
  for (const posted of world.books.ledger.lines()) if (posted.account === account) sum = sum.plus(posted.base.toFixed())
  return sum
}

/** The laws of the books, whatever happened. */
function examine(world: World): void {
  const open: Record<'debit' | 'credit' | 'deposit', Decimal> = {
    debit: new Decimal(0),
    credit: new Decimal(0),
    deposit: new Decimal(0),
  }
  let undeposited = new Decimal(0)
  for (const {id} of world.state.records('transaction')) {
    const posted = world.books.ledger.of(id)
    expect(posted.reduce((sum, each) => sum.plus(each.base.toFixed()), new Decimal(0)).toFixed(2)).toBe('0.00')
    const item = world.books.open.get(id)
    if (item !== undefined) {
      expect(item.left.isNegative() && !item.left.isZero()).toBe(false)
      open[item.side] = open[item.side].plus(item.base.toFixed())
      if (item.left.isZero()) expect(item.base.toFixed(2)).toBe('0.00')
    }
    const waiting = world.books.undeposited.get(id)
    if (waiting !== undefined && waiting.deposit === null) undeposited = undeposited.plus(waiting.base.toFixed())
  }
  for (const {number} of accounts) {
    const {debit, credit} = world.books.ledger.balance(accountId(number))
    expect(debit.minus(credit).toFixed(2)).toBe(sumOfAccount(world, accountId(number)).toFixed(2))
  }
  expect(sumOfAccount(world, accountId('1100')).toFixed(2)).toBe(open.debit.minus(open.credit).toFixed(2))
  expect(sumOfAccount(world, accountId('2100')).negated().toFixed(2)).toBe(open.deposit.toFixed(2))
  expect(sumOfAccount(world, accountId('1010')).toFixed(2)).toBe(undeposited.toFixed(2))
}

test('whatever is recorded: debits equal credits, and receivables, deposits and undeposited funds are their open items', () => {
  const done = new Map<string, number>()
  fc.assert(
    fc.property(fc.array(step, {minLength: 50, maxLength: 60}), (steps) => {
      const world = openWorld()
      for (const each of steps) {
        try {
          take(world, each)
          done.set(each.action, (done.get(each.action) ?? 0) + 1)
        } catch (error) {
          // Refusals are part of the play; a fault of the sandbox itself is not.
          if (!(error instanceof NotSaved)) throw error
        }
      }
      examine(world)
    }),
    {numRuns: 40},
  )
  expect(actions.filter((action) => (done.get(action) ?? 0) === 0)).toEqual([])
})
