import {afterEach, describe, expect, test} from 'vitest'

import {errorOf, errorOfStatus} from '../../../src/lib/netsuite/faults.ts'
import {order} from './arbitraries.ts'
import {
  addAnswer,
  clientFor,
  playNetSuite,
  restError,
  soapAnswer,
  soapFault,
  writeResponse,
} from './playing-netsuite.ts'

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

type Answer = {status?: number; body: string; headers?: Record<string, string>}

/** Answers everything with the same words; gives what a client makes of them. */
async function answering(answer: Answer, settings: Parameters<typeof clientFor>[1] = {}) {
  const server = await playNetSuite((_, response) => {
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body)
  })
  stops.push(server.stop)
  return {...clientFor(server.url, settings), seen: server.seen}
}

const soapShapes: [string, Answer, object][] = [
  ['a login that is refused', {status: 500, body: soapFault('invalidCredentialsFault', 'INVALID_LOGIN_CREDENTIALS', 'Invalid login attempt.')}, {code: 'NETSUITE_LOGIN_REFUSED', exitCode: 12}],
  ['a login that is refused in the fault string only', {status: 500, body: soapAnswer('<soapenv:Fault><faultcode>soapenv:Server.userException</faultcode><faultstring>Invalid login attempt.</faultstring></soapenv:Fault>')}, {code: 'NETSUITE_LOGIN_REFUSED'}],
  ['two ways to log in at once', {status: 500, body: soapFault('invalidCredentialsFault', 'USER_ERROR', 'Ambiguous authentication')}, {code: 'NETSUITE_LOGIN_REFUSED'}],
  ['a role without permission', {status: 500, body: soapFault('insufficientPermissionFault', 'INSUFFICIENT_PERMISSION', 'Permission Violation: You need a higher level of the \'Transactions -> Sales Order\' permission to access this page.')}, {code: 'NETSUITE_PERMISSION_MISSING', exitCode: 12}],
  ['an unexpected error', {status: 500, body: soapFault('unexpectedErrorFault', 'UNEXPECTED_ERROR', 'An unexpected error occurred. Error ID: abc')}, {code: 'NETSUITE_UNEXPECTED_ERROR', outcomeUnknown: true}],
  ['maintenance', {status: 500, body: soapFault('unexpectedErrorFault', 'ACCT_TEMP_UNAVAILABLE', 'Your account is temporarily unavailable.')}, {code: 'NETSUITE_UNAVAILABLE', outcomeUnknown: false}],
  ['a version that is gone', {status: 500, body: soapFault('invalidVersionFault', 'UNSUPPORTED_WS_VERSION', 'This version is not supported.')}, {code: 'NETSUITE_VERSION_REFUSED', exitCode: 10}],
  ['a bad gateway', {status: 502, body: '<html><body>Bad Gateway</body></html>'}, {code: 'NETSUITE_UNAVAILABLE', outcomeUnknown: true}],
  ['a page of a proxy that says all is well', {body: '<html><body>Please log in to the Wi-Fi</body></html>'}, {code: 'NETSUITE_ANSWER_MALFORMED', outcomeUnknown: true}],
  ['an answer cut in half', {body: addAnswer(writeResponse({id: '7'})).slice(0, 400)}, {code: 'NETSUITE_ANSWER_MALFORMED', outcomeUnknown: true}],
  ['an empty answer', {body: ''}, {code: 'NETSUITE_ANSWER_MALFORMED', outcomeUnknown: true}],
  ['an answer to another question', {body: soapAnswer('<getResponse xmlns="urn:m"/>')}, {code: 'NETSUITE_ANSWER_MALFORMED', outcomeUnknown: true}],
  ['an answer with a document type', {body: `<!DOCTYPE x [<!ENTITY a "b">]>${soapAnswer('<addResponse/>')}`}, {code: 'NETSUITE_ANSWER_MALFORMED'}],
  ['an answer that is not packed as it says', {body: addAnswer(writeResponse({id: '7'})), headers: {'content-encoding': 'gzip'}}, {outcomeUnknown: true}],
  ['more statuses than records', {body: soapAnswer(`<addResponse xmlns="urn:m">${writeResponse({id: '1'})}${writeResponse({id: '2'})}</addResponse>`)}, {code: 'NETSUITE_ANSWER_MALFORMED', outcomeUnknown: true}],
] // prettier-ignore

