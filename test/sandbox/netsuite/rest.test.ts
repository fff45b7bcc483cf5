import {afterAll, beforeAll, expect, test} from 'vitest'

import {company} from '../../../src/sandbox/company.ts'
import {startNetSuite, type SandboxNetSuite} from '../../../src/sandbox/netsuite/server.ts'
import {call, control, idOf, order, type Reply} from './client.ts'

let netsuite: SandboxNetSuite

beforeAll(async () => {
  netsuite = await startNetSuite({port: 0})
})
afterAll(() => netsuite.stop())

const STRICT = {'x-netsuite-propertynamevalidation': 'Error'}
const rest = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  call(netsuite.url, method, `record/v1/${path}`, {headers, ...(body === undefined ? {} : {body})})
const detail = (reply: Reply): Record<string, string> => reply.body['o:errorDetails'][0] ?? {}

const jane = {
  externalId: 'SHOPIFY:CUSTOMER:77',
  isPerson: true,
  firstName: 'Jané "J" 🎁',
  lastName: 'Doe',
  email: 'jane@example.test',
  subsidiary: {id: '1'},
  custentity_tieout_customer_id: '77',
  addressBook: {
    items: [
      {
        defaultShipping: true,
        defaultBilling: true,
        addressBookAddress: {addr1: '1 High St', city: 'Utica', state: 'NY', country: {id: 'US'}},
      },
    ],
  },
}

test('a customer is created, read back and found by external id and e-mail', async () => {
  const created = await rest('POST', 'customer', jane, STRICT)
  const id = idOf(created)
  expect(created).toMatchObject({status: 204, text: ''})
  expect(created.headers.get('location')).toBe(`${netsuite.url}/services/rest/record/v1/customer/${id}`)

  const read = await rest('GET', 'customer/eid:SHOPIFY:CUSTOMER:77?expandSubResources=true')
  expect(read.body).toMatchObject({
    id,
    externalId: 'SHOPIFY:CUSTOMER:77',
    entityId: `CUS${id}`,
    firstName: 'Jané "J" 🎁',
    isPerson: true,
    isInactive: false,
    custentity_tieout_customer_id: '77',
    subsidiary: {id: '1', refName: company.subsidiary.name},
    addressBook: {
      items: [{defaultShipping: true, addressBookAddress: {city: 'Utica', country: {id: 'US'}}}],
      totalResults: 1,
    },
  })
  const found = async (q: string): Promise<unknown> =>
    (await rest('GET', `customer?q=${encodeURIComponent(q)}`)).body.items.map((item) => item['id'])
  expect(await found('externalId IS "SHOPIFY:CUSTOMER:77"')).toEqual([id])
  expect(await found('email IS "JANE@example.test" AND lastName START_WITH "D"')).toEqual([id])
  expect(await found('email IS "nobody@example.test" OR (isPerson IS true AND email EMPTY_NOT)')).toEqual([id])
  expect(await found('email CONTAIN_NOT "jane"')).toEqual(['500'])
})

test('an external id that is taken is refused and told by its path', async () => {
  await rest('POST', 'customer', {companyName: 'A', subsidiary: {id: '1'}, externalId: 'TAKEN'})
  const again = await rest('POST', 'customer', {companyName: 'A', subsidiary: {id: '1'}, externalId: 'taken'})

  expect(again.status).toBe(400)
  expect(detail(again)).toEqual({
    detail: 'Error while accessing a resource. This record already exists.',
    'o:errorPath': 'externalId',
    'o:errorCode': 'USER_ERROR',
  })
})

