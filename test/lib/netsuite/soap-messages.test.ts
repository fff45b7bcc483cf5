import fc from 'fast-check'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'

import {createGovernor} from '../../../src/lib/netsuite/governor.ts'
import {hostsOf} from '../../../src/lib/netsuite/hosts.ts'
import {createHttp} from '../../../src/lib/netsuite/http.ts'
import {customerTable, customerValues} from '../../../src/lib/netsuite/records/customer.ts'
import type {Value, Values} from '../../../src/lib/netsuite/records/fields.ts'
import {plainNumber} from '../../../src/lib/netsuite/records/numbers.ts'
import {changeValues, salesOrderTable, salesOrderValues} from '../../../src/lib/netsuite/records/sales-order.ts'
import {decodeBody} from '../../../src/lib/netsuite/rest/decode.ts'
import {encodeBody} from '../../../src/lib/netsuite/rest/encode.ts'
import type {JsonObject} from '../../../src/lib/netsuite/rest/json.ts'
import {
  soapDataCenterUrls,
  soapFindSalesOrders,
  soapGovernance,
  soapInitialize,
  soapSelectValues,
  soapServerTime,
} from '../../../src/lib/netsuite/soap/account.ts'
import {openSoap, type SoapPort} from '../../../src/lib/netsuite/soap/client.ts'
import {decodeFields} from '../../../src/lib/netsuite/soap/decode.ts'
import {encodeRecord} from '../../../src/lib/netsuite/soap/encode.ts'
import {soapRecords, type SoapRecords} from '../../../src/lib/netsuite/soap/records.ts'
import {parseXml} from '../../../src/lib/netsuite/soap/xml.ts'
import {customer, day, order, orderLine, salesOrder} from './arbitraries.ts'
import {openDoor, playNetSuite, tba} from './playing-netsuite.ts'
import {faultsIn, hasOracleSchema, oracleSchema, ourSchema} from './schemas.ts'

const rules = {lineKey: 'custcol_line_key', priceLevel: '-1'}
const context = {timeZone: 'America/New_York', subject: 'test'}

/** Sends everything that the client can send to a server that keeps it. What comes back does not matter here. */
async function everyMessage(): Promise<string[]> {
  const listener = await playNetSuite((_, response) => void response.writeHead(503).end())
  const http = createHttp(1_000_000)
  const governor = createGovernor({
    permits: openDoor().permits,
    clock: {now: () => new Date(), sleep: () => Promise.resolve()},
    lane: 'orders',
  })
  const settings = {
    apiVersion: '2025_2',
    hosts: hostsOf('1234567_SB1', '2025_2', listener.url),
    credential: tba,
    timeouts: {baseMs: 5000, perRecordMs: 0},
  }
  const clock = {now: () => new Date(), sleep: () => Promise.resolve()}
  const soap = await openSoap(settings, {http, governor, clock})
  await Promise.all(everyCall(soap, soapRecords(soap, 'America/New_York', 200)).map((call) => call.catch(() => null)))
  listener.stop()
  http.close()
  return listener.seen.map(({body}) => body)
}

function everyCall(soap: SoapPort, records: SoapRecords): Promise<unknown>[] {
  const orders = fc.sample(salesOrder, 150).map((one) => {
    return {key: {externalId: one.externalId}, values: salesOrderValues(one, rules)}
  })
  const changes = fc.sample(salesOrder, 40).map(({type, externalId: _e, total: _t, lines, ...fields}) => {
    const numbered = lines.map((planned, i) => ({line: i % 2 === 0 ? String(i + 1) : null, planned}))
    return {key: {id: '77'}, values: changeValues({type, id: '77', fields, lines: numbered}, rules)}
  })
  const customers = fc.sample(customer, 60).map((one) => {
    return {key: {externalId: one.externalId}, values: customerValues(one)}
  })
  const hostile = 'a"b<c>&]]>\n'
  return [
    records.write('add', salesOrderTable, orders),
    records.write('add', salesOrderTable, orders.slice(0, 1)),
    records.write('update', salesOrderTable, changes),
    records.write('update', salesOrderTable, changes.slice(0, 1)),
    records.write('upsert', customerTable, customers),
    records.write('upsert', customerTable, customers.slice(0, 1)),
    records.write('add', customerTable, customers.slice(0, 1)),
    records.read(salesOrderTable, [{id: '1'}, {externalId: hostile}]),
    records.read(customerTable, [{externalId: hostile}]),
    soapServerTime(soap),
    soapGovernance(soap),
    soap.call({operation: 'getIntegrationGovernanceInfo', write: false, records: 0}, ''),
    soapDataCenterUrls(soap, '1234567_SB1'),
    soapSelectValues(soap, 'salesOrder', 'shipMethod'),
    soapFindSalesOrders(soap, ['SHOPIFY:ORDER:1', hostile]),
    soapInitialize(soap, 'invoice', {type: 'salesOrder', id: '7281'}),
  ]
}

