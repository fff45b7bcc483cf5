import {RejectedError} from '../core/errors.ts'
import {documents} from './documents.ts'
import {malformed} from './faults.ts'
import {orderGid} from './orders.ts'
import type {Transport} from './transport-types.ts'

/** The internal id of the sales order in NetSuite, to be kept on the order in Shopify. */
export type NetSuiteIdOf = Readonly<{orderId: string; netsuiteId: string}>

type UserError = Readonly<{
  code: string | null
  elementIndex: number | null
  field: readonly string[] | null
  message: string
}>

/** Shopify sets at most 25 metafields a call, all of them or none (schema 2026-10, Mutation.metafieldsSet). */
const AT_ONCE = 25

/**
 * Writes NetSuite's ids to the metafield `tieout.netsuite_sales_order_id` of the orders. It states values, so it may be
 * repeated. One that Shopify refuses (an order deleted meanwhile) does not keep the others from being written; its error
 * is answered under its order id as given. An empty answer means that all are written.
 */
export async function setNetSuiteIds(
  transport: Transport,
  ids: readonly NetSuiteIdOf[],
  signal?: AbortSignal,
): Promise<Map<string, RejectedError>> {
  const errors = new Map<string, RejectedError>()
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    await setSome(transport, ids.slice(at, at + AT_ONCE), errors, signal)
  }
  return errors
}

async function setSome(
  transport: Transport,
  ids: readonly NetSuiteIdOf[],
  errors: Map<string, RejectedError>,
  signal?: AbortSignal,
): Promise<void> {
  for (let left = ids; left.length > 0; left = left.filter(({orderId}) => !errors.has(orderId))) {
    const refused = await setAll(transport, left, signal)
    if (refused.length === 0) return
    for (const userError of refused) {
      const index = indexOf(userError)
      const hit = index === null ? undefined : left[index]
      // Without a place the error is everybody's: nothing was written.
      for (const {orderId} of hit === undefined ? left : [hit]) errors.set(orderId, writeRefused(orderId, userError))
    }
  }
}

async function setAll(
  transport: Transport,
  ids: readonly NetSuiteIdOf[],
  signal?: AbortSignal,
): Promise<readonly UserError[]> {
  const metafields = ids.map(({orderId, netsuiteId}) => ({
    ownerId: orderGid(orderId),
    namespace: 'tieout',
    key: 'netsuite_sales_order_id',
    type: 'single_line_text_field',
    value: netsuiteId,
  }))
  const {data} = await transport.send(documents.setNetSuiteIds, {metafields}, signal)
  if (data.metafieldsSet === null) throw malformed(documents.setNetSuiteIds.operation, 'metafieldsSet', 'it is null')
  return data.metafieldsSet.userErrors
}

/** The place is in `elementIndex` or in the path: ["metafields", "3", "value"]. */
function indexOf({elementIndex, field}: UserError): number | null {
  if (elementIndex !== null) return elementIndex
  const text = field?.find((part) => /^\d+$/.test(part))
  return text === undefined ? null : Number(text)
}

function writeRefused(orderId: string, {code, message}: UserError): RejectedError {
  return new RejectedError(
    'SHOPIFY_WRITE_REFUSED',
    `Shopify refused the NetSuite id: ${code ?? 'no code'}: ${message}`,
    {
      subject: orderId,
      hint: 'look whether the order still exists in Shopify, then retry the job',
    },
  )
}
