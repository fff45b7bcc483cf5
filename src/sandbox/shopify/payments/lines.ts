/** A line of Shopify's balance; amounts in thousandths of its currency, `net = amount − fee`. */
export type Line = {
  readonly id: string
  /** A value of the enumeration ShopifyPaymentsTransactionType, or any other that a test wants to try. */
  readonly type: string
  readonly currency: string
  readonly amount: bigint
  readonly fee: bigint
  readonly at: Date
  readonly order: Readonly<{id: string; name: string}> | null
  /** Numeric id of the transaction of that order. */
  readonly orderTransactionId: string | null
  readonly sourceType: string | null
  readonly sourceId: string | null
  readonly reason: string | null
  readonly test: boolean
  /** Stays in the balance until somebody asks for a payout; the daily payout leaves it out. */
  readonly byHand: boolean
  /** The payout that holds it; null while it waits for one. */
  payoutId: string | null
}

export type PayoutStatus = 'SCHEDULED' | 'IN_TRANSIT' | 'PAID' | 'FAILED' | 'CANCELED'

export const PAYOUT_STATUSES: readonly PayoutStatus[] = ['SCHEDULED', 'IN_TRANSIT', 'PAID', 'FAILED', 'CANCELED']

export type Payout = {
  readonly id: string
  readonly currency: string
  readonly issuedAt: Date
  /** What reached the bank; negative where it was taken. */
  readonly net: bigint
  readonly byHand: boolean
  status: PayoutStatus
}

export type DisputeStatus = 'NEEDS_RESPONSE' | 'UNDER_REVIEW' | 'WON' | 'LOST' | 'ACCEPTED' | 'PREVENTED'

export type Dispute = {
  readonly id: string
  readonly order: Readonly<{id: string; name: string}>
  readonly type: 'CHARGEBACK' | 'INQUIRY'
  readonly reason: string
  readonly currency: string
  readonly amount: bigint
  readonly orderTransactionId: string | null
  readonly initiatedAt: Date
  status: DisputeStatus
  finalizedOn: Date | null
}

/** What a new line says of itself. */
export type Draft = Readonly<
  Pick<Line, 'type' | 'currency' | 'amount'> & Partial<Omit<Line, 'id' | 'type' | 'currency' | 'amount' | 'payoutId'>>
>

export function netOf({amount, fee}: Pick<Line, 'amount' | 'fee'>): bigint {
  return amount - fee
}

/** The line that stands for the payout itself, which takes its net out of the balance. */
export function isTransfer({type}: Pick<Line, 'type'>): boolean {
  return type === 'TRANSFER'
}

export function sumOfNets(lines: readonly Line[]): bigint {
  return lines.reduce((sum, line) => sum + netOf(line), 0n)
}
