import {parseMoney} from '../../../src/lib/core/money.ts'
import type {
  MoneyBag,
  ShopifyAddress,
  ShopifyCustomer,
  ShopifyFulfillment,
  ShopifyLine,
  ShopifyOrder,
  ShopifyRefundLine,
  ShopifyShippingLine,
  ShopifyTaxLine,
} from '../../../src/lib/shopify/types.ts'
import type {ItemBook, OrderRules} from '../../../src/lib/plan/types.ts'

/** Orders for examples: a test states only what it changes. Amounts are decimal text. */
export function usd(text: string, currency = 'USD'): MoneyBag {
  return {shop: parseMoney(text, currency), presentment: parseMoney(text, currency)}
}

export function tax(price: string, change: Partial<ShopifyTaxLine> = {}): ShopifyTaxLine {
  return {title: 'State Tax', rate: '0.0625', price: usd(price), channelLiable: false, ...change}
}

export function line(change: Partial<ShopifyLine> = {}): ShopifyLine {
  const quantity = change.quantity ?? 1
  return {
    id: 'gid://shopify/LineItem/111',
    sku: 'TEE-M',
    title: 'Organic Tee',
    variantTitle: 'M',
    quantity,
    currentQuantity: quantity,
    unitPrice: usd('20.00'),
    discounts: [],
    taxLines: [],
    duties: [],
    isGiftCard: false,
    requiresShipping: true,
    taxable: true,
    variantId: 'gid://shopify/ProductVariant/9',
    properties: [],
    ...change,
  }
}

export function shippingLine(price: string, change: Partial<ShopifyShippingLine> = {}): ShopifyShippingLine {
  const bag = usd(price)
  const id = 'gid://shopify/ShippingLine/1'
  return {
    id,
    title: 'Standard',
    code: null,
    price: bag,
    discountedPrice: bag,
    taxLines: [],
    isRemoved: false,
    ...change,
  }
}

export function code(amount: string, title = 'SUMMER10'): ShopifyLine['discounts'][number] {
  return {amount: usd(amount), kind: 'code', title}
}

export function refunded(change: Partial<ShopifyRefundLine> & {amount: string; taxes?: string}): ShopifyRefundLine {
  const {amount, taxes = '0.00', ...rest} = change
  const lineId = 'gid://shopify/LineItem/111'
  return {lineId, quantity: 1, restockType: 'CANCEL', subtotal: usd(amount), tax: usd(taxes), ...rest}
}

export function refund(...lines: ShopifyRefundLine[]): ShopifyOrder['refunds'][number] {
  return {id: 'gid://shopify/Refund/1', createdAt: '2026-11-20T12:00:00Z', lines, shipping: []}
}

export function shipped(quantity: number, lineId = 'gid://shopify/LineItem/111'): ShopifyFulfillment {
  return {id: 'gid://shopify/Fulfillment/1', status: 'SUCCESS', lines: [{lineId, quantity}]}
}

export const ann: ShopifyCustomer = {
  id: 'gid://shopify/Customer/77',
  firstName: 'Ann',
  lastName: 'Lee',
  email: 'Ann.Lee@Example.com',
  phone: '+1 212 555 0100',
  note: null,
  taxExempt: false,
}

export const address: ShopifyAddress = {
  firstName: 'Ann',
  lastName: 'Lee',
  company: null,
  address1: '1 Main St',
  address2: null,
  city: 'New York',
  province: 'New York',
  provinceCode: 'NY',
  zip: '10001',
  countryCode: 'US',
  phone: null,
}

/** One tee for 20.00; the total follows `total`, or is 20.00. */
export function order(change: Partial<Omit<ShopifyOrder, 'total'>> & {total?: string} = {}): ShopifyOrder {
  const {total = '20.00', ...rest} = change
  return {
    id: 'gid://shopify/Order/5001',
    legacyId: '5001',
    name: '#1001',
    createdAt: '2026-11-20T15:00:00Z',
    updatedAt: '2026-11-20T15:00:00Z',
    processedAt: '2026-11-20T15:00:00Z',
    cancelledAt: null,
    closedAt: null,
    test: false,
    currency: 'USD',
    presentmentCurrency: 'USD',
    taxesIncluded: false,
    dutiesIncluded: false,
    taxExempt: false,
    sourceName: 'web',
    email: 'ann.lee@example.com',
    phone: null,
    note: null,
    tags: [],
    attributes: [],
    poNumber: null,
    customer: ann,
    company: null,
    billingAddress: address,
    shippingAddress: address,
    lines: [line()],
    shippingLines: [],
    fees: [],
    refunds: [],
    fulfillments: [],
    total: usd(total),
    totalTax: usd('0.00'),
    tip: usd('0.00'),
    currentTotal: usd(total),
    currentTotalTax: usd('0.00'),
    financialStatus: 'PAID',
    fulfillmentStatus: 'UNFULFILLED',
    gateways: ['shopify_payments'],
    paymentTerms: null,
    netsuiteId: null,
    ...rest,
  }
}

export const rules: OrderRules = {
  timeZone: 'America/New_York',
  book: 'shop',
  subsidiary: '1',
  location: '1',
  currencies: {USD: '1', GBP: '2', EUR: '4', JPY: '5', KWD: '6'},
  orders: {test: 'skip', cancelled: 'close', deleted: 'park', note: 'memo', status: 'pendingFulfillment'},
  items: {
    discount: '9001',
    tip: '9002',
    duty: '9003',
    fee: '9004',
    giftCard: '9005',
    custom: '9006',
    rounding: '9007',
    tax: '9008',
    marketplaceTax: '9009',
  },
  roundingLimit: '0.02',
  discounts: 'line',
  tax: {mode: 'legacy', code: '-8'},
  shipping: {methods: {Standard: '8001', Express: '8002'}, fallback: null},
  terms: {'Net 30': '2'},
  customers: {match: ['externalId', 'email'], withoutEmail: 'park', walkIn: '500'},
  fields: {
    order: 'custbody_tieout_order_id',
    orderName: 'custbody_tieout_order_name',
    line: 'custcol_tieout_line_key',
    customer: 'custentity_tieout_customer_id',
  },
}

export const suiteTax: OrderRules = {
  ...rules,
  tax: {mode: 'suitetax', taxes: {'State Tax': {taxType: '101', taxCode: '201'}}, fallback: null},
}

export const items: ItemBook = new Map([
  ['TEE-M', {kind: 'found', id: '1201', isInactive: false}],
  ['CAP', {kind: 'found', id: '1202', isInactive: false}],
  ['OLD', {kind: 'found', id: '1203', isInactive: true}],
  ['TWICE', {kind: 'ambiguous', ids: ['1204', '1205']}],
])
