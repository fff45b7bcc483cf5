import fc from 'fast-check'
import {expect, test} from 'vitest'

import {table} from '../../../src/lib/output/table.ts'
import {columnsOf} from '../../../src/lib/output/text.ts'

const HEAD = ['order', 'code', 'why']
const cell = fc.string({unit: 'grapheme-ascii', maxLength: 90})
const rows = fc.array(fc.tuple(cell, cell, cell), {minLength: 1, maxLength: 4})
const letters = (text: string) => text.replaceAll(/[\s│┌┐└┘├┤┬┴┼─]/g, '')

test('a table is never wider than the terminal, and on no terminal is anything of a cell lost', () => {
  fc.assert(
    fc.property(rows, fc.option(fc.integer({min: 30, max: 160}), {nil: undefined}), (cells, width) => {
      const text = table(HEAD, cells, width)
      const isTable = text.startsWith('┌')
      if (isTable && width !== undefined)
        expect(Math.max(...text.split('\n').map(columnsOf))).toBeLessThanOrEqual(width)
      for (const word of isTable && width !== undefined ? [] : cells.flat())
        expect(letters(text)).toContain(letters(word))
    }),
  )
})

test('a pipe gets one line a row, so that grep finds whole rows', () => {
  const long = 'x'.repeat(400)

  expect(table(HEAD, [['#1001', 'SKU_UNMAPPED', long]], undefined)).toMatch(new RegExp(`#1001.*SKU_UNMAPPED.*${long}`))
})

test('on a narrow terminal each row becomes a paragraph under its first cell', () => {
  const why = 'no NetSuite item carries the SKU "GONE-4711"\nnext: create the item'

  expect(table(HEAD, [['#1001', 'SKU_UNMAPPED', why]], 40)).toBe(
    '#1001\n  code: SKU_UNMAPPED\n  why: no NetSuite item carries the SKU "GONE-4711"\n  next: create the item',
  )
})
