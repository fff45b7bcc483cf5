import {afterAll, beforeAll, expect, inject, test} from 'vitest'

import {company} from '../../../../src/sandbox/company.ts'
import {accountId} from '../../../../src/sandbox/netsuite/seed-accounts.ts'
import {startNetSuite, type SandboxNetSuite} from '../../../../src/sandbox/netsuite/server.ts'
import {call, control, idOf, order, query, type Reply} from '../client.ts'

let netsuite: SandboxNetSuite

beforeAll(async () => {
  netsuite = await startNetSuite({port: 0, databaseUrl: inject('databaseUrl')})
})
afterAll(() => netsuite.stop())

const STRICT = {'x-netsuite-propertynamevalidation': 'Error'}
const account = (number: string): {id: string} => ({id: accountId(number)})

async function created(path: string, body: unknown): Promise<string> {
  return idOf(await call(netsuite.url, 'POST', `record/v1/${path}`, {body, headers: STRICT}))
}

async function read(path: string): Promise<Reply['body']> {
  return (await call(netsuite.url, 'GET', `record/v1/${path}?expandSubResources=true`)).body
}

type Balance = Readonly<{account: string; debit: string; credit: string; balance: string}>

async function gl(): Promise<Record<string, string>> {
  const rows = await control<Balance[]>(netsuite.url, 'GET', 'gl')
  return Object.fromEntries(rows.filter(({balance}) => Number(balance) !== 0).map((row) => [row.account, row.balance]))
}

const customer = {id: company.walkInCustomer.id}
const day = {tranDate: '2026-11-20'}

test('the life of an order through the REST service: paid, shipped, billed, returned, refunded, paid out', async () => {
  const so = await created(
    'salesOrder',
    order({externalId: 'SHOPIFY:ORDER:1', shipMethod: {id: '8001'}, shippingCost: 5}),
  )
  const paid = await created('customerDeposit', {
    externalId: 'SHOPIFY:TRANSACTION:1', customer, salesOrder: {id: so}, payment: 53, undepFunds: true, ...day,
  }) // prettier-ignore
  const shipped = await created(`salesOrder/${so}/!transform/itemFulfillment`, {
    ...day,
    item: {items: [{orderLine: 1, quantity: 2, itemreceive: true}]},
    package: {items: [{packageTrackingNumber: '1Z1', packageDescr: 'UPS', packageWeight: 1.5}]},
  })
  const billed = await created(`salesOrder/${so}/!transform/invoice`, {
    ...day,
    externalId: 'SHOPIFY:BILL:1',
    shippingCost: 5,
  })
  const authorized = await created(`salesOrder/${so}/!transform/returnAuthorization`, day)
  await created(`returnAuthorization/${authorized}/!transform/itemReceipt`, {
    ...day,
    item: {items: [{orderLine: 1, quantity: 2, itemreceive: true, restock: true}]},
  })
  const credit = await created(`returnAuthorization/${authorized}/!transform/creditMemo`, {
    ...day,
    externalId: 'SHOPIFY:REFUND:1',
  })
  const back = await created('customerRefund', {
    customer, account: account('1010'), ...day, apply: {items: [{doc: {id: credit}, apply: true, amount: 48}]},
  }) // prettier-ignore
  const payout = await created('deposit', {
    externalId: 'SHOPIFY:PAYOUT:1', account: account('1000'), ...day,
    payment: {items: [{id: paid, deposit: true}, {id: back, deposit: true}]},
    cashback: {items: [{account: account('6000'), amount: 1.75, memo: 'fees'}]},
    other: {items: [{account: account('6090'), amount: 0.25}]},
  }) // prettier-ignore
  const check = await created('check', {
    account: account('1000'), ...day, expense: {items: [{account: account('1005'), amount: 2}]},
  }) // prettier-ignore

  expect(await read(`customerDeposit/${paid}`)).toMatchObject({payment: 53, status: {id: 'C'}, undepFunds: true})
  expect(await read(`itemFulfillment/${shipped}`)).toMatchObject({
    status: {id: 'C', refName: 'Shipped'},
    package: {items: [{packageTrackingNumber: '1Z1'}]},
  })
  expect(await read('invoice/eid:SHOPIFY:BILL:1')).toMatchObject({
    total: 53, amountPaid: 53, amountRemaining: 0, status: {refName: 'Paid In Full'}, account: {id: accountId('1100')},
  }) // prettier-ignore
  expect(await read(`creditMemo/${credit}`)).toMatchObject({
    total: 48,
    unapplied: 0,
    status: {refName: 'Fully Applied'},
  })
  expect(await read(`returnAuthorization/${authorized}`)).toMatchObject({status: {refName: 'Refunded'}})
  expect(await read(`customerRefund/${back}`)).toMatchObject({
    total: 48, account: {id: accountId('1010')}, apply: {items: [{doc: {id: credit}, amount: 48}]},
  }) // prettier-ignore
  expect(await read('deposit/eid:SHOPIFY:PAYOUT:1')).toMatchObject({
    id: payout, total: 3.5, payment: {items: [{id: paid, paymentAmount: 53}, {id: back, paymentAmount: -48}]},
  }) // prettier-ignore
  expect(await read(`check/${check}`)).toMatchObject({userTotal: 2})
  expect(await gl()).toEqual({'1000': '1.50', '1005': '2.00', '4300': '-5.00', '6000': '1.75', '6090': '-0.25'})
  expect(await read(`invoice/${billed}`)).toMatchObject({postingPeriod: {refName: 'Nov 2026'}})
})

