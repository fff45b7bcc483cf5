import {afterAll, beforeAll, describe, expect, inject, test} from 'vitest'

import {money} from '../../../src/lib/core/money.ts'
import type {NetSuite} from '../../../src/lib/netsuite/client.ts'
import type {PostingRow} from '../../../src/lib/netsuite/posting-ports.ts'
import type {HeldPosting, PostingLine, PostingRecord} from '../../../src/lib/netsuite/posting-types.ts'
import type {Customer, SalesOrder} from '../../../src/lib/netsuite/types.ts'
import {company} from '../../../src/sandbox/company.ts'
import {accountId} from '../../../src/sandbox/netsuite/seed-accounts.ts'
import {startNetSuite, type SandboxNetSuite} from '../../../src/sandbox/netsuite/server.ts'
import {order, orderLine} from './arbitraries.ts'
import {allOf, clientFor} from './playing-netsuite.ts'

const {consumerKey, consumerSecret, tokenId, tokenSecret} = company.netsuite
const tba = {consumerKey, consumerSecret, tokenId, tokenSecret}
const usd = (minor: bigint) => money(minor, 'USD')
const taxCode = {id: company.nonTaxableCode.id}
const day = '2026-11-20'

const customer: Customer = {
  type: 'customer', externalId: 'SHOPIFY:CUSTOMER:9', isPerson: true, firstName: 'Zoë', lastName: 'Doe', companyName: null,
  email: 'zoe@example.com', phone: null, subsidiary: {id: '1'}, currency: {id: '1'}, billingAddress: null,
  shippingAddress: null, customFields: {},
} // prettier-ignore
const entity = {externalId: customer.externalId}

/** Three tees for 150.00, of which one ships at a time; one stays open. */
function tees(externalId: string, shipping: bigint | null): SalesOrder {
  return order({
    externalId,
    entity,
    location: {id: '1'},
    shipMethod: shipping === null ? null : {id: '8001'},
    shippingCost: shipping === null ? null : usd(shipping),
    shippingTaxCode: shipping === null ? null : taxCode,
    lines: [
      orderLine({key: '11', item: {id: '1001'}, quantity: 3, amount: usd(15_000n), taxCode, location: {id: '1'}}),
    ],
    total: usd(15_000n + (shipping ?? 0n)),
  })
}

const tee = (amount: bigint | null): PostingLine => ({
  key: '11',
  item: {id: '1001'},
  quantity: 1,
  amount: amount === null ? null : usd(amount),
  description: null,
  location: {id: '1'},
  taxCode: amount === null ? null : taxCode,
})

