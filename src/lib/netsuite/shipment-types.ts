import type {WriteStatus} from './types.ts'

/** An item fulfilment that changed. `modified` is NetSuite's own text, in a zone that it does not state: never converted. */
export type ChangedShipment = Readonly<{id: string; order: string; modified: string}>

/** An item fulfilment of a sales order, whoever made it. */
export type HeldShipment = Readonly<{
  id: string
  externalId: string | null
  tranId: string | null
  /** External ID of its sales order. */
  order: string
  /** False while it is picked or packed. */
  isShipped: boolean
  /** Of the fulfilment, or of its order where it has none. */
  shipMethodId: string | null
  tracking: readonly string[]
  /** `key`: of the line of the sales order; `quantity`: units that left. */
  lines: readonly Readonly<{key: string | null; quantity: number; locationId: string | null}>[]
}>

/** Questions about item fulfilments. An empty answer is never proof of absence (lag, permissions). */
export type ShipmentQueries = Readonly<{
  /**
   * Item fulfilments of sales orders whose external ID starts with the prefix, modified at or after `since`
   * ("YYYY-MM-DD HH:MM:SS", as NetSuite writes times), in id order, in pages.
   */
  changed(since: string, prefix: string): AsyncIterable<readonly ChangedShipment[]>
  /** Ids of records of any type that were deleted at or after `since`. */
  deletedSince(since: string): Promise<string[]>
  /** Every item fulfilment of these sales orders, in id order. Needs the column field that keeps the key of a line. */
  ofOrders(orderExternalIds: readonly string[]): Promise<HeldShipment[]>
}>

/** Item fulfilments that NetSuite made, to be told to Shopify. */
export type ShipmentPort = ShipmentQueries &
  Readonly<{
    /** Gives a fulfilment the external ID of what it is in Shopify; may be repeated. */
    name(id: string, externalId: string): Promise<WriteStatus>
  }>
