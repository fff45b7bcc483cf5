import fc from 'fast-check'
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest'

import {money} from '../../../src/lib/core/money.ts'
import type {
  Bill,
  CustomerDeposit,
  CustomerRefund,
  ItemFulfillment,
  PostingRecord,
} from '../../../src/lib/netsuite/posting-types.ts'
import {isValues, rowsAt, type Field, type Values} from '../../../src/lib/netsuite/records/fields.ts'
import {needsOf, postingTables, postingValues} from '../../../src/lib/netsuite/records/postings.ts'
import {heldSource, type Known} from '../../../src/lib/netsuite/records/sources.ts'
import {decodeBody} from '../../../src/lib/netsuite/rest/decode.ts'
import {encodeBody} from '../../../src/lib/netsuite/rest/encode.ts'
import type {JsonObject} from '../../../src/lib/netsuite/rest/json.ts'
import {decodeFields} from '../../../src/lib/netsuite/soap/decode.ts'
import {encodeRecord} from '../../../src/lib/netsuite/soap/encode.ts'
import {parseXml} from '../../../src/lib/netsuite/soap/xml.ts'
import {addAnswer, clientFor, playNetSuite, restError, soapFault, writeResponse} from './playing-netsuite.ts'
import {idUnder, postingAnswer, recordsOf, refsOf} from './playing-postings.ts'
import {KEYS, NOWHERE, posting, postings} from './posting-arbitraries.ts'
import {faultsIn, hasOracleSchema, oracleSchema} from './schemas.ts'

type Server = Awaited<ReturnType<typeof playNetSuite>>

let server: Server
let answer: (message: string) => string
/** Nothing that a test writes is there yet. */
const absent = {
  has: (key: string) => key === NOWHERE || /^SHOPIFY:(POSTING|FULFILLMENT|INVOICE):/.test(key),
} as ReadonlySet<string>
beforeAll(async () => {
  server = await playNetSuite(({body}, response) => void response.end(answer(body)))
})
afterAll(() => server.stop())
beforeEach(() => {
  server.seen.length = 0
  answer = (message) => postingAnswer(message, absent)
})

const soap = (listSize = 50) => clientFor(server.url, {listSize}).netsuite.postings
const operations = () => server.seen.map(({body}) => /<soap:Body><platformMsgs:(\w+)/.exec(body)?.[1])
const usd = (minor: bigint) => money(minor, 'USD')
const header = {tranDate: '2026-11-20', memo: null, customFields: {}}

const deposit: CustomerDeposit = {
  ...header,
  type: 'customerDeposit',
  externalId: 'SHOPIFY:TRANSACTION:1',
  customer: {id: '500'},
  salesOrder: {externalId: 'SHOPIFY:ORDER:1'},
  subsidiary: null,
  currency: {id: '1'},
  account: {kind: 'undeposited'},
  paymentMethod: null,
  payment: usd(8316n),
}
const line = (key: string, quantity: number | null, amount: bigint | null = null) => ({
  key,
  item: {id: '1001'},
  quantity,
  amount: amount === null ? null : usd(amount),
  description: null,
  location: null,
  taxCode: null,
})
const fulfillment: ItemFulfillment = {
  ...header,
  type: 'itemFulfillment',
  externalId: 'SHOPIFY:FULFILLMENT:1',
  salesOrder: {externalId: 'SHOPIFY:ORDER:1'},
  shipMethod: null,
  lines: [line('12', 2)],
  packages: [],
}
const invoice: Bill = {
  ...header,
  type: 'invoice',
  externalId: 'SHOPIFY:INVOICE:1',
  salesOrder: {externalId: 'SHOPIFY:ORDER:1'},
  account: null,
  paymentMethod: null,
  lines: [line('12', 2, 4800n)],
  shippingCost: null,
  total: usd(4800n),
}
const refund: CustomerRefund = {
  ...header,
  type: 'customerRefund',
  externalId: 'SHOPIFY:REFUND:1:1',
  customer: {id: '500'},
  subsidiary: null,
  currency: {id: '1'},
  accountId: '3',
  paymentMethod: null,
  credits: [],
  deposits: [{deposit: {externalId: deposit.externalId}, amount: usd(1000n)}],
  total: usd(1000n),
}

/** Whether a record refers to one that no NetSuite holds. */
function isLost(record: PostingRecord): boolean {
  return needsOf(record).some(({ref}) => 'externalId' in ref && ref.externalId === NOWHERE)
}

