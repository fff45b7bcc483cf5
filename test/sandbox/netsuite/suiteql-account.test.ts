import {expect, inject, test} from 'vitest'

import {startNetSuite, type NetSuiteOptions, type SandboxNetSuite} from '../../../src/sandbox/netsuite/server.ts'
import {runOn, withDatabase} from '../../support/postgres.ts'
import {call, control, idOf, order, query} from './client.ts'

const databaseUrl = inject('databaseUrl')

async function withAccount(
  options: Partial<NetSuiteOptions>,
  work: (netsuite: SandboxNetSuite) => Promise<void>,
): Promise<void> {
  const netsuite = await startNetSuite({port: 0, databaseUrl, ...options})
  try {
    await work(netsuite)
  } finally {
    await netsuite.stop()
  }
}

/** Questions that an integration asks an account: the shapes of statements, not their answers. */
const QUESTIONS: [string, string, string[]][] = [
  ['the newest change', "SELECT TO_CHAR(MAX(t.lastmodifieddate), 'YYYY-MM-DD HH24:MI:SS') AS hw FROM transaction t WHERE t.type = 'SalesOrd' AND t.lastmodifieddate >= TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS')", ['2026-01-01 00:00:00']],
  ['changed orders in a window', "SELECT t.id, BUILTIN.CF(t.status) AS k FROM transaction t WHERE t.lastmodifieddate <= TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS') AND t.id > ? ORDER BY t.id ASC FETCH FIRST 1000 ROWS ONLY", ['2030-01-01 00:00:00', '0']],
  ['sellable items', "SELECT i.id, i.itemid, i.upccode, i.matrixtype FROM item i WHERE i.id > ? AND NVL(i.isinactive, 'F') = 'F' AND i.itemtype IN ('InvtPart', 'Kit') AND NVL(i.matrixtype, 'CHILD') = 'CHILD' ORDER BY i.id ASC FETCH FIRST 1000 ROWS ONLY", ['0']],
  ['addresses of customers', 'SELECT b.entity, b.label, a.city, a.country FROM customeraddressbook b INNER JOIN customeraddressbookentityaddress a ON a.nkey = b.addressbookaddress WHERE b.entity IN (?, ?) ORDER BY b.entity ASC', ['500', '501']],
  ['deposits of an order', "SELECT d.id, d.foreigntotal - NVL(d.foreignpaymentamountused, 0) AS open FROM transactionline dl INNER JOIN transaction d ON d.id = dl.transaction WHERE dl.createdfrom IN (?) AND dl.mainline = 'T' AND d.type = 'CustDep' AND NVL(d.voided, 'F') = 'F'", ['1']],
  ['links of a document', "SELECT 'N' AS side, l.previousdoc AS other FROM previoustransactionlinelink l WHERE l.nextdoc = ? UNION ALL SELECT 'P' AS side, l.nextdoc AS other FROM nexttransactionlinelink l WHERE l.previousdoc = ?", ['1', '1']],
  ['tracking numbers', 'SELECT m.transaction, n.trackingnumber FROM trackingnumbermap m INNER JOIN trackingnumber n ON n.id = m.trackingnumber WHERE m.transaction IN (?)', ['1']],
  ['units sold a day', "SELECT tl.item, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS day, -1 * SUM(tl.quantity) AS units FROM transaction t INNER JOIN transactionline tl ON tl.transaction = t.id INNER JOIN item i ON i.id = tl.item WHERE BUILTIN.CF(t.status) <> 'SalesOrd:C' AND NVL(tl.kitcomponent, 'F') = 'F' GROUP BY tl.item, TO_CHAR(t.trandate, 'YYYY-MM-DD')", []],
  ['scripts on orders', "SELECT s.scriptid, d.status FROM scriptdeployment d INNER JOIN script s ON s.id = d.script WHERE UPPER(d.recordtype) = 'SALESORDER' AND NVL(s.isinactive, 'F') = 'F'", []],
  ['features', "SELECT id, isactive FROM companyfeaturesetup WHERE id = 'SUBSIDIARIES'", []],
  ['the clocks', "SELECT TO_CHAR(SYSDATE, 'YYYY-MM-DD HH24:MI:SS') AS srv, TO_CHAR(CURRENT_DATE, 'YYYY-MM-DD') AS usr FROM dual", []],
  ['customers by e-mail', 'SELECT c.id FROM customer c WHERE LOWER(c.email) IN (?, ?)', ['a@b.test', 'c@d.test']],
  ['orders by prefix', "SELECT t.id FROM transaction t WHERE t.externalid LIKE 'SHOPIFY:ORDER:%' AND t.trandate BETWEEN TO_DATE(?, 'YYYY-MM-DD') AND TO_DATE(?, 'YYYY-MM-DD')", ['2026-01-01', '2026-12-31']],
  ['an item that was ordered', 'SELECT i.itemid FROM item i WHERE EXISTS (SELECT 1 AS one FROM transactionline tl WHERE tl.item = i.id) AND i.id NOT IN (SELECT tl.item FROM transactionline tl WHERE tl.item = ?)', ['1']],
] // prettier-ignore

