import {fixed} from './amounts.ts'
import type {EngineParts} from './engine-parts.ts'
import type {StoredRecord} from './engine-types.ts'
import type {Preferences} from './ledger/books.ts'
import {BASE_PRECISION, type PostedLine} from './ledger/ledger.ts'
import {notFound, type RestAnswer} from './rest/answer.ts'
import {periodOf} from './rules/periods.ts'
import {textOf} from './values.ts'

/** Balances of all accounts in the base currency, as decimal text: the trial balance, computed from the postings. */
export function trialBalance({state, books}: EngineParts): unknown[] {
  return [...state.records('account')].map(({id, fields}) => {
    const {debit, credit} = books.ledger.balance(id)
    return {
      account: fields['acctNumber'],
      id,
      name: fields['name'],
      type: fields['acctType'],
      debit: fixed(debit, BASE_PRECISION),
      credit: fixed(credit, BASE_PRECISION),
      balance: fixed(debit.minus(credit), BASE_PRECISION),
    }
  })
}

/** The postings of an account (by number or id), of a transaction (by id or external id), or all. */
export function postings(parts: EngineParts, query: URLSearchParams): unknown[] {
  const account = query.get('account')
  const transaction = query.get('transaction')
  return [...parts.books.ledger.lines()]
    .map((line) => shown(parts, line))
    .filter((line) => account === null || line.account === account || line.accountId === account)
    .filter((line) => transaction === null || [line.transaction, line.externalId].includes(transaction))
}

type ShownLine = Readonly<Record<string, unknown>> &
  Readonly<{account: string | undefined; accountId: string; transaction: string; externalId: string | null | undefined}>

function shown({state}: EngineParts, line: PostedLine): ShownLine {
  const account = state.find('account', {id: line.account})
  const record = state.find('transaction', {id: line.transaction})
  const side = line.base.isNegative() ? 'credit' : 'debit'
  return {
    account: textOf(account?.fields['acctNumber']),
    accountId: line.account,
    transaction: line.transaction,
    type: line.type,
    externalId: record?.externalId,
    date: line.date,
    period: line.period,
    entity: line.entity,
    subsidiary: line.subsidiary,
    debit: side === 'debit' ? fixed(line.base, BASE_PRECISION) : '0.00',
    credit: side === 'credit' ? fixed(line.base.negated(), BASE_PRECISION) : '0.00',
    /** In the transaction's currency, debit positive. */
    amount: line.amount.toFixed(),
  }
}

/** Opens, locks or closes the accounting period of a name or a day: {"name" | "date", "closed"?, "allLocked"?}. */
export function changePeriod({state}: EngineParts, body: unknown): RestAnswer {
  const wanted = objectOf(body)
  const {name, date} = wanted
  const period =
    typeof date === 'string'
      ? periodOf(state, date)
      : [...state.records('accountingPeriod')].find(({fields}) => fields['name'] === name)
  if (period === undefined) return notFound('No accounting period has that name or day.')
  for (const flag of ['closed', 'allLocked', 'arLocked', 'allowNonGLChanges']) {
    if (typeof wanted[flag] === 'boolean') period.fields[flag] = wanted[flag]
  }
  state.save(period)
  return {status: 200, body: shownPeriod(period)}
}

function shownPeriod({id, fields}: StoredRecord): unknown {
  return {id, ...fields}
}

/** Sets the accounting preferences that are given, and answers all. Throws TypeError for one that does not exist. */
export function changePreferences({books}: EngineParts, body: unknown): RestAnswer {
  const held = books.preferences
  for (const [name, value] of Object.entries(objectOf(body))) {
    if (!(name in held) || typeof value !== typeof held[name as keyof Preferences]) {
      throw new TypeError(`no preference is called ${name}, or it does not take ${JSON.stringify(value)}`)
    }
    Object.assign(held, {[name]: value})
  }
  return {status: 200, body: held}
}

function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null) return body as Readonly<Record<string, unknown>>
  throw new TypeError('an object is expected')
}
