import {expect, test} from 'vitest'

import {
  countOpenConflicts,
  decide,
  knownValues,
  lastConflicts,
  listConflicts,
  remember,
  toBeRestored,
} from '../../../src/lib/ledger/conflicts.ts'
import {settle} from '../../../src/lib/ledger/settle.ts'
import type {KnownField, Remembered} from '../../../src/lib/ledger/types.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {hint, SHOP} from '../../support/hints.ts'
import {receive} from '../../../src/lib/ledger/events.ts'

type Found = Remembered['conflicts'][number]

const conflict = (field: string, held: string, change: Partial<Found> = {}): Found => ({
  field,
  base: 'ours',
  held,
  planned: 'planned',
  kept: null,
  isOverwritten: true,
  ...change,
})

const found = (id: number, change: Partial<Remembered> = {}): Remembered => ({
  flow: 'orders',
  subject: `${SHOP}/${id}`,
  name: `#${id}`,
  recordType: 'salesOrder',
  externalId: `SHOPIFY:ORDER:${id}`,
  netsuiteId: `90${id}`,
  runId: 'run-1',
  fields: null,
  conflicts: [],
  restored: [],
  ...change,
})

const ORDER = ['SHOPIFY:ORDER:1']

test('what is known of a record comes back as it was kept, the newest', async () => {
  const {db} = await freshLedger()
  const old: Record<string, KnownField> = {memo: {held: ['a']}}
  const fields = {memo: {held: ['a', 'b']}, email: {held: ['~x'], planned: '~y'}, 'lines.1.item': {held: ['']}, nul: {held: ['\u0000']}} // prettier-ignore

  for (const each of [old, fields]) await db.transaction((tx) => remember(tx, [found(1, {fields: each})]))
  await db.transaction((tx) => remember(tx, [found(1, {conflicts: [conflict('memo', 'x')]})]))

  expect(await knownValues(db, 'salesOrder', [...ORDER, 'SHOPIFY:ORDER:2'])).toEqual(new Map([[ORDER[0], fields]]))
})

test('the same value found again is the same conflict; another one is another', async () => {
  const {db} = await freshLedger()
  const find = (...conflicts: Found[]) => db.transaction((tx) => remember(tx, [found(1, {conflicts})]))

  await find(conflict('memo', 'x'), conflict('email', 'x'))
  await find(conflict('memo', 'x', {planned: 'newer'}))
  await find(conflict('memo', 'y'))

  expect((await listConflicts(db)).map(({field, held, times, planned}) => [field, held, times, planned])).toEqual([
    ['memo', 'x', 2, 'newer'],
    ['email', 'x', 1, 'planned'],
    ['memo', 'y', 1, 'planned'],
  ])
  expect(await countOpenConflicts(db)).toBe(3)
  expect((await lastConflicts(db, 'salesOrder', ORDER)).map(({field, held}) => [field, held])).toEqual([
    ['email', 'x'],
    ['memo', 'y'],
  ])
})

test('a value that a person keeps is to be put back, is put back once, and is then forgotten', async () => {
  const {db} = await freshLedger()
  await db.transaction((tx) => remember(tx, [found(1, {conflicts: [conflict('memo', '~x', {kept: 'call Ann'})]})]))
  const [open] = await listConflicts(db, {state: 'open'})
  if (open === undefined) throw new Error('no conflict')
  const choice = {state: 'kept_netsuite', planned: 'planned', by: 'ops', note: 'agreed'} as const

  const decided = await db.transaction((tx) => decide(tx, open, choice))
  const again = await db.transaction((tx) => decide(tx, open, choice))
  const waiting = await toBeRestored(db, 'salesOrder', ORDER)
  const [kept] = await listConflicts(db)
  await db.transaction((tx) => remember(tx, [found(1, {restored: ['memo']})]))
  const [restored] = await listConflicts(db)

  expect([decided, again]).toEqual([true, false])
  expect(waiting).toEqual(new Set(ORDER))
  expect(kept).toMatchObject({kept: 'call Ann', resolvedBy: 'ops', note: 'agreed', restoredAt: null})
  expect(restored).toMatchObject({kept: null, restoredAt: expect.any(Date) as Date})
  expect(await toBeRestored(db, 'salesOrder', ORDER)).toEqual(new Set())
})

test('a conflict that follows a decision overrules it: nothing is to be put back any more', async () => {
  const {db} = await freshLedger()
  await db.transaction((tx) => remember(tx, [found(1, {conflicts: [conflict('memo', '~x', {kept: 'mine'})]})]))
  const [open] = await listConflicts(db)
  if (open === undefined) throw new Error('no conflict')
  await db.transaction((tx) => decide(tx, open, {state: 'kept_netsuite', planned: 'planned', by: 'ops', note: null}))

  await db.transaction((tx) => remember(tx, [found(1, {conflicts: [conflict('memo', '~x', {kept: 'mine', planned: 'new'})]})])) // prettier-ignore

  expect(await toBeRestored(db, 'salesOrder', ORDER)).toEqual(new Set())
  expect((await listConflicts(db)).map(({state, kept}) => [state, kept])).toEqual([
    ['kept_netsuite', null],
    ['open', 'mine'],
  ])
})

test('two workers that find the same at once record it once', async () => {
  const {db} = await freshLedger()
  const all = [1, 2, 3].map((id) => found(id, {fields: {memo: {held: ['a']}}, conflicts: [conflict('memo', 'x')]}))

  await Promise.all(
    Array.from({length: 6}, (_, i) => db.transaction((tx) => remember(tx, i % 2 === 0 ? all : all.toReversed()))),
  )

  expect((await listConflicts(db)).map(({subject, times}) => [subject, times])).toEqual([
    [`${SHOP}/1`, 6],
    [`${SHOP}/2`, 6],
    [`${SHOP}/3`, 6],
  ])
})

test('what a worker found is not kept once another has taken its job over', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(1)])
  const [job] = await ledger.queue.fetch('orders', 1)
  if (job === undefined) throw new Error('no job')
  const remembered = [found(1, {fields: {memo: {held: ['old']}}})]
  const own = {job, end: {as: 'done'}, writes: [], links: [], remembered} as const

  await settle(ledger, [{...own, remembered: [found(1, {fields: {memo: {held: ['new']}}})]}])
  await settle(ledger, [own])

  expect((await knownValues(ledger.db, 'salesOrder', ORDER)).get(ORDER[0] ?? '')).toEqual({memo: {held: ['new']}})
})