/** Everything that can follow an order, under external IDs of the channel. */
function lifeOf(channel: string): PostingRecord[] {
  const id = (name: string) => `SHOPIFY:${channel}:${name}`
  const ref = (name: string) => ({externalId: id(name)})
  const all = (name: string) => ({
    externalId: id(name),
    tranDate: day,
    memo: `Shopify ${name} & <co>`,
    customFields: {},
  })
  const paid = {customer: entity, subsidiary: {id: '1'}, currency: {id: '1'}, paymentMethod: null}
  const credit = {entity, subsidiary: {id: '1'}, currency: {id: '1'}, shipMethod: null, shippingCost: null}
  const bill = {salesOrder: ref('ORDER:1'), account: null, paymentMethod: null, lines: [tee(5000n)]}
  const shipment = {salesOrder: ref('ORDER:1'), shipMethod: {id: '8001'}, lines: [tee(null)]}
  const undeposited = {kind: 'undeposited'} as const
  return [
    {...all('PAYOUT'), type: 'deposit', accountId: accountId('1000'), currency: {id: '1'}, payments: [{type: 'customerDeposit', ref: ref('CAPTURE'), amount: usd(10_500n)}, {type: 'customerRefund', ref: ref('REFUND'), amount: usd(-5000n)}], other: [], cashBack: [{accountId: accountId('6000'), amount: usd(305n), memo: 'fees'}], total: usd(5195n)},
    {...all('CAPTURE'), ...paid, type: 'customerDeposit', salesOrder: ref('ORDER:1'), account: undeposited, payment: usd(10_500n)},
    {...all('GIFT'), ...paid, type: 'customerDeposit', salesOrder: null, account: {kind: 'account', id: accountId('2200')}, payment: usd(1000n)},
    {...all('SHIPMENT:1'), ...shipment, type: 'itemFulfillment', packages: [{trackingNumber: '1Z999', description: 'UPS'}]},
    {...all('SHIPMENT:2'), ...shipment, type: 'itemFulfillment', packages: []},
    {...all('SHIPMENT:3'), ...shipment, type: 'itemFulfillment', salesOrder: ref('ORDER:2'), packages: []},
    {...all('SHIPMENT:4'), ...shipment, type: 'itemFulfillment', salesOrder: ref('ORDER:3'), packages: []},
    {...all('BILL:1'), ...bill, type: 'invoice', shippingCost: usd(500n), total: usd(5500n)},
    {...all('BILL:2'), ...bill, type: 'invoice', shippingCost: null, total: usd(5000n)},
    {...all('TERMS'), ...bill, type: 'invoice', salesOrder: ref('ORDER:2'), shippingCost: null, total: usd(5000n)},
    {...all('SALE'), ...bill, type: 'cashSale', salesOrder: ref('ORDER:3'), account: undeposited, shippingCost: null, total: usd(5000n)},
    {...all('WIRE'), ...paid, type: 'customerPayment', account: {kind: 'account', id: accountId('1020')}, payment: usd(4600n), applies: [{to: ref('TERMS'), amount: usd(4600n)}]},
    {...all('APPLIED'), type: 'depositApplication', deposit: ref('GIFT'), applies: [{to: ref('TERMS'), amount: usd(400n)}]},
    {...all('RETURN'), type: 'returnAuthorization', salesOrder: ref('ORDER:1'), lines: [tee(5000n)], total: usd(5000n)},
    {...all('RECEIPT'), type: 'itemReceipt', returnAuthorization: ref('RETURN'), lines: [{...tee(null), restock: true}]},
    {...all('CREDIT'), ...credit, type: 'creditMemo', createdFrom: {type: 'returnAuthorization', ref: ref('RETURN')}, lines: [tee(5000n)], applies: [], total: usd(5000n)},
    {...all('SALE-BACK'), ...credit, type: 'cashRefund', createdFrom: {type: 'cashSale', ref: ref('SALE')}, accountId: accountId('1010'), paymentMethod: null, lines: [tee(5000n)], total: usd(5000n)},
    {...all('REFUND'), ...paid, type: 'customerRefund', accountId: accountId('1010'), credits: [{creditMemo: ref('CREDIT'), amount: usd(5000n)}], deposits: [], total: usd(5000n)},
    {...all('GIFT-BACK'), ...paid, type: 'customerRefund', accountId: accountId('2200'), credits: [], deposits: [{deposit: ref('GIFT'), amount: usd(600n)}], total: usd(600n)},
    {...all('SWEEP'), type: 'check', accountId: accountId('1000'), currency: {id: '1'}, expenses: [{accountId: accountId('6000'), amount: usd(500n), memo: null}], total: usd(500n)},
  ] // prettier-ignore
}

/** What has to be equal: everything but what NetSuite numbers by itself and the external ID. */
function essence(held: HeldPosting | null | undefined) {
  const {id: _id, externalId: _externalId, tranId: _tranId, ...rest} = held ?? ({} as HeldPosting)
  return rest
}

