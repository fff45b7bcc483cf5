import {type Amount, amountOf, fixed, rounded, sumOf} from '../amounts.ts'
import type {StoredLine, StoredRecord} from '../engine-types.ts'
import {accountOf, requireBank, requireLineAccount, systemAccount} from '../ledger/chart.ts'
import type {Entry} from '../ledger/ledger.ts'
import type {Undeposited} from '../ledger/open-items.ts'
import {invalidReference, missing, Refused} from '../refused.ts'
import {idOf, textOf} from '../values.ts'
import {entry, type Handler, moneyOf, precisionOf, type PostingRules, rateOf, withCounter} from './posting-rules.ts'
import {refresh, setStanding} from './standing.ts'
import type {Draft} from './write.ts'

/** The bank decides the currency; one that names none is kept in the base currency. */
function setBank({state}: PostingRules, {fields}: Draft): void {
  const bank = requireBank(state, accountOf(fields, 'account', 'Account'))
  const base = [...state.records('currency')].find((each) => each.fields['isBaseCurrency'] === true)
  fields['currency'] = bank.fields['currency'] ?? (base === undefined ? null : state.refTo(base))
  const currency = state.find('currency', {id: idOf(fields['currency']) ?? ''})
  fields['exchangeRate'] ??= currency?.fields['exchangeRate'] ?? '1'
  const [subsidiary] = state.records('subsidiary')
  fields['subsidiary'] ??= subsidiary === undefined ? null : state.refTo(subsidiary)
}

function amountOfLine(rules: PostingRules, draft: Draft, line: StoredLine, path: string): Amount {
  if (textOf(line.fields['amount']) === undefined) throw missing('Amount', `${path}amount`)
  requireLineAccount(rules.state, accountOf(line.fields, 'account', 'Account', `${path}account`), `${path}account`)
  const precision = precisionOf(rules.state, draft.fields['currency'])
  const amount = rounded(moneyOf(line.fields, 'amount'), precision)
  line.fields['amount'] = fixed(amount, precision)
  return amount
}

function sumOfLines(rules: PostingRules, draft: Draft, sublist: string, rest: string): Amount {
  const lines = draft.lines[sublist] ?? []
  return sumOf(lines.map((line, index) => amountOfLine(rules, draft, line, `${rest}.items[${index}].`)))
}

/** What a payment brings in the bank's currency: its own amount, or its worth at the rate at which it was booked. */
function worthOf(rules: PostingRules, draft: Draft, line: StoredLine, held: Undeposited): Amount {
  if (held.currency === idOf(draft.fields['currency'])) return held.amount
  if (isBase(rules, idOf(draft.fields['currency']))) return held.base
  if (textOf(line.fields['paymentAmount']) === undefined) throw missing('Payment Amount', 'payment.items')
  return moneyOf(line.fields, 'paymentAmount')
}

function isBase({state}: PostingRules, currency: string | undefined): boolean {
  return state.find('currency', {id: currency ?? ''})?.fields['isBaseCurrency'] === true
}

/** Takes what is still undeposited. Throws Refused naming what is not, or not any more (NetSuite help section_3941974737). */
function sumOfPayments(rules: PostingRules, draft: Draft): Amount {
  const lines = (draft.lines['payment'] ?? []).filter((line) => line.fields['deposit'] !== false)
  draft.lines['payment'] = lines
  const worths = lines.map((line, index) => {
    const held = rules.books.undeposited.get(line.key)
    const payment = rules.state.find('transaction', {id: line.key})
    const isFree = held?.deposit === null || (held !== undefined && held.deposit === draft.id)
    if (held === undefined || payment === undefined || !isFree) {
      throw invalidReference('id', line.key, `payment.items[${index}].id`)
    }
    const worth = worthOf(rules, draft, line, held)
    const precision = precisionOf(rules.state, draft.fields['currency'])
    line.fields['deposit'] = true
    line.fields['type'] = payment.type
    line.fields['docNumber'] = textOf(payment.fields['tranId']) ?? null
    line.fields['currency'] = payment.fields['currency'] ?? null
    line.fields['transactionAmount'] = fixed(held.amount, precisionOf(rules.state, payment.fields['currency']))
    line.fields['paymentAmount'] = fixed(worth, precision)
    return worth
  })
  return sumOf(worths)
}

