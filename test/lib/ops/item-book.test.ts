import {expect, test} from 'vitest'

import {itemBook} from '../../../src/lib/ops/item-book.ts'
import type {ItemRow, QueryPort} from '../../../src/lib/netsuite/types.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'

function item(id: string, itemId: string, change: Partial<ItemRow> = {}): ItemRow {
  return {id, itemId, fullName: itemId, upc: null, itemType: 'InvtPart', isInactive: false, modified: '', ...change}
}

/** Answers from these items, and keeps what was asked. */
function asking(items: readonly ItemRow[]) {
  const asked: string[][] = []
  const itemsBySku: QueryPort['itemsBySku'] = (skus) => {
    asked.push([...skus])
    return Promise.resolve([...items])
  }
  return {asked, queries: {itemsBySku} as QueryPort}
}

function clockAt(minute: number) {
  return {now: () => new Date(Date.UTC(2026, 10, 24, 9, minute)), sleep: () => Promise.resolve()}
}

test('a SKU is an item’s name, the end of a matrix child’s name, or its UPC', async () => {
  const {db} = await freshLedger()
  const {queries} = asking([item('1', 'TEE'), item('2', 'CAP : CAP-RED'), item('3', 'MUG', {upc: '4006381333931'})])

  const book = await itemBook(db, queries, clockAt(0), ['TEE', 'CAP-RED', 'CAP : CAP-RED', '4006381333931', 'NOPE'])

  const ids = [...book].map(([sku, match]) => [sku, match.kind === 'found' ? match.id : match.ids])
  expect(Object.fromEntries(ids)).toEqual({TEE: '1', 'CAP-RED': '2', 'CAP : CAP-RED': '2', '4006381333931': '3'})
})

test('several active items of one SKU are ambiguous; an inactive one counts only alone', async () => {
  const {db} = await freshLedger()
  const {queries} = asking([
    item('1', 'TWO'), item('2', 'X', {upc: 'TWO'}), item('3', 'ONE', {isInactive: true}), item('4', 'Y', {upc: 'ONE'}), item('5', 'OLD', {isInactive: true}),
  ]) // prettier-ignore

  const book = await itemBook(db, queries, clockAt(0), ['TWO', 'ONE', 'OLD'])

  expect(book.get('TWO')).toEqual({kind: 'ambiguous', ids: ['1', '2']})
  expect(book.get('ONE')).toEqual({kind: 'found', id: '4', isInactive: false})
  expect(book.get('OLD')).toEqual({kind: 'found', id: '5', isInactive: true})
})

test('what was read is not asked again for a quarter of an hour; what is unknown is asked again soon', async () => {
  const {db} = await freshLedger()
  const {queries, asked} = asking([item('1', 'TEE')])

  await itemBook(db, queries, clockAt(0), ['TEE', 'NEW'])
  await itemBook(db, queries, clockAt(0), ['NEW'])
  await itemBook(db, queries, clockAt(14), ['TEE', 'NEW'])
  await itemBook(db, queries, clockAt(16), ['TEE'])
  await itemBook(db, asking([item('2', 'NEW')]).queries, clockAt(14), ['NEW'])

  expect(asked).toEqual([['TEE', 'NEW'], ['NEW'], ['TEE']])
})

test('an item that was renamed is forgotten under its old SKU', async () => {
  const {db} = await freshLedger()
  await itemBook(db, asking([item('1', 'OLD')]).queries, clockAt(0), ['OLD'])

  const book = await itemBook(db, asking([item('1', 'NEW')]).queries, clockAt(20), ['OLD', 'NEW'])
  const again = await itemBook(db, asking([]).queries, clockAt(21), ['OLD'])

  expect([...book.keys()]).toEqual(['NEW'])
  expect([...again.keys()]).toEqual([])
})