describe('a whole message that goes wrong over SOAP', () => {
  test.each(soapShapes)('%s', async (_, answer, error) => {
    const {netsuite, seen, door} = await answering(answer)

    await expect(netsuite.salesOrders.add([order()])).rejects.toMatchObject(error)
    expect(seen).toHaveLength(1)
    expect(door.released).toBe(door.taken)
  })

  test.each([
    ['exceededConcurrentRequestLimitFault', 'WS_REQUEST_BLOCKED'],
    ['exceededRequestLimitFault', 'WS_CONCUR_SESSION_DISALLWD'],
  ])('%s did nothing, so a write is tried again, later each time, and the permits are told', async (fault, code) => {
    const {netsuite, seen, door, waits} = await answering({
      status: 500,
      body: soapFault(fault, code, 'Only one request'),
    })

    await expect(netsuite.salesOrders.add([order()])).rejects.toMatchObject({
      code: 'NETSUITE_BUSY',
      outcomeUnknown: false,
    })
    expect(seen).toHaveLength(5)
    expect(door).toEqual({taken: 5, released: 5, refusals: 5})
    expect(waits).toHaveLength(4)
    const nonces = seen.map(({body}) => /nonce>(\w+)</.exec(body)?.[1])
    expect(new Set(nonces).size).toBe(5)
  })
})

const refusals: [string, string, string, string][] = [
  ['an id that does not exist', 'INVALID_KEY_OR_REF', 'Invalid item reference key 4711.', 'NETSUITE_REFERENCE_INVALID'],
  ['a field that became mandatory', 'USER_ERROR', 'Please enter value(s) for: Department', 'NETSUITE_FIELD_MISSING'],
  ['a value that is none', 'USER_ERROR', 'You have entered an Invalid Field Value 9999 for the following field: item', 'NETSUITE_VALUE_INVALID'],
  ['a name that is taken', 'DUP_ENTITY', 'This entity already exists.', 'NETSUITE_NAME_TAKEN'],
  ['a record that changed meanwhile', 'RCRD_HAS_BEEN_CHANGED', 'Record has been changed', 'NETSUITE_RECORD_CHANGED'],
  ['a field that the role must not set', 'INSUFFICIENT_PERMISSION', 'You do not have permissions to set a value for element handlingcost due to one of the following reasons: 1) The field is read-only; 2) An associated feature is disabled; 3) …', 'NETSUITE_FIELD_REFUSED'],
  ['a record that a workflow locks', 'RCRD_LOCKED_BY_WF', 'This record has been locked by a user defined workflow.', 'NETSUITE_RECORD_LOCKED'],
  ['a closed period', 'USER_ERROR', 'The transaction date you specified is not within the date range of your accounting period.', 'NETSUITE_PERIOD_CLOSED'],
  ['a record that is gone', 'RCRD_DSNT_EXIST', 'That record does not exist. path: salesOrder', 'NETSUITE_RECORD_GONE'],
  ['a script of the account', 'SSS_USAGE_LIMIT_EXCEEDED', 'Script Execution Usage Limit Exceeded', 'NETSUITE_SCRIPT_FAILED'],
  ['something unexpected', 'UNEXPECTED_ERROR', 'An unexpected error occurred. Error ID: x', 'NETSUITE_UNEXPECTED_ERROR'],
  ['a role without the permission', 'USER_ERROR', 'Your current role does not have permission to perform this action.', 'NETSUITE_PERMISSION_MISSING'],
  ['what nobody has seen yet', 'ABORT_SEARCH_EXCEEDED_MAX_TIME', 'Whatever', 'NETSUITE_REFUSED'],
] // prettier-ignore

