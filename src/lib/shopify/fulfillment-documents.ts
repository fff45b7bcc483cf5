import {z} from 'zod'

import {pageOf} from './answers.ts'
import {define} from './document-files.ts'

const line = z.object({
  id: z.string(),
  totalQuantity: z.number().int().nonnegative(),
  remainingQuantity: z.number().int().nonnegative(),
  lineItem: z.object({id: z.string()}),
})

const fulfillmentOrder = z.object({
  id: z.string(),
  status: z.string(),
  requestStatus: z.string(),
  assignedLocation: z.object({location: z.object({id: z.string()}).nullable()}),
  supportedActions: z.array(z.object({action: z.string()})),
  fulfillmentHolds: z.array(z.object({reason: z.string()})),
  lineItems: pageOf(line),
})
export type FulfillmentOrderNode = z.infer<typeof fulfillmentOrder>
export type FulfillmentOrderLineNode = z.infer<typeof line>

const changed = z
  .object({
    fulfillment: z.object({id: z.string(), status: z.string()}).nullable(),
    userErrors: z.array(z.object({field: z.array(z.string()).nullable(), message: z.string()})),
  })
  .nullable()
export type ChangedFulfillment = z.infer<typeof changed>

/** The documents that ship from Shopify's side. Estimates as in documents.ts. Nothing here is idempotent at Shopify but what states a value. */
export const fulfillmentDocuments = {
  fulfillmentOrders: define(
    'FulfillmentOrders',
    250,
    z.object({order: z.object({fulfillmentOrders: pageOf(fulfillmentOrder)}).nullable()}),
  ),
  fulfillmentOrderLines: define(
    'FulfillmentOrderLines',
    40,
    z.object({node: z.object({lineItems: pageOf(line)}).nullable()}),
  ),
  createFulfillment: define('CreateFulfillment', 15, z.object({fulfillmentCreate: changed}), 'once'),
  updateTracking: define('UpdateTracking', 15, z.object({fulfillmentTrackingInfoUpdate: changed}), 'set'),
  cancelFulfillment: define('CancelFulfillment', 15, z.object({fulfillmentCancel: changed}), 'set'),
} as const
