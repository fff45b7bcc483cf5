import {type Amount, fixed, rounded, sumOf, ZERO} from '../amounts.ts'
import type {FieldValue, StoredLine, StoredRecord} from '../engine-types.ts'
import {systemAccount} from '../ledger/chart.ts'
import {BASE_PRECISION, type Entry} from '../ledger/ledger.ts'
import type {OpenItem, Side} from '../ledger/open-items.ts'
import {invalidReference, Refused} from '../refused.ts'
import {idOf, textOf} from '../values.ts'
import {post} from './periods.ts'
import {moneyOf, partyOf, precisionOf, rateOf, type PostingRules, type Undo} from './posting-rules.ts'
import {refresh} from './standing.ts'
import type {Draft} from './write.ts'

type Wanted = Readonly<{
  /** Name of the sublist. */
  sublist: string
  /** What the documents are: open invoices, open credits, or customer deposits. */
  side: Side
  /** Lines that an earlier save has settled. */
  held: readonly StoredLine[]
}>

/**
 * Checks which documents a record settles and completes the rows: an amount that is not given is what is left. Gives the sum
 * of all rows. Throws Refused where a document is not open, not the customer's, in another currency or on another account.
 */
export function checkedApplications(rules: PostingRules, draft: Draft, {sublist, side, held}: Wanted): Amount {
  const settled = new Map(held.map((line) => [line.key, line]))
  const rows = (draft.lines[sublist] ?? []).filter((line) => line.fields['apply'] !== false)
  draft.lines[sublist] = rows
  for (const [index, row] of rows.entries()) {
    if (settled.has(row.key)) continue
    const path = `${sublist}.items[${index}].`
    const document = rules.state.find('transaction', {id: row.key})
    const item = rules.books.open.get(row.key)
    if (document === undefined || !isOffered(draft, item, side)) throw invalidReference('doc', row.key, `${path}doc`)
    completeRow(rules, row.fields, document, item, path)
  }
  return sumOf(rows.map((row) => moneyOf(row.fields, 'amount')))
}

function isOffered({fields}: Draft, item: OpenItem | undefined, side: Side): item is OpenItem {
  const receivable = idOf(fields['arAcct']) ?? idOf(fields['account'])
  return (
    item?.side === side &&
    item.entity === partyOf(fields) &&
    item.currency === idOf(fields['currency']) &&
    (side !== 'debit' || receivable === undefined || item.account === receivable)
  )
}

function completeRow(
  {state}: PostingRules,
  row: Record<string, FieldValue>,
  document: StoredRecord,
  item: OpenItem,
  path: string,
): void {
  const precision = precisionOf(state, document.fields['currency'])
  const amount = textOf(row['amount']) === undefined ? item.left : rounded(moneyOf(row, 'amount'), precision)
  if (!amount.greaterThan(ZERO) || amount.greaterThan(item.left)) {
    throw new Refused(
      'USER_ERROR',
      `The amount ${fixed(amount, precision)} cannot be applied: ${fixed(item.left, precision)} is open.`,
      `${path}amount`,
    )
  }
  row['apply'] = true
  row['amount'] = fixed(amount, precision)
  row['total'] = fixed(item.total, precision)
  row['due'] = fixed(item.left, precision)
  row['refNum'] = textOf(document.fields['tranId']) ?? null
  row['type'] = document.type
}

type Match = Readonly<{debit: string; credit: string; amount: Amount}>

/**
 * Settles a part of what is owed with a part of a credit. That posts nothing but the difference between their rates: realized
 * gain or loss = (rate of the credit - rate of the debit) × amount, the cents beside it to rounding gain or loss
 * (NetSuite help bridgehead_4279828767, bridgehead_4030214366).
 */
export function match(rules: PostingRules, by: StoredRecord, {debit, credit, amount}: Match, undo: Undo): void {
  const {open} = rules.books
  const [owed, paid] = [open.get(debit), open.get(credit)]
  if (owed === undefined || paid === undefined) throw new Error(`${debit} and ${credit} are not both open`)
  const owedBase = open.take(debit, amount, by.id)
  const paidBase = open.take(credit, amount, by.id)
  undo.push(() => {
    open.giveBack(debit, amount, owedBase, by.id)
    open.giveBack(credit, amount, paidBase, by.id)
    refresh(rules, debit)
    refresh(rules, credit)
  })
  const difference = owedBase.minus(paidBase)
  if (!difference.isZero()) {
    const realized = rounded(amount.times(owed.rate.minus(paid.rate)), BASE_PRECISION)
    revalue(rules, by, {receivable: owed.account, difference, realized}, undo)
  }
  refresh(rules, debit)
  refresh(rules, credit)
}

type Variance = Readonly<{receivable: string; difference: Amount; realized: Amount}>

/** NetSuite writes a Currency Revaluation by itself (NetSuite help section_N1425327). */
function revalue(
  rules: PostingRules,
  by: StoredRecord,
  {receivable, difference, realized}: Variance,
  undo: Undo,
): void {
  const {state, books} = rules
  const base = (account: string, amount: Amount): Entry => ({account, amount, base: amount})
  const entries = [
    base(receivable, difference.negated()),
    base(systemAccount(state, 'RealizedERV'), realized),
    base(systemAccount(state, 'RndERV'), difference.minus(realized)),
  ]
  const record = systemRecord(rules, 'currencyRevaluation', {
    tranDate: by.fields['tranDate'] ?? null,
    entity: by.fields['customer'] ?? by.fields['entity'] ?? null,
    subsidiary: by.fields['subsidiary'] ?? null,
  })
  state.save(record)
  post(rules, record, entries)
  undo.push(() => {
    books.ledger.remove(record.id)
    state.remove(record)
  })
}

/** A record that NetSuite makes by itself. */
export function systemRecord(
  {state, clock}: PostingRules,
  type: string,
  fields: Record<string, FieldValue>,
): StoredRecord {
  const now = clock.now().toISOString()
  const id = String(state.next('transaction'))
  return {
    type,
    id,
    externalId: null,
    fields: {...fields, tranId: String(state.next(`number:${type}`)), createdDate: now, lastModifiedDate: now},
    lines: {},
    customFields: {},
  }
}

/** The rate and account of an open item that a record makes. */
export function openItem(
  record: StoredRecord,
  side: Side,
  account: string,
  total: Amount,
  base: Amount,
): Omit<OpenItem, 'left'> {
  return {
    side,
    type: record.type,
    total,
    base,
    rate: rateOf(record.fields),
    currency: idOf(record.fields['currency']),
    entity: partyOf(record.fields),
    account,
  }
}

/** True while nothing of a record is applied. */
export function isWhole({books}: PostingRules, {id}: StoredRecord): boolean {
  const item = books.open.get(id)
  return item === undefined || item.left.equals(item.total)
}
