import {createRequire} from 'node:module'
import {afterAll, beforeAll, expect, inject, test} from 'vitest'

import {company} from '../../../src/sandbox/company.ts'
import {startNetSuite, type SandboxNetSuite} from '../../../src/sandbox/netsuite/server.ts'
import {order} from './client.ts'

type Response = {statusCode: number; rawHeaders: string[]; data: Record<string, unknown> | null}
type Client = {request(options: {path: string; method?: string; body?: string}): Promise<Response>}

// A client by other authors (CommonJS, without types): it signs and speaks as real accounts want it.
const NetSuiteRest = createRequire(import.meta.url)('netsuite-rest') as new (options: Record<string, string>) => Client

let netsuite: SandboxNetSuite
let client: Client

beforeAll(async () => {
  netsuite = await startNetSuite({port: 0, databaseUrl: inject('databaseUrl')})
  client = new NetSuiteRest({
    consumer_key: company.netsuite.consumerKey,
    consumer_secret_key: company.netsuite.consumerSecret,
    token: company.netsuite.tokenId,
    token_secret: company.netsuite.tokenSecret,
    realm: company.account,
    base_url: netsuite.url,
  })
})
afterAll(() => netsuite.stop())

const create = async (type: string, body: unknown): Promise<string> => {
  // The client copies the response, which loses its `headers`; the raw ones stay.
  const {rawHeaders} = await client.request({path: `record/v1/${type}`, method: 'POST', body: JSON.stringify(body)})
  return (
    rawHeaders
      .find((value) => value.includes('/record/v1/'))
      ?.split('/')
      .at(-1) ?? ''
  )
}

test('netsuite-rest creates a customer and an order, reads them and queries them', async () => {
  const customer = await create('customer', {
    companyName: 'Acme',
    externalId: 'ACME',
    email: 'a@acme.test',
    subsidiary: {id: '1'},
  })
  const id = await create('salesOrder', order({entity: {id: customer}, externalId: 'SHOPIFY:ORDER:9'}))

  const read = await client.request({path: 'record/v1/salesOrder/eid:SHOPIFY:ORDER:9?expandSubResources=true'})
  expect(read.data).toMatchObject({id, entity: {id: customer, refName: `CUS${customer} Acme`}, total: 48})

  const queried = await client.request({
    path: 'query/v1/suiteql?limit=5',
    method: 'POST',
    body: JSON.stringify({
      q: `SELECT t.id, c.companyName, t.foreigntotal FROM transaction t INNER JOIN customer c ON c.id = t.entity
          WHERE t.externalid = 'SHOPIFY:ORDER:9' AND c.dateCreated >= '01/01/2019'`,
    }),
  })
  expect(queried.data?.['items']).toEqual([{links: [], id, companyname: 'Acme', foreigntotal: '48'}])
})

test('netsuite-rest rejects on refusals with the status of the answer', async () => {
  const missing = client.request({path: 'record/v1/salesOrder/1'})

  await expect(missing).rejects.toMatchObject({response: {statusCode: 404}})
})
