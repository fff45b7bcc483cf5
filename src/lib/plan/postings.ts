import type {Money} from '../core/money.ts'
import type {
  AccountLine,
  BankDeposit,
  Bill,
  CashRefund,
  CreditMemo,
  MoneyAccount,
  PostingLine,
  PostingRecord,
} from '../netsuite/posting-types.ts'
import type {Ref} from '../netsuite/types.ts'
import {zero} from '../core/money.ts'

/**
 * One line that NetSuite will post. `account` is an account's id ("account 31"), a role that NetSuite decides
 * ("receivables"), or what an item posts to, which the plan does not know ("income of item 1201"). Exactly one of
 * debit and credit is set; both are positive.
 */
export type PlannedPosting = Readonly<{account: string; debit: Money | null; credit: Money | null}>

const UNDEPOSITED = 'undeposited funds'
const DEPOSITS = 'customer deposits'
const RECEIVABLES = 'receivables'

/**
 * The debits and credits that NetSuite will make of a record, as far as its plan tells (NetSuite help
 * section_N1460914, section_N1459773, section_N1465926). Cost of goods is NetSuite's own: fulfilments and receipts have
 * no amounts here. A return authorization posts nothing. Debits equal credits.
 */
export function postingsOf(record: PostingRecord): PlannedPosting[] {
  switch (record.type) {
    case 'customerDeposit':
      return moved(accountOf(record.account), DEPOSITS, record.payment)
    case 'customerPayment':
      return moved(accountOf(record.account), RECEIVABLES, record.payment)
    case 'depositApplication':
      return record.applies.flatMap(({amount}) => moved(DEPOSITS, RECEIVABLES, amount))
    case 'invoice':
      return [signed(RECEIVABLES, record.total), ...itemPostings(record, -1n)].flat()
    case 'cashSale':
      return [
        signed(accountOf(record.account ?? {kind: 'undeposited'}), record.total),
        ...itemPostings(record, -1n),
      ].flat()
    case 'creditMemo':
      return [...itemPostings(record, 1n), signed(RECEIVABLES, negative(record.total))].flat()
    case 'cashRefund':
      return [...itemPostings(record, 1n), signed(account(record.accountId), negative(record.total))].flat()
    case 'customerRefund':
      return [
        ...moved(RECEIVABLES, account(record.accountId), record.total),
        ...record.deposits.flatMap(({amount}) => moved(DEPOSITS, RECEIVABLES, amount)),
      ]
    case 'deposit':
      return bankPostings(record)
    case 'check':
      return [...expenses(record.expenses), ...signed(account(record.accountId), negative(record.total))]
    case 'itemFulfillment':
    case 'itemReceipt':
    case 'returnAuthorization':
      return []
  }
}

/** What NetSuite must compute from the record, as a positive amount; null for records without a total. */
export function amountOf(record: PostingRecord): Money | null {
  if ('payment' in record) return record.payment
  return 'total' in record ? record.total : null
}

/**
 * The records that this one is made from or settles: external IDs, or internal ids where no external ID is known. A bank
 * deposit names none: it may take thousands of payments.
 */
export function sourcesOf(record: PostingRecord): string[] {
  return [...new Set(refsOf(record).map((ref) => ('externalId' in ref ? ref.externalId : ref.id)))]
}

function refsOf(record: PostingRecord): readonly Ref[] {
  switch (record.type) {
    case 'customerDeposit':
    case 'itemFulfillment':
    case 'invoice':
    case 'cashSale':
    case 'returnAuthorization':
      return record.salesOrder === null ? [] : [record.salesOrder]
    case 'customerPayment':
      return record.applies.map(({to}) => to)
    case 'depositApplication':
      return [record.deposit, ...record.applies.map(({to}) => to)]
    case 'itemReceipt':
      return [record.returnAuthorization]
    case 'creditMemo':
      return [...(record.createdFrom === null ? [] : [record.createdFrom.ref]), ...record.applies.map(({to}) => to)]
    case 'cashRefund':
      return record.createdFrom === null ? [] : [record.createdFrom.ref]
    case 'customerRefund':
      return [...record.credits.map(({creditMemo}) => creditMemo), ...record.deposits.map(({deposit}) => deposit)]
    case 'deposit':
    case 'check':
      return []
  }
}

function account(id: string): string {
  return `account ${id}`
}

function accountOf(money: MoneyAccount): string {
  return money.kind === 'undeposited' ? UNDEPOSITED : account(money.id)
}

function negative(amount: Money): Money {
  return {...amount, minor: -amount.minor}
}

/** A positive amount debits the account, a negative one credits it; nothing posts nothing. */
function signed(name: string, amount: Money): PlannedPosting[] {
  if (amount.minor === 0n) return []
  const isDebit = amount.minor > 0n
  return [{account: name, debit: isDebit ? amount : null, credit: isDebit ? null : negative(amount)}]
}

function moved(debit: string, credit: string, amount: Money): PlannedPosting[] {
  return [...signed(debit, amount), ...signed(credit, negative(amount))]
}

type Sale = Bill | CreditMemo | CashRefund

/** The items, shipping and taxes of a sale or its reversal, one sum an item. */
function itemPostings(record: Sale, sign: 1n | -1n): PlannedPosting[][] {
  const {currency} = record.total
  const sums = new Map<string, bigint>()
  const post = (name: string, minor: bigint) => sums.set(name, (sums.get(name) ?? 0n) + minor * sign)
  for (const line of record.lines) post(nameOf(line), line.amount?.minor ?? 0n)
  if (record.shippingCost !== null) post('income of shipping', record.shippingCost.minor)
  for (const {taxCode, amount} of record.taxDetails ?? []) post(`tax code ${taxCode.id}`, amount.minor)
  return [...sums].map(([name, minor]) => signed(name, {...zero(currency), minor}))
}

function nameOf({item}: PostingLine): string {
  return `income of item ${item.id}`
}

function expenses(lines: readonly AccountLine[]): PlannedPosting[] {
  return lines.flatMap(({accountId, amount}) => signed(account(accountId), amount))
}

/** Other deposits credit their accounts, cash back debits them: the bank gets what is left. */
function bankPostings({accountId, payments, other, cashBack, total}: BankDeposit): PlannedPosting[] {
  return [
    ...signed(account(accountId), total),
    ...expenses(cashBack),
    ...payments.flatMap(({amount}) => signed(UNDEPOSITED, negative(amount))),
    ...other.flatMap((line) => signed(account(line.accountId), negative(line.amount))),
  ]
}
