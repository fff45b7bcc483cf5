import {createHmac, randomBytes} from 'node:crypto'

import {type Client, createClientAsync} from 'soap'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'

import {company} from '../../../../src/sandbox/company.ts'
import {type SandboxNetSuite, startNetSuite} from '../../../../src/sandbox/netsuite/server.ts'
import {hasSchema, wsdlFile} from './validation.ts'

const {netsuite} = company
type Credentials = Readonly<{account: string; tokenSecret: string; nonce: string; timestamp: number}>

/** A passport as the documentation of NetSuite signs it; `change` makes it a bad one. */
function passport(version: string, change: Partial<Credentials> = {}): object {
  const {account = company.account, tokenSecret = netsuite.tokenSecret} = change
  const {nonce = randomBytes(10).toString('hex'), timestamp = Math.floor(Date.now() / 1000)} = change
  const base = [account, netsuite.consumerKey, netsuite.tokenId, nonce, timestamp].join('&')
  const signature = createHmac('sha256', `${netsuite.consumerSecret}&${tokenSecret}`).update(base).digest('base64')
  const attributes = {
    'xmlns:platformMsgs': `urn:messages_${version}.platform.webservices.netsuite.com`,
    'xmlns:platformCore': `urn:core_${version}.platform.webservices.netsuite.com`,
  }
  return {
    'platformMsgs:tokenPassport': {
      attributes,
      'platformCore:account': account,
      'platformCore:consumerKey': netsuite.consumerKey,
      'platformCore:token': netsuite.tokenId,
      'platformCore:nonce': nonce,
      'platformCore:timestamp': timestamp,
      'platformCore:signature': {attributes: {algorithm: 'HMAC-SHA256'}, $value: signature},
    },
  }
}

// The package types every operation as any; these are the parts of its answers that the tests look at.
type Ref = {attributes: {internalId: string; externalId?: string; type?: string}}
type Answer = Record<string, any> // eslint-disable-line @typescript-eslint/no-explicit-any
type Operation = (args: object) => Promise<[Answer]>

function outcomes(responses: readonly Answer[]): string[] {
  return responses.map((each) => String(each.status.attributes.isSuccess))
}

