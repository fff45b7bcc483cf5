import fc from 'fast-check'

import {money} from '../../../src/lib/core/money.ts'
import {countryCodes} from '../../../src/lib/netsuite/records/countries.ts'
import type {Address, Customer, SalesOrder, SalesOrderLine, TaxDetail} from '../../../src/lib/netsuite/types.ts'

/** Text that people really write into shops, and text that breaks careless messages. */
const nasty = fc.constantFrom(
  'O’Brien & Söhne <b>"fast"</b>',
  'a]]>b<![CDATA[c',
  '<?xml version="1.0"?><x/>',
  '&amp; is not &',
  'שלום עולם مرحبا',
  '👩‍👩‍👧‍👦 🇩🇪',
  ' leading and trailing ',
  'line one\r\nline two\rline three\n\ttabbed',
  "';DROP TABLE transaction;--",
  'x'.repeat(10_000),
  '\u0085\u2028\u00a0',
)

/** Any text that XML 1.0 can carry. */
export const text = fc.oneof(
  {weight: 3, arbitrary: nasty},
  {
    weight: 7,
    arbitrary: fc
      .string({unit: 'binary', maxLength: 40})
      .map((value) => value.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')),
  },
)
export const id = fc.integer({min: 1, max: 999_999}).map((value) => ({id: String(value)}))
const currency = fc.constantFrom('USD', 'JPY', 'KWD')
export const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, {nil: null})
export const day = fc
  .date({min: new Date('2000-01-01'), max: new Date('2049-12-31'), noInvalidDate: true})
  .map((date) => date.toISOString().slice(0, 10))

const address: fc.Arbitrary<Address> = fc.record({
  country: orNull(fc.constantFrom(...countryCodes())),
  attention: orNull(text),
  addressee: orNull(text),
  phone: orNull(text),
  addr1: orNull(text),
  addr2: orNull(text),
  city: orNull(text),
  state: orNull(text),
  zip: orNull(text),
})

export const amount = (code: string) =>
  fc.bigInt({min: -(10n ** 12n), max: 10n ** 12n}).map((minor) => money(minor, code))

const line = (code: string): fc.Arbitrary<SalesOrderLine> =>
  fc.record({
    key: text,
    item: id,
    quantity: orNull(fc.integer({min: 0, max: 100_000})),
    amount: amount(code),
    description: orNull(text),
    location: orNull(id),
    taxCode: orNull(id),
    isClosed: fc.boolean(),
  })

export const taxDetail = (code: string): fc.Arbitrary<TaxDetail> =>
  fc.record({
    lineKey: orNull(text),
    taxType: id,
    taxCode: id,
    basis: amount(code),
    rate: fc.integer({min: 0, max: 300_000}).map((value) => String(value / 10_000)),
    amount: amount(code),
  })

const customFields = fc.dictionary(
  fc.constantFrom('custbody_order_id', 'custbody_order_name', 'custentity_customer'),
  text,
)

export const salesOrder: fc.Arbitrary<SalesOrder> = currency.chain((code) =>
  fc.record({
    type: fc.constant('salesOrder' as const),
    externalId: fc.integer({min: 1}).map((value) => `SHOPIFY:ORDER:${value}`),
    entity: fc.oneof(
      id,
      text.filter((value) => value !== '').map((externalId) => ({externalId})),
    ),
    subsidiary: orNull(id),
    currency: id,
    tranDate: day,
    status: fc.constantFrom('pendingApproval' as const, 'pendingFulfillment' as const),
    otherRefNum: text,
    memo: orNull(text),
    email: orNull(text),
    terms: orNull(id),
    location: orNull(id),
    billingAddress: orNull(address),
    shippingAddress: orNull(address),
    shipMethod: orNull(id),
    shippingCost: orNull(amount(code)),
    shippingTaxCode: orNull(id),
    taxDetails: orNull(fc.array(taxDetail(code), {maxLength: 4})),
    customFields,
    lines: fc.array(line(code), {maxLength: 6}),
    total: amount(code),
  }),
)

export const customer: fc.Arbitrary<Customer> = fc.record({
  type: fc.constant('customer' as const),
  externalId: fc.integer({min: 1}).map((value) => `SHOPIFY:CUSTOMER:${value}`),
  isPerson: fc.boolean(),
  firstName: orNull(text),
  lastName: orNull(text),
  companyName: orNull(text),
  email: orNull(text),
  phone: orNull(text),
  subsidiary: orNull(id),
  currency: orNull(id),
  billingAddress: orNull(address),
  shippingAddress: orNull(address),
  customFields,
})

/** A plain order of two lines; a test states only what it changes. */
export function order(change: Partial<SalesOrder> = {}): SalesOrder {
  return {
    type: 'salesOrder',
    externalId: 'SHOPIFY:ORDER:5001',
    entity: {id: '500'},
    subsidiary: null,
    currency: {id: '1'},
    tranDate: '2026-11-20',
    status: 'pendingFulfillment',
    otherRefNum: '#1001',
    memo: 'Shopify #1001',
    email: null,
    terms: null,
    location: null,
    billingAddress: null,
    shippingAddress: null,
    shipMethod: null,
    shippingCost: null,
    shippingTaxCode: null,
    taxDetails: null,
    customFields: {},
    lines: [
      orderLine(),
      orderLine({key: '2:discount', item: {id: '9001'}, quantity: null, amount: money(-500n, 'USD')}),
    ],
    total: money(4300n, 'USD'),
    ...change,
  }
}

export function orderLine(change: Partial<SalesOrderLine> = {}): SalesOrderLine {
  return {
    key: '1',
    item: {id: '1001'},
    quantity: 2,
    amount: money(4800n, 'USD'),
    description: null,
    location: null,
    taxCode: null,
    isClosed: false,
    ...change,
  }
}