describe('one record that is refused', () => {
  test.each(refusals)(
    '%s: its status carries NetSuite’s words, and they mean the right thing',
    async (_, code, message, ours) => {
      const body = addAnswer(writeResponse({code, message: message.replace('->', '-&gt;')}))
      const {netsuite} = await answering({body})
      const [status] = await netsuite.salesOrders.add([order()])

      expect(status).toMatchObject({outcome: 'refused', code, message, requestId: 'WEBSERVICES_1234567_SB1_0'})
      if (status?.outcome !== 'refused') throw new Error('unreachable')
      const error = errorOfStatus(status, 'SHOPIFY:ORDER:5001')
      expect(error.code).toBe(ours)
      expect(error.message).toContain(code)
    },
  )

  test('an external ID that is taken is no fault, but says whose the order is', async () => {
    const {netsuite} = await answering({body: addAnswer(writeResponse({code: 'DUP_RCRD', message: 'x'}))})

    expect(await netsuite.salesOrders.add([order()])).toMatchObject([{outcome: 'duplicate'}])
  })

  test('a script that failed after the record was stored leaves it stored, with a warning', async () => {
    const core = 'xmlns:platformCore="urn:core_2025_2.platform.webservices.netsuite.com"'
    const detail = `<platformCore:statusDetail type="ERROR" ${core}><platformCore:code>USER_ERROR</platformCore:code><platformCore:message>email not sent</platformCore:message><platformCore:afterSubmitFailed>true</platformCore:afterSubmitFailed></platformCore:statusDetail>`
    const {netsuite} = await answering({body: addAnswer(writeResponse({id: '77', detail}))})

    expect(await netsuite.salesOrders.add([order()])).toMatchObject([
      {outcome: 'saved', id: '77', warnings: ['USER_ERROR: email not sent']},
    ])
  })

  test('in a list, each order has its own fate, in the order of the question', async () => {
    const body = addAnswer(
      writeResponse({id: '1'}),
      writeResponse({code: 'INVALID_KEY_OR_REF', message: 'Invalid item reference key 1.'}),
      writeResponse({code: 'DUP_RCRD', message: 'x'}),
    )
    const {netsuite, notes} = await answering({body})
    const orders = [1, 2, 3].map((n) => order({externalId: `SHOPIFY:ORDER:${n}`}))

    expect((await netsuite.salesOrders.add(orders)).map(({outcome}) => outcome)).toEqual([
      'saved',
      'refused',
      'duplicate',
    ])
    expect(notes).toMatchObject([{channel: 'soap', operation: 'addList', records: 3, outcome: 'ok'}])
  })

  test('text that cannot be sent refuses its own order only', async () => {
    const {netsuite, seen} = await answering({body: addAnswer(writeResponse({id: '1'}))})
    const orders = [order({externalId: 'SHOPIFY:ORDER:1', memo: 'a\u0000b'}), order({externalId: 'SHOPIFY:ORDER:2'})]
    const [bad, good] = await netsuite.salesOrders.add(orders)

    expect(bad).toMatchObject({outcome: 'refused', code: 'TEXT_NOT_SENDABLE'})
    expect(good).toMatchObject({outcome: 'saved', id: '1'})
    expect(seen[0]?.body).not.toContain('SHOPIFY:ORDER:1"')
    if (bad?.outcome === 'refused') expect(errorOfStatus(bad, 'x').code).toBe('TEXT_NOT_SENDABLE')
  })
})

const restShapes: [string, Answer, object][] = [
  ['a login that is refused', {status: 401, body: restError(401, 'INVALID_LOGIN', 'Invalid login attempt. For more details, see the Login Audit Trail')}, {code: 'NETSUITE_LOGIN_REFUSED'}],
  ['a role without permission', {status: 400, body: restError(400, 'USER_ERROR', 'Your current role does not have permission to perform this action.')}, {code: 'NETSUITE_PERMISSION_MISSING'}],
  ['REST switched off', {status: 403, body: restError(403, 'INSUFFICIENT_PERMISSION', 'REST Web Services feature is off')}, {code: 'NETSUITE_PERMISSION_MISSING'}],
  ['an unexpected error', {status: 500, body: restError(500, 'UNEXPECTED_ERROR', 'An unexpected error occurred. Error ID: x')}, {code: 'NETSUITE_UNEXPECTED_ERROR', outcomeUnknown: true}],
  ['HTML with status 200', {body: '<html></html>'}, {code: 'NETSUITE_ANSWER_MALFORMED', outcomeUnknown: true}],
  ['HTML with status 500', {status: 500, body: '<html></html>'}, {code: 'NETSUITE_ANSWER_MALFORMED', outcomeUnknown: true}],
  ['a gateway time-out', {status: 504, body: '<html></html>'}, {code: 'NETSUITE_UNAVAILABLE', outcomeUnknown: true}],
  ['another data centre', {status: 302, body: '', headers: {location: 'https://elsewhere.test/'}}, {code: 'NETSUITE_ADDRESS_WRONG', exitCode: 10}],
  ['no Location of what was saved', {status: 204, body: ''}, {code: 'NETSUITE_ANSWER_MALFORMED', outcomeUnknown: true}],
] // prettier-ignore

