import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {describe, expect, test} from 'vitest'

import {world, type Ran, type World} from '../support/world.ts'

type Finding = Readonly<{check: string; state: string; detail: string; next: string | null; code: string | null}>

function findings(ran: Ran): Finding[] {
  return (JSON.parse(ran.stdout) as {findings: Finding[]}).findings
}

/** The checks that are not ok, by name. */
function notOk(ran: Ran): Record<string, string> {
  return Object.fromEntries(findings(ran).flatMap(({check, state}) => (state === 'ok' ? [] : [[check, state]])))
}

function rewrite(shop: World, changes: Readonly<Record<string, string>>): void {
  const file = join(shop.folder, 'tieout.yaml')
  let text = readFileSync(file, 'utf8')
  for (const [from, to] of Object.entries(changes)) {
    expect(text).toContain(from)
    text = text.replace(from, to)
  }
  writeFileSync(file, text)
}

describe('doctor', () => {
  test('finds nothing wrong with the sandbox but the age of SOAP, and writes nothing', async () => {
    const shop = await world({orders: 5})

    const [text, json] = [await shop.tieout('doctor'), await shop.tieout('doctor', '--json')]

    expect([text.code, json.code]).toEqual([0, 0])
    expect(text.stdout).toMatch(/^ok {4}ledger: PostgreSQL \d\d\.\d+ at /m)
    expect(notOk(json)).toEqual({'NetSuite life cycle': 'warn'})
    expect(json.stdout + text.stdout).not.toMatch(/shpat_|sandbox-token|sandbox-consumer/)
    expect(await shop.salesOrders()).toEqual([])
  })

  test('names each id and field of the contract that NetSuite does not hold, by its key', async () => {
    const shop = await world()
    rewrite(shop, {'tip: "9002"': 'tip: "19002"', 'gift_card: "9005"': 'gift_card: "19002"', 'Net 15: "1"': 'Net 15: "11"', 'walk_in: "500"': 'walk_in: "7"', 'custbody_tieout_order_name': 'custbody_nope', 'Express: "8002"': 'Express: "88"'}) // prettier-ignore

    const ran = await shop.tieout('doctor', '--json')

    expect(ran.code).toBe(10)
    const wrong = findings(ran).filter(({state}) => state === 'fail')
    expect(wrong.map(({code}) => code)).toEqual(['CONTRACT_REFERENCE_MISSING', 'CONTRACT_REFERENCE_MISSING'])
    for (const key of ['items.tip', 'items.gift_card', 'terms.Net 15', 'customers.walk_in', 'shipping.methods.Express'])
      expect(wrong[0]?.detail).toContain(`${key}: "`)
    expect(wrong[1]?.detail).toContain('fields.order_name: custbody_nope')
    expect(wrong.every(({next}) => next !== null && next !== '')).toBe(true)
  })

  test('tells a cause once: what needs a check that failed is skipped, and nothing is sent for it', async () => {
    const shop = await world()

    const ran = await shop.start(['doctor', '--json'], {env: {SHOPIFY_SHOP: '', NETSUITE_ACCOUNT: 'x'}}).ended

    expect(ran.code).toBe(10)
    expect(findings(ran).filter(({state}) => state === 'fail').map(({check}) => check)).toEqual(['settings of Shopify', 'settings of NetSuite']) // prettier-ignore
    expect(findings(ran).filter(({state}) => state === 'skip').length).toBeGreaterThan(8)
    expect((await shop.stats('netsuite')).requests).toBe(0)
  })

  test('tries a refused credential once, and still looks at the other system', {timeout: 60_000}, async () => {
    const shop = await world()
    const before = await shop.stats('netsuite')

    const netsuite = await shop.start(['doctor', '--json'], {env: {NETSUITE_TOKEN_SECRET: 'wrong-secret'}}).ended
    const after = await shop.stats('netsuite')
    const shopify = await shop.start(['doctor', '--json'], {env: {SHOPIFY_ACCESS_TOKEN: 'shpat_wrong'}}).ended

    expect([netsuite.code, shopify.code]).toEqual([12, 12])
    expect(notOk(netsuite)).toMatchObject({'NetSuite credential': 'fail', 'NetSuite REST': 'skip'})
    expect(after.requests - before.requests).toBe(1)
    expect(notOk(shopify)).toMatchObject({'Shopify credential': 'fail', 'Shopify scopes': 'skip'})
    expect(notOk(shopify)).not.toHaveProperty('ids in the contract')
    expect(netsuite.stdout + shopify.stdout).not.toMatch(/wrong-secret|shpat_wrong/)
  })

  test('a system that cannot be reached is no refused credential', async () => {
    const shop = await world()

    const ran = await shop.start(['doctor'], {env: {SHOPIFY_API_URL: 'http://127.0.0.1:1'}}).ended

    expect(ran.code).toBe(3)
    expect(ran.stdout).toMatch(/FAIL {2}Shopify credential: SHOPIFY_UNREACHABLE.*\n +next: /)
  })
})
