import {UsageError} from '../core/errors.ts'
import {format} from '../core/money.ts'
import {listParked} from '../ledger/parked.ts'
import type {Parked} from '../ledger/types.ts'
import type {HeldSalesOrder} from '../netsuite/types.ts'
import {isLifeOn} from '../plan/life-on.ts'
import type {Shopify} from '../shopify/client.ts'
import type {ShopifyOrder} from '../shopify/types.ts'
import {subjectOf} from './orders.ts'
import {previewOrders, type Preview, type PreviewDeps} from './preview.ts'
import {chosenOrders, type Selection} from './select.ts'
import type {OrderDeps} from './work.ts'

/** An order as both systems have it now. Customer details are not part of it. */
export type Shown = Readonly<{
  shopify: Readonly<{
    id: string
    name: string
    createdAt: string
    updatedAt: string
    cancelledAt: string | null
    test: boolean
    financialStatus: string | null
    fulfillmentStatus: string
    total: string
    currentTotal: string
    lines: readonly Readonly<{
      sku: string | null
      title: string
      quantity: number
      currentQuantity: number
      unitPrice: string
    }>[]
  }>
  netsuite: HeldSalesOrder | null
  preview: Preview
  parked: Parked | null
}>

/** Reads one order on both sides. Throws UsageError ORDER_UNKNOWN where Shopify does not know it. */
export async function showOrder(deps: PreviewDeps & Readonly<{shopify: Shopify}>, chosen: Selection): Promise<Shown> {
  const hint = await firstOf(chosenOrders(deps.shopify, chosen, deps.rules.timeZone))
  const order = hint === null ? null : await readOrder(deps, hint.id)
  if (order === null) {
    throw new UsageError('ORDER_UNKNOWN', `Shopify has no order ${chosen.names.join(', ')}`, {
      hint: 'look at the name in the Shopify admin; orders older than 60 days need the scope read_all_orders',
    })
  }
  const [preview] = await previewOrders(deps, [order])
  if (preview === undefined)
    throw new UsageError('ORDER_UNKNOWN', `${order.name} cannot be planned`, {hint: 'report this'})
  const held = preview.netsuiteId === null ? [] : await deps.netsuite.salesOrders.get([{id: preview.netsuiteId}])
  const [parked] = await listParked(deps.ledger.db, {subjects: [subjectOf(deps.shop, order.id)]})
  return {
    shopify: {
      id: order.id,
      name: order.name,
      createdAt: order.createdAt,
      updatedAt: order.updatedAt,
      cancelledAt: order.cancelledAt,
      test: order.test,
      financialStatus: order.financialStatus,
      fulfillmentStatus: order.fulfillmentStatus,
      total: format(order.total.shop),
      currentTotal: format(order.currentTotal.shop),
      lines: order.lines.map((line) => ({
        sku: line.sku,
        title: line.title,
        quantity: line.quantity,
        currentQuantity: line.currentQuantity,
        unitPrice: format(line.unitPrice.shop),
      })),
    },
    netsuite: held[0] ?? null,
    preview,
    parked: parked ?? null,
  }
}

/** With its money, where the contract says what becomes of that. Throws what cannot be read of it. */
async function readOrder(
  {shopify, rules}: Pick<OrderDeps, 'shopify' | 'rules'>,
  id: string,
): Promise<ShopifyOrder | null> {
  const [reading = null] = await shopify.getOrders([id], {money: isLifeOn(rules.life)})
  if (reading instanceof Error) throw reading
  return reading
}

async function firstOf<T>(pages: AsyncIterable<readonly T[]>): Promise<T | null> {
  for await (const [first] of pages) return first ?? null
  return null
}
