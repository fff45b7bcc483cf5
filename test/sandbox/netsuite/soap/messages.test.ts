import {readFileSync} from 'node:fs'

import {describe, expect, test} from 'vitest'

import {concurrencyFault, handleSoap} from '../../../../src/sandbox/netsuite/soap/handler.ts'
import {all, call, envelope, openAccount, orderXml, passport, text} from './account.ts'
import {hasSchema, invalidities, wsdlFile} from './validation.ts'

const address =
  '<cm:country>_unitedStates</cm:country><cm:attention>Jane</cm:attention><cm:addressee>Doe &amp; Co</cm:addressee>' +
  '<cm:addr1>1 Main</cm:addr1><cm:city>Austin</cm:city><cm:state>TX</cm:state><cm:zip>78701</cm:zip>'

const custom = (scriptId: string, value: string): string =>
  `<s:customFieldList><c:customField xsi:type="c:StringCustomFieldRef" scriptId="${scriptId}"><c:value>${value}</c:value></c:customField></s:customFieldList>`

const order = orderXml({
  body:
    '<s:orderStatus>_pendingFulfillment</s:orderStatus><s:otherRefNum>#1001</s:otherRefNum><s:memo>ships &lt;late&gt;</s:memo>' +
    `<s:billingAddress>${address}</s:billingAddress><s:shippingAddress>${address}</s:shippingAddress>` +
    '<s:shipMethod internalId="8001"/><s:shippingCost>5.95</s:shippingCost>',
  lines:
    '<s:item><s:item internalId="1001"/><s:quantity>2</s:quantity><s:price internalId="-1"/><s:amount>40</s:amount>' +
    `<s:location internalId="1"/>${custom('custcol_tieout_line_key', '11')}</s:item>` +
    '<s:item><s:item internalId="9001"/><s:amount>-4.5</s:amount></s:item>',
  after: custom('custbody_tieout_order_id', '5001'),
})

const customer =
  '<m:record xsi:type="r:Customer" externalId="SHOPIFY:CUSTOMER:7"><r:isPerson>true</r:isPerson><r:firstName>Zoë</r:firstName>' +
  "<r:lastName>O'Hara</r:lastName><r:phone>+1 512 555 0100</r:phone><r:email>zoe@example.com</r:email>" +
  '<r:subsidiary internalId="1"/><r:addressbookList><r:addressbook><r:defaultShipping>true</r:defaultShipping>' +
  `<r:label>Home</r:label><r:addressbookAddress>${address}</r:addressbookAddress></r:addressbook></r:addressbookList>` +
  '<r:currencyList><r:currency><r:currency internalId="1"/></r:currency></r:currencyList>' +
  '<r:customFieldList><c:customField xsi:type="c:StringCustomFieldRef" scriptId="custentity_tieout_customer_id"><c:value>7</c:value>' +
  '</c:customField></r:customFieldList></m:record>'

const applicationInfo = '<m:applicationInfo><m:applicationId>1</m:applicationId></m:applicationInfo>'
const ref = (type: string, id: string): string => `<m:baseRef xsi:type="c:RecordRef" type="${type}" ${id}/>`
const byType = '<cm:type operator="anyOf"><c:searchValue>_salesOrder</c:searchValue></cm:type>'