test('an order is created, patched, its lines merged or replaced', async () => {
  const created = await rest('POST', 'salesOrder', order({externalId: 'SHOPIFY:ORDER:1', memo: 'first'}), STRICT)
  const id = idOf(created)
  const read = async (): Promise<Reply['body']> => (await rest('GET', `salesOrder/${id}?expandSubResources=true`)).body

  expect(await read()).toMatchObject({
    total: 48,
    subtotal: 48,
    tranDate: '2026-11-20',
    status: {id: 'B', refName: 'Pending Fulfillment'},
    entity: {id: '500'},
    item: {items: [{line: 1, item: {id: '1001', refName: 'TEE-BLA-S'}, quantity: 2, amount: 48}]},
  })
  expect(
    (await rest('PATCH', `salesOrder/${id}`, {memo: 'second', item: {items: [{item: {id: '1002'}, amount: 5}]}}))
      .status,
  ).toBe(204)
  expect(await read()).toMatchObject({memo: 'second', total: 53, item: {totalResults: 2}})
  expect(
    (await rest('PATCH', `salesOrder/${id}?replace=item`, {item: {items: [{line: 2, quantity: 3, amount: 15}]}}))
      .status,
  ).toBe(204)
  expect(await read()).toMatchObject({
    memo: 'second',
    total: 15,
    item: {items: [{line: 2, item: {id: '1002'}, quantity: 3}]},
  })
  expect((await rest('PATCH', 'salesOrder/eid:SHOPIFY:ORDER:1', {memo: null})).status).toBe(204)
  expect(await read()).not.toHaveProperty('memo')
  expect((await rest('GET', `salesOrder/${id}/item`)).body.items).toHaveLength(1)
  expect((await rest('GET', `salesOrder/${id}/item/2`)).body).toMatchObject({line: 2})
  expect((await rest('GET', `salesOrder/${id}?fields=total,memo`)).body).toEqual({links: expect.anything(), total: 15})
})

test('PUT by external id creates, then changes', async () => {
  const put = (memo: string): Promise<Reply> => rest('PUT', 'salesOrder/eid:SHOPIFY:ORDER:2', order({memo}))
  const first = await put('one')
  const second = await put('two')

  expect([first.status, second.status]).toEqual([204, 204])
  expect(idOf(second)).toBe(idOf(first))
  expect((await rest('GET', `salesOrder/${idOf(first)}`)).body).toMatchObject({
    memo: 'two',
    externalId: 'SHOPIFY:ORDER:2',
  })
})

test('flat address fields and the address resource are the same address', async () => {
  const id = idOf(
    await rest(
      'POST',
      'salesOrder',
      order({shipAddr1: '1 High St', shipCountry: {id: 'US'}, billingAddress: {city: 'Rome'}}),
    ),
  )
  const {body} = await rest('GET', `salesOrder/${id}?expandSubResources=true`)

  expect(body).toMatchObject({
    shipAddr1: '1 High St',
    shippingAddress: {addr1: '1 High St', country: {id: 'US'}},
    billCity: 'Rome',
    billingAddress: {city: 'Rome'},
  })
})

test('unknown names are dropped by default and refused where asked for', async () => {
  expect((await rest('POST', 'salesOrder', order({colour: 'red', custbody_gone: '1'}))).status).toBe(204)
  const strict = await rest('POST', 'salesOrder', order({colour: 'red'}), STRICT)
  expect(detail(strict)).toMatchObject({'o:errorPath': 'colour', 'o:errorCode': 'NONEXISTENT_FIELD'})
  const custom = await rest('POST', 'salesOrder', order({custbody_gone: '1'}), STRICT)
  expect(custom.status).toBe(400)
  const line = {items: [{item: {id: '1001'}, amount: 1, colour: 'red'}]}
  expect(detail(await rest('POST', 'salesOrder', order({item: line}), STRICT))['o:errorPath']).toBe(
    'item.items[0].colour',
  )
})

test.each<[string, Record<string, unknown>, Record<string, string>]>([
  [
    'an item that does not exist',
    {item: {items: [{item: {id: '9999'}}]}},
    {
      detail:
        'Error while accessing a resource. You have entered an Invalid Field Value 9999 for the following field: item',
      'o:errorPath': 'item.items[0].item',
      'o:errorCode': 'USER_ERROR',
    },
  ],
  ['a reference that is none', {entity: '500'}, {'o:errorPath': 'entity', 'o:errorCode': 'INVALID_CONTENT'}],
  ['a sublist that is none', {item: [{item: {id: '1001'}}]}, {'o:errorPath': 'item', 'o:errorCode': 'INVALID_CONTENT'}],
  [
    'tax that NetSuite would compute, on a legacy tax account',
    {item: {items: [{item: {id: '1001'}, amount: 1, taxCode: {id: '301'}}]}},
    {'o:errorPath': 'item.items[0].taxCode'},
  ],
])('%s is refused with its place', async (_what, change, expected) => {
  const reply = await rest('POST', 'salesOrder', order(change))

  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({title: 'Bad Request', status: 400})
  expect(detail(reply)).toMatchObject(expected)
})

