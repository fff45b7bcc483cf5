import {type Amount, amountOf, fixed, sumOf, ZERO} from '../amounts.ts'
import type {FieldValue, StoredRecord} from '../engine-types.ts'
import {systemAccount} from '../ledger/chart.ts'
import type {Entry} from '../ledger/ledger.ts'
import type {OpenItem} from '../ledger/open-items.ts'
import {missing, Refused} from '../refused.ts'
import {idOf, textOf} from '../values.ts'
import {checkedApplications, match, openItem, systemRecord} from './matching.ts'
import {post} from './periods.ts'
import {type Handler, moneyOf, precisionOf, type PostingRules, type Undo} from './posting-rules.ts'
import {refresh, setStanding} from './standing.ts'
import type {Draft} from './write.ts'

/** A deposit put against a receivable: debit customer deposits, credit receivables. */
function applicationEntries(deposit: OpenItem, base: Amount, amount: Amount, receivable: string): readonly Entry[] {
  return [
    {account: deposit.account, amount, base},
    {account: receivable, amount: amount.negated(), base: base.negated()},
  ]
}

type Application = Readonly<{
  deposit: StoredRecord
  /** The invoice, or the refund. */
  to: StoredRecord
  amount: Amount
  receivable: string
}>

/** The Deposit Application that NetSuite makes by itself when an order is billed or a deposit refunded. */
export function createApplication(rules: PostingRules, {deposit, to, amount, receivable}: Application): StoredRecord {
  const {state, books} = rules
  const item = books.open.get(deposit.id)
  if (item === undefined) throw new Error(`the deposit ${deposit.id} is not open`)
  const {fields} = deposit
  const text = fixed(amount, precisionOf(state, fields['currency']))
  const receivableRecord = state.find('account', {id: receivable})
  const record = systemRecord(rules, 'depositApplication', {
    tranDate: to.fields['tranDate'] ?? null,
    deposit: state.refTo(deposit),
    depDate: fields['tranDate'] ?? null,
    total: text,
    ...copied(fields, ['customer', 'currency', 'exchangeRate', 'subsidiary']),
    ...(receivableRecord === undefined ? {} : {arAcct: state.refTo(receivableRecord)}),
  })
  const row: Record<string, FieldValue> = {
    apply: true,
    amount: text,
    refNum: textOf(to.fields['tranId']) ?? null,
    type: to.type,
  }
  record.lines['apply'] = [{key: to.id, fields: row, customFields: {}}]
  const undo: Undo = []
  books.undo.set(record.id, undo)
  state.save(record)
  post(rules, record, applicationEntries(item, books.open.worth(deposit.id, amount), amount, receivable))
  takeDeposit(rules, record, {depositId: deposit.id, amount, receivable}, undo)
  match(rules, to.type === 'invoice' ? record : to, {debit: to.id, credit: record.id, amount}, undo)
  return record
}

function copied(fields: StoredRecord['fields'], names: readonly string[]): Record<string, FieldValue> {
  return Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])))
}

type Taken = Readonly<{depositId: string; amount: Amount; receivable: string}>

/** Takes a part of a deposit; it stands as an open credit on receivables until it is matched. */
function takeDeposit(
  rules: PostingRules,
  record: StoredRecord,
  {depositId, amount, receivable}: Taken,
  undo: Undo,
): void {
  const {open} = rules.books
  const base = open.take(depositId, amount, record.id)
  open.open(record.id, openItem(record, 'credit', receivable, amount, base))
  undo.push(() => {
    open.close(record.id)
    open.giveBack(depositId, amount, base, record.id)
    refresh(rules, depositId)
  })
  setStanding(rules, record)
  refresh(rules, depositId)
}

/** Undoes and removes a record that NetSuite made by itself. */
export function removeApplication({state, books}: PostingRules, record: StoredRecord): void {
  for (const step of (books.undo.get(record.id) ?? []).reverse()) step()
  books.undo.delete(record.id)
  books.ledger.remove(record.id)
  state.remove(record)
}

/**
 * Deposits of the order pay its invoice, the oldest first, up to what the invoice still owes (NetSuite help section_N1296669;
 * the order among several deposits is not documented).
 */
