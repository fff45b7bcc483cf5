import {company} from '../../../../src/sandbox/company.ts'
import {createEngine} from '../../../../src/sandbox/netsuite/engine.ts'
import type {EngineParts} from '../../../../src/sandbox/netsuite/engine-parts.ts'
import type {
  Engine,
  Fields,
  LineInput,
  RecordInput,
  StoredRecord,
  WriteOutcome,
} from '../../../../src/sandbox/netsuite/engine-types.ts'
import {seed} from '../../../../src/sandbox/netsuite/seed.ts'
import {accountId, accounts} from '../../../../src/sandbox/netsuite/seed-accounts.ts'

const {chargeItems} = company

/** Lines by what they mean; amounts are without tax. `shirt` and `cap` are stocked at 15.00 and 12.00. */
export const line = {
  product: (amount: string, quantity = '1'): LineInput => charge(chargeItems.custom.id, amount, quantity),
  shirt: (amount: string, quantity = '1'): LineInput => charge('1001', amount, quantity),
  cap: (amount: string, quantity = '1'): LineInput => charge('1002', amount, quantity),
  tax: (amount: string): LineInput => charge(chargeItems.tax.id, amount),
  discount: (amount: string): LineInput => ({fields: {item: {id: chargeItems.discount.id}, amount}}),
  giftCard: (amount: string): LineInput => charge(chargeItems.giftCard.id, amount),
  tip: (amount: string): LineInput => charge(chargeItems.tip.id, amount),
  duty: (amount: string): LineInput => charge(chargeItems.duty.id, amount),
  rounding: (amount: string): LineInput => charge(chargeItems.rounding.id, amount),
  marketplaceTax: (amount: string): LineInput => charge(chargeItems.marketplaceTax.id, amount),
  adjustment: (amount: string): LineInput => charge(chargeItems.refundAdjustment.id, amount),
  goodwill: (amount: string): LineInput => charge(chargeItems.goodwill.id, amount),
}

function charge(id: string, amount: string, quantity = '1'): LineInput {
  return {fields: {item: {id}, quantity, amount, price: {id: '-1'}, location: {id: '1'}}}
}

/** Account number → amount, of a bank deposit or check. */
export type Amounts = Readonly<Record<string, string>>

/** Debits and credits of the accounts that moved, as decimal text by account number. */
export type Movements = Record<string, readonly [debit: string, credit: string]>

export type World = EngineParts & Readonly<{engine: Engine; kept: Map<string, StoredRecord>}>

/** A seeded account in November 2026. */
export function openWorld(): World {
  const parts = createEngine({
    timeZone: company.timeZone,
    now: () => new Date('2026-11-20T15:00:00Z'),
    suiteTax: false,
    concurrency: 5,
    oneWorld: true,
    allCurrencies: true,
    uniqueNames: false,
    random: () => 0.5,
  })
  seed(parts)
  for (const [id, cost] of [
    ['1001', '15.00'],
    ['1002', '12.00'],
  ] as const) {
    const item = parts.state.find('item', {id})
    if (item !== undefined) item.fields['cost'] = cost
  }
  return {...parts, engine: parts.engine.as('soap'), kept: new Map()}
}

/** The account refused something, which is its right. */
export class NotSaved extends Error {}

/** The saved record. Throws what the account refused. */
export function saved(world: World, record: RecordInput): StoredRecord {
  return held(world, record.type, world.engine.add(record))
}

export function held(world: World, type: string, outcome: WriteOutcome): StoredRecord {
  if (!outcome.ok) throw new NotSaved(`${type}: ${outcome.code}: ${outcome.message} (${outcome.path ?? ''})`)
  const found = world.engine.get(type, {id: outcome.id})
  if (!found.ok) throw new Error(found.message)
  return found.record
}

export function order(world: World, lines: readonly LineInput[], shipping?: string, more: Fields = {}): StoredRecord {
  const fields = {entity: {id: '500'}, orderStatus: 'B', tranDate: '2026-11-02', ...shippingOf(shipping), ...more}
  return saved(world, {type: 'salesOrder', fields, lines: {item: lines}})
}

