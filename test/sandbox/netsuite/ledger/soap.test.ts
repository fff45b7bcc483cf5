import {expect, test} from 'vitest'

import {accountId} from '../../../../src/sandbox/netsuite/seed-accounts.ts'
import {all, call, first, openAccount, orderXml, text} from '../soap/account.ts'
import type {XmlNode} from '../../../../src/sandbox/netsuite/soap/tree.ts'

type Account = ReturnType<typeof openAccount>

const day = (prefix: string): string => `<${prefix}:tranDate>2026-11-20T12:00:00.000Z</${prefix}:tranDate>`
const account = (prefix: string, number: string): string => `<${prefix}:account internalId="${accountId(number)}"/>`

/** Adds a record and gives its id. Throws what the account answered. */
async function added(context: Account, record: string): Promise<string> {
  const {root} = await call(context, 'addList', record)
  const id = all(root, 'baseRef')[0]?.attributes.get('internalId')
  if (id === undefined || first(root, 'writeResponse').children[0]?.attributes.get('isSuccess') !== 'true') {
    throw new Error(
      all(root, 'message')
        .map((node) => node.text)
        .join('\n') || JSON.stringify(root),
    )
  }
  return id
}

async function got(context: Account, type: string, id: string): Promise<XmlNode> {
  const ref = `<m:baseRef xsi:type="c:RecordRef" type="${type}" internalId="${id}"/>`
  return first((await call(context, 'getList', ref)).root, 'record')
}

async function draft(context: Account, type: string, from: string, id: string): Promise<XmlNode> {
  const ask = `<m:initializeRecord><c:type>${type}</c:type><c:reference type="${from}" internalId="${id}"/></m:initializeRecord>`
  return first((await call(context, 'initialize', ask)).root, 'record')
}