export function applyDeposits(rules: PostingRules, invoice: StoredRecord): void {
  const {state, books} = rules
  const order = idOf(invoice.fields['createdFrom']) ?? ''
  const deposits = [...(books.depositsByOrder.get(order) ?? [])]
    .flatMap((id) => state.find('customerDeposit', {id}) ?? [])
    .filter(({fields}) => idOf(fields['currency']) === idOf(invoice.fields['currency']))
    .sort((one, other) => dateOf(one).localeCompare(dateOf(other)) || Number(one.id) - Number(other.id))
  for (const deposit of deposits) {
    const [owed, held] = [books.open.left(invoice.id), books.open.left(deposit.id)]
    const amount = owed.lessThan(held) ? owed : held
    if (!amount.greaterThan(ZERO)) continue
    createApplication(rules, {deposit, to: invoice, amount, receivable: idOf(invoice.fields['account']) ?? ''})
  }
}

function dateOf({fields}: StoredRecord): string {
  return textOf(fields['tranDate']) ?? ''
}

/** What of the deposits of an order exceeds the order is not linked to it and may go to any invoice. */
function requireOwnInvoices(rules: PostingRules, draft: Draft, order: StoredRecord): void {
  const {state, books} = rules
  const linked = [...(books.depositsByOrder.get(order.id) ?? [])].map((id) => books.open.get(id)?.total ?? ZERO)
  const excess = sumOf(linked).minus(moneyOf(order.fields, 'total'))
  const foreign = (draft.lines['apply'] ?? []).filter(
    ({key}) => idOf(state.find('invoice', {id: key})?.fields['createdFrom']) !== order.id,
  )
  const amount = sumOf(foreign.map(({fields}) => moneyOf(fields, 'amount')))
  if (amount.greaterThan(ZERO) && amount.greaterThan(excess)) {
    throw new Refused(
      'USER_ERROR',
      'The deposit is linked to a sales order: it pays invoices of that order only.',
      'apply',
    )
  }
}

export const depositApplication: Handler = {
  complete(rules, draft, held) {
    const {state, books} = rules
    const {fields} = draft
    const deposit = state.find('customerDeposit', {id: idOf(fields['deposit']) ?? ''})
    if (deposit === undefined) throw missing('Deposit', 'deposit')
    Object.assign(fields, copied(deposit.fields, ['customer', 'currency', 'exchangeRate', 'subsidiary']))
    fields['depDate'] = deposit.fields['tranDate'] ?? null
    const account = state.find('account', {id: idOf(fields['arAcct']) ?? systemAccount(state, 'AcctRec')})
    fields['arAcct'] = account === undefined ? null : state.refTo(account)
    const total = checkedApplications(rules, draft, {
      sublist: 'apply',
      side: 'debit',
      held: held?.lines['apply'] ?? [],
    })
    if (held !== undefined) return
    if (!total.greaterThan(ZERO)) throw missing('Apply', 'apply')
    if (total.greaterThan(books.open.left(deposit.id))) {
      throw new Refused('USER_ERROR', 'The amount applied exceeds what is left of the deposit.', 'apply')
    }
    const order = state.find('salesOrder', {id: idOf(deposit.fields['salesOrder']) ?? ''})
    if (order !== undefined) requireOwnInvoices(rules, draft, order)
    fields['total'] = fixed(total, precisionOf(state, fields['currency']))
  },
  entries({books}, draft) {
    const posted = books.ledger.of(draft.id)
    const depositId = idOf(draft.fields['deposit']) ?? ''
    const item = books.open.get(depositId)
    if (posted.length > 0 || item === undefined) return posted
    const total = amountOf(textOf(draft.fields['total']) ?? '0')
    return applicationEntries(item, books.open.worth(depositId, total), total, idOf(draft.fields['arAcct']) ?? '')
  },
  settle(rules, record, undo) {
    const {fields} = record
    const taken = {
      depositId: idOf(fields['deposit']) ?? '',
      amount: moneyOf(fields, 'total'),
      receivable: idOf(fields['arAcct']) ?? '',
    }
    takeDeposit(rules, record, taken, undo)
    for (const row of record.lines['apply'] ?? []) {
      match(rules, record, {debit: row.key, credit: record.id, amount: moneyOf(row.fields, 'amount')}, undo)
    }
  },
}