describe.runIf(hasSchema).each(['2025_2', '2023_2'])("the npm package soap on Oracle's WSDL %s", (version) => {
  let netSuite: SandboxNetSuite
  let client: Client
  let login = {}
  let preferences = {}

  const core = `urn:core_${version}.platform.webservices.netsuite.com`
  const sales = `urn:sales_${version}.transactions.webservices.netsuite.com`
  const common = `urn:common_${version}.platform.webservices.netsuite.com`
  const messages = {'xmlns:platformMsgs': `urn:messages_${version}.platform.webservices.netsuite.com`}
  const ns = {'xmlns:tranSales': sales, 'xmlns:platformCore': core, 'xmlns:platformCommon': common}
  const call = async (operation: string, args: object): Promise<Answer> => {
    const [answer] = await (client as unknown as Record<string, Operation>)[`${operation}Async`]!(args)
    return answer
  }
  const order = (externalId: string, more: object = {}): object => ({
    attributes: {...ns, 'xsi:type': 'tranSales:SalesOrder', externalId},
    'tranSales:entity': {attributes: {internalId: '500'}},
    'tranSales:tranDate': '2026-11-20T00:00:00.000-08:00',
    'tranSales:orderStatus': '_pendingFulfillment',
    'tranSales:otherRefNum': '#1001',
    ...more,
    'tranSales:itemList': {
      attributes: {replaceAll: 'true'},
      'tranSales:item': [
        {'tranSales:item': {attributes: {internalId: '1001'}}, 'tranSales:quantity': 2, 'tranSales:amount': 40},
      ],
    },
    'tranSales:customFieldList': {
      'platformCore:customField': [
        {
          attributes: {'xsi:type': 'platformCore:StringCustomFieldRef', scriptId: 'custbody_tieout_order_id'},
          'platformCore:value': '5001',
        },
      ],
    },
  })
  const ref = (externalId: string): object => ({
    attributes: {'xmlns:platformCore': core, 'xsi:type': 'platformCore:RecordRef', type: 'salesOrder', externalId},
  })

  beforeAll(async () => {
    netSuite = await startNetSuite({port: 0, concurrency: 2, varyResponses: true})
    const endpoint = `${netSuite.url}/services/NetSuitePort_${version}`
    client = await createClientAsync(wsdlFile(version), {endpoint})
    client.addSoapHeader(() => ({...passport(version, login), ...preferences}))
  })

  afterAll(() => netSuite.stop())

  test('adds an order, finds it taken, and reads it back', async () => {
    const added = await call('add', {record: order('SHOPIFY:ORDER:1')})
    expect(added.writeResponse.status.attributes.isSuccess).toBe('true')
    const again = await call('add', {record: order('SHOPIFY:ORDER:1')})
    expect(again.writeResponse.status.statusDetail[0].code).toBe('DUP_RCRD')

    const {readResponse} = await call('get', {baseRef: ref('SHOPIFY:ORDER:1')})
    const {record} = readResponse
    expect(record.attributes.internalId).toBe((added.writeResponse.baseRef as Ref).attributes.internalId)
    expect([record.otherRefNum, Number(record.total), record.orderStatus]).toEqual(['#1001', 40, '_pendingFulfillment'])
    expect(Number(record.itemList.item.amount)).toBe(40)
    expect(record.customFieldList.customField).toMatchObject({
      attributes: {scriptId: 'custbody_tieout_order_id'},
      value: '5001',
    })
  })

  test('upserts, writes and reads lists with a status for each record', async () => {
    const memo = {'tranSales:memo': 'quotes " & <tags> ]]> 👩‍👩‍👧 שלום'}
    await call('upsert', {record: order('SHOPIFY:ORDER:2')})
    const upserted = await call('upsert', {record: order('SHOPIFY:ORDER:2', memo)})
    expect(upserted.writeResponse.status.attributes.isSuccess).toBe('true')

    const list = await call('addList', {record: [order('SHOPIFY:ORDER:3'), order('SHOPIFY:ORDER:2')]})
    const responsesOfList: Answer[] = list.writeResponseList.writeResponse
    expect(outcomes(responsesOfList)).toEqual(['true', 'false'])

    const read = await call('getList', {baseRef: [ref('SHOPIFY:ORDER:2'), ref('none'), ref('SHOPIFY:ORDER:3')]})
    const responses: Answer[] = read.readResponseList.readResponse
    expect(outcomes(responses)).toEqual(['true', 'false', 'true'])
    expect(responses[0]?.record.memo).toBe(memo['tranSales:memo'])
  })

  test('searches, transforms and asks for lists and limits', async () => {
    await call('add', {record: order('SHOPIFY:ORDER:4')})
    const found = await call('search', {
      searchRecord: {
        attributes: {...ns, 'xsi:type': 'tranSales:TransactionSearch'},
        'tranSales:basic': {
          'platformCommon:externalId': {
            attributes: {operator: 'anyOf'},
            'platformCore:searchValue': [{attributes: {externalId: 'SHOPIFY:ORDER:4'}}],
          },
          'platformCommon:type': {attributes: {operator: 'anyOf'}, 'platformCore:searchValue': ['_salesOrder']},
        },
      },
    })
    expect([found.searchResult.totalRecords, found.searchResult.recordList.record.length]).toEqual([1, 1])

    const draft = await call('initialize', {
      initializeRecord: {
        type: 'itemFulfillment',
        reference: {attributes: {type: 'salesOrder', externalId: 'SHOPIFY:ORDER:4'}},
      },
    })
    expect(draft.readResponse.status.attributes.isSuccess).toBe('true')
    const values = await call('getSelectValue', {
      fieldDescription: {recordType: 'salesOrder', field: 'terms'},
      pageIndex: 1,
    })
    expect(values.getSelectValueResult.totalRecords).toBe(3)
    const limits = await call('getAccountGovernanceInfo', {})
    expect(Number(limits.getAccountGovernanceInfoResult.accountConcurrencyLimit)).toBe(2)
    const time = await call('getServerTime', {})
    expect(Math.abs(Number(time.getServerTimeResult.serverTime) - Date.now())).toBeLessThan(60_000)
  })

  test('a search goes on at its next page', async () => {
    const more = Array.from({length: 6}, (_, n) => order(`SHOPIFY:PAGE:${n}`))
    await call('addList', {record: more})
    preferences = {'platformMsgs:searchPreferences': {attributes: messages, 'platformMsgs:pageSize': 5}}
    const basic = {
      'platformCommon:externalIdString': {
        attributes: {operator: 'startsWith'},
        'platformCore:searchValue': 'SHOPIFY:PAGE',
      },
    }
    const searchRecord = {attributes: {...ns, 'xsi:type': 'platformCommon:TransactionSearchBasic'}, ...basic}
    const {searchResult: one} = await call('search', {searchRecord})
    const {searchResult: two} = await call('searchMoreWithId', {searchId: one.searchId, pageIndex: 2})
    preferences = {}
    expect([one.totalRecords, one.recordList.record.length, two.recordList.record.length]).toEqual([6, 5, 1])
  })

  test('requests over the limit of the account are blocked and change nothing', async () => {
    const ids = Array.from({length: 12}, (_, n) => `SHOPIFY:MANY:${n}`)
    await fetch(`${netSuite.url}/_sandbox/faults`, {
      method: 'POST',
      body: JSON.stringify({kind: 'delay', ms: 150, count: 2}),
    })
    const answers = await Promise.all(
      ids.map((id) => call('add', {record: order(id)}).catch((error: unknown) => error as Answer)),
    )
    const blocked = ids.filter((_id, n) => answers[n]?.root !== undefined)
    expect(blocked.length).toBeGreaterThan(0)
    for (const [n, id] of ids.entries()) {
      const fault = answers[n]?.root?.Envelope.Body.Fault
      const held = netSuite.engine.get('salesOrder', {externalId: id})
      expect(held.ok).toBe(fault === undefined)
      if (fault !== undefined) expect(fault.detail.exceededConcurrentRequestLimitFault.code).toBe('WS_REQUEST_BLOCKED')
    }
  })

  test.each<[string, Partial<Credentials>]>([
    ['a wrong secret', {tokenSecret: 'wrong'}],
    ['a clock ten minutes ahead', {timestamp: Math.floor(Date.now() / 1000) + 600}],
    ['an account in lower case', {account: company.account.toLowerCase()}],
    ['a passport that was used before', {nonce: 'abcdefghijklmnopqrst', timestamp: Math.floor(Date.now() / 1000)}],
  ])('%s is an invalid login', async (what, change) => {
    login = change
    if (what.startsWith('a passport')) await call('getServerTime', {})
    const refused = await call('getServerTime', {}).catch((error: unknown) => error as Answer)
    login = {}
    expect(refused.response.status).toBe(500)
    expect(refused.root.Envelope.Body.Fault).toMatchObject({
      faultstring: 'Invalid login attempt.',
      detail: {invalidCredentialsFault: {code: 'INVALID_LOGIN_CREDENTIALS'}},
    })
  })
})
