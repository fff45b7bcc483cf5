import {readFileSync} from 'node:fs'

import type {ZodType} from 'zod'

import type {Document, Effect} from './transport-types.ts'

/** Fragment → the file that holds it, beside the operations. */
const FRAGMENTS: Readonly<Record<string, string>> = {
  Address: 'address',
  Adjustment: 'adjustment',
  Bag: 'bag',
  FulfillmentOrderFields: 'fulfillment-order',
  FulfillmentOrderLine: 'fulfillment-order-line',
  Line: 'line',
  OrderFields: 'order-fields',
  OrderMoney: 'order-money',
  Payout: 'payout',
  RefundLine: 'refund-line',
  RefundShipping: 'refund-shipping',
  Shipping: 'shipping-line',
  Subscription: 'subscription',
  Tax: 'tax',
  Transaction: 'transaction',
}

const files = new Map<string, string>()

function read(name: string): string {
  const known = files.get(name)
  if (known !== undefined) return known
  const text = readFileSync(new URL(`documents/${name}.graphql`, import.meta.url), 'utf8')
  files.set(name, text)
  return text
}

/** The text of an operation with exactly the fragments that it spreads, each once, as GraphQL demands. */
function assemble(name: string): string {
  const used = new Set<string>([name])
  for (const file of used) {
    for (const [, fragment = ''] of read(file).matchAll(/\.\.\.([A-Z]\w*)/g)) used.add(FRAGMENTS[fragment] ?? fragment)
  }
  return [...used].map(read).join('\n')
}

/** A document from its file, which is named like the operation; see Document for the estimate and the effect. */
export function define<T>(
  operation: string,
  estimate: number,
  answer: ZodType<T>,
  effect: Effect = 'read',
): Document<T> {
  const file = operation.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
  let whole: string | null = null
  return {operation, estimate, effect, answer, text: () => (whole ??= assemble(file))}
}
