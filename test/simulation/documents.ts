import {line, order} from './order.ts'

/** A document as a shop sent it, and what its sales order must sum to. */
export type Sent = Readonly<{what: string; document: Record<string, unknown>; total: string; currency: string}>

const FIELDS_OF_TODAY = /^current_|_set$|^admin_graphql_api_id$/

/** The same document as older API versions had it: plain amounts, no current ones. */
function old(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(old)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !FIELDS_OF_TODAY.test(name))
  return Object.fromEntries(kept.map(([name, member]) => [name, old(member)]))
}

const both = (amount: string, shop: string, other: string, presentment: string) => ({
  shop_money: {amount, currency_code: shop},
  presentment_money: {amount: other, currency_code: presentment},
})

const shirt = line(1, {quantity: 1, price: '20.00'})
const shipping = {id: 9, title: 'Standard', code: 'Standard', price: '5.00', discounted_price: '5.00', tax_lines: [], discount_allocations: []} // prettier-ignore
const fulfilled = {
  id: 500,
  status: 'success',
  created_at: '2026-11-21T10:00:00-05:00',
  line_items: [{id: 1, quantity: 2}],
}

type Draft = Readonly<{
  what: string
  change: Record<string, unknown>
  total: string
  currency?: string
  isOld?: boolean
}>