/** Some records refer to what is not there. */
const mixed = fc.tuple(postings, fc.infiniteStream(fc.nat({max: 4}))).map(([records, dice]) =>
  records.map((record): PostingRecord => {
    if (dice.next().value !== 0) return record
    if (record.type === 'invoice' || record.type === 'itemFulfillment') return {...record, salesOrder: {externalId: NOWHERE}} // prettier-ignore
    return record.type === 'depositApplication' ? {...record, deposit: {externalId: NOWHERE}} : record
  }),
)

describe('any mix of records', () => {
  test('comes back in the order of the question, and only what refers to nothing is refused', async () => {
    await fc.assert(
      fc.asyncProperty(mixed, fc.integer({min: 1, max: 5}), async (records, listSize) => {
        const statuses = await soap(listSize).add(records)

        expect(
          statuses.map((status) => (status.outcome === 'refused' ? status.code : 'id' in status && status.id)),
        ).toEqual(records.map((record) => (isLost(record) ? 'NETSUITE_REFERENCE_MISSING' : idUnder(record.externalId))))
      }),
      {numRuns: 40},
    )
  })

  test('is sent by type, parents first, each type in one message', async () => {
    const statuses = await soap().add([refund, invoice, deposit, fulfillment])

    expect(operations()).toEqual(['get', 'add', 'add', 'add', 'add'])
    expect(server.seen.slice(1).map(({body}) => recordsOf(body)[0])).toEqual([
      deposit.externalId,
      fulfillment.externalId,
      invoice.externalId,
      refund.externalId,
    ])
    expect(statuses.map((status) => status.outcome)).toEqual(['saved', 'saved', 'saved', 'saved'])
  })

  test('takes two requests for the shipments of many orders: one reads the orders, one writes', async () => {
    const many = Array.from({length: 40}, (_, i) => ({
      ...fulfillment,
      externalId: `SHOPIFY:FULFILLMENT:${i}`,
      salesOrder: {externalId: `SHOPIFY:ORDER:${i}`},
    }))
    await soap().add(many)

    expect(operations()).toEqual(['getList', 'addList'])
    expect(refsOf(server.seen[0]?.body ?? '')).toHaveLength(40)
  })

  test('asks nothing where every id is known', async () => {
    await soap().add([deposit, {...refund, deposits: [{deposit: {id: '77'}, amount: usd(1000n)}]}])

    expect(operations()).toEqual(['add', 'add'])
  })

  test('a refund takes the deposit that was written a moment before, by the id that NetSuite gave it', async () => {
    await soap().add([deposit, refund])

    expect(operations()).toEqual(['add', 'add'])
    expect(server.seen[1]?.body).toContain(`<tranCust:doc>${idUnder(deposit.externalId)}</tranCust:doc>`)
  })

  test('what is refused although it is there is a duplicate: its order has nothing left to take', async () => {
    answer = (message) =>
      message.includes('<platformMsgs:add')
        ? addAnswer(writeResponse({code: 'INVALID_INITIALIZE_REF', message: 'You can not initialize'}))
        : postingAnswer(message)

    expect(await soap().add([fulfillment])).toMatchObject([{outcome: 'duplicate'}])
  })

  test('a lost reply is an unknown outcome and not a status', async () => {
    answer = () => soapFault('unexpectedErrorFault', 'UNEXPECTED_ERROR', 'An unexpected error occurred.')

    await expect(soap().add([deposit])).rejects.toMatchObject({outcomeUnknown: true})
  })

  test('nothing is asked of NetSuite where there is nothing to write', async () => {
    expect(await soap().add([])).toEqual([])
    expect(server.seen).toEqual([])
  })
})

describe('a shipment', () => {
  test('lists the lines that it leaves, so that no preference of the account ships them', async () => {
    await soap().add([fulfillment])
    const rows = [
      ...(server.seen[1]?.body ?? '').matchAll(/<tranSales:itemReceive>(\w+)<.*?<tranSales:orderLine>(\d+)</g),
    ]

    expect(rows.map(([, received, orderLine]) => [orderLine, received])).toEqual([
      ['3', 'true'],
      ['1', 'false'],
      ['4', 'false'],
      ['5', 'false'],
    ])
  })

  test('lists only the goods where the plan says which lines are goods', async () => {
    await soap().add([{...fulfillment, openKeys: ['11']}])

    expect(server.seen[1]?.body.match(/<tranSales:itemReceive>false</g)).toHaveLength(1)
  })

  test('leaves alone what an earlier one of the same call has shipped', async () => {
    const first = {...fulfillment, lines: [line('11', 5), line('tip', 5), line('13', 5)]}
    await soap().add([first, {...fulfillment, externalId: 'SHOPIFY:FULFILLMENT:2', lines: [line('12', 2)]}])
    const rows = (xml = '') => [...xml.matchAll(/<tranSales:itemReceive>(\w+)</g)].map(([, received]) => received)

    expect(server.seen[1]?.body.split('</platformMsgs:record>').map(rows)).toEqual([
      ['true', 'true', 'true', 'false'],
      ['true'],
      [],
    ])
  })

  test('of a line that the order does not have is refused, and the others go', async () => {
    const wrong = {...fulfillment, externalId: 'SHOPIFY:FULFILLMENT:2', lines: [line('99', 1)]}
    const statuses = await soap().add([wrong, fulfillment])

    expect(operations()).toEqual(['get', 'add', 'get'])
    expect(statuses).toMatchObject([{outcome: 'refused', code: 'NETSUITE_LINE_MISSING'}, {outcome: 'saved'}])
    expect(statuses[0]).toMatchObject({message: expect.stringContaining('99') as string})
  })
})

