import {gid, legacyId} from '../core/ids.ts'
import {documents} from './documents.ts'
import type {BalanceNode, PayoutNode} from './money-answers.ts'
import type {BalanceTransaction, ShopifyPayout} from './money-types.ts'
import {laterPages} from './paging.ts'
import type {Transport} from './transport-types.ts'

type PayoutFilter = Readonly<{
  /** The first moment of issue that counts. */
  since: Date
  /** Only payouts in this state, as Shopify names it, e.g. "PAID". */
  status?: string | undefined
}>

/**
 * The payouts of Shopify Payments. Every method may throw what the transport throws; without the scope
 * read_shopify_payments_payouts or read_shopify_payments_accounts that is CredentialError SHOPIFY_ACCESS_DENIED, which
 * names it.
 */
export type Payouts = Readonly<{
  /** Payouts by the time of issue, a page at a time. A shop without Shopify Payments has none. States change in place: ask again for open ones. */
  list(filter: PayoutFilter): AsyncIterable<readonly ShopifyPayout[]>
  /** One payout, by its number or global id; null where there is none. */
  get(id: string): Promise<ShopifyPayout | null>
  /** Everything that a payout consists of, without the payout itself, a page at a time. */
  transactions(payoutId: string): AsyncIterable<readonly BalanceTransaction[]>
}>

/** The most that Shopify gives a page (shopify.dev, "Shopify API limits"). */
const PAGE = 250

export function createPayouts(transport: Transport, signal?: AbortSignal): Payouts {
  return {
    list: (filter) => list(transport, filter, signal),
    get: async (id) => {
      const {data} = await transport.send(documents.payoutById, {id: payoutGid(id)}, signal)
      return data.node === null ? null : toPayout(data.node)
    },
    transactions: (payoutId) => transactions(transport, payoutId, signal),
  }
}

async function* list(
  transport: Transport,
  {since, status}: PayoutFilter,
  signal?: AbortSignal,
): AsyncGenerator<readonly ShopifyPayout[]> {
  // Quoted: Shopify reads an unquoted time as two fields, without an error.
  const from = `issued_at:>='${since.toISOString()}'`
  const query = status === undefined ? from : `${from} status:${status.toLowerCase()}`
  const read = async (after: string | null) => {
    const {data} = await transport.send(documents.payouts, {query, first: PAGE, after}, signal)
    return data.shopifyPaymentsAccount?.payouts ?? NONE
  }
  const first = await read(null)
  yield first.nodes.map(toPayout)
  for await (const page of laterPages(documents.payouts.operation, first, read)) yield page.nodes.map(toPayout)
}

async function* transactions(
  transport: Transport,
  payoutId: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly BalanceTransaction[]> {
  const query = `payments_transfer_id:${legacyId(payoutGid(payoutId))}`
  const read = async (after: string | null) => {
    const {data} = await transport.send(documents.balanceTransactions, {query, first: PAGE, after}, signal)
    return data.shopifyPaymentsAccount?.balanceTransactions ?? NONE
  }
  const first = await read(null)
  yield first.nodes.map(toBalanceTransaction)
  for await (const page of laterPages(documents.balanceTransactions.operation, first, read)) {
    yield page.nodes.map(toBalanceTransaction)
  }
}

/** The shop does not use Shopify Payments; a missing scope is an error instead. */
const NONE = {nodes: [], pageInfo: {hasNextPage: false, endCursor: null}} as const

/** "77" or "gid://shopify/ShopifyPaymentsPayout/77" → the global id. Throws RejectedError SHOPIFY_ID_MALFORMED. */
function payoutGid(id: string): string {
  return gid('ShopifyPaymentsPayout', /^\d+$/.test(id) ? id : legacyId(id))
}

/** The bank account is not asked for: its field is deprecated, and needs a scope of its own. */
function toPayout({legacyResourceId, externalTraceId, ...rest}: PayoutNode): ShopifyPayout {
  return {...rest, legacyId: legacyResourceId, traceId: externalTraceId, bankAccountId: null}
}

/**
 * An adjustment of one order names it among its adjusted orders only; then that transaction counts as its own. Of several
 * orders each is kept in `adjustedOrders`.
 */
function toBalanceTransaction(node: BalanceNode): BalanceTransaction {
  const {sourceOrderTransactionId, associatedOrder, adjustmentsOrders, ...rest} = node
  const [adjusted] = adjustmentsOrders.length === 1 ? adjustmentsOrders : []
  const transactionId = sourceOrderTransactionId ?? adjusted?.orderTransactionId ?? null
  return {
    ...rest,
    legacyId: legacyId(node.id),
    orderId: associatedOrder?.id ?? null,
    orderName: associatedOrder?.name ?? adjusted?.name ?? null,
    orderTransactionId: transactionId === null ? null : gid('OrderTransaction', transactionId),
    adjustedOrders: adjustmentsOrders.map(({name, orderTransactionId, amount, fees, net}) => ({
      orderName: name,
      orderTransactionId: gid('OrderTransaction', orderTransactionId),
      amount,
      fee: fees,
      net,
    })),
  }
}