const drafts: readonly Draft[] = [
  {what: 'as API 2019-04 had it, without sets and current amounts', change: {}, total: '45.00', isOld: true},
  {
    what: 'without customer and addresses',
    change: {customer: null, billing_address: null, shipping_address: null},
    total: '45.00',
    isOld: true,
  },
  {
    what: 'sold at a till to nobody',
    change: {customer: null, email: '', source_name: 'pos', location_id: 7, billing_address: null, shipping_address: null, shipping_lines: [], total_price: '40.00'},
    total: '40.00',
    isOld: true,
  },
  {
    what: 'with tax in its prices, also in that of shipping',
    change: {
      taxes_included: true,
      total_tax: '7.18',
      line_items: [line(1, {tax_lines: [{title: 'VAT', rate: 0.19, price: '6.39'}]})],
      shipping_lines: [{...shipping, tax_lines: [{title: 'VAT', rate: 0.19, price: '0.79'}]}],
      tax_lines: [{title: 'VAT', rate: 0.19, price: '7.18'}],
      currency: 'EUR',
      presentment_currency: 'EUR',
    },
    total: '45.00',
    currency: 'EUR',
    isOld: true,
  },
  {
    what: 'with three taxes on top',
    change: {
      total_tax: '3.55',
      total_price: '48.55',
      line_items: [line(1, {tax_lines: [{title: 'State', rate: 0.0625, price: '2.50'}, {title: 'County', rate: 0.02, price: '0.80'}, {title: 'City', rate: 0.00625, price: '0.25'}]})],
      tax_lines: [{title: 'State', rate: 0.0625, price: '2.50'}, {title: 'County', rate: 0.02, price: '0.80'}, {title: 'City', rate: 0.00625, price: '0.25'}],
    },
    total: '48.55',
    isOld: true,
  },
  {
    what: 'with a discount code, allocated to the line',
    change: {
      discount_codes: [{code: 'TEN', amount: '4.00', type: 'percentage'}],
      discount_applications: [{type: 'discount_code', code: 'TEN', value: '10.0', value_type: 'percentage', allocation_method: 'across', target_selection: 'all', target_type: 'line_item'}],
      line_items: [line(1, {discount_allocations: [{amount: '4.00', discount_application_index: 0}]})],
      total_discounts: '4.00',
      subtotal_price: '36.00',
      total_price: '41.00',
    },
    total: '41.00',
    isOld: true,
  },
  {
    what: 'with free shipping by a code',
    change: {
      discount_codes: [{code: 'FREESHIP', amount: '5.00', type: 'shipping'}],
      discount_applications: [{type: 'discount_code', code: 'FREESHIP', value: '100.0', value_type: 'percentage', allocation_method: 'each', target_selection: 'all', target_type: 'shipping_line'}],
      shipping_lines: [{...shipping, discounted_price: '0.00', discount_allocations: [{amount: '5.00', discount_application_index: 0}]}],
      total_discounts: '5.00',
      total_price: '40.00',
    },
    total: '40.00',
    isOld: true,
  },
  {
    what: 'with a tip',
    change: {total_tip_received: '3.00', total_price: '48.00', current_total_price: '48.00'},
    total: '48.00',
  },
  {
    what: 'with an amount given back after it shipped',
    change: {
      financial_status: 'partially_refunded',
      fulfillment_status: 'fulfilled',
      fulfillments: [fulfilled],
      refunds: [{id: 900, created_at: '2026-11-22T10:00:00-05:00', refund_line_items: [], order_adjustments: [{id: 901, kind: 'refund_discrepancy', amount: '-7.00', tax_amount: '0.00', reason: 'Refund discrepancy'}], transactions: [{id: 902, kind: 'refund', status: 'success', amount: '7.00', gateway: 'shopify_payments', currency: 'USD'}]}],
    },
    total: '45.00',
    isOld: true,
  },
  {
    what: 'with a unit returned after it shipped',
    change: {
      financial_status: 'partially_refunded',
      fulfillment_status: 'fulfilled',
      fulfillments: [fulfilled],
      refunds: [{id: 900, created_at: '2026-11-22T10:00:00-05:00', order_adjustments: [], refund_line_items: [{id: 903, line_item_id: 1, quantity: 1, restock_type: 'return', subtotal: '20.00', total_tax: '0.00'}], transactions: []}],
      line_items: [line(1, {current_quantity: 1})],
      current_subtotal_price: '20.00',
      current_total_price: '25.00',
    },
    total: '45.00',
  },
  {
    what: 'edited: one of its lines was taken out before it shipped',
    change: {
      line_items: [shirt, line(2, {quantity: 1, current_quantity: 0, price: '20.00'})],
      refunds: [{id: 900, created_at: '2026-11-22T10:00:00-05:00', order_adjustments: [], refund_line_items: [{id: 903, line_item_id: 2, quantity: 1, restock_type: 'cancel', subtotal: '20.00', total_tax: '0.00'}], transactions: []}],
      current_subtotal_price: '20.00',
      current_total_price: '25.00',
    },
    total: '25.00',
  },
  {
    what: 'free',
    change: {
      discount_codes: [{code: 'GIFT', amount: '45.00', type: 'percentage'}],
      discount_applications: [{type: 'discount_code', code: 'GIFT', value: '100.0', value_type: 'percentage', allocation_method: 'across', target_selection: 'all', target_type: 'line_item'}],
      line_items: [line(1, {discount_allocations: [{amount: '40.00', discount_application_index: 0}]})],
      shipping_lines: [],
      total_discounts: '40.00',
      subtotal_price: '0.00',
      total_price: '0.00',
    },
    total: '0.00',
    isOld: true,
  },
  {
    what: 'with a gift card and an article that is in no catalogue',
    change: {
      line_items: [line(1, {sku: null, gift_card: true, title: 'Gift card', quantity: 1, current_quantity: 1, price: '25.00'}), line(2, {sku: '', product_id: null, variant_id: null, title: 'Engraving', quantity: 1, current_quantity: 1, price: '15.00'})],
    },
    total: '45.00',
    isOld: true,
  },
  {
    what: 'of a shop in yen',
    change: {currency: 'JPY', presentment_currency: 'JPY', line_items: [line(1, {price: '2000'})], shipping_lines: [{...shipping, price: '500', discounted_price: '500'}], total_line_items_price: '4000', subtotal_price: '4000', total_tax: '0', total_price: '4500', total_discounts: '0'},
    total: '4500',
    currency: 'JPY',
    isOld: true,
  },
  {
    what: 'of a shop in Kuwaiti dinars',
    change: {currency: 'KWD', presentment_currency: 'KWD', line_items: [line(1, {price: '2.005'})], shipping_lines: [{...shipping, price: '0.495', discounted_price: '0.495'}], total_line_items_price: '4.010', subtotal_price: '4.010', total_tax: '0.000', total_price: '4.505', total_discounts: '0.000'},
    total: '4.505',
    currency: 'KWD',
    isOld: true,
  },
  {
    what: 'paid in pounds at a shop in dollars',
    change: {presentment_currency: 'GBP', total_price_set: both('45.00', 'USD', '36.00', 'GBP'), line_items: [line(1, {price_set: both('20.00', 'USD', '16.00', 'GBP')})], shipping_lines: [{...shipping, price_set: both('5.00', 'USD', '4.00', 'GBP'), discounted_price_set: both('5.00', 'USD', '4.00', 'GBP')}]},
    total: '45.00',
  },
  {
    what: 'with fields that nobody knows',
    change: {checkout_token: 'x', client_details: {browser_ip: '::1'}, nonsense: [{deep: {er: null}}], total_weight: 12},
    total: '45.00',
    isOld: true,
  },
] // prettier-ignore

/** One document of each kind, each with ids of its own. */
export function documents(): Sent[] {
  return drafts.map(({what, change, total, currency = 'USD', isOld = false}, i) => {
    const id = 5_600_000_000_000 + i
    const whole = order(id, {current_total_price: change['total_price'] ?? '45.00', ...change})
    const document = withIds(isOld ? old(whole) : whole, i) as Record<string, unknown>
    return {what, document, total, currency}
  })
}

/** Line ids are small in the drafts; refunds and fulfilments name lines by them. */
function withIds(value: unknown, i: number): unknown {
  if (Array.isArray(value)) return value.map((member) => withIds(member, i))
  if (typeof value !== 'object' || value === null) return value
  const own = (id: unknown) => (typeof id === 'number' && id < 1000 ? 14_000_000_000_000 + i * 1000 + id : id)
  // The global id of a line holds its number too; without it Shopify's own is made of the number.
  const members = Object.entries(value).filter(([, member]) => !String(member).includes('/LineItem/'))
  return Object.fromEntries(
    members.map(([name, member]) => [
      name,
      name === 'id' || name === 'line_item_id' ? own(member) : withIds(member, i),
    ]),
  )
}
