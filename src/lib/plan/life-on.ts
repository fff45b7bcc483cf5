import type {LifeRules} from './life-types.ts'

/** True where anything of an order but its sales order is written: then orders are read with their money. */
export function isLifeOn(life: LifeRules): boolean {
  return (
    life.payments !== 'off' ||
    life.fulfillments.from === 'shopify' ||
    life.billing !== 'netsuite' ||
    life.refunds.mode !== 'off'
  )
}
