import {generateKeyPairSync} from 'node:crypto'

import {afterAll, beforeAll, describe, expect, inject, test} from 'vitest'

import {money} from '../../../src/lib/core/money.ts'
import type {NetSuite} from '../../../src/lib/netsuite/client.ts'
import type {Customer, HeldSalesOrder, SalesOrder} from '../../../src/lib/netsuite/types.ts'
import {company} from '../../../src/sandbox/company.ts'
import {startNetSuite, type SandboxNetSuite} from '../../../src/sandbox/netsuite/server.ts'
import {order, orderLine} from './arbitraries.ts'
import {allOf, clientFor} from './playing-netsuite.ts'

const {consumerKey, consumerSecret, tokenId, tokenSecret, clientId, certificateId} = company.netsuite
const tba = {consumerKey, consumerSecret, tokenId, tokenSecret}
const key = generateKeyPairSync('ec', {namedCurve: 'P-256'})
const oauth2 = {clientId, certificateId, privateKey: key.privateKey.export({type: 'pkcs8', format: 'pem'}).toString()}
const taxMode = ['legacy tax', 'SuiteTax'] as const

const usd = (minor: bigint) => money(minor, 'USD')
const customer: Customer = {
  type: 'customer',
  externalId: 'SHOPIFY:CUSTOMER:9',
  isPerson: true,
  firstName: 'Zoë',
  lastName: 'O’Brien & <Söhne>',
  companyName: null,
  email: 'zoe@example.com',
  phone: '+15550109999',
  subsidiary: {id: '1'},
  currency: {id: '1'},
  billingAddress: {country: 'DE', attention: null, addressee: 'Zoë', phone: null, addr1: 'Straße 1', addr2: null, city: 'Köln', state: null, zip: '50667'},
  shippingAddress: null,
  customFields: {[company.customFields.customer]: '9'},
} // prettier-ignore

/** An order with everything in it that a plan can state. */
function fullOrder(mode: (typeof taxMode)[number]): SalesOrder {
  const taxCode = mode === 'legacy tax' ? {id: company.nonTaxableCode.id} : null
  const lines = [
    orderLine({
      key: '11',
      quantity: 3,
      amount: usd(1000n),
      description: '"quoted" ]]> שלום 👩‍👧',
      taxCode,
      location: {id: '1'},
    }),
    orderLine({key: '11:discount', item: {id: '9001'}, quantity: null, amount: usd(-334n), taxCode}),
    orderLine({key: '12', item: {id: '1002'}, quantity: 1, amount: usd(2400n), isClosed: true, taxCode}),
  ]
  const [type, code] = [company.taxTypes[0], company.taxCodes[0]]
  const detail = {taxType: {id: type.id}, taxCode: {id: code.id}, rate: '8.25'}
  return order({
    entity: {externalId: customer.externalId},
    subsidiary: {id: '1'},
    memo: 'Shopify #1001 & <co>',
    email: 'zoe@example.com',
    terms: {id: '2'},
    billingAddress: customer.billingAddress,
    shippingAddress: {country: 'US', attention: 'Dock 4', addressee: 'Zoë', phone: '555', addr1: '1 Main', addr2: 'Unit 2', city: 'Austin', state: 'TX', zip: '78701'},
    shipMethod: {id: '8001'},
    shippingCost: usd(595n),
    shippingTaxCode: taxCode,
    taxDetails: mode === 'legacy tax' ? null : [{...detail, lineKey: '11', basis: usd(666n), amount: usd(55n)}],
    customFields: {[company.customFields.order]: '5001', [company.customFields.orderName]: '#1001'},
    lines,
  }) // prettier-ignore
}

/** What has to be equal: everything but what NetSuite numbers by itself. */
function essence(held: HeldSalesOrder | null | undefined) {
  const {
    id: _id,
    externalId: _externalId,
    tranId: _tranId,
    entityId: _entityId,
    ...rest
  } = held ?? ({} as HeldSalesOrder)
  return rest
}

