import {fixed, rounded, ZERO} from '../amounts.ts'
import type {StoredRecord} from '../engine-types.ts'
import {systemAccount} from '../ledger/chart.ts'
import {invalidReference, missing, Refused} from '../refused.ts'
import {schemaOf} from '../schema/registry.ts'
import {idOf, isTrue, textOf} from '../values.ts'
import {require} from './check.ts'
import {checkedApplications, isWhole, match, openItem} from './matching.ts'
import {awaitDeposit, moneyAccountOf, placeMoney} from './money-account.ts'
import {
  entry,
  type Handler,
  moneyOf,
  partyOf,
  precisionOf,
  type PostingRules,
  rateOf,
  type Undo,
} from './posting-rules.ts'
import {checkCurrency} from './sales-order.ts'
import {setStanding} from './standing.ts'
import type {Draft} from './write.ts'

/** What records of money have in common: customer, currency, rate, day. Throws Refused. */
export function completeMoney(rules: PostingRules, draft: Draft, held: StoredRecord | undefined): void {
  const {state} = rules
  const {fields} = draft
  const schema = schemaOf(draft.type)
  if (schema !== undefined) require(fields, schema.fields, ['customer'])
  const customer = state.find('customer', {id: partyOf(fields) ?? ''})
  if (customer === undefined) throw missing('Customer', 'customer')
  const before = held === undefined ? undefined : partyOf(held.fields)
  // A saved deposit stays its customer's (NetSuite help section_N1296669).
  if (before !== undefined && before !== customer.id) throw invalidReference('customer', customer.id, 'customer')
  if (held === undefined && isTrue(customer.fields['isInactive'])) {
    throw invalidReference('customer', customer.id, 'customer')
  }
  fields['subsidiary'] ??= customer.fields['subsidiary'] ?? null
  checkCurrency(rules, fields, customer)
}

/** The receivables account that a payment or refund settles on: its own, else that of the first document, else the default. */
export function setReceivableOf(rules: PostingRules, draft: Draft, sublist: string): void {
  const [first] = draft.lines[sublist] ?? []
  const item = first === undefined ? undefined : rules.books.open.get(first.key)
  const id = idOf(draft.fields['arAcct']) ?? item?.account ?? systemAccount(rules.state, 'AcctRec')
  const account = rules.state.find('account', {id})
  if (account?.fields['acctType'] !== 'AcctRec') throw invalidReference('arAcct', id, 'arAcct')
  draft.fields['arAcct'] = rules.state.refTo(account)
}

function setPayment({state}: PostingRules, {fields}: Draft): void {
  if (textOf(fields['payment']) === undefined) throw missing('Payment Amount', 'payment')
  const precision = precisionOf(state, fields['currency'])
  const amount = rounded(moneyOf(fields, 'payment'), precision)
  if (!amount.greaterThan(ZERO)) throw new Refused('USER_ERROR', 'The amount must be greater than 0.', 'payment')
  fields['payment'] = fixed(amount, precision)
}

/** The other side of what stands on the money account. */
function baseOf(rules: PostingRules, record: StoredRecord): ReturnType<typeof moneyOf> {
  const account = moneyAccountOf(rules, record.fields)
  return rules.books.ledger.of(record.id).find((line) => line.account === account)?.base ?? ZERO
}

function openDeposit(rules: PostingRules, record: StoredRecord): void {
  const account = systemAccount(rules.state, 'CustDep')
  const total = moneyOf(record.fields, 'payment')
  rules.books.open.open(record.id, openItem(record, 'deposit', account, total, baseOf(rules, record)))
}

