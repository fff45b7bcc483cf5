import {amountOf, fixed, ZERO} from '../amounts.ts'
import type {StoredRecord} from '../engine-types.ts'
import {missing, Refused} from '../refused.ts'
import {idOf} from '../values.ts'
import {createApplication, removeApplication} from './applications.ts'
import {completeSale, setReceivable} from './bills.ts'
import {book} from './bookings.ts'
import {checkedApplications, isWhole, match, openItem} from './matching.ts'
import {awaitDeposit, moneyAccountOf, placeMoney} from './money-account.ts'
import {applyRows, completeMoney, setReceivableOf} from './money-in.ts'
import {entry, type Handler, moneyOf, precisionOf, type PostingRules, rateOf, withCounter} from './posting-rules.ts'
import {saleEntries} from './sale-postings.ts'
import {setStanding} from './standing.ts'

/** What is credited to the customer posts the bill the other way round and stays open until it is applied or refunded. */
export const creditMemo: Handler = {
  complete(rules, draft, held) {
    completeSale(rules, draft, held)
    setReceivable(rules, draft)
    const applied = checkedApplications(rules, draft, {
      sublist: 'apply',
      side: 'debit',
      held: held?.lines['apply'] ?? [],
    })
    if (applied.greaterThan(moneyOf(draft.fields, 'total'))) {
      throw new Refused('USER_ERROR', 'The amount applied exceeds the credit.', 'apply')
    }
  },
  entries: (rules, draft) => withCounter(saleEntries(rules, draft, 1), idOf(draft.fields['account']) ?? ''),
  settle(rules, record, undo) {
    book(rules, record, undo)
    openCredit(rules, record)
    undo.push(() => {
      rules.books.open.close(record.id)
    })
    applyRows(rules, record, undefined, undo)
  },
  resettle(rules, record, held, undo) {
    if (isWhole(rules, record)) openCredit(rules, record)
    applyRows(rules, record, held, undo)
    setStanding(rules, record)
  },
}

function openCredit(rules: PostingRules, record: StoredRecord): void {
  const receivable = idOf(record.fields['account']) ?? ''
  const posted = rules.books.ledger.of(record.id).find(({account}) => account === receivable)
  const base = (posted?.base ?? amountOf('0')).negated()
  rules.books.open.open(record.id, openItem(record, 'credit', receivable, moneyOf(record.fields, 'total'), base))
  setStanding(rules, record)
}

/** A sale taken back and its money given back in one. */
export const cashRefund: Handler = {
  complete(rules, draft, held) {
    completeSale(rules, draft, held)
    placeMoney(rules, draft.fields, false)
  },
  entries: (rules, draft) => withCounter(saleEntries(rules, draft, 1), moneyAccountOf(rules, draft.fields)),
  settle(rules, record, undo) {
    book(rules, record, undo)
    awaitDeposit(rules, record, moneyOf(record.fields, 'total').negated(), undo)
    setStanding(rules, record)
  },
  resettle(rules, record, _held, undo) {
    awaitDeposit(rules, record, moneyOf(record.fields, 'total').negated(), undo)
  },
}

/**
 * Money given back of credit memos and of customer deposits. For each deposit NetSuite makes a Deposit Application, which
 * then stands under `apply` in place of the deposit (NetSuite help section_N1300211, article_0830082954).
 */
export const customerRefund: Handler = {
  complete(rules, draft, held) {
    completeMoney(rules, draft, held)
    setReceivableOf(rules, draft, 'apply')
    const before = held?.lines['apply'] ?? []
    const credits = checkedApplications(rules, draft, {sublist: 'apply', side: 'credit', held: before})
    const deposits = checkedApplications(rules, draft, {sublist: 'deposit', side: 'deposit', held: []})
    const total = credits.plus(deposits)
    if (!total.greaterThan(ZERO)) throw missing('Apply', 'apply')
    draft.fields['total'] = fixed(total, precisionOf(rules.state, draft.fields['currency']))
    placeMoney(rules, draft.fields, false)
  },
  entries(rules, {fields}) {
    const [amount, rate] = [moneyOf(fields, 'total'), rateOf(fields)]
    const receivable = idOf(fields['arAcct']) ?? ''
    return [entry(receivable, amount, rate), entry(moneyAccountOf(rules, fields), amount.negated(), rate)]
  },
  settle(rules, record, undo) {
    const {open, ledger} = rules.books
    const total = moneyOf(record.fields, 'total')
    const receivable = idOf(record.fields['arAcct']) ?? ''
    const base = ledger.of(record.id).find(({account}) => account === receivable)?.base ?? ZERO
    open.open(record.id, openItem(record, 'debit', receivable, total, base))
    undo.push(() => {
      open.close(record.id)
    })
    awaitDeposit(rules, record, total.negated(), undo)
    setStanding(rules, record)
    for (const row of record.lines['apply'] ?? []) {
      match(rules, record, {debit: record.id, credit: row.key, amount: moneyOf(row.fields, 'amount')}, undo)
    }
    refundDeposits(rules, record, receivable, undo)
  },
}

function refundDeposits(
  rules: PostingRules,
  record: StoredRecord,
  receivable: string,
  undo: Parameters<Handler['settle']>[2],
): void {
  const applications = (record.lines['deposit'] ?? []).flatMap((row) => {
    const deposit = rules.state.find('customerDeposit', {id: row.key})
    if (deposit === undefined) return []
    const amount = moneyOf(row.fields, 'amount')
    const application = createApplication(rules, {deposit, to: record, amount, receivable})
    undo.push(() => {
      removeApplication(rules, application)
    })
    const own = {apply: true, amount: row.fields['amount'] ?? null, type: application.type}
    return [{key: application.id, fields: own, customFields: {}}]
  })
  record.lines['apply'] = [...(record.lines['apply'] ?? []), ...applications]
  delete record.lines['deposit']
}