describe.each(taxMode)('under %s', (mode) => {
  let sandbox: SandboxNetSuite
  const clients = new Map<string, NetSuite>()

  beforeAll(async () => {
    sandbox = await startNetSuite({
      port: 0,
      databaseUrl: inject('databaseUrl'),
      suiteTax: mode === 'SuiteTax',
      oauth2PublicKey: key.publicKey.export({type: 'spki', format: 'pem'}).toString(),
    })
    const settings = {account: company.account, timeZone: company.timeZone, lineField: company.customFields.line}
    const soap = {...settings, tba, channels: {salesOrder: 'soap', customer: 'soap'} as const}
    const rest = {...settings, channels: {salesOrder: 'rest', customer: 'rest'} as const}
    clients.set('SOAP', clientFor(sandbox.url, soap).netsuite)
    clients.set('REST', clientFor(sandbox.url, {...rest, tba}).netsuite)
    clients.set('REST with OAuth 2.0', clientFor(sandbox.url, {...rest, tba: null, oauth2}).netsuite)
    expect(await on('SOAP').customers.add(customer)).toMatchObject({outcome: 'saved'})
  })
  afterAll(() => sandbox.stop())

  const on = (channel: string): NetSuite => {
    const client = clients.get(channel)
    if (client === undefined) throw new Error(channel)
    return client
  }
  const channels = ['SOAP', 'REST', 'REST with OAuth 2.0']

  /** Writes the same plan through a channel under an external ID of its own, and reads it through the other. */
  async function writeAndRead(channel: string, externalId: string, plan: SalesOrder): Promise<HeldSalesOrder | null> {
    const [status] = await on(channel).salesOrders.add([{...plan, externalId}])
    expect(status).toMatchObject({outcome: 'saved'})
    const [read] = await on(channel === 'SOAP' ? 'REST' : 'SOAP').salesOrders.get([{externalId}])
    return read ?? null
  }

  test('the same order through each channel leaves the same record, and each channel reads it alike', async () => {
    const plan = fullOrder(mode)
    const held = await Promise.all(channels.map((channel, i) => writeAndRead(channel, `SHOPIFY:ORDER:A${i}`, plan)))
    const [first] = held

    expect(first).toMatchObject({
      tranDate: '2026-11-20',
      status: 'B',
      otherRefNum: '#1001',
      memo: 'Shopify #1001 & <co>',
      termsId: '2',
      shipMethodId: '8001',
      shippingCost: '5.95',
      customFields: {[company.customFields.order]: '5001', [company.customFields.orderName]: '#1001'},
    })
    expect(first?.lines.map(({key, quantity, amount, isClosed}) => [key, quantity, amount, isClosed])).toEqual([
      ['11', '3', '10', false],
      ['11:discount', null, '-3.34', false],
      ['12', '1', '24', true],
    ])
    expect(first?.lines[0]?.description).toBe('"quoted" ]]> שלום 👩‍👧')
    for (const other of held) expect(essence(other)).toEqual(essence(first))
    const reads = await Promise.all(
      channels.map((channel) => on(channel).salesOrders.get([{externalId: 'SHOPIFY:ORDER:A0'}])),
    )
    for (const [read] of reads) expect(read).toEqual(first)
  })

  test('an order that is there already is a duplicate through each', async () => {
    await on('SOAP').salesOrders.add([{...fullOrder(mode), externalId: 'SHOPIFY:ORDER:B'}])

    for (const channel of channels) {
      const again = await on(channel).salesOrders.add([{...fullOrder(mode), externalId: 'SHOPIFY:ORDER:B'}])
      expect(again).toMatchObject([{outcome: 'duplicate'}])
    }
  })

  test('the same change through each leaves the same record: fields emptied, lines changed, added and removed', async () => {
    const plan = fullOrder(mode)
    const held: (HeldSalesOrder | null)[] = []
    for (const [i, channel] of channels.entries()) {
      const before = await writeAndRead(channel, `SHOPIFY:ORDER:C${i}`, plan)
      const [first] = before?.lines ?? []
      const lines = [
        {line: first?.line ?? null, planned: orderLine({key: '11', quantity: 2, amount: usd(700n), taxCode: plan.lines[0]?.taxCode ?? null})},
        {line: null, planned: orderLine({key: '13', item: {id: '1003'}, quantity: 1, amount: usd(2400n), taxCode: plan.lines[0]?.taxCode ?? null})},
      ] // prettier-ignore
      const fields = {memo: null, shippingCost: usd(100n), tranDate: '2026-11-21', ...(mode === 'SuiteTax' ? {taxDetails: []} : {})} // prettier-ignore
      const change = {type: 'salesOrder' as const, id: before?.id ?? '', fields, lines}
      expect(await on(channel).salesOrders.update([change])).toMatchObject([{outcome: 'saved', id: before?.id}])
      const [read] = await on('SOAP').salesOrders.get([{id: before?.id ?? ''}])
      held.push(read ?? null)
    }

    expect(held[0]).toMatchObject({memo: null, shippingCost: '1', tranDate: '2026-11-21', otherRefNum: '#1001'})
    expect(held[0]?.lines.map(({key, amount}) => [key, amount])).toEqual([
      ['11', '7'],
      ['13', '24'],
    ])
    for (const other of held) expect(essence(other)).toEqual(essence(held[0]))
  })

  test('an item that does not exist refuses the order through each, and nothing is left', async () => {
    for (const channel of channels) {
      const plan = {
        ...fullOrder(mode),
        externalId: `SHOPIFY:ORDER:D${channel}`,
        lines: [orderLine({item: {id: '999999'}})],
      }
      expect(await on(channel).salesOrders.add([plan])).toMatchObject([{outcome: 'refused'}])
      expect(await on(channel).salesOrders.get([{externalId: plan.externalId}])).toEqual([null])
    }
  })

  test('a customer reads the same through each', async () => {
    const reads = await Promise.all(
      channels.map((channel) => on(channel).customers.get({externalId: customer.externalId})),
    )

    expect(reads[0]).toMatchObject({isPerson: true, lastName: 'O’Brien & <Söhne>', email: 'zoe@example.com'})
    for (const read of reads) expect(read).toEqual(reads[0])
    expect(await on('REST').customers.get({externalId: 'SHOPIFY:CUSTOMER:0'})).toBeNull()
  })

  test('the account tells its limit and its time, and every channel answers a probe', async () => {
    expect(await on('SOAP').governance()).toMatchObject({limit: 5})
    for (const channel of channels) {
      expect(Math.abs((await on(channel).serverTime()).getTime() - Date.now())).toBeLessThan(5000)
      await on(channel).probe('rest')
      await on(channel).probe('suiteql')
    }
    await on('SOAP').probe('soap')
    expect(await on('REST').properties('salesOrder')).toContain(company.customFields.order)
  })

  test('what was written is found by SuiteQL, by external ID, by day and by the customer’s match rules', async () => {
    const {queries} = on('REST')
    const [row] = await queries.ordersByExternalId(['SHOPIFY:ORDER:A0'])
    const [held] = await on('SOAP').salesOrders.get([{externalId: 'SHOPIFY:ORDER:A0'}])

    expect(row).toMatchObject({id: held?.id, statusKey: 'SalesOrd:B', total: held?.total, tranDate: '2026-11-20'})
    const days = await allOf(queries.ordersByDate('2026-11-20', '2026-11-20', 'SHOPIFY:ORDER:'))
    expect(days.flat().map(({externalId}) => externalId)).toContain('SHOPIFY:ORDER:A0')
    const expected = [expect.objectContaining({externalId: customer.externalId}) as unknown]
    expect(await queries.customersByEmail(['ZOE@example.com'])).toEqual(expected)
    expect(await queries.customersByExternalId([customer.externalId])).toEqual(expected)
    expect(await queries.existing('location', ['1', '2', '99'])).toEqual(new Set(['1', '2']))
    expect(await queries.itemsBySku(['CAP-ONE', 'NO-SUCH-SKU'])).toMatchObject([{itemId: 'CAP-ONE', isInactive: false}])
    const items = await allOf(queries.items())
    expect(items.flat().length).toBeGreaterThan(30)
  })
})