describe('a bill', () => {
  test('states the line that it bills, our amount under the custom price level, and no rate', async () => {
    await soap().add([invoice])
    const body = server.seen[1]?.body ?? ''

    expect(body).toContain('<tranSales:createdFrom internalId="')
    expect(body).toContain('<tranSales:entity internalId="500"/>')
    expect(body).toMatch(/<tranSales:amount>48.00<.*<tranSales:price internalId="-1"\/><tranSales:orderLine>3</)
    expect(body).not.toContain('tranSales:rate')
  })

  test('paid on the spot says undeposited funds by the flag, and any other account with the flag denied', async () => {
    const sale: Bill = {...invoice, type: 'cashSale', account: {kind: 'undeposited'}}
    await soap().add([sale])
    await soap().add([{...sale, account: {kind: 'account', id: '16'}}])
    const [first, second] = server.seen.map(({body}) => body).filter((body) => body.includes('tranSales:CashSale'))

    expect(first).toContain('<tranSales:undepFunds>true</tranSales:undepFunds>')
    expect(first).not.toContain('tranSales:account')
    expect(second).toMatch(/<tranSales:undepFunds>false<.*<tranSales:account internalId="16"\/>/)
  })
})

describe('over REST', () => {
  type Told = Readonly<{method: string; path: string; body: Record<string, unknown>}>

  /** A NetSuite that holds one order, one deposit and one invoice, and takes what it is given. */
  async function playRest(taken: readonly string[] = []) {
    const rest = await playNetSuite(({method, path, body}, response) => {
      const key = /eid:([^?]+)/.exec(path)?.[1] ?? ''
      if (method === 'GET') {
        if (absent.has(decodeURIComponent(key)) && !taken.includes(decodeURIComponent(key)))
          return void response.writeHead(404).end(restError(404, 'NONEXISTENT_ID', 'no'))
        const items = KEYS.map((name, i) => ({line: i + 1, quantity: 5, item: {id: '1001'}, custcol_line_key: name}))
        return void response.end(JSON.stringify({id: '900', entity: {id: '500'}, currency: {id: '1'}, item: {items}}))
      }
      const {externalId} = JSON.parse(body) as {externalId: string}
      if (taken.includes(externalId))
        return void response.writeHead(400).end(restError(400, 'DUP_RCRD', 'This record already exists'))
      response.writeHead(204, {location: `https://x/record/v1/thing/${idUnder(externalId)}`}).end()
    })
    const {netsuite} = clientFor(rest.url, {channels: {salesOrder: 'soap', customer: 'rest', posting: 'rest'}})
    const told = () =>
      rest.seen.map(({method, path, body}): Told => ({
        method,
        path: path.replace('/services/rest/record/v1', ''),
        body: body === '' ? {} : (JSON.parse(body) as Told['body']),
      }))
    return {postings: netsuite.postings, told, stop: () => rest.stop()}
  }

  test('a shipment is a transform of its order that names every open line', async () => {
    const {postings, told, stop} = await playRest()
    const statuses = await postings.add([fulfillment])
    stop()
    const [, sent] = told()

    expect(statuses).toMatchObject([{outcome: 'saved', id: idUnder(fulfillment.externalId)}])
    expect(sent?.path).toBe('/salesOrder/900/!transform/itemFulfillment')
    expect(sent?.body['item']).toMatchObject({
      items: [
        {orderLine: 3, quantity: 2, itemreceive: true},
        {orderLine: 1, itemreceive: false},
        {orderLine: 2, itemreceive: false},
        {orderLine: 4, itemreceive: false},
        {orderLine: 5, itemreceive: false},
      ],
    })
  })

  test('a bill is added, because a transform would bill the lines that are not named', async () => {
    const {postings, told, stop} = await playRest()
    await postings.add([invoice])
    stop()

    expect(told()[1]).toMatchObject({path: '/invoice', body: {createdFrom: {id: '900'}, entity: {id: '500'}}})
  })

  test('what is there already is a duplicate, what refers to nothing is refused, and the rest is written', async () => {
    const {postings, stop} = await playRest([invoice.externalId])
    const lost = {...fulfillment, salesOrder: {externalId: NOWHERE}}
    const statuses = await postings.add([invoice, lost, deposit])
    stop()

    expect(statuses).toMatchObject([
      {outcome: 'duplicate'},
      {outcome: 'refused', code: 'NETSUITE_REFERENCE_MISSING'},
      {outcome: 'saved', id: idUnder(deposit.externalId)},
    ])
  })

  test('a refund names its deposit by a reference to its id', async () => {
    const {postings, told, stop} = await playRest()
    await postings.add([refund])
    stop()

    expect(told()[0]?.path).toBe('/customerDeposit/eid:SHOPIFY%3ATRANSACTION%3A1')
    expect(told()[1]?.body).toMatchObject({deposit: {items: [{apply: true, doc: {id: '900'}, amount: 10}]}})
  })
})