test('the questions of an integration are answered', async () => {
  await withAccount({}, async ({url}) => {
    for (const [what, q, params] of QUESTIONS) {
      const reply = await query(url, q, params)
      expect([what, reply.status, reply.status === 200 ? '' : reply.text]).toEqual([what, 200, ''])
    }
  })
})

test('shipped and billed lines are linked to the lines of their order', async () => {
  await withAccount({}, async ({url}) => {
    const id = idOf(await call(url, 'POST', 'record/v1/salesOrder', {body: order()}))
    const shipped = idOf(await call(url, 'POST', `record/v1/salesOrder/${id}/!transform/itemFulfillment`, {body: {}}))

    const links = await query(
      url,
      'SELECT l.nextdoc, l.nexttype, l.linktype, l.previousline FROM nexttransactionlinelink l WHERE l.previousdoc = ?',
      [id],
    )
    expect(links.body.items).toEqual([
      {links: [], nextdoc: shipped, nexttype: 'ItemShip', linktype: 'ShipRcpt', previousline: '1'},
    ])
    const line = await query(
      url,
      "SELECT tl.createdfrom FROM transactionline tl WHERE tl.transaction = ? AND tl.mainline = 'T'",
      [shipped],
    )
    expect(line.body.items[0]).toMatchObject({createdfrom: id})
  })
})

test('with a lag a write is seen late, as in a busy account', async () => {
  await withAccount({queryLagMs: 300}, async ({url}) => {
    await new Promise((resolve) => setTimeout(resolve, 350))
    await call(url, 'POST', 'record/v1/salesOrder', {body: order()})
    const count = async (): Promise<unknown> =>
      (await query(url, 'SELECT COUNT(*) AS n FROM transaction')).body.items[0]?.['n']

    expect(await count()).toBe('0')
    await new Promise((resolve) => setTimeout(resolve, 350))
    expect(await count()).toBe('1')
  })
})

test('after a reset the tables are as new and nothing counts as deleted', async () => {
  await withAccount({}, async ({url}) => {
    await call(url, 'POST', 'record/v1/salesOrder', {body: order()})
    await control(url, 'POST', 'reset')

    const counts = await query(
      url,
      'SELECT (SELECT COUNT(*) AS n FROM transaction) AS t, (SELECT COUNT(*) AS n FROM deletedrecord) AS d, (SELECT COUNT(*) AS n FROM customer) AS c FROM dual',
    )
    expect(counts.body.items[0]).toMatchObject({t: '0', d: '0', c: '1'})
  })
})

test('the account keeps to a schema of its own, drops it, and sweeps up after one that died', async () => {
  // Other tests open accounts on the same server at the same time: this one needs a database to itself.
  const name = `sandbox_schemas_${process.pid}`
  await runOn(databaseUrl, `create database ${name}`)
  const own = withDatabase(databaseUrl, name)
  const schemas = async (): Promise<string[]> => {
    const rows = await runOn<{nspname: string}>(
      own,
      "select nspname from pg_namespace where nspname like 'sandbox_ns_%'",
    )
    return rows.map(({nspname}) => nspname)
  }
  await runOn(own, 'create schema sandbox_ns_dead')

  await withAccount({databaseUrl: own}, async () => {
    const [first, ...others] = await schemas()
    expect(first).not.toBe('sandbox_ns_dead')
    expect(others).toEqual([])
    await withAccount({databaseUrl: own}, async () => expect(await schemas()).toHaveLength(2))
    expect(await schemas()).toEqual([first])
  })

  expect(await schemas()).toEqual([])
  await runOn(databaseUrl, `drop database ${name} with (force)`)
})
