import type {Shown} from '../sync/show.ts'
import {changesText} from './changes.ts'
import {recordsText} from './postings.ts'
import {table} from './table.ts'

// prettier-ignore
const STATUS: Readonly<Record<string, string>> = {
  A: 'Pending Approval', B: 'Pending Fulfillment', C: 'Cancelled', D: 'Partially Fulfilled', E: 'Pending Billing/Partially Fulfilled', F: 'Pending Billing', G: 'Billed', H: 'Closed',
}

/** Both sides of an order, and where the plan and NetSuite differ. */
export function orderText(shown: Shown): string {
  const {shopify, netsuite, preview, parked} = shown
  const parts = [
    `${shopify.name}  ${shopify.id}`,
    table(
      ['', 'Shopify', 'NetSuite'],
      [
        ['id', shopify.id.replace(/.*\//, ''), netsuite?.id ?? 'not there'],
        [
          'status',
          [shopify.financialStatus, shopify.fulfillmentStatus, shopify.cancelledAt === null ? null : 'CANCELLED']
            .filter((part) => part !== null)
            .join(' '),
          netsuite === null ? '' : (STATUS[netsuite.status] ?? netsuite.status),
        ],
        ['number', shopify.name, netsuite?.tranId ?? ''],
        [
          'total',
          shopify.currentTotal === shopify.total ? shopify.total : `${shopify.total}, now ${shopify.currentTotal}`,
          netsuite?.total ?? '',
        ],
      ],
    ),
    table(
      ['SKU', 'title', 'ordered', 'now', 'unit price'],
      shopify.lines.map((line) => [
        line.sku ?? '',
        line.title,
        String(line.quantity),
        String(line.currentQuantity),
        line.unitPrice,
      ]),
    ),
  ]
  if (parked !== null)
    parts.push(`parked since ${parked.since.toISOString()}: ${parked.code}: ${parked.message}\n  next: ${parked.hint}`)
  if (preview.reason !== null) parts.push(preview.reason)
  if (preview.would === 'leave') parts.push('NetSuite holds the plan.')
  parts.push(...[changesText(preview), recordsText(preview)].filter((text) => text !== ''))
  return parts.join('\n')
}