export const customerDeposit: Handler = {
  complete(rules, draft, held) {
    const {fields} = draft
    const order = rules.state.find('salesOrder', {id: idOf(fields['salesOrder']) ?? ''})
    if (order !== undefined) {
      for (const name of ['currency', 'exchangeRate']) fields[name] ??= order.fields[name] ?? null
      fields['customer'] ??= order.fields['entity'] ?? null
    }
    completeMoney(rules, draft, held)
    if (order !== undefined && idOf(order.fields['entity']) !== partyOf(fields)) {
      throw invalidReference('salesOrder', order.id, 'salesOrder')
    }
    if (order !== undefined && idOf(order.fields['currency']) !== idOf(fields['currency'])) {
      throw invalidReference('currency', idOf(fields['currency']) ?? '', 'currency')
    }
    setPayment(rules, draft)
    placeMoney(rules, fields, true)
  },
  entries(rules, {fields}) {
    const [amount, rate] = [moneyOf(fields, 'payment'), rateOf(fields)]
    const liability = systemAccount(rules.state, 'CustDep')
    return [entry(moneyAccountOf(rules, fields), amount, rate), entry(liability, amount.negated(), rate)]
  },
  settle(rules, record, undo) {
    const {open, depositsByOrder} = rules.books
    openDeposit(rules, record)
    undo.push(() => {
      open.close(record.id)
    })
    const order = idOf(record.fields['salesOrder'])
    if (order !== undefined) {
      const linked = depositsByOrder.get(order) ?? new Set<string>()
      depositsByOrder.set(order, linked.add(record.id))
      undo.push(() => linked.delete(record.id))
    }
    awaitDeposit(rules, record, moneyOf(record.fields, 'payment'), undo)
    setStanding(rules, record)
  },
  resettle(rules, record, _held, undo) {
    if (isWhole(rules, record)) openDeposit(rules, record)
    awaitDeposit(rules, record, moneyOf(record.fields, 'payment'), undo)
    setStanding(rules, record)
  },
}

/** Settles the rows that an earlier save did not hold. */
export function applyRows(rules: PostingRules, record: StoredRecord, held: StoredRecord | undefined, undo: Undo): void {
  const settled = new Set(held?.lines['apply']?.map((row) => row.key))
  for (const row of record.lines['apply'] ?? []) {
    if (settled.has(row.key)) continue
    match(rules, record, {debit: row.key, credit: record.id, amount: moneyOf(row.fields, 'amount')}, undo)
  }
}

function openPayment(rules: PostingRules, record: StoredRecord): void {
  const total = moneyOf(record.fields, 'payment')
  const receivable = idOf(record.fields['arAcct']) ?? ''
  rules.books.open.open(record.id, openItem(record, 'credit', receivable, total, baseOf(rules, record)))
}

export const customerPayment: Handler = {
  complete(rules, draft, held) {
    completeMoney(rules, draft, held)
    setReceivableOf(rules, draft, 'apply')
    const applied = checkedApplications(rules, draft, {
      sublist: 'apply',
      side: 'debit',
      held: held?.lines['apply'] ?? [],
    })
    const {fields} = draft
    fields['payment'] ??= fixed(applied, precisionOf(rules.state, fields['currency']))
    setPayment(rules, draft)
    fields['total'] = fields['payment'] ?? null
    if (applied.greaterThan(moneyOf(fields, 'payment'))) {
      throw new Refused('USER_ERROR', 'The amount applied exceeds the payment.', 'payment')
    }
    placeMoney(rules, fields, true)
  },
  entries(rules, {fields}) {
    const [amount, rate] = [moneyOf(fields, 'payment'), rateOf(fields)]
    const receivable = idOf(fields['arAcct']) ?? ''
    return [entry(moneyAccountOf(rules, fields), amount, rate), entry(receivable, amount.negated(), rate)]
  },
  settle(rules, record, undo) {
    openPayment(rules, record)
    undo.push(() => {
      rules.books.open.close(record.id)
    })
    awaitDeposit(rules, record, moneyOf(record.fields, 'payment'), undo)
    setStanding(rules, record)
    applyRows(rules, record, undefined, undo)
  },
  resettle(rules, record, held, undo) {
    if (isWhole(rules, record)) openPayment(rules, record)
    awaitDeposit(rules, record, moneyOf(record.fields, 'payment'), undo)
    applyRows(rules, record, held, undo)
    setStanding(rules, record)
  },
}