function shippingOf(shipping: string | undefined): Fields {
  return shipping === undefined ? {} : {shipMethod: {id: '8001'}, shippingCost: shipping}
}

/** Money for an order; undeposited unless an account is named by its number. */
export function deposit(
  world: World,
  to: StoredRecord | null,
  payment: string,
  account?: string,
  more: Fields = {},
): StoredRecord {
  const link: Fields = to === null ? {} : {salesOrder: {id: to.id}}
  const fields = {customer: {id: '500'}, payment, tranDate: '2026-11-02', ...link, ...place(account), ...more}
  return saved(world, {type: 'customerDeposit', fields})
}

function place(account: string | undefined): Fields {
  return account === undefined ? {undepFunds: true} : {account: {id: accountId(account)}, undepFunds: false}
}

/** What is made from a record by transform, with what the caller changes of it. */
export function made(
  world: World,
  from: StoredRecord,
  type: string,
  change: Fields = {},
  lines?: readonly LineInput[],
): StoredRecord {
  const draft = world.engine.initialize({type: from.type, ref: {id: from.id}}, type)
  if (!draft.ok) throw new NotSaved(`${type}: ${draft.code}: ${draft.message}`)
  const own = lines === undefined ? {} : {lines: {...draft.draft.lines, item: lines}}
  return saved(world, {...draft.draft, ...own, fields: {tranDate: '2026-11-04', ...draft.draft.fields, ...change}})
}

/** An order that is paid for in full and billed at once. */
export function sold(
  world: World,
  lines: readonly LineInput[],
  paid: string,
  options: Readonly<{shipping?: string; account?: string}> = {},
): StoredRecord {
  const ordered = order(world, lines, options.shipping)
  const payment = deposit(world, ordered, paid, options.account)
  made(world, ordered, 'invoice')
  return payment
}

export function creditMemo(
  world: World,
  lines: readonly LineInput[],
  change: Fields = {},
  apply: readonly LineInput[] = [],
): StoredRecord {
  const fields = {entity: {id: '500'}, tranDate: '2026-11-06', ...change}
  return saved(world, {type: 'creditMemo', fields, lines: {item: lines, apply}})
}

/** Money given back of a credit memo or a deposit. */
export function refund(
  world: World,
  of: StoredRecord,
  amount: string,
  account = '1010',
  more: Fields = {},
): StoredRecord {
  const row: LineInput = {key: of.id, fields: {apply: true, amount}}
  const lines: Record<string, LineInput[]> = of.type === 'creditMemo' ? {apply: [row]} : {deposit: [row]}
  const fields = {customer: {id: '500'}, account: {id: accountId(account)}, tranDate: '2026-11-07', ...more}
  return saved(world, {type: 'customerRefund', fields, lines})
}

/** A bank deposit of a payout or a settlement. */
export function payout(
  world: World,
  payments: readonly StoredRecord[],
  cashBack: Amounts = {},
  other: Amounts = {},
): StoredRecord {
  const lines = {
    payment: payments.map(({id}) => ({key: id, fields: {deposit: true}})),
    other: rows(other),
    cashBack: rows(cashBack),
  }
  return saved(world, {type: 'deposit', fields: {account: {id: accountId('1000')}, tranDate: '2026-11-09'}, lines})
}

export function checked(world: World, account: string, expense: Amounts): StoredRecord {
  const fields = {account: {id: accountId(account)}, tranDate: '2026-11-10'}
  return saved(world, {type: 'check', fields, lines: {expense: rows(expense)}})
}

function rows(amounts: Amounts): LineInput[] {
  return Object.entries(amounts).map(([number, amount]) => ({fields: {account: {id: accountId(number)}, amount}}))
}

/** Sums of debits and credits of every account. */
export function balances(world: World): Movements {
  return Object.fromEntries(
    accounts.map(({number}) => {
      const {debit, credit} = world.books.ledger.balance(accountId(number))
      return [number, [debit.toFixed(2), credit.toFixed(2)] as const]
    }),
  )
}