/** Every operation of the sandbox, in an order that leaves something to answer. */
const conversation: readonly (readonly [string, string])[] = [
  ['add', order],
  ['add', order],
  ['upsert', customer],
  ['addList', orderXml({externalId: 'A'}) + orderXml({externalId: 'B', lines: ''})],
  ['update', '<m:record xsi:type="s:SalesOrder" externalId="A"><s:memo>changed</s:memo></m:record>'],
  ['updateList', '<m:record xsi:type="s:SalesOrder" externalId="nowhere"><s:memo>x</s:memo></m:record>'],
  ['upsertList', orderXml({externalId: 'A'})],
  ['get', ref('salesOrder', 'externalId="SHOPIFY:ORDER:5001"')],
  ['get', ref('customer', 'externalId="SHOPIFY:CUSTOMER:7"')],
  ['get', ref('salesOrder', 'externalId="none"')],
  [
    'getList',
    ref('inventoryItem', 'internalId="1001"') +
      ref('discountItem', 'internalId="9001"') +
      ref('currency', 'internalId="2"'),
  ],
  ['search', `<m:searchRecord xsi:type="s:TransactionSearch"><s:basic>${byType}</s:basic></m:searchRecord>`],
  [
    'search',
    '<m:searchRecord xsi:type="cm:CustomerSearchBasic"><cm:email operator="is"><c:searchValue>zoe@example.com</c:searchValue></cm:email></m:searchRecord>',
  ],
  [
    'search',
    '<m:searchRecord xsi:type="a:ItemSearch"><a:basic><cm:itemId operator="startsWith"><c:searchValue>TEE</c:searchValue></cm:itemId></a:basic></m:searchRecord>',
  ],
  [
    'search',
    '<m:searchRecord xsi:type="s:TransactionSearch"><s:basic><cm:type operator="anyOf"><c:searchValue>_salesorder</c:searchValue></cm:type></s:basic></m:searchRecord>',
  ],
  ['searchMoreWithId', '<m:searchId>none</m:searchId><m:pageIndex>2</m:pageIndex>'],
  [
    'initialize',
    '<m:initializeRecord><c:type>invoice</c:type><c:reference type="salesOrder" externalId="SHOPIFY:ORDER:5001"/></m:initializeRecord>',
  ],
  [
    'initialize',
    '<m:initializeRecord><c:type>itemFulfillment</c:type><c:reference type="salesOrder" externalId="SHOPIFY:ORDER:5001"/></m:initializeRecord>',
  ],
  [
    'initialize',
    '<m:initializeRecord><c:type>cashSale</c:type><c:reference type="salesOrder" externalId="SHOPIFY:ORDER:5001"/></m:initializeRecord>',
  ],
  [
    'getSelectValue',
    '<m:fieldDescription><c:recordType>salesOrder</c:recordType><c:field>terms</c:field></m:fieldDescription><m:pageIndex>1</m:pageIndex>',
  ],
  [
    'getItemAvailability',
    '<m:itemAvailabilityFilter><c:item><c:recordRef internalId="1001"/></c:item></m:itemAvailabilityFilter>',
  ],
  [
    'getItemAvailability',
    '<m:itemAvailabilityFilter><c:item><c:recordRef internalId="0"/></c:item></m:itemAvailabilityFilter>',
  ],
  ['getServerTime', ''],
  ['getAccountGovernanceInfo', ''],
  ['getIntegrationGovernanceInfo', ''],
  ['getDataCenterUrls', '<m:account>1234567_SB1</m:account>'],
  ['getDataCenterUrls', '<m:account></m:account>'],
  ['delete', ref('salesOrder', 'externalId="A"')],
  ['deleteList', ref('salesOrder', 'externalId="SHOPIFY:ORDER:5001"') + ref('salesOrder', 'internalId="1"')],
]

const suiteTaxOrder = orderXml({
  body: '<s:taxDetailsOverride>true</s:taxDetailsOverride>',
  lines:
    '<s:item><s:item internalId="1001"/><s:quantity>2</s:quantity><s:amount>40</s:amount>' +
    '<s:taxDetailsReference>11</s:taxDetailsReference></s:item>',
  after:
    '<s:taxDetailsList><cm:taxDetails><cm:taxDetailsReference>11</cm:taxDetailsReference><cm:taxType internalId="101"/>' +
    '<cm:taxCode internalId="201"/><cm:taxBasis>40</cm:taxBasis><cm:taxRate>8.25</cm:taxRate><cm:taxAmount>3.3</cm:taxAmount>' +
    '</cm:taxDetails></s:taxDetailsList>',
})

