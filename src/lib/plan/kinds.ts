import {ConfigError} from '../core/errors.ts'
import type {PostingRecord, PostingType} from '../netsuite/posting-types.ts'
import type {LifeRules} from './life-types.ts'

/** A part of the life of orders that is written, or compared, by itself. */
export type Kind = 'payments' | 'fulfillments' | 'refunds'

type Named = Pick<PostingRecord, 'type' | 'externalId'>

const TYPES: Readonly<Record<Kind, readonly PostingType[]>> = {
  payments: ['customerDeposit', 'customerPayment', 'depositApplication'],
  fulfillments: ['itemFulfillment', 'invoice', 'cashSale'],
  refunds: ['returnAuthorization', 'itemReceipt', 'creditMemo', 'cashRefund', 'customerRefund'],
}

/** True for records of the kind. Money that came back because its refund failed is a deposit, and belongs to the refunds. */
export function isOfKind(kind: Kind, {type, externalId}: Named): boolean {
  return isFailedRefund({type, externalId}) ? kind === 'refunds' : TYPES[kind].includes(type)
}

export function isFailedRefund({type, externalId}: Named): boolean {
  return type === 'customerDeposit' && externalId.endsWith(':FAILED')
}

/** Throws ConfigError KIND_OFF, which names the line of the contract, where nothing of the kind is written. */
export function checkKind(kind: Kind, life: LifeRules): void {
  const line = offLine(kind, life)
  if (line === null) return
  throw new ConfigError('KIND_OFF', `the contract switches ${kind} off: ${line} in tieout.yaml`, {
    hint: 'change that line where Tieout is to write them; docs/settings.md says what each value means',
  })
}

function offLine(kind: Kind, {payments, fulfillments, billing, refunds}: LifeRules): string | null {
  if (kind === 'payments' && payments === 'off') return 'payments: off'
  if (kind === 'payments' && billing === 'cashSale') return 'billing: cash_sale (the cash sales hold the payments)'
  if (kind === 'refunds' && refunds.mode === 'off') return 'refunds: {mode: off}'
  if (kind === 'fulfillments' && fulfillments.from !== 'shopify' && billing === 'netsuite')
    return `fulfillments: {from: ${fulfillments.from}} with billing: netsuite`
  return null
}

type Side = 'goods' | 'money'

const GOODS: ReadonlySet<PostingType> = new Set(['itemFulfillment', 'returnAuthorization', 'itemReceipt'])
const BOTH: readonly Side[] = ['goods', 'money']

/** Which side must be complete, as far as the plan has it before the record, for the record to come out as planned. */
function needsOf(type: PostingType): readonly Side[] {
  switch (type) {
    case 'itemFulfillment':
      return []
    case 'returnAuthorization':
    case 'itemReceipt':
      return ['goods']
    case 'invoice':
    case 'cashSale':
    case 'creditMemo':
    case 'cashRefund':
      return BOTH
    default:
      return ['money']
  }
}

/**
 * Of what is due of an order, what can be written when only some kinds are: never one that follows, on its side, a record
 * that is left out. An invoice takes the deposits that stand when it is made (NetSuite help section_N1296669), so a deposit
 * that is left out holds it back, and a bill that is left out holds back the payments after it.
 * @param due in the order of the plan
 */
export function withinReach(
  due: readonly PostingRecord[],
  isWanted: (record: PostingRecord) => boolean,
): Readonly<{reached: PostingRecord[]; left: PostingRecord[]}> {
  const [reached, left]: [PostingRecord[], PostingRecord[]] = [[], []]
  const held = new Set<Side>()
  for (const record of due) {
    if (isWanted(record) && !needsOf(record.type).some((side) => held.has(side))) reached.push(record)
    else {
      left.push(record)
      held.add(GOODS.has(record.type) ? 'goods' : 'money')
    }
  }
  return {reached, left}
}
