import {accountId} from '../seed-accounts.ts'
import {Costs} from './costs.ts'
import {Ledger} from './ledger.ts'
import {OpenItems, UndepositedFunds} from './open-items.ts'

/** Accounting preferences that decide what a record may do (NetSuite help section_N1388149, section_N1385293). */
export type Preferences = {
  /** Balance sheet accounts beside banks are offered on transactions. */
  expandAccountLists: boolean
  /** Off: only what was fulfilled may be billed. */
  invoiceInAdvanceOfFulfillment: boolean
  /** Off: a credit memo of a return authorization covers received units only. */
  refundInAdvanceOfReturn: boolean
  /** Account of returned goods that are not restocked. */
  writeOffAccount: string
}

const DEFAULTS: Readonly<Preferences> = {
  expandAccountLists: true,
  invoiceInAdvanceOfFulfillment: false,
  refundInAdvanceOfReturn: false,
  writeOffAccount: accountId('5100'),
}

/** Everything that the account keeps beside its records: the ledger and what is open, undeposited and in stock at what cost. */
export type Books = Readonly<{
  ledger: Ledger
  open: OpenItems
  undeposited: UndepositedFunds
  costs: Costs
  preferences: Preferences
  /** How to take back what a record did beside its own posting, for its deletion; the last is undone first. */
  undo: Map<string, (() => void)[]>
  /** Customer deposits by the sales order that they are linked to. */
  depositsByOrder: Map<string, Set<string>>
}>

export function createBooks(): Books {
  return {
    ledger: new Ledger(),
    open: new OpenItems(),
    undeposited: new UndepositedFunds(),
    costs: new Costs(),
    preferences: {...DEFAULTS},
    undo: new Map(),
    depositsByOrder: new Map(),
  }
}

/** Empties the books and sets the preferences back. */
export function clearBooks({ledger, open, undeposited, costs, preferences, undo, depositsByOrder}: Books): void {
  for (const part of [ledger, open, undeposited, costs, undo, depositsByOrder]) part.clear()
  Object.assign(preferences, DEFAULTS)
}