/** Holds the whole conversation; gives requests and answers by name. */
async function converse(version: string): Promise<Record<string, string>> {
  const context = openAccount({version})
  const messages: Record<string, string> = {}
  for (const [index, [name, content]] of conversation.entries()) {
    const answer = await call(context, name, content)
    expect([name, answer.status, answer.status === 200 ? '' : answer.body]).toEqual([name, 200, ''])
    messages[`${index}-${name}-request`] = envelope(`<m:${name}>${content}</m:${name}>`, undefined, version)
    messages[`${index}-${name}-answer`] = answer.body
  }
  return messages
}

async function suiteTaxMessages(): Promise<Record<string, string>> {
  const context = openAccount({suiteTax: true})
  const added = await call(context, 'add', suiteTaxOrder)
  expect(all(added.root, 'message').map((m) => m.text)).toEqual([])
  const read = await call(context, 'get', ref('salesOrder', 'externalId="SHOPIFY:ORDER:5001"'))
  expect([text(read.root, 'taxTotal'), text(read.root, 'total')]).toEqual(['3.3', '43.3'])
  expect(all(read.root, 'taxDetailsReference').map((each) => each.text)).toEqual(['11', '11'])
  return {taxRequest: envelope(`<m:add>${suiteTaxOrder}</m:add>`), taxAdded: added.body, taxRead: read.body}
}

async function faultMessages(): Promise<Record<string, string>> {
  const context = openAccount()
  const revoked = openAccount({verifyPassport: () => ({ok: false, reason: 'token_rejected'})})
  const answers = {
    login: await call(revoked, 'add', order),
    records: await call(context, 'addList', orderXml().repeat(201)),
    ambiguous: await call(context, 'add', order, passport + applicationInfo),
    version: await handleSoap(envelope('<m:add/>', undefined, '2023_2'), {soapaction: 'add'}, context),
    unknown: await call(context, 'getAll', ''),
    concurrency: concurrencyFault('2025_2'),
  }
  expect(Object.values(answers).map(({status}) => status)).toEqual(Object.values(answers).map(() => 500))
  return Object.fromEntries(Object.entries(answers).map(([name, {body}]) => [`fault-${name}`, body]))
}

/** The schema has 4 MB; loading it takes 2 s on an idle core and several times that on a busy one. */
const LOADING_MS = 90_000

describe.runIf(hasSchema)("messages agree with Oracle's schema", () => {
  test(
    '2025.2: requests and answers of every operation, taxes of SuiteTax and faults are valid',
    async () => {
      // Shows that the validation finds what it should: line stands before quantity.
      const control = envelope(
        `<m:add>${orderXml({lines: '<s:item><s:line>1</s:line><s:quantity>2</s:quantity></s:item>'})}</m:add>`,
      )
      const messages = {
        ...(await converse('2025_2')),
        ...(await suiteTaxMessages()),
        ...(await faultMessages()),
        control,
      }
      const found = await invalidities('2025_2', messages)
      expect(found.filter((line) => !line.startsWith('control.xml'))).toEqual([])
      expect(found.join()).toMatch(/control\.xml.*quantity.*not expected/s)
    },
    LOADING_MS,
  )

  test(
    '2023.2: requests and answers of every operation are valid',
    async () => {
      expect(await invalidities('2023_2', await converse('2023_2'))).toEqual([])
    },
    LOADING_MS,
  )

  test("Oracle's sample order is taken", async () => {
    const sample = readFileSync(
      wsdlFile('2025_2').replace('2025_2/netsuite.wsdl', 'sample-upsert-salesorder-2025_2.xml'),
      'utf8',
    )
    const context = openAccount()
    await call(context, 'add', customer.replace('SHOPIFY:CUSTOMER:7', 'SHOPIFY-CUST-77'))
    const known = sample
      .replace('<s:item internalId="42"/>', '<s:item internalId="1001"/>')
      .replace('custbody_shopify_order_id', 'custbody_tieout_order_id')
    const answer = await handleSoap(known, {soapaction: 'upsert'}, context)
    expect(answer).toMatchObject({status: 200, operation: 'upsert', records: 1})
    expect(answer.body).toContain('isSuccess="true"')
  })
})
