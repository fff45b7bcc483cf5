import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {columnsOf, jsonText, printable, wrap} from '../../../src/lib/output/text.ts'

/** Text as hostile as customers can type it. */
const hostile = fc.string({unit: 'binary', maxLength: 60})
const STEERING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

describe('what others wrote cannot steer the terminal', () => {
  test('whatever the text, no control character is left, and lines stay', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(text)).not.toMatch(STEERING)
        expect(printable(text).split('\n')).toHaveLength(text.split('\n').length)
      }),
    )
    expect(printable('Zo\u00eb \u{1f469}\u200d\u{1f680} \u05d0')).toBe('Zo\u00eb \u{1f469}\u200d\u{1f680} \u05d0')
  })

  test('JSON means the same and holds none either', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(jsonText({text})).not.toMatch(STEERING)
        expect(JSON.parse(jsonText({text}))).toEqual({text})
      }),
    )
  })
})

describe('long text is broken into lines', () => {
  test('that fit, and hold every word', () => {
    const words = fc.array(fc.string({unit: 'grapheme-ascii', minLength: 1, maxLength: 30}), {minLength: 1})
    fc.assert(
      fc.property(words, fc.integer({min: 4, max: 60}), (parts, columns) => {
        const lines = wrap(parts.join(' '), columns).split('\n')
        expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(columns)
        expect(lines.join('').replaceAll(' ', '')).toBe(parts.join('').replaceAll(' ', ''))
      }),
    )
  })

  test('between words where it can', () => {
    expect(wrap('create the item in NetSuite', 12)).toBe('create the\nitem in\nNetSuite')
    expect(columnsOf('\u6771\u4eac \u{1f600}')).toBe(7)
  })
})