describe('the life of an order through each channel', () => {
  let sandbox: SandboxNetSuite
  const held = new Map<string, Map<string, HeldPosting | null>>()
  const channels = ['soap', 'rest'] as const
  const clientOf = (channel: (typeof channels)[number]): NetSuite =>
    clientFor(sandbox.url, {
      account: company.account,
      timeZone: company.timeZone,
      lineField: company.customFields.line,
      tba,
      channels: {salesOrder: channel, customer: 'soap'},
    }).netsuite

  beforeAll(async () => {
    sandbox = await startNetSuite({port: 0, databaseUrl: inject('databaseUrl'), suiteTax: false})
    await clientOf('soap').customers.add(customer)
  }, 30_000)
  afterAll(() => sandbox.stop())

  test.each(channels)(
    'is written in one call over %s, whatever the order, and read back by the other',
    async (channel) => {
      const client = clientOf(channel)
      const orders = [tees(`SHOPIFY:${channel}:ORDER:1`, 500n), tees(`SHOPIFY:${channel}:ORDER:2`, null), tees(`SHOPIFY:${channel}:ORDER:3`, null)] // prettier-ignore
      expect(await client.salesOrders.add(orders)).toMatchObject(orders.map(() => ({outcome: 'saved'})))
      const records = lifeOf(channel)
      const statuses = await client.postings.add(records)

      const refused = statuses.flatMap((status, i) =>
        status.outcome === 'saved' ? [] : [[records[i]?.externalId, status]],
      )
      expect(refused).toEqual([])
      const other = clientOf(channel === 'soap' ? 'rest' : 'soap')
      const read = new Map<string, HeldPosting | null>()
      for (const [i, {type, externalId}] of records.entries()) {
        const [one] = await other.postings.get(type, [{externalId}])
        const status = statuses[i]
        expect(one?.id).toBe(status?.outcome === 'saved' ? status.id : '')
        read.set(externalId.replace(`SHOPIFY:${channel}:`, ''), one ?? null)
      }
      held.set(channel, read)
    },
  )

  test('leaves the same records', () => {
    const [soap, rest] = channels.map((channel) => held.get(channel) ?? new Map<string, HeldPosting>())
    const names = [...(soap?.keys() ?? [])]

    expect(names).toHaveLength(20)
    for (const name of names) expect([name, essence(rest?.get(name))]).toEqual([name, essence(soap?.get(name))])
  })

  test.each([
    ['CAPTURE', {total: '105', undeposited: true, currencyId: '1', tranDate: day}],
    ['GIFT', {total: '10', undeposited: false, accountId: accountId('2200')}],
    ['BILL:1', {total: '55', status: 'Paid In Full'}],
    ['BILL:2', {total: '50', status: 'Paid In Full'}],
    ['TERMS', {total: '50', status: 'Paid In Full'}],
    ['SHIPMENT:1', {total: null, status: 'C'}],
    ['CREDIT', {total: '50', status: 'Fully Applied'}],
    ['REFUND', {total: '50', accountId: accountId('1010'), undeposited: null}],
    ['PAYOUT', {total: '51.95', accountId: accountId('1000')}],
    ['SWEEP', {total: '5', accountId: accountId('1000')}],
  ])('%s is held as it was planned', (name, expected) => {
    for (const channel of channels) expect(held.get(channel)?.get(name)).toMatchObject(expected)
  })

  test('is found by SuiteQL by external ID and by day, each record with the total that it was read with', async () => {
    const records = lifeOf('rest')
    const {queries} = clientOf('rest')
    const rows = await queries.postingsByExternalId(records.map(({externalId}) => externalId))
    const pages = await allOf(queries.postingsByDate(day, day, 'SHOPIFY:rest:'))
    const byId = (a: PostingRow, b: PostingRow) => Number(a.id) - Number(b.id)

    expect(rows).toHaveLength(records.length)
    expect(pages.flat().toSorted(byId)).toEqual(rows.toSorted(byId))
    for (const {type, id, externalId, total, tranDate} of rows) {
      const read = held.get('rest')?.get(externalId.replace('SHOPIFY:rest:', ''))
      expect({type, id, tranDate}).toEqual({type: read?.type, id: read?.id, tranDate: read?.tranDate})
      if (typeof read?.total === 'string') expect([externalId, total]).toEqual([externalId, read.total])
    }
  })

  test.each(channels)(
    'that is written again over %s is all there already, and nothing is written twice',
    async (channel) => {
      const statuses = await clientOf(channel).postings.add(lifeOf(channel))

      expect(new Set(statuses.map(({outcome}) => outcome))).toEqual(new Set(['duplicate']))
    },
  )
})
