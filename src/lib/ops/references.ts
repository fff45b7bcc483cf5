import type {LifeRules, ShopRules} from '../plan/life-types.ts'
import type {OrderRules} from '../plan/types.ts'

/** An id of NetSuite and the key of the contract under which it stands. */
export type Reference = Readonly<{id: string; key: string}>

/** Every internal id of the contract, by the table in which SuiteQL shows it. Tax codes have none; NetSuite itself refuses a wrong one. */
export function referencesOf(rules: ShopRules): Readonly<{table: string; ids: Reference[]}>[] {
  const {fulfillments, refunds, gateways} = rules.life
  return [
    {table: 'subsidiary', ids: present({subsidiary: rules.subsidiary})},
    {
      table: 'location',
      ids: present({location: rules.location, ...prefixed('fulfillments.locations', fulfillments.locations)}),
    },
    {table: 'currency', ids: present(prefixed('currencies', rules.currencies))},
    {
      table: 'item',
      ids: present({
        ...prefixed('items', rules.items),
        ...prefixed('shipping.methods', rules.shipping.methods),
        'shipping.fallback': rules.shipping.fallback,
        'refunds.adjustment_item': refunds.adjustmentItem,
      }),
    },
    {table: 'term', ids: present(prefixed('terms', rules.terms))},
    {table: 'customer', ids: present({'customers.walk_in': rules.customers.walkIn})},
    {table: 'account', ids: present(accountsOf(rules.life))},
    {
      table: 'paymentmethod',
      ids: Object.entries(gateways).flatMap(([name, {paymentMethod}]) =>
        present({[`gateways.${name}.payment_method`]: paymentMethod}),
      ),
    },
  ].filter(({ids}) => ids.length > 0)
}

function accountsOf({gateways, undepositedFunds, payouts}: LifeRules): Record<string, string | null> {
  const {banks, transit, fees, fx, types} = payouts
  return {
    'accounts.undeposited_funds': undepositedFunds,
    ...prefixed('accounts.bank', banks),
    'accounts.payout_transit': transit,
    'accounts.fees': fees,
    'accounts.fx': fx,
    ...Object.fromEntries(
      Object.entries(gateways).map(([name, {account}]) => [
        `gateways.${name}.account`,
        account.kind === 'account' ? account.id : null,
      ]),
    ),
    ...prefixed('payouts.types', types),
  }
}

/** The custom fields of the contract, by record type. Those of lines are not among the properties that NetSuite lists. */
export function customFieldsOf(rules: OrderRules): Readonly<{recordType: string; fields: Reference[]}>[] {
  const {order, orderName, customer} = rules.fields
  return [
    {recordType: 'salesOrder', fields: present({'fields.order': order, 'fields.order_name': orderName})},
    {recordType: 'customer', fields: present({'fields.customer': customer})},
  ].filter(({fields}) => fields.length > 0)
}

/** Keys as they are written in the contract: gift_card, not giftCard. */
function prefixed(prefix: string, ids: Readonly<Record<string, string | null>>): Record<string, string | null> {
  const written = (name: string) => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const isOurs = prefix === 'items'
  return Object.fromEntries(Object.entries(ids).map(([name, id]) => [`${prefix}.${isOurs ? written(name) : name}`, id]))
}

function present(ids: Readonly<Record<string, string | null>>): Reference[] {
  return Object.entries(ids).flatMap(([key, id]) => (id === null ? [] : [{id, key}]))
}
