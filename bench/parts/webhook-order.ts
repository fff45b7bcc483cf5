/** Webhooks of orders for the benchmarks: one text, in which only the number changes. */

/** A webhook of an order as Shopify writes it, 5.7 kB for a number of ten digits. */
function orderText(id: number, size: number): string {
  const money = (amount: string) => ({
    shop_money: {amount, currency_code: 'USD'},
    presentment_money: {amount, currency_code: 'USD'},
  })
  const line = (n: number) => ({
    id: id * 10 + n,
    admin_graphql_api_id: `gid://shopify/LineItem/${id * 10 + n}`,
    current_quantity: n,
    fulfillable_quantity: n,
    fulfillment_service: 'manual',
    gift_card: false,
    grams: 180 * n,
    name: `Merino tee / ${n}`,
    price: `${n}9.90`,
    price_set: money(`${n}9.90`),
    product_exists: true,
    product_id: 7_801_000 + n,
    quantity: n,
    requires_shipping: true,
    sku: `TEE-${n}-${id % 97}`,
    tax_lines: [
      {title: 'CA State Tax', rate: 0.0725, price: `${n}.45`, price_set: money(`${n}.45`), channel_liable: false},
    ],
    discount_allocations: [{amount: '1.00', amount_set: money('1.00'), discount_application_index: 0}],
    total_discount: '0.00',
    variant_id: 4_400_100 + n,
    vendor: 'Tieout',
  })
  const address = {first_name: 'Ada', last_name: `Buyer ${id % 9973}`, address1: `${id % 899} Main Street`, city: 'Oakland', zip: '94607', country_code: 'US', province_code: 'CA', phone: '+15105550100'} // prettier-ignore
  const order = {
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#${id % 1_000_000}`,
    created_at: '2026-11-27T09:00:00-08:00',
    currency: 'USD',
    current_total_price_set: money('165.90'),
    email: `buyer${id}@example.com`,
    financial_status: 'paid',
    billing_address: address,
    shipping_address: address,
    line_items: [line(1), line(2), line(3), line(4)],
    shipping_lines: [
      {id: id + 7, title: 'Standard', code: 'STD', price: '8.00', price_set: money('8.00'), tax_lines: []},
    ],
    note: '',
  }
  const missing = size - JSON.stringify(order).length
  return JSON.stringify({...order, note: 'Please leave it at the door. '.repeat(100).slice(0, Math.max(0, missing))})
}

const FIRST = 5_000_000_000
const PARTS = orderText(FIRST, 5685).split(String(FIRST))

/** The body for a number of ten digits: 5,685 bytes. */
export function orderBody(id: number): Buffer {
  return Buffer.from(PARTS.join(String(id)))
}
