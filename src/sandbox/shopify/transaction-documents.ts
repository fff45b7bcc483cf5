import {flag, legacyId, list, text} from './document.ts'
import type {Json} from './json.ts'
import {mapTotals, type OrderFacts} from './map-totals.ts'

/** Names of the gateways through which an order was or will be paid. */
export function gateways(doc: Json): readonly string[] {
  const names = doc.payment_gateway_names
  return Array.isArray(names) ? names.map(String) : [text(doc, 'gateway')].filter((one) => one !== null)
}

/**
 * The order's transactions as documents. Webhooks leave them out; where a document lists none, one sale of what was
 * received stands for them, beside those of the refunds, which give that sale back.
 */
export function transactionDocuments(facts: OrderFacts): readonly Json[] {
  const {doc} = facts
  if (Array.isArray(doc.transactions)) return list(doc, 'transactions')
  const received = mapTotals(facts).totalReceivedSet?.() ?? null
  const sale = {
    id: legacyId(doc),
    kind: 'sale',
    status: 'success',
    gateway: gateways(doc)[0] ?? 'manual',
    test: flag(doc, 'test'),
    processed_at: text(doc, 'processed_at'),
    amount_set: {
      shop_money: {amount: received?.shopMoney.amount},
      presentment_money: {amount: received?.presentmentMoney.amount},
    },
  }
  const refunds = list(doc, 'refunds').flatMap((refund) =>
    list(refund, 'transactions').map((one) => ({
      created_at: text(refund, 'created_at'),
      processed_at: text(refund, 'processed_at') ?? text(refund, 'created_at'),
      ...one,
      parent_id: sale.id,
    })),
  )
  return Number(received?.shopMoney.amount ?? 0) === 0 ? refunds : [sale, ...refunds]
}
