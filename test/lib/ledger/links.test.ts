import fc from 'fast-check'
import {expect, test} from 'vitest'

import {
  addLinks,
  dropLinks,
  findLinks,
  findLinksByExternalId,
  findLinksByNetSuiteId,
  saveLinks,
} from '../../../src/lib/ledger/links.ts'
import type {Link} from '../../../src/lib/ledger/types.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {link, SHOP} from '../../support/hints.ts'

const ids = fc.integer({min: 1, max: 4})
const anyLink = fc
  .record({shopify: ids, netsuite: ids, external: ids, recordType: fc.constantFrom('salesOrder', 'customer')})
  .map(({shopify, netsuite, external, recordType}): Link => ({
    recordType,
    shop: SHOP,
    shopifyId: `s${shopify}`,
    netsuiteId: `n${netsuite}`,
    externalId: `e${external}`,
  }))

test('whatever links come in whatever order, no side ever belongs to two records, and a contradiction is told', async () => {
  const ledger = await freshLedger()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(anyLink, {maxLength: 4}), {maxLength: 6}), async (batches) => {
      await ledger.db('links').delete()
      for (const batch of batches) {
        const refused = await ledger.db.transaction((tx) => addLinks(tx, batch))
        for (const one of batch) {
          const held = (await findLinks(ledger.db, one.recordType, SHOP, [one.shopifyId])).get(one.shopifyId)
          const isHeld = held?.netsuiteId === one.netsuiteId && held.externalId === one.externalId
          expect(isHeld).toBe(!refused.some((other) => JSON.stringify(other) === JSON.stringify(one)))
        }
      }
      const rows = await ledger
        .db<{record_type: string; netsuite_id: string}>('links')
        .where('record_type', 'salesOrder')
      expect(new Set(rows.map((row) => row.netsuite_id)).size).toBe(rows.length)
    }),
    {numRuns: 40},
  )
})

test('two buyers may be one customer of NetSuite, but two orders are never one sales order', async () => {
  const ledger = await freshLedger()
  const guest = link(1, {
    recordType: 'customer',
    shopifyId: 'GUEST:ab',
    externalId: 'SHOPIFY:GUEST:ab',
    netsuiteId: '7',
  })
  const account = link(1, {recordType: 'customer', shopifyId: 'CUSTOMER:1', externalId: 'SHOPIFY:CUSTOMER:1', netsuiteId: '7'}) // prettier-ignore

  await ledger.db.transaction((tx) => saveLinks(tx, [guest, account, guest]))

  expect(await findLinksByNetSuiteId(ledger.db, 'customer', ['7'])).toHaveLength(2)
  await ledger.db.transaction((tx) => saveLinks(tx, [link(1)]))
  await expect(ledger.db.transaction((tx) => saveLinks(tx, [link(2, {netsuiteId: '901'})]))).rejects.toMatchObject({
    code: 'LINK_CONTRADICTED',
  })
})

test('a dropped link is forgotten, the others stay', async () => {
  const ledger = await freshLedger()
  await ledger.db.transaction((tx) => saveLinks(tx, [link(1), link(2)]))

  expect(await dropLinks(ledger.db, 'salesOrder', [`${SHOP}/1`, `${SHOP}/77`])).toBe(1)

  expect([...(await findLinksByExternalId(ledger.db, 'salesOrder', ['SHOPIFY:ORDER:1', 'SHOPIFY:ORDER:2'])).keys()]).toEqual(['SHOPIFY:ORDER:2']) // prettier-ignore
})

test('two workers that link the same customers at the same time wait for each other', async () => {
  const ledger = await freshLedger()
  const links = Array.from({length: 40}, (_, i) => link(i))

  const results = await Promise.all(
    [links, links.toReversed(), links].map((batch) => ledger.db.transaction((tx) => addLinks(tx, batch))),
  )

  expect(results).toEqual([[], [], []])
})
