import {amountOf} from '../amounts.ts'
import type {StoredRecord} from '../engine-types.ts'
import {systemAccount} from '../ledger/chart.ts'
import type {Entry} from '../ledger/ledger.ts'
import {invalidReference, Refused} from '../refused.ts'
import {idOf} from '../values.ts'
import {applyDeposits} from './applications.ts'
import {book, checkTaken, sourceOf} from './bookings.ts'
import {isWhole, openItem} from './matching.ts'
import {awaitDeposit, moneyAccountOf, placeMoney} from './money-account.ts'
import {type Handler, moneyOf, type PostingRules, type Undo, withCounter} from './posting-rules.ts'
import {costEntries, saleEntries, standaloneGoods} from './sale-postings.ts'
import {completeOrder} from './sales-order.ts'
import {setStanding} from './standing.ts'
import type {Draft} from './write.ts'

/** Completes a bill or what takes it back: source, lines, amounts. Throws Refused for a negative total. */
export function completeSale(rules: PostingRules, draft: Draft, held: StoredRecord | undefined): void {
  const {fields} = draft
  const source = sourceOf(rules.state, draft)
  if (held === undefined && source !== undefined) {
    for (const name of ['entity', 'currency', 'subsidiary', 'exchangeRate'])
      fields[name] ??= source.fields[name] ?? null
    if (idOf(fields['entity']) !== idOf(source.fields['entity'])) {
      throw invalidReference('entity', idOf(fields['entity']) ?? '', 'entity')
    }
    checkTaken(rules, draft, source)
  }
  completeOrder(rules, draft, held === undefined)
  if (draft.type !== 'returnAuthorization') delete fields['orderStatus']
  if (moneyOf(fields, 'total').isNegative()) throw new Refused('USER_ERROR', 'The total can not be negative', 'total')
}

/** The receivables account of a bill or credit: its own, else the customer's, else the account's default. */
export function setReceivable({state}: PostingRules, draft: Draft): void {
  const customer = state.find('customer', {id: idOf(draft.fields['entity']) ?? ''})
  const id =
    idOf(draft.fields['account']) ?? idOf(customer?.fields['receivablesAccount']) ?? systemAccount(state, 'AcctRec')
  const account = state.find('account', {id})
  if (account?.fields['acctType'] !== 'AcctRec') throw invalidReference('account', id, 'account')
  draft.fields['account'] = state.refTo(account)
}

/** Goods that no order ships leave the stock with their bill. */
function shipStandalone(rules: PostingRules, record: StoredRecord, undo: Undo): void {
  for (const {item, location, quantity} of standaloneGoods(rules, record)) {
    if (location === undefined) continue
    const units = Number(quantity.toFixed())
    rules.inventory.ship(item.id, location, units)
    undo.push(() => {
      rules.inventory.ship(item.id, location, -units)
    })
  }
}

function openInvoice(rules: PostingRules, record: StoredRecord): void {
  const receivable = idOf(record.fields['account']) ?? ''
  const posted = rules.books.ledger.of(record.id).find(({account}) => account === receivable)
  const base = posted?.base ?? amountOf('0')
  rules.books.open.open(record.id, openItem(record, 'debit', receivable, moneyOf(record.fields, 'total'), base))
  setStanding(rules, record)
}

function billEntries(rules: PostingRules, draft: Draft | StoredRecord, account: string): readonly Entry[] {
  return [...withCounter(saleEntries(rules, draft, -1), account), ...costEntries(standaloneGoods(rules, draft))]
}

export const invoice: Handler = {
  complete(rules, draft, held) {
    completeSale(rules, draft, held)
    setReceivable(rules, draft)
    if (held === undefined) draft.fields['status'] = 'A'
  },
  entries: (rules, draft) => billEntries(rules, draft, idOf(draft.fields['account']) ?? ''),
  settle(rules, record, undo) {
    book(rules, record, undo)
    shipStandalone(rules, record, undo)
    openInvoice(rules, record)
    undo.push(() => {
      rules.books.open.close(record.id)
    })
    applyDeposits(rules, record)
  },
  resettle(rules, record) {
    if (isWhole(rules, record)) openInvoice(rules, record)
    applyDeposits(rules, record)
  },
}

export const cashSale: Handler = {
  complete(rules, draft, held) {
    completeSale(rules, draft, held)
    placeMoney(rules, draft.fields, true)
  },
  entries: (rules, draft) => billEntries(rules, draft, moneyAccountOf(rules, draft.fields)),
  settle(rules, record, undo) {
    book(rules, record, undo)
    shipStandalone(rules, record, undo)
    awaitDeposit(rules, record, moneyOf(record.fields, 'total'), undo)
    setStanding(rules, record)
  },
  resettle: (rules, record, _held, undo) => {
    awaitDeposit(rules, record, moneyOf(record.fields, 'total'), undo)
    setStanding(rules, record)
  },
}
