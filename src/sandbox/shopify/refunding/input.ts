/** The input RefundInput of the mutation refundCreate, as far as the sandbox plays it. */
export type RefundInput = Readonly<{
  orderId: string
  note?: string | null
  currency?: string | null
  allowOverRefunding?: boolean | null
  discrepancyReason?: string | null
  processedAt?: string | null
  refundLineItems?: readonly RefundLine[] | null
  refundDuties?: readonly Readonly<{dutyId: string; refundType?: string | null}>[] | null
  shipping?: Readonly<{amount?: string | null; fullRefund?: boolean | null}> | null
  transactions?: readonly RefundTransaction[] | null
}>

type RefundLine = Readonly<{
  lineItemId: string
  quantity: number
  restockType?: string | null
  locationId?: string | null
}>

type RefundTransaction = Readonly<{
  amount: string
  gateway: string
  kind: string
  parentId?: string | null
}>

/** The numeric id of a global id. */
export function numberOf(globalId: string | null | undefined): string {
  return /(\d+)(?:\?.*)?$/.exec(globalId ?? '')?.[1] ?? ''
}
