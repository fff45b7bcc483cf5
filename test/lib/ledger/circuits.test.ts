import {expect, test} from 'vitest'

import {
  claimProbe,
  closeCircuit,
  listCircuits,
  openCircuit,
  postponeProbe,
  type Login,
} from '../../../src/lib/ledger/circuits.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'

const login: Login = {system: 'netsuite:TSTDRV1', fingerprint: 'aaaa'}
const refusal = {code: 'NETSUITE_LOGIN_REFUSED', message: 'Invalid login attempt.', hint: 'renew it'}

test('twenty workers are refused at once: the circuit opens once, and one of them asks when it is time', async () => {
  const {db} = await freshLedger()
  const opened = await Promise.all(Array.from({length: 20}, () => openCircuit(db, login, refusal, [0])))
  expect(opened.filter(Boolean)).toHaveLength(1)

  const claims = await Promise.all(Array.from({length: 20}, () => claimProbe(db, login)))

  expect(claims.filter(Boolean)).toHaveLength(1)
  expect(await listCircuits(db)).toMatchObject([{...login, ...refusal, probes: 1, isDue: false}])
})

test('logins that NetSuite refuses stay below five in any half hour, and grow no rarer than that', async () => {
  const {db} = await freshLedger()
  // Two before the circuit opens: the refusal, and the second look of the process that saw it.
  const refusedAtS = [0, 0]
  let nowS = 0
  await openCircuit(db, login, refusal)
  for (let i = 0; i < 8; i++) {
    const [circuit] = await listCircuits(db)
    if (circuit === undefined) throw new Error('no circuit')
    nowS += await secondsLeft(db)
    refusedAtS.push(nowS)
    await db('circuits').update({next_probe_at: db.fn.now()})
    expect(await claimProbe(db, login)).toBe(true)
    await postponeProbe(db, circuit, refusal)
  }

  for (const from of refusedAtS) {
    expect(refusedAtS.filter((at) => at >= from && at < from + 1800).length).toBeLessThan(5)
  }
  expect(refusedAtS[2]).toBeCloseTo(30, 0)
  expect((refusedAtS.at(-1) ?? 0) - (refusedAtS.at(-2) ?? 0)).toBeLessThan(2000)
})

test('Shopify is asked every five minutes at most', async () => {
  const {db} = await freshLedger()
  const shop = {system: 'shopify:test.myshopify.com', fingerprint: 'bbbb'}
  const fault = {...refusal, code: 'SHOPIFY_TOKEN_REFUSED'}
  await openCircuit(db, shop, fault)
  const waits: number[] = []
  for (let probes = 0; probes < 6; probes++) {
    waits.push(Math.round(await secondsLeft(db)))
    await postponeProbe(db, {...shop, ...fault, probes}, fault)
  }

  expect(waits).toEqual([30, 60, 120, 300, 300, 300])
})

test('a worker that dies while it asks is followed by another', async () => {
  const {db} = await freshLedger()
  await openCircuit(db, login, refusal, [0])
  expect(await claimProbe(db, login)).toBe(true)

  const left = await secondsLeft(db)
  await db('circuits').update({next_probe_at: db.fn.now()})

  expect(left).toBeGreaterThan(60)
  expect(await claimProbe(db, login)).toBe(true)
})

test('a new credential has its own circuit; the old one may not ask in its name', async () => {
  const {db} = await freshLedger()
  await openCircuit(db, login, refusal, [0])
  const other = {...login, fingerprint: 'cccc'}

  expect(await claimProbe(db, other)).toBe(false)
  expect(await openCircuit(db, other, refusal, [0])).toBe(true)
  expect(await claimProbe(db, login)).toBe(false)
  expect(await listCircuits(db)).toMatchObject([{fingerprint: 'cccc', probes: 0}])
  expect([await closeCircuit(db, login.system), await closeCircuit(db, login.system)]).toEqual([true, false])
})

async function secondsLeft(db: Awaited<ReturnType<typeof freshLedger>>['db']): Promise<number> {
  const {rows} = await db.raw<{rows: {s: number}[]}>('select extract(epoch from next_probe_at - now())::float8 as s from circuits') // prettier-ignore
  return rows[0]?.s ?? NaN
}