let messages: string[] = []
beforeAll(async () => {
  messages = await everyMessage()
})

describe('a message is what the schema says', () => {
  test('every operation is among the messages', () => {
    const operations = ['add', 'addList', 'update', 'updateList', 'upsert', 'upsertList', 'get', 'getList', 'search', 'initialize', 'getServerTime', 'getDataCenterUrls', 'getSelectValue', 'getAccountGovernanceInfo', 'getIntegrationGovernanceInfo'] // prettier-ignore
    const sent = messages.map((message) => /<soap:Body><platformMsgs:(\w+)/.exec(message)?.[1])

    expect(new Set(sent)).toEqual(new Set(operations))
  })

  test('every message that the client sends validates against our own schema', async () => {
    expect(await faultsIn(messages, ourSchema())).toEqual([])
  })

  test('a field out of its order would be seen', async () => {
    const wrong = messages.map((message) =>
      message.replace(/(<tranSales:entity [^>]*>)(<tranSales:currency [^>]*>)/, '$2$1'),
    )

    expect(await faultsIn(wrong, ourSchema())).not.toEqual([])
  })

  if (!hasOracleSchema) console.warn('skipped: the schema of NetSuite is not there (../shared/netsuite-wsdl)')
  describe.runIf(hasOracleSchema)('and by the schema of NetSuite itself', () => {
    test('every message that the client sends validates', async () => {
      expect(await faultsIn(messages, oracleSchema())).toEqual([])
    })
  })
})