/**
 * Money that reached a bank: takes payments and refunds out of undeposited funds, credits the accounts of the other deposits
 * and debits those of the cash back (NetSuite help section_3941974737; section_3947199795 words it the other way round). The
 * total may be zero, not negative.
 */
export const deposit: Handler = {
  complete(rules, draft) {
    setBank(rules, draft)
    const payments = sumOfPayments(rules, draft)
    const other = sumOfLines(rules, draft, 'other', 'other')
    const cashBack = sumOfLines(rules, draft, 'cashBack', 'cashback')
    const total = payments.plus(other).minus(cashBack)
    if (total.isNegative() && !total.isZero()) {
      throw new Refused('USER_ERROR', 'The total can not be negative', 'total')
    }
    const count = ['payment', 'other', 'cashBack'].reduce((sum, name) => sum + (draft.lines[name]?.length ?? 0), 0)
    if (count === 0) throw new Refused('USER_ERROR', 'You must enter at least one line item for this transaction.')
    draft.fields['total'] = fixed(total, precisionOf(rules.state, draft.fields['currency']))
  },
  entries(rules, draft) {
    const undeposited = systemAccount(rules.state, 'UndepFunds')
    const rate = rateOf(draft.fields)
    const payments = (draft.lines['payment'] ?? []).map((line): Entry => {
      const base = rules.books.undeposited.get(line.key)?.base ?? amountOf('0')
      const amount = moneyOf(line.fields, 'paymentAmount').negated()
      return {account: undeposited, amount, base: base.negated(), line: line.key}
    })
    const rows = (name: string, sign: 1 | -1): Entry[] =>
      (draft.lines[name] ?? []).map((line) =>
        entry(idOf(line.fields['account']) ?? '', moneyOf(line.fields, 'amount').times(sign), rate, line.key),
      )
    const lines = [...payments, ...rows('other', -1), ...rows('cashBack', 1)]
    return withCounter(lines, idOf(draft.fields['account']) ?? '')
  },
  settle(rules, record, undo) {
    takePayments(rules, record, record.id)
    undo.push(() => {
      takePayments(rules, record, null)
    })
    setStanding(rules, record)
  },
  resettle(rules, record, held) {
    takePayments(rules, held, null)
    takePayments(rules, record, record.id)
  },
}

function takePayments(rules: PostingRules, record: StoredRecord, by: string | null): void {
  for (const {key} of record.lines['payment'] ?? []) {
    rules.books.undeposited.setDeposit(key, by)
    refresh(rules, key)
  }
}

/** Money that left a bank: each line debits its account. */
export const check: Handler = {
  complete(rules, draft) {
    setBank(rules, draft)
    const total = sumOfLines(rules, draft, 'expense', 'expense')
    if ((draft.lines['expense'] ?? []).length === 0) {
      throw new Refused('USER_ERROR', 'You must enter at least one line item for this transaction.')
    }
    if (total.isNegative() && !total.isZero()) {
      throw new Refused('USER_ERROR', 'The total can not be negative', 'userTotal')
    }
    draft.fields['userTotal'] = fixed(total, precisionOf(rules.state, draft.fields['currency']))
  },
  entries(_rules, draft) {
    const rate = rateOf(draft.fields)
    const lines = (draft.lines['expense'] ?? []).map((line) =>
      entry(idOf(line.fields['account']) ?? '', moneyOf(line.fields, 'amount'), rate, line.key),
    )
    return withCounter(lines, idOf(draft.fields['account']) ?? '')
  },
  settle: setStanding,
}