describe('both channels', () => {
  const rules = {lineKey: 'custcol_line_key', priceLevel: '-1'}
  const names =
    'xmlns:platformMsgs="m" xmlns:platformCore="c" xmlns:platformCommon="cm" xmlns:tranSales="s" xmlns:tranCust="u" xmlns:tranPurch="p" xmlns:tranBank="b" xmlns:xsi="x"'
  const known: Known = {
    idOf: (_, ref) => ('id' in ref ? ref.id : idUnder(ref.externalId)),
    sourceOf: (_, ref) => heldSource('id' in ref ? ref.id : idUnder(ref.externalId), {
      items: KEYS.map((key, i) => ({line: String(i + 1), quantity: '5', item: {id: `100${i}`}, customFields: {custcol_line_key: key}})),
    }, rules),
  } // prettier-ignore

  /** What REST does not carry, because a transform has it from its source. */
  function withoutSoapOnly(fields: readonly Field[], values: Values): Values {
    return Object.fromEntries(
      fields.flatMap((field) => {
        const value = values[field.name]
        if (field.rest === null || value === undefined) return []
        if (field.kind === 'custom' && Object.keys(value ?? {}).length === 0) return []
        if (field.kind !== 'list') return [[field.name, value] as const]
        return [[field.name, rowsAt(values, field.name).map((row) => withoutSoapOnly(field.fields, row))] as const]
      }),
    )
  }

  test('carry the same values of any record', () => {
    fc.assert(
      fc.property(posting, (record) => {
        const {fields} = postingTables[record.type]
        const values = {...postingValues(record, known, rules)}
        // When read, REST knows references by id only.
        for (const [name, value] of Object.entries(values))
          if (isValues(value) && 'externalId' in value) delete values[name]
        const table = postingTables[record.type]
        const context = {timeZone: 'America/New_York', subject: 'test'}
        const xml = encodeRecord(table, {externalId: 'X'}, values, context, false)
        const soapRead = decodeFields(
          fields,
          parseXml(xml.replace('<platformMsgs:record', `<platformMsgs:record ${names}`)),
          'America/New_York',
        )
        const restRead = decodeBody(
          fields,
          JSON.parse(JSON.stringify(encodeBody(table, values, 'test', false))) as JsonObject,
        )

        expect(withoutSoapOnly(fields, soapRead)).toEqual(withoutSoapOnly(fields, restRead))
        expect(Object.keys(soapRead).length).toBeGreaterThan(1)
      }),
      {numRuns: 300},
    )
  })
})

if (!hasOracleSchema) console.warn('skipped: the schema of NetSuite is not there (../shared/netsuite-wsdl)')
describe.runIf(hasOracleSchema)('by the schema of NetSuite itself', () => {
  test('every message that carries postings validates', async () => {
    const sample = fc.sample(
      fc.uniqueArray(posting, {minLength: 250, maxLength: 250, selector: (one) => one.externalId}),
      1,
    )
    await soap(200).add(sample[0] ?? [])
    await soap().add([deposit])
    await soap().get('deposit', [{id: '1'}, {externalId: 'SHOPIFY:PAYOUT:1'}])

    const messages = server.seen.map(({body}) => body)
    const sent = new Set(
      messages.flatMap((body) => [...body.matchAll(/xsi:type="(tran\w+:\w+)"/g)].map(([, type]) => type)),
    )
    expect(sent.size).toBe(13)
    expect(await faultsIn(messages, oracleSchema())).toEqual([])
  })
})
