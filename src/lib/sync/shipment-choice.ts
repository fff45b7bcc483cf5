import {ConfigError} from '../core/errors.ts'
import {legacyId} from '../core/ids.ts'
import {shipmentSubject, shippedOrderOf} from '../ledger/subjects.ts'
import type {Subject} from '../ledger/types.ts'
import type {HeldShipment} from '../netsuite/shipment-types.ts'
import {chosenOrders, type Selection} from './select.ts'
import type {PullDeps} from './shipment-facts.ts'
import {ORDERS} from './shipment-sweep.ts'

/** Orders that are named, or (with none) a sweep; `since` in NetSuite's own days. */
export type ShipmentChoice = Pick<Selection, 'names' | 'since'>

/** Throws ConfigError KIND_OFF with the line of the contract that is to be changed. */
export function checkContract({rules, shop}: PullDeps): void {
  const {from} = rules.life.fulfillments
  const place = `shops.${shop}`
  if (from !== 'netsuite') {
    throw new ConfigError('KIND_OFF', `the contract says ${place}.fulfillments.from: ${from}`, {
      hint: 'write from: netsuite there if NetSuite ships; what Shopify ships goes the other way, with orders:push',
    })
  }
  if (rules.fields.line !== null) return
  throw new ConfigError('KIND_OFF', `the contract names no ${place}.fields.line`, {
    hint: 'a line of NetSuite is known by the key in that column field; name its script id',
  })
}

/** The orders that are named. Throws UsageError ORDER_UNKNOWN that names every one that Shopify does not know. */
export async function namedSubjects(deps: PullDeps, names: readonly string[]): Promise<Subject[]> {
  const subjects: Subject[] = []
  const selection = {names, since: null, until: null, limit: null, overlapMinutes: 0}
  for await (const page of chosenOrders(deps.shopify, selection, deps.rules.timeZone))
    subjects.push(...page.map(({id}) => shipmentSubject(deps.shop, legacyId(id))))
  return subjects
}

/** Item fulfilments of these sales orders, by the external ID of the order. */
export async function heldOf(deps: PullDeps, orders: readonly string[]): Promise<Map<string, HeldShipment[]>> {
  return Map.groupBy(await deps.netsuite.shipments.ofOrders(orders), ({order}) => order)
}

export function externalIdOf(subject: Subject): string {
  return `${ORDERS}${shippedOrderOf(subject)}`
}
