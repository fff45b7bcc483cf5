import type {Flow, Subject} from './types.ts'

const PAYOUT = 'payout-'

/** The subject of a payout, from its number. */
export function payoutSubject(shop: string, legacyId: string): Subject {
  return `${shop}/${PAYOUT}${legacyId}`
}

/** The number of the payout that a subject is of. */
export function payoutOf(subject: Subject): string {
  return subject.slice(subject.indexOf('/') + 1 + PAYOUT.length)
}

const SHIPMENT = 'shipment-'

/** The subject of what NetSuite shipped of an order, from the order's number. */
export function shipmentSubject(shop: string, orderId: string): Subject {
  return `${shop}/${SHIPMENT}${orderId}`
}

/** The number of the order whose shipments a subject is of. */
export function shippedOrderOf(subject: Subject): string {
  return subject.slice(subject.indexOf('/') + 1 + SHIPMENT.length)
}

/** A subject tells by its form which flow works it. */
export function flowOf(subject: Subject): Flow {
  if (subject.includes(`/${SHIPMENT}`)) return 'fulfillments'
  return subject.includes(`/${PAYOUT}`) ? 'payouts' : 'orders'
}
