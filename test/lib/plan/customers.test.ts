import {createHash} from 'node:crypto'
import {describe, expect, test} from 'vitest'

import type {Customer} from '../../../src/lib/netsuite/types.ts'
import {planCustomer} from '../../../src/lib/plan/customers.ts'
import {planOrder} from '../../../src/lib/plan/orders.ts'
import type {CustomerKey, OrderRules} from '../../../src/lib/plan/types.ts'
import type {ShopifyOrder} from '../../../src/lib/shopify/types.ts'
import {address, ann, items, order, rules} from './orders-of-shopify.ts'

function planned(from: ShopifyOrder, by: OrderRules = rules): {keys: readonly CustomerKey[]; record: Customer} {
  const plan = planCustomer(from, by)
  if (plan.kind === 'fixed') throw new Error(`fixed ${plan.id}`)
  return plan
}

const acme = {id: 'gid://shopify/Company/9', name: 'Acme Ltd', externalId: null, locationId: '1', locationName: 'HQ'}
const matching = (...match: CustomerKey['by'][]) => ({...rules, customers: {...rules.customers, match}})

describe('a buyer', () => {
  test('with a customer account is a person under its Shopify id', () => {
    expect(planned(order()).record).toEqual({
      type: 'customer',
      externalId: 'SHOPIFY:CUSTOMER:77',
      isPerson: true,
      firstName: 'Ann',
      lastName: 'Lee',
      companyName: null,
      email: 'Ann.Lee@Example.com',
      phone: '+1 212 555 0100',
      subsidiary: {id: '1'},
      currency: {id: '1'},
      billingAddress: {
        country: 'US',
        attention: null,
        addressee: 'Ann Lee',
        phone: null,
        addr1: '1 Main St',
        addr2: null,
        city: 'New York',
        state: 'NY',
        zip: '10001',
      },
      shippingAddress: {
        country: 'US',
        attention: null,
        addressee: 'Ann Lee',
        phone: null,
        addr1: '1 Main St',
        addr2: null,
        city: 'New York',
        state: 'NY',
        zip: '10001',
      },
      customFields: {custentity_tieout_customer_id: '77'},
    })
  })

  test('is looked for by the rules of the contract in their order, values normalised', () => {
    const {keys} = planned(order(), matching('phone', 'email', 'company', 'externalId'))

    expect(keys).toEqual([
      {by: 'phone', value: '+12125550100'},
      {by: 'email', value: 'ann.lee@example.com'},
      {by: 'externalId', value: 'SHOPIFY:CUSTOMER:77'},
    ])
  })

  test('without an account is a guest, the same however the address is written', () => {
    const hash = createHash('sha256').update('ann.lee@example.com').digest('hex').slice(0, 32)
    const guest = (email: string) => planned(order({customer: null, email})).record

    expect(guest('ann.lee@example.com').externalId).toBe(`SHOPIFY:GUEST:${hash}`)
    expect(guest(' Ann.LEE@example.com ').externalId).toBe(`SHOPIFY:GUEST:${hash}`)
    expect(guest('Ann.Lee@example.com')).toMatchObject({firstName: 'Ann', lastName: 'Lee', isPerson: true})
  })

  test("who left no trace is the contract's walk-in customer, or refuses the order", () => {
    const nobody = order({customer: null, email: null, billingAddress: null, shippingAddress: null})

    expect(planCustomer(nobody, rules)).toEqual({kind: 'fixed', id: '500'})
    const plan = planOrder(nobody, rules, items)
    expect(plan.kind === 'records' && plan.salesOrder.entity).toEqual({id: '500'})
    const strict = {...rules, customers: {...rules.customers, walkIn: null}}
    expect(() => planCustomer(nobody, strict)).toThrow(expect.objectContaining({code: 'ORDER_WITHOUT_CUSTOMER'}))
  })

  test("without an e-mail address takes the order's, else parks or creates by the contract", () => {
    const mute = order({customer: {...ann, email: null}, email: null})
    const create = {...rules, customers: {...rules.customers, withoutEmail: 'create'}} as const

    expect(planned(order({customer: {...ann, email: ' '}})).record.email).toBe('ann.lee@example.com')
    expect(() => planCustomer(mute, rules)).toThrow(expect.objectContaining({code: 'CUSTOMER_WITHOUT_EMAIL'}))
    expect(planned(mute, create).record).toMatchObject({email: null, lastName: 'Lee'})
    expect(planned(mute, create).keys).toEqual([{by: 'externalId', value: 'SHOPIFY:CUSTOMER:77'}])
  })

  test.each([
    ['the address', {billingAddress: {...address, firstName: 'Bo', lastName: 'Berg'}}, 'Bo', 'Berg'],
    ['the e-mail address', {billingAddress: null, shippingAddress: null, email: 'info@shop.example'}, null, 'info'],
  ])('without a name of their own is named by %s', (_, change, firstName, lastName) => {
    const nameless = order({customer: {...ann, firstName: null, lastName: ' ', email: null}, ...change})

    expect(planned(nameless).record).toMatchObject({firstName, lastName})
  })

  test('always has a last name, which NetSuite demands of a person', () => {
    const create = {...rules, customers: {...rules.customers, withoutEmail: 'create'}} as const
    const bare = {billingAddress: null, shippingAddress: null, email: null}
    const lastNames = [ann, {...ann, firstName: null}].map((customer) => {
      return planned(order({...bare, customer: {...customer, lastName: null, email: null}}), create).record.lastName
    })

    expect(lastNames).toEqual(['Ann', 'Shopify 77'])
  })
})

describe('a company', () => {
  test('buys under its own id, with no need of an e-mail address', () => {
    const bought = order({company: acme, customer: {...ann, email: null}, email: null})

    expect(planned(bought).record).toMatchObject({
      externalId: 'SHOPIFY:COMPANY:9',
      isPerson: false,
      companyName: 'Acme Ltd',
      firstName: null,
      lastName: null,
      email: null,
    })
  })

  test("is never found by its buyer's e-mail address or phone", () => {
    const {keys} = planned(order({company: acme}), matching('email', 'phone', 'company', 'externalId'))

    expect(keys).toEqual([
      {by: 'company', value: 'Acme Ltd'},
      {by: 'externalId', value: 'SHOPIFY:COMPANY:9'},
    ])
  })
})

test('an address with a company is addressed to it, for the attention of the person', () => {
  const office = {...address, company: 'Acme Ltd', province: 'Somewhere', provinceCode: null}

  expect(planned(order({billingAddress: office})).record.billingAddress).toMatchObject({
    addressee: 'Acme Ltd',
    attention: 'Ann Lee',
    state: 'Somewhere',
  })
})

test('an address with nothing in it is no address', () => {
  const empty = Object.fromEntries(Object.keys(address).map((key) => [key, null])) as unknown as typeof address

  expect(planned(order({billingAddress: empty, shippingAddress: null})).record).toMatchObject({
    billingAddress: null,
    shippingAddress: null,
  })
})