test('the life of an order through SOAP, each record in the order of the schema', async () => {
  const context = openAccount()
  const so = await added(context, orderXml({body: '<s:orderStatus>_pendingFulfillment</s:orderStatus>'}))
  const paid = await added(
    context,
    `<m:record xsi:type="t:CustomerDeposit" externalId="D1"><t:customer internalId="500"/><t:salesOrder internalId="${so}"/>
    <t:payment>40</t:payment>${day('t')}<t:undepFunds>true</t:undepFunds></m:record>`,
  )
  const shipped = await added(
    context,
    `<m:record xsi:type="s:ItemFulfillment"><s:createdFrom internalId="${so}"/><s:shipStatus>_shipped</s:shipStatus>${day('s')}
    <s:packageList><s:package><s:packageTrackingNumber>1Z1</s:packageTrackingNumber></s:package></s:packageList>
    <s:itemList><s:item><s:itemReceive>true</s:itemReceive><s:location internalId="1"/><s:quantity>2</s:quantity>
    <s:orderLine>1</s:orderLine></s:item></s:itemList></m:record>`,
  )
  const billed = await added(
    context,
    `<m:record xsi:type="s:Invoice" externalId="B1"><s:entity internalId="500"/>${day('s')}<s:createdFrom internalId="${so}"/>
    <s:itemList><s:item><s:amount>40</s:amount><s:quantity>2</s:quantity><s:price internalId="-1"/>
    <s:orderLine>1</s:orderLine></s:item></s:itemList></m:record>`,
  )
  const authorized = await added(
    context,
    `<m:record xsi:type="t:ReturnAuthorization"><t:entity internalId="500"/>${day('t')}<t:createdFrom internalId="${so}"/>
    <t:orderStatus>_pendingReceipt</t:orderStatus><t:itemList><t:item><t:orderLine>1</t:orderLine><t:quantity>1</t:quantity>
    <t:price internalId="-1"/><t:amount>20</t:amount></t:item></t:itemList></m:record>`,
  )
  await added(
    context,
    `<m:record xsi:type="p:ItemReceipt"><p:createdFrom internalId="${authorized}"/>${day('p')}<p:itemList><p:item>
    <p:itemReceive>true</p:itemReceive><p:orderLine>1</p:orderLine><p:location internalId="1"/><p:quantity>1</p:quantity>
    <p:restock>true</p:restock></p:item></p:itemList></m:record>`,
  )
  const credit = await added(
    context,
    `<m:record xsi:type="t:CreditMemo"><t:entity internalId="500"/>${day('t')}<t:createdFrom internalId="${authorized}"/>
    <t:itemList><t:item><t:orderLine>1</t:orderLine><t:quantity>1</t:quantity><t:price internalId="-1"/><t:amount>20</t:amount>
    </t:item></t:itemList></m:record>`,
  )
  const back = await added(
    context,
    `<m:record xsi:type="t:CustomerRefund"><t:customer internalId="500"/>${day('t')}${account('t', '1010')}<t:applyList>
    <t:apply><t:apply>true</t:apply><t:doc>${credit}</t:doc><t:amount>20</t:amount></t:apply></t:applyList></m:record>`,
  )
  const payout = await added(
    context,
    `<m:record xsi:type="b:Deposit" externalId="P1">${account('b', '1000')}${day('b')}<b:paymentList>
    <b:depositPayment><b:deposit>true</b:deposit><b:id>${paid}</b:id></b:depositPayment>
    <b:depositPayment><b:deposit>true</b:deposit><b:id>${back}</b:id></b:depositPayment></b:paymentList>
    <b:cashBackList><b:depositCashBack><b:amount>1.5</b:amount>${account('b', '6000')}</b:depositCashBack></b:cashBackList>
    </m:record>`,
  )
  const check = await added(
    context,
    `<m:record xsi:type="b:Check">${account('b', '1000')}${day('b')}<b:expenseList><b:expense>${account('b', '1005')}
    <b:amount>3</b:amount></b:expense></b:expenseList></m:record>`,
  )

  const deposit = await got(context, 'customerDeposit', paid)
  expect([text(deposit, 'status'), text(deposit, 'undepFunds')]).toEqual(['Fully Applied', 'true'])
  expect(text(await got(context, 'itemFulfillment', shipped), 'packageTrackingNumber')).toBe('1Z1')
  expect(text(await got(context, 'invoice', billed), 'status')).toBe('Paid In Full')
  expect(text(await got(context, 'creditMemo', credit), 'unapplied')).toBe('0.0')
  expect(text(await got(context, 'customerRefund', back), 'total')).toBe('20.0')
  expect(text(await got(context, 'deposit', payout), 'total')).toBe('18.5')
  expect(text(await got(context, 'check', check), 'userTotal')).toBe('3.0')
})

test('drafts of what pays, applies and refunds name the document and what is open on it', async () => {
  const context = openAccount()
  const added1 = async (type: string, fields: object, lines: object = {}): Promise<string> => {
    const outcome = context.engine.add({type, fields: {...fields}, lines: {...lines}})
    if (!outcome.ok) throw new Error(outcome.message)
    return outcome.id
  }
  const item = [{fields: {item: {id: '9006'}, quantity: '1', amount: '10.00'}}]
  const invoice = await added1('invoice', {entity: {id: '500'}}, {item})
  const credit = await added1('creditMemo', {entity: {id: '500'}}, {item})
  const deposit = await added1('customerDeposit', {customer: {id: '500'}, payment: '7.00'})

  const payment = await draft(context, 'customerPayment', 'invoice', invoice)
  expect([text(payment, 'doc'), text(payment, 'payment')]).toEqual([invoice, '10.0'])
  expect(text(await draft(context, 'customerRefund', 'creditMemo', credit), 'amount')).toBe('10.0')
  expect(text(await draft(context, 'customerRefund', 'customerDeposit', deposit), 'amount')).toBe('7.0')
  const application = await draft(context, 'depositApplication', 'customerDeposit', deposit)
  expect(first(application, 'deposit').attributes.get('internalId')).toBe(deposit)
  expect(first(await draft(context, 'creditMemo', 'invoice', invoice), 'itemList').children).toHaveLength(1)
})