test('an order without NetSuite tax passes on a legacy tax account', async () => {
  const item = {items: [{item: {id: '1001'}, amount: 1, taxCode: {id: '-8'}}]}

  expect((await rest('POST', 'salesOrder', order({item}))).status).toBe(204)
})

test('what does not exist is 404, what is not allowed 405, what is not JSON 400', async () => {
  expect(detail(await rest('GET', 'salesOrder/1'))).toEqual({
    detail: 'Record does not exist.',
    'o:errorCode': 'NONEXISTENT_ID',
  })
  expect((await rest('GET', 'salesOrder/eid:NOBODY')).status).toBe(404)
  expect((await rest('GET', 'unicorn')).status).toBe(404)
  expect((await rest('PUT', 'salesOrder/5', {})).status).toBe(405)
  expect((await rest('GET', 'salesOrder/eid:100%25')).status).toBe(404)
  expect((await rest('GET', 'customer?q=email%20LIKES%20"x"')).status).toBe(400)
  expect((await rest('GET', 'customer?limit=3&offset=2')).status).toBe(400)
})

test('a transform ships or bills what is left of the lines that are named', async () => {
  const id = idOf(await rest('POST', 'salesOrder', order()))
  const shipped = await rest('POST', `salesOrder/${id}/!transform/itemFulfillment`, {
    externalId: 'SHOPIFY:FULFILLMENT:1',
    item: {items: [{orderLine: 1, quantity: 1, itemreceive: true}]},
  })
  expect(shipped.status).toBe(204)
  expect((await rest('GET', `salesOrder/${id}`)).body).toMatchObject({status: {id: 'E'}})
  const fulfilment = await rest('GET', 'itemFulfillment/eid:SHOPIFY:FULFILLMENT:1?expandSubResources=true')
  expect(fulfilment.body).toMatchObject({createdFrom: {id}, item: {items: [{orderLine: 1, quantity: 1}]}})

  const billed = await rest('POST', `salesOrder/${id}/!transform/invoice`, {})
  expect((await rest('GET', `invoice/${idOf(billed)}`)).body).toMatchObject({total: 24, createdFrom: {id}})
  expect((await rest('POST', `salesOrder/${id}/!transform/unicorn`, {})).status).toBe(404)
  expect((await rest('DELETE', `salesOrder/${id}`)).status).toBe(400)
})

test('a deleted record is gone', async () => {
  const id = idOf(await rest('POST', 'salesOrder', order()))

  expect((await rest('DELETE', `salesOrder/${id}`)).status).toBe(204)
  expect((await rest('GET', `salesOrder/${id}`)).status).toBe(404)
})

test('the metadata catalog knows standard and custom fields, and forgets a renamed one', async () => {
  const schema = async (): Promise<Record<string, unknown>> =>
    (await rest('GET', 'metadata-catalog/salesOrder')).body['properties'] as Record<string, unknown>
  const catalog = await rest('GET', 'metadata-catalog?select=customer,salesOrder')

  expect(catalog.body.items.map((item) => item['name'])).toEqual(['customer', 'salesOrder'])
  expect(await schema()).toMatchObject({
    subtotal: {readOnly: true},
    custbody_tieout_order_id: {'x-ns-custom-field': true},
    item: {properties: {items: {items: {properties: {custcol_tieout_line_key: {type: 'string'}}}}}},
  })
  await control(netsuite.url, 'POST', 'faults', {kind: 'renamed-field', field: 'custbody_tieout_order_id'})
  expect(await schema()).not.toHaveProperty('custbody_tieout_order_id')
  await control(netsuite.url, 'DELETE', 'faults')
})

test('governance limits tell the size of the pool', async () => {
  const {body} = await call(netsuite.url, 'GET', 'system/v1/governanceLimits')

  expect(body).toMatchObject({accountConcurrencyLimit: 5, integrationLimitType: 'accountLimit'})
})

test('hostile text arrives unharmed', async () => {
  const note = `"quotes" 'single' <b>&amp;</b> ]]> \u202eRTL\u202c 🧵 ${'x'.repeat(10_000)}`
  const id = idOf(await rest('POST', 'salesOrder', order({memo: note})))

  expect((await rest('GET', `salesOrder/${id}`)).body['memo']).toBe(note)
})
