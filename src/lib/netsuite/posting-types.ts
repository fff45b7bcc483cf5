import type {Money} from '../core/money.ts'
import type {CustomFields, Ref, TaxDetail} from './types.ts'

type Id = Readonly<{id: string}>

/**
 * Where money goes or comes from: undeposited funds until a bank deposit takes it, or an account that is named.
 * Customer and cash refunds have no flag for undeposited funds; they name that account by its id.
 */
export type MoneyAccount = Readonly<{kind: 'undeposited'}> | Readonly<{kind: 'account'; id: string}>

/** What every record after the sales order has. `tranDate` is a calendar day YYYY-MM-DD in the zone of the contract. */
type Posting<T extends string> = Readonly<{
  type: T
  externalId: string
  tranDate: string
  memo: string | null
  customFields: CustomFields
}>

/** One line that names a line of the record it is made from by our key (SalesOrderLine.key), or an item of its own. */
export type PostingLine = Readonly<{
  /** Stands in the custom column field; equal to the key of the source line where there is one. */
  key: string
  item: Id
  /** null where a quantity means nothing (discounts, charges). */
  quantity: number | null
  /** Without tax, in the transaction's currency; null: not stated (fulfilments and receipts have no amounts). */
  amount: Money | null
  description: string | null
  location: Id | null
  taxCode: Id | null
  /** A line of the record's own: the record that it is made from has none for it (rounding). */
  isOwn?: true
}>

/** Money received for an order that is not billed (NetSuite: CustomerDeposit, transactions.customers.xsd). */
export type CustomerDeposit = Posting<'customerDeposit'> &
  Readonly<{
    customer: Ref
    /** null: not linked to an order (money that came back from a failed refund). */
    salesOrder: Ref | null
    subsidiary: Id | null
    currency: Id
    account: MoneyAccount
    paymentMethod: Id | null
    payment: Money
  }>

/** Money received for invoices that are open (CustomerPayment). */
export type CustomerPayment = Posting<'customerPayment'> &
  Readonly<{
    customer: Ref
    subsidiary: Id | null
    currency: Id
    account: MoneyAccount
    paymentMethod: Id | null
    payment: Money
    applies: readonly Readonly<{to: Ref; amount: Money}>[]
  }>

/** What left the warehouse, by transform of the sales order (ItemFulfillment). Lines that are not listed are not shipped. */
export type ItemFulfillment = Posting<'itemFulfillment'> &
  Readonly<{
    salesOrder: Ref
    shipMethod: Id | null
    lines: readonly PostingLine[]
    /**
     * Keys of the lines that NetSuite could ship and this shipment leaves. Left out: every open line with a quantity
     * that is not shipped yet, which an account may refuse where one of them is a charge.
     */
    openKeys?: readonly string[]
    /** `weight` is decimal text in the unit of the account; not stated where it is left out. */
    packages: readonly Readonly<{trackingNumber: string | null; description: string | null; weight?: string | null}>[]
  }>

/** The bill of lines of a sales order, by transform; its deposits are applied by NetSuite (Invoice, CashSale). */
export type Bill = Posting<'invoice' | 'cashSale'> &
  Readonly<{
    salesOrder: Ref
    /** Cash sale only. */
    account: MoneyAccount | null
    paymentMethod: Id | null
    lines: readonly PostingLine[]
    shippingCost: Money | null
    /** SuiteTax only: the override that states every tax; left out under legacy tax. */
    taxDetails?: readonly TaxDetail[]
    total: Money
  }>

/** A deposit put against an invoice that NetSuite did not apply by itself (DepositApplication). */
export type DepositApplication = Posting<'depositApplication'> &
  Readonly<{deposit: Ref; applies: readonly Readonly<{to: Ref; amount: Money}>[]}>

/** What a customer may give back, by transform of the sales order or invoice (ReturnAuthorization). */
export type ReturnAuthorization = Posting<'returnAuthorization'> &
  Readonly<{salesOrder: Ref; lines: readonly PostingLine[]; total: Money}>

/** Goods that came back, by transform of the return authorization (ItemReceipt). `restock` false writes them off. */
export type ItemReceipt = Posting<'itemReceipt'> &
  Readonly<{returnAuthorization: Ref; lines: readonly (PostingLine & Readonly<{restock: boolean}>)[]}>