/** What an encoder leaves out or NetSuite would echo in another notation does not count as a difference. */
function comparable(values: Values): unknown {
  const clean = (value: Value | null | undefined, name: string): unknown => {
    if (value === null || value === undefined) return undefined
    if (Array.isArray(value)) return value.map((row: Values) => comparable(row))
    if (typeof value === 'object') return Object.keys(value).length === 0 ? undefined : comparable(value as Values)
    return ['amount', 'quantity', 'taxBasis', 'taxRate', 'taxAmount', 'shippingCost'].includes(name)
      ? plainNumber(String(value))
      : value
  }
  const entries = Object.entries(values).map(([name, value]) => [name, clean(value, name)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

const NAMESPACES =
  'xmlns:platformMsgs="m" xmlns:platformCore="c" xmlns:platformCommon="cm" xmlns:tranSales="s" xmlns:listRel="r" xmlns:xsi="x"'

function throughSoap(table: typeof salesOrderTable, values: Values, timeZone: string | null): Values {
  const xml = encodeRecord(table, {externalId: 'SHOPIFY:X:1'}, values, {...context, timeZone}, false)
  const declared = xml.replace('<platformMsgs:record', `<platformMsgs:record ${NAMESPACES}`)
  return decodeFields(table.fields, parseXml(declared), timeZone)
}

function throughRest(table: typeof salesOrderTable, values: Values): Values {
  return decodeBody(table.fields, JSON.parse(JSON.stringify(encodeBody(table, values, 'test', false))) as JsonObject)
}

const zones = fc.constantFrom(
  'America/New_York',
  'Asia/Tokyo',
  'Pacific/Auckland',
  'Pacific/Honolulu',
  'Asia/Kolkata',
  null,
)

describe('what is encoded is what is read back', () => {
  test('any planned sales order, through SOAP', () => {
    fc.assert(
      fc.property(salesOrder, zones, (one, zone) => {
        const values = salesOrderValues(one, rules)
        expect(comparable(throughSoap(salesOrderTable, values, zone))).toEqual(comparable(values))
      }),
      {numRuns: 300},
    )
  })

  test('any planned sales order, through REST, except that REST knows references by id only when read', () => {
    fc.assert(
      fc.property(salesOrder, (one) => {
        const values = salesOrderValues({...one, entity: {id: '1'}}, rules)
        expect(comparable(throughRest(salesOrderTable, values))).toEqual(comparable(values))
      }),
      {numRuns: 300},
    )
  })

  test('any planned customer, through both', () => {
    fc.assert(
      fc.property(customer, (one) => {
        const values = customerValues(one)
        expect(comparable(throughSoap(customerTable, values, null))).toEqual(comparable(values))
        expect(comparable(throughRest(customerTable, values))).toEqual(comparable(values))
      }),
      {numRuns: 300},
    )
  })

  test('a day stays the day in every account, east and west of Greenwich', () => {
    fc.assert(
      fc.property(day, zones, (tranDate, zone) => {
        expect(throughSoap(salesOrderTable, {tranDate}, zone)['tranDate']).toBe(tranDate)
      }),
    )
  })
})

describe('what cannot be carried is refused', () => {
  const encode = (values: Values) =>
    encodeRecord(salesOrderTable, {externalId: 'SHOPIFY:ORDER:1'}, values, context, false)

  test.each([
    ['NUL', 'a\u0000b'],
    ['a control character', 'a\u001bb'],
    ['half an emoji', 'a\ud83d'],
    ['a character that is none', 'a\uffff'],
  ])('%s in a memo is refused by both channels, which name the field', (_, memo) => {
    const refusal = expect.objectContaining({
      code: 'TEXT_NOT_SENDABLE',
      message: expect.stringContaining('memo') as string,
    })

    expect(() => encode({memo})).toThrow(refusal)
    expect(() => encodeBody(salesOrderTable, {memo}, 'SHOPIFY:ORDER:1', false)).toThrow(refusal)
  })

  test('an amount that a double would bend is refused', () => {
    expect(() => encode({shippingCost: '12345678901234.56'})).toThrow(
      expect.objectContaining({code: 'NETSUITE_VALUE_INVALID'}),
    )
  })

  test('a country that NetSuite does not have is refused', () => {
    expect(() => encode({billingAddress: {country: 'QQ'}})).toThrow(
      expect.objectContaining({code: 'NETSUITE_VALUE_INVALID', subject: 'test'}),
    )
  })
})

describe('an order in the words of SOAP', () => {
  const xml = encodeRecord(
    salesOrderTable,
    {externalId: 'SHOPIFY:ORDER:5001'},
    salesOrderValues(order({lines: [orderLine({quantity: null})], taxDetails: []}), rules),
    context,
    false,
  )

  test('a line without a quantity has none, and no rate', () => {
    expect(xml).not.toContain('tranSales:quantity')
    expect(xml).not.toContain('tranSales:rate')
  })

  test('its price level is custom and its amount ours', () => {
    expect(xml).toContain('<tranSales:price internalId="-1"/><tranSales:amount>48.00</tranSales:amount>')
  })

  test('no tax at all under SuiteTax is said, and not left to NetSuite', () => {
    expect(xml).toContain('<tranSales:taxDetailsOverride>true</tranSales:taxDetailsOverride>')
    expect(xml).toContain('<tranSales:taxDetailsList replaceAll="true"></tranSales:taxDetailsList>')
  })

  test('an update empties what the plan says is empty', () => {
    const change = {type: 'salesOrder' as const, id: '7', fields: {memo: null, terms: null}, lines: null}
    const update = encodeRecord(salesOrderTable, {id: '7'}, changeValues(change, rules), context, true)

    expect(update).toContain(
      '<platformCore:nullFieldList><platformCore:name>memo</platformCore:name><platformCore:name>terms</platformCore:name></platformCore:nullFieldList>',
    )
  })

  test('an update empties the parts of an address that are not in it any more', () => {
    const address = {country: 'US', attention: null, addressee: 'Zoë', phone: null, addr1: '1 Main', addr2: null, city: 'Austin', state: 'TX', zip: '78701'} // prettier-ignore
    const change = {type: 'salesOrder' as const, id: '7', fields: {shippingAddress: address}, lines: null}
    const values = changeValues(change, rules)

    const names = ['attention', 'addrPhone', 'addr2'].map((name) => `<platformCore:name>${name}</platformCore:name>`)
    const list = `<platformCore:nullFieldList>${names.join('')}</platformCore:nullFieldList>`
    expect(encodeRecord(salesOrderTable, {id: '7'}, values, context, true)).toContain(
      `<tranSales:shippingAddress>${list}<`,
    )
    expect(encodeRecord(salesOrderTable, {externalId: 'E'}, values, context, false)).not.toContain('nullFieldList')
    expect(encodeBody(salesOrderTable, values, 'E', true)).toMatchObject({
      shippingAddress: {addr2: null, addr1: '1 Main'},
    })
    expect(encodeBody(salesOrderTable, values, 'E', false)['shippingAddress']).not.toHaveProperty('addr2')
  })
})

afterAll(() => {
  messages = []
})
