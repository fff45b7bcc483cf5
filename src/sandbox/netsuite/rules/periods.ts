import type {StoredRecord} from '../engine-types.ts'
import type {Entry} from '../ledger/ledger.ts'
import {Refused} from '../refused.ts'
import type {State} from '../state.ts'
import {idOf, isTrue, textOf} from '../values.ts'
import {partyOf, type PostingRules} from './posting-rules.ts'

/** The accounting period that a day lies in. */
export function periodOf(state: State, date: string): StoredRecord | undefined {
  for (const period of state.records('accountingPeriod')) {
    const {startDate, endDate} = period.fields
    if ((textOf(startDate) ?? '') <= date && date <= (textOf(endDate) ?? '')) return period
  }
  return undefined
}

/**
 * What posts needs an open period; what does not post is free (NetSuite help section_N1452887). In a closed period only what
 * touches no account may change, and only where the period allows it. Throws Refused.
 */
export function requireOpenPeriod(state: State, date: string, touchesAccounts: boolean): void {
  const period = periodOf(state, date)
  if (period !== undefined) {
    const {closed, allLocked, arLocked, allowNonGLChanges} = period.fields
    if (![closed, allLocked, arLocked].some(isTrue)) return
    if (!touchesAccounts && isTrue(allowNonGLChanges)) return
  }
  throw new Refused(
    'USER_ERROR',
    'The transaction date you specified is not within the date range of your accounting period.',
    'tranDate',
  )
}

/** Writes what a record posts into the ledger. Throws Refused where it does not balance. */
export function post({state, books}: PostingRules, record: StoredRecord, entries: readonly Entry[]): void {
  const date = textOf(record.fields['tranDate']) ?? ''
  const period = periodOf(state, date)
  if (period !== undefined) record.fields['postingPeriod'] = state.refTo(period)
  books.ledger.post(
    {
      transaction: record.id,
      type: record.type,
      date,
      period: period?.id,
      entity: partyOf(record.fields),
      subsidiary: idOf(record.fields['subsidiary']),
    },
    entries,
  )
}
