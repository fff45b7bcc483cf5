import type {PaymentsBook} from './book.ts'
import type {Dispute, DisputeStatus, Line} from './lines.ts'

/** What a chargeback costs in the shop's country, in thousandths (Shopify: chargeback process). */
const FEE = 15_000n

export type Opening = Readonly<{type?: Dispute['type']; reason?: string; amount?: bigint; at: Date}>

/**
 * A bank questions a charge. An inquiry moves no money; a chargeback takes the amount and a fee at once
 * (Shopify: chargeback process).
 */
export function openDispute(
  book: PaymentsBook,
  charge: Line,
  {type = 'CHARGEBACK', reason = 'FRAUDULENT', amount = charge.amount, at}: Opening,
): Dispute {
  const {currency, orderTransactionId, order, byHand} = charge
  if (order === null) throw new TypeError('a dispute is about the charge of an order')
  const dispute = book.addDispute({
    order,
    type,
    reason,
    currency,
    amount,
    orderTransactionId,
    initiatedAt: at,
    status: 'NEEDS_RESPONSE',
    finalizedOn: null,
  })
  const about = {currency, order, orderTransactionId, byHand, at, sourceType: 'DISPUTE', sourceId: dispute.id}
  if (type === 'INQUIRY') return dispute
  book.add({...about, type: 'DISPUTE_WITHDRAWAL', amount: -amount})
  book.add({...about, type: 'CHARGEBACK_FEE', amount: -FEE})
  return dispute
}

/** Moves a dispute on. One that is won brings the amount and the fee back. Throws RangeError once it is decided. */
export function moveDispute(book: PaymentsBook, dispute: Dispute, status: DisputeStatus, at: Date): Dispute {
  if (dispute.finalizedOn !== null) throw new RangeError(`dispute ${dispute.id} is ${dispute.status}`)
  dispute.status = status
  if (status === 'NEEDS_RESPONSE' || status === 'UNDER_REVIEW') return dispute
  dispute.finalizedOn = at
  if (status !== 'WON' || dispute.type === 'INQUIRY') return dispute
  const taken = book.lines().filter((line) => line.sourceType === 'DISPUTE' && line.sourceId === dispute.id)
  const back = {DISPUTE_WITHDRAWAL: 'DISPUTE_REVERSAL', CHARGEBACK_FEE: 'CHARGEBACK_FEE_REFUND'} as const
  for (const {type, currency, amount, order, orderTransactionId, byHand, sourceId} of taken) {
    const returned = type === 'DISPUTE_WITHDRAWAL' || type === 'CHARGEBACK_FEE' ? back[type] : null
    if (returned === null) continue
    book.add({
      type: returned,
      currency,
      amount: -amount,
      order,
      orderTransactionId,
      byHand,
      at,
      sourceType: 'DISPUTE',
      sourceId,
    })
  }
  return dispute
}
