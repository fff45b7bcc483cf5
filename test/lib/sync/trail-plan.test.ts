import fc from 'fast-check'
import {expect, test} from 'vitest'

import type {SalesOrder} from '../../../src/lib/netsuite/types.ts'
import {planOrder} from '../../../src/lib/plan/orders.ts'
import type {ShopifyAddress, ShopifyOrder} from '../../../src/lib/shopify/types.ts'
import {documentOf} from '../../../src/lib/sync/trail-plan.ts'
import {anyRules, itemBook, wholeOrders} from '../plan/arbitraries.ts'
import {order, rules} from '../plan/orders-of-shopify.ts'

/** A text that stands in nothing else. */
const secret = fc.stringMatching(/^zq[a-z]{6,12}zq$/)
const secrets = fc.record({name: secret, street: secret, city: secret, phone: secret, mail: secret, po: secret, title: secret}) // prettier-ignore
type Secrets = typeof secrets extends fc.Arbitrary<infer T> ? T : never

function addressOf({name, street, city, phone}: Secrets): ShopifyAddress {
  return {
    firstName: name, lastName: `${name} the second`, company: `${name} Ltd`, address1: street, address2: `${street} 2`, city,
    province: city, provinceCode: null, zip: street, countryCode: 'US', phone,
  } // prettier-ignore
}

function personal(order: ShopifyOrder, of: Secrets): ShopifyOrder {
  const address = addressOf(of)
  const email = `${of.mail}@example.com`
  return {
    ...order, email, phone: of.phone, note: of.name, poNumber: of.po, billingAddress: address, shippingAddress: address,
    customer: order.customer === null ? null : {...order.customer, firstName: of.name, lastName: of.name, email, phone: of.phone},
    lines: order.lines.map((line) => ({...line, title: `${line.title} for ${of.title}`})),
  } // prettier-ignore
}

function planned(order: ShopifyOrder, by = rules): SalesOrder {
  const plan = planOrder(order, by, itemBook)
  if (plan.kind === 'skipped') throw new Error(plan.reason)
  return plan.salesOrder
}

const own = ({legacyId, name}: ShopifyOrder) => new Set([legacyId, name])

test('whatever the buyer is called, wherever the order goes, and whatever people typed: nothing of it is kept', () => {
  fc.assert(
    fc.property(wholeOrders, anyRules, secrets, (order, by, of) => {
      const named = personal(order, of)
      const kept = JSON.stringify(documentOf(planned(named, by), own(named)))
      for (const text of Object.values(of)) expect(kept).not.toContain(text)
    }),
    {numRuns: 300},
  )
})

test('a detail that is not kept still tells that it changed, and that another did not', () => {
  fc.assert(
    fc.property(secrets, secret, (of, other) => {
      fc.pre(other !== of.street)
      const before = personal(order(), of)
      const moved = {...before, shippingAddress: addressOf({...of, street: other})}
      const [a, b] = [before, moved].map((one) => documentOf(planned(one), own(one)).fields)
      expect(b?.['shippingAddress']).not.toBe(a?.['shippingAddress'])
      expect({...b, shippingAddress: ''}).toEqual({...a, shippingAddress: ''})
    }),
    {numRuns: 100},
  )
})

test('two orders to one address do not show that it is one', () => {
  const first = order()
  const second = order({id: 'gid://shopify/Order/5002', legacyId: '5002', name: '#1002'})

  const [a, b] = [first, second].map((one) => documentOf(planned(one), own(one)).fields)

  expect(a?.['shippingAddress']).toMatch(/^~[0-9a-f]{8}$/)
  expect(b?.['shippingAddress']).not.toBe(a?.['shippingAddress'])
  expect(a).toMatchObject({total: '20.00 USD', otherRefNum: '#1001', 'customFields.custbody_tieout_order_id': '5001'})
})
