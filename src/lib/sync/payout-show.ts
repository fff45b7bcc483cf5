import {format} from '../core/money.ts'
import {listParked} from '../ledger/parked.ts'
import type {Parked} from '../ledger/types.ts'
import type {HeldPosting, PostingType} from '../netsuite/posting-types.ts'
import {moneyKindOf, payoutLines, type WaitsFor} from '../plan/payout-lines.ts'
import type {BalanceTransaction} from '../shopify/money-types.ts'
import {isOpen, readPayout, subjectOfPayout, writtenFor, type PayoutReading} from './payout-plan.ts'
import {planOrReason} from './payout-preview.ts'
import {namedPayouts} from './payout-select.ts'
import type {PushDeps} from './push.ts'

/** One balance transaction, and what it is in NetSuite. Accounts are "account <id>", or "undeposited funds"; null: none is known. */
type ShownLine = Readonly<{
  type: string
  order: string | null
  transaction: string | null
  amount: string
  fee: string
  net: string
  account: string | null
  feeAccount: string | null
  records: readonly Readonly<{type: string; netsuiteId: string; externalId: string; amount: string}>[]
  /** Why it blocks the payout. */
  reason: string | null
}>

/** A record that NetSuite holds of the payout. */
type ShownRecord = Readonly<{
  type: string
  netsuiteId: string
  externalId: string
  tranId: string | null
  tranDate: string
  total: string | null
  account: string | null
}>

/** A payout on both sides. `state`: as payouts:push would leave it. */
export type ShownPayout = Readonly<{
  payout: string
  status: string
  issuedAt: string
  transactionType: string
  net: string
  traceId: string | null
  state: 'written' | 'due' | 'open' | 'waits' | 'blocked' | 'nothing'
  records: readonly ShownRecord[]
  lines: readonly ShownLine[]
  waitsFor: readonly WaitsFor[]
  reason: string | null
  parked: Parked | null
}>

/** Reads one payout on both sides, line by line. Throws UsageError PAYOUT_UNKNOWN where Shopify does not know it. */
export async function showPayout(deps: PushDeps, id: string): Promise<ShownPayout> {
  const [payout] = await namedPayouts(deps.shopify, [id])
  if (payout === undefined) throw new RangeError('one id was asked')
  const subject = subjectOfPayout(deps.shop, payout)
  const known = (await writtenFor(deps, [subject])).get(subject) ?? []
  const reading = await readPayout(deps, payout, known)
  const planned = isOpen(payout) ? null : planOrReason(deps, reading)
  const [parked] = await listParked(deps.ledger.db, {flow: 'payouts', subjects: [subject]})
  const records: ShownRecord[] = []
  for (const {recordType, netsuiteId, externalId} of known) {
    const [held] = await deps.netsuite.postings.get(recordType as PostingType, [{id: netsuiteId}])
    if (held) records.push(shownRecord(held, externalId))
  }
  const written = new Set(records.map(({externalId}) => externalId))
  const isWritten =
    planned !== null && 'records' in planned && planned.records.every((one) => written.has(one.externalId))
  const isEmpty = planned !== null && 'records' in planned && planned.records.length === 0
  return {
    payout: payout.legacyId,
    status: payout.status,
    issuedAt: payout.issuedAt,
    transactionType: payout.transactionType,
    net: format(payout.net),
    traceId: payout.traceId,
    state: stateOf(planned, isWritten, isEmpty),
    records,
    lines: reading.lines.map((line) => shownLine(deps, reading, line)),
    waitsFor: planned !== null && 'waitsFor' in planned ? planned.waitsFor : [],
    reason: planned !== null && 'reason' in planned ? planned.reason : null,
    parked: parked ?? null,
  }
}

function stateOf(
  planned: ReturnType<typeof planOrReason> | null,
  isWritten: boolean,
  isEmpty: boolean,
): ShownPayout['state'] {
  if (planned === null) return 'open'
  if ('reason' in planned) return 'blocked'
  if ('waitsFor' in planned) return 'waits'
  if (isEmpty) return 'nothing'
  return isWritten ? 'written' : 'due'
}

function shownRecord({type, id, tranId, tranDate, total, accountId}: HeldPosting, externalId: string): ShownRecord {
  const account = accountId === null ? null : `account ${accountId}`
  return {type, netsuiteId: id, externalId, tranId, tranDate, total, account}
}

/** The plan of one line alone tells where it goes. */
function shownLine({rules}: PushDeps, {payout, book}: PayoutReading, line: BalanceTransaction): ShownLine {
  const faults: Parameters<typeof payoutLines>[0]['faults'] = []
  const {other, cashBack, waitsFor} = payoutLines({payout, rules: rules.life, book, faults}, [line])
  const accounts = new Map([...other, ...cashBack].map(({memo, accountId}) => [memo, accountId]))
  const kind = moneyKindOf(line)
  const held = kind === undefined ? [] : book.money(line.orderTransactionId ?? '', kind)
  const named = (memo: string) => {
    const account = accounts.get(memo) ?? ''
    return account === '' ? null : `account ${account}`
  }
  const blocks = [...faults.map(({code, what}) => `${code}: ${what}`), ...waitsFor.map(({why}) => why)]
  return {
    type: line.type,
    order: line.orderName ?? line.orderId,
    transaction: line.orderTransactionId,
    amount: format(line.amount),
    fee: format(line.fee),
    net: format(line.net),
    account: held.length > 0 ? 'undeposited funds' : named(line.type),
    feeAccount: named(`Fees of ${line.type}`),
    records: held.map(({type, netsuiteId, externalId, amount}) => ({
      type,
      netsuiteId,
      externalId,
      amount: format(amount),
    })),
    reason: blocks.length === 0 ? null : blocks.join('; '),
  }
}