test('sold and refunded in cash, and paid after the bill', async () => {
  const line = {item: {id: '9006'}, quantity: 1, amount: 10, price: {id: '-1'}}
  const cash = {entity: customer, account: account('1030'), ...day, item: {items: [line]}}
  const sale = await created('cashSale', {...cash, undepFunds: false})
  const back = await created(`cashSale/${sale}/!transform/cashRefund`, {...day, account: account('1030')})
  expect(await read(`cashRefund/${back}`)).toMatchObject({total: 10, createdFrom: {id: sale}})

  const billed = await created('invoice', {entity: customer, ...day, item: {items: [line]}})
  const payment = await created(`invoice/${billed}/!transform/customerPayment`, {...day, paymentMethod: {id: '3'}})
  expect(await read(`customerPayment/${payment}`)).toMatchObject({
    payment: 10, unapplied: 0, account: {id: accountId('1020')}, undepFunds: false, status: {refName: 'Deposited'},
  }) // prettier-ignore
})

test('SuiteQL adds up to the general ledger, and knows what is waiting for a bank deposit', async () => {
  await created('customerDeposit', {externalId: 'WAITING', customer, payment: 7, ...day})
  const sums = await query(
    netsuite.url,
    `SELECT a.acctnumber, SUM(NVL(tal.debit, 0)) - SUM(NVL(tal.credit, 0)) AS balance
     FROM transactionaccountingline tal INNER JOIN account a ON a.id = tal.account
     WHERE tal.posting = 'T' AND tal.accountingbook = 1 GROUP BY a.acctnumber ORDER BY a.acctnumber ASC`,
  )
  const balances = sums.body.items.map(({acctnumber, balance}) => [acctnumber, Number(balance).toFixed(2)] as const)
  expect(Object.fromEntries(balances.filter(([, balance]) => Number(balance) !== 0))).toEqual(await gl())

  const waiting = await query(
    netsuite.url,
    `SELECT t.externalid, t.foreigntotal FROM transaction t WHERE BUILTIN.CF(t.status) = 'CustDep:A' ORDER BY t.id ASC`,
  )
  expect(waiting.body.items).toMatchObject([{externalid: 'WAITING', foreigntotal: '7'}])
  const links = await query(
    netsuite.url,
    `SELECT DISTINCT l.linktype FROM previoustransactionlink l ORDER BY l.linktype ASC`,
  )
  expect(links.body.items.map(({linktype}) => linktype)).toEqual([
    'DepAppl', 'Deposit', 'OrdBill', 'OrdDep', 'Payment', 'SaleRet', 'ShipRcpt',
  ]) // prettier-ignore
})

test('the sandbox shows its postings, closes periods and changes preferences', async () => {
  const lines = await control<Record<string, string>[]>(netsuite.url, 'GET', 'gl/lines?account=6000')
  expect(lines).toMatchObject([{externalId: 'SHOPIFY:PAYOUT:1', debit: '1.75', credit: '0.00', date: '2026-11-20'}])
  expect(await control(netsuite.url, 'GET', 'gl/lines?transaction=WAITING')).toHaveLength(2)

  const late = {customer, payment: 1, tranDate: '2025-01-15'}
  await control(netsuite.url, 'POST', 'periods', {date: '2025-01-31', closed: true})
  expect((await call(netsuite.url, 'POST', 'record/v1/customerDeposit', {body: late})).status).toBe(400)
  await control(netsuite.url, 'POST', 'periods', {name: 'Jan 2025', closed: false})
  await created('customerDeposit', late)

  expect(await control(netsuite.url, 'POST', 'preferences', {expandAccountLists: false})).toMatchObject({
    expandAccountLists: false,
  })
  const body = {...late, account: account('2200'), undepFunds: false}
  expect((await call(netsuite.url, 'POST', 'record/v1/customerDeposit', {body})).status).toBe(400)
  expect(await control(netsuite.url, 'POST', 'preferences', {unicorns: true})).toHaveProperty('error')
  await control(netsuite.url, 'POST', 'reset')
  expect(await gl()).toEqual({})
  expect(await control(netsuite.url, 'GET', 'preferences')).toMatchObject({expandAccountLists: true})
})
