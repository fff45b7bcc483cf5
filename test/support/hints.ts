import type {Hint, Settlement, Write, Job, Link} from '../../src/lib/ledger/types.ts'

export const SHOP = 'test.myshopify.com'

/** An order's hint. A test states only what it changes. */
export function hint(id: number, change: Partial<Hint> = {}): Hint {
  return {
    source: 'webhook',
    deliveryId: `delivery-${id}`,
    flow: 'orders',
    subject: `${SHOP}/${id}`,
    name: `#${id}`,
    topic: 'orders/updated',
    body: JSON.stringify({id}),
    receivedAt: new Date('2026-11-24T09:00:00Z'),
    ...change,
  }
}

export function write(subject: string, change: Partial<Write> = {}): Write {
  const id = subject.split('/')[1] ?? ''
  return {
    flow: 'orders',
    subject,
    runId: 'run-1',
    system: 'netsuite',
    recordType: 'salesOrder',
    externalId: `SHOPIFY:ORDER:${id}`,
    remoteId: `90${id}`,
    outcome: 'written',
    planHash: 'hash-1',
    sent: {total: '44.98 USD'},
    reply: null,
    startedAt: new Date(),
    durationMs: 40,
    ...change,
  }
}

export function link(id: number, change: Partial<Link> = {}): Link {
  return {
    recordType: 'salesOrder',
    shop: SHOP,
    shopifyId: String(id),
    externalId: `SHOPIFY:ORDER:${id}`,
    netsuiteId: `90${id}`,
    ...change,
  }
}

export function settlement(job: Job, end: Settlement['end'], change: Partial<Settlement> = {}): Settlement {
  return {job, end, writes: [], links: [], ...change}
}

export const PARKED = {as: 'parked', code: 'SKU_UNMAPPED', message: 'no item has SKU TEE-M', hint: 'create it'} as const