/** What the customer is owed (CreditMemo); made from the invoice or return authorization where `createdFrom` names one. */
export type CreditMemo = Posting<'creditMemo'> &
  Readonly<{
    entity: Ref
    createdFrom: Readonly<{type: 'invoice' | 'returnAuthorization'; ref: Ref}> | null
    subsidiary: Id | null
    currency: Id
    lines: readonly PostingLine[]
    shipMethod: Id | null
    shippingCost: Money | null
    /** SuiteTax only: the override that states every tax; left out under legacy tax. */
    taxDetails?: readonly TaxDetail[]
    /** Invoices that it settles (an exchange); empty: it stays open until a refund takes it. */
    applies: readonly Readonly<{to: Ref; amount: Money}>[]
    total: Money
  }>

/** Sale and refund in one, under the policy of cash sales (CashRefund). */
export type CashRefund = Posting<'cashRefund'> &
  Readonly<{
    entity: Ref
    createdFrom: Readonly<{type: 'cashSale' | 'returnAuthorization'; ref: Ref}> | null
    subsidiary: Id | null
    currency: Id
    accountId: string
    paymentMethod: Id | null
    lines: readonly PostingLine[]
    shipMethod: Id | null
    shippingCost: Money | null
    /** SuiteTax only: the override that states every tax; left out under legacy tax. */
    taxDetails?: readonly TaxDetail[]
    total: Money
  }>

/** Money given back: what credit memos or deposits hold of it (CustomerRefund). */
export type CustomerRefund = Posting<'customerRefund'> &
  Readonly<{
    customer: Ref
    subsidiary: Id | null
    currency: Id
    /** Undeposited funds by its id, or the account of the gateway. */
    accountId: string
    paymentMethod: Id | null
    credits: readonly Readonly<{creditMemo: Ref; amount: Money}>[]
    deposits: readonly Readonly<{deposit: Ref; amount: Money}>[]
    total: Money
  }>

/** A line of a bank deposit or a check on an account of its own; `amount` is positive and moves as the list says. */
export type AccountLine = Readonly<{accountId: string; amount: Money; memo: string | null}>

/**
 * Money that reached the bank (Deposit of transactions.bank.xsd). `payments` were in undeposited funds, refunds among them
 * with their negative amount; `other` credits its accounts, `cashBack` debits them. total = Σ payments + Σ other − Σ cashBack ≥ 0.
 */
export type BankDeposit = Posting<'deposit'> &
  Readonly<{
    accountId: string
    currency: Id
    payments: readonly Readonly<{
      type: 'customerDeposit' | 'customerPayment' | 'cashSale' | 'customerRefund' | 'cashRefund'
      ref: Ref
      amount: Money
    }>[]
    other: readonly AccountLine[]
    cashBack: readonly AccountLine[]
    total: Money
  }>

/** Money that left a bank account; each line debits its account (Check). */
export type Check = Posting<'check'> &
  Readonly<{accountId: string; currency: Id; expenses: readonly AccountLine[]; total: Money}>

/** Everything that is written after the sales order. None is ever changed: a correction is a new record. */
export type PostingRecord =
  | CustomerDeposit
  | CustomerPayment
  | ItemFulfillment
  | Bill
  | DepositApplication
  | ReturnAuthorization
  | ItemReceipt
  | CreditMemo
  | CashRefund
  | CustomerRefund
  | BankDeposit
  | Check
export type PostingType = PostingRecord['type']

/** In the order in which a port writes them: each stands after those that it may be made from or applied to. */
export const POSTING_TYPES = [
  'customerDeposit', 'itemFulfillment', 'invoice', 'cashSale', 'customerPayment', 'depositApplication',
  'returnAuthorization', 'itemReceipt', 'creditMemo', 'cashRefund', 'customerRefund', 'deposit', 'check',
] as const satisfies readonly PostingType[] // prettier-ignore

/** A posting record as read back: enough to see whether it is the planned one. */
export type HeldPosting = Readonly<{
  type: PostingType
  id: string
  externalId: string | null
  tranId: string | null
  tranDate: string
  /** Decimal text in the transaction's currency; null for records without amounts. */
  total: string | null
  currencyId: string | null
  /** The account that the money went to or came from, after NetSuite's own rules; null where the record has none. */
  accountId: string | null
  undeposited: boolean | null
  status: string | null
}>