describe('REST', () => {
  const rest = {channels: {salesOrder: 'rest' as const, customer: 'rest' as const}}

  test.each(restShapes)('%s', async (_, answer, error) => {
    const {netsuite, seen} = await answering(answer, rest)

    await expect(netsuite.salesOrders.add([order()])).rejects.toMatchObject(error)
    expect(seen).toHaveLength(1)
  })

  test('a refused record is a status, with the path that NetSuite names', async () => {
    const body = restError(400, 'INVALID_CONTENT', 'You have entered an Invalid Field Value 9999', 'item.items[0].item')
    const {netsuite} = await answering({status: 400, body}, rest)
    const [status] = await netsuite.salesOrders.add([order()])

    expect(status).toMatchObject({outcome: 'refused', code: 'INVALID_CONTENT'})
    expect(status).toHaveProperty('message', expect.stringContaining('item.items[0].item'))
  })

  test('429 is tried again and the permits are told', async () => {
    const body = restError(429, 'CONCURRENCY_LIMIT_EXCEEDED', 'Concurrent request limit exceeded. Request blocked.')
    const {netsuite, seen, door} = await answering({status: 429, body}, rest)

    await expect(netsuite.salesOrders.add([order()])).rejects.toMatchObject({code: 'NETSUITE_BUSY'})
    expect(seen).toHaveLength(5)
    expect(door.refusals).toBe(5)
  })

  test('"already exists" is a duplicate when the external ID is there, and a taken name when it is not', async () => {
    const customer = {type: 'customer', externalId: 'SHOPIFY:CUSTOMER:1', isPerson: true, firstName: 'A', lastName: 'B', companyName: null, email: null, phone: null, subsidiary: null, currency: null, billingAddress: null, shippingAddress: null, customFields: {}} as const // prettier-ignore
    for (const [isThere, outcome] of [
      [true, 'duplicate'],
      [false, 'refused'],
    ] as const) {
      // prettier-ignore
      const server = await playNetSuite(({method}, response) => {
        if (method === 'POST') {
          const words = 'Error while accessing a resource. This entity already exists.'
          return void response.writeHead(400).end(restError(400, 'USER_ERROR', words))
        }
        if (isThere) return void response.end('{"id": "7", "externalId": "SHOPIFY:CUSTOMER:1"}')
        response.writeHead(404).end(restError(404, 'NONEXISTENT_ID', 'Record does not exist.'))
      })
      stops.push(server.stop)
      const {netsuite} = clientFor(server.url)

      expect(await netsuite.customers.add(customer)).toMatchObject({outcome})
      expect(server.seen.map(({path}) => path).at(-1)).toContain('/customer/eid:SHOPIFY%3ACUSTOMER%3A1')
    }
  })

  test('a misspelled property would be an error, and what is saved is known by its Location', async () => {
    const headers = {location: 'https://x.test/services/rest/record/v1/salesOrder/4711'}
    const {netsuite, seen} = await answering({status: 204, body: '', headers}, rest)

    expect(await netsuite.salesOrders.add([order()])).toMatchObject([{outcome: 'saved', id: '4711'}])
    expect(seen[0]?.headers['x-netsuite-propertynamevalidation']).toBe('Error')
  })

  test('a list of lines that came back cut is not taken for the whole', async () => {
    const body = JSON.stringify({id: '1', item: {items: [{line: 1}], totalResults: 2, hasMore: true}})
    const {netsuite} = await answering({body}, rest)

    await expect(netsuite.salesOrders.get([{id: '1'}])).rejects.toMatchObject({code: 'NETSUITE_ANSWER_MALFORMED'})
  })
})

test('a RESTlet’s refusal for concurrency comes as HTTP 400 and is one all the same', () => {
  const fault = {operation: 'POST restlet', write: true, httpStatus: 400, faultName: null, code: 'SSS_REQUEST_LIMIT_EXCEEDED', message: 'Request Limit Exceeded!'} // prettier-ignore

  expect(errorOf(fault)).toMatchObject({code: 'NETSUITE_BUSY', outcomeUnknown: false})
})
