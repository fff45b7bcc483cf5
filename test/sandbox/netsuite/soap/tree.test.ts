import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {escapeAttribute, escapeText} from '../../../../src/sandbox/netsuite/soap/text.ts'
import {childOf, MalformedXml, parseXml} from '../../../../src/sandbox/netsuite/soap/tree.ts'

/** Any text that XML 1.0 can carry, with what usually breaks messages in it. */
const sendable = fc
  .array(
    fc.oneof(
      fc.constantFrom(']]>', '<![CDATA[', '&amp;', '"', "'", '\r\n', '\t', '<x/>', '👩‍👩‍👧', 'שלום', '\u202E', '&#0;'),
      fc.string({unit: 'grapheme'}),
    ),
  )
  .map((parts) => parts.join(''))
  .filter((text) => !/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.test(text) && text.isWellFormed())

describe('reading XML', () => {
  test('any text that XML can carry arrives unharmed, in elements and in attributes', () => {
    fc.assert(
      fc.property(sendable, (text) => {
        const root = parseXml(`<a b="${escapeAttribute(text)}">${escapeText(text)}</a>`)
        expect(root.text).toBe(text)
        expect(root.attributes.get('b')).toBe(text)
      }),
      {numRuns: 300},
    )
  })

  test('what XML cannot carry becomes a replacement character, never a broken message', () => {
    const text = `a${String.fromCharCode(0)}b\uD800c`
    expect(parseXml(`<a>${escapeText(text)}</a>`).text).toBe('a\uFFFDb\uFFFDc')
  })

  test('namespaces count, prefixes do not', () => {
    const documents = [
      '<p:a xmlns:p="urn:x"><p:b>1</p:b></p:a>',
      '<a xmlns="urn:x"><b>1</b></a>',
      '<q:a xmlns:q="urn:x"><b xmlns="urn:x"><![CDATA[1]]></b></q:a>',
    ]
    const trees = documents.map(parseXml)
    expect(trees.map((tree) => [tree.uri, tree.local, childOf(tree, 'b', 'urn:x')?.text])).toEqual(
      documents.map(() => ['urn:x', 'a', '1']),
    )
  })

  test('xsi:type is resolved with the prefixes in force where it stands', () => {
    const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    const tree = parseXml(
      `<r ${xsi} xmlns:p="urn:outer"><a xmlns:p="urn:inner" xsi:type="p:T"/><b xsi:type="p:T"/></r>`,
    )
    expect(tree.children.map((child) => child.type)).toEqual([
      {uri: 'urn:inner', local: 'T'},
      {uri: 'urn:outer', local: 'T'},
    ])
  })

  test.each([
    ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'],
    ['an unknown entity', '<a>&e;</a>'],
    ['an unclosed element', '<a><b></a>'],
    ['an undeclared prefix', '<p:a/>'],
    ['an undeclared prefix in xsi:type', '<a xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="p:T"/>'],
    ['a control character', '<a>&#1;</a>'],
    ['XML 1.1, which would allow control characters', '<?xml version="1.1"?><a>&#1;</a>'],
    ['a document cut in half', '<a><b>text'],
    ['nothing at all', ''],
    ['a document that is too deep', '<a>'.repeat(80) + '</a>'.repeat(80)],
  ])('%s is refused', (_what, document) => {
    expect(() => parseXml(document)).toThrow(MalformedXml)
  })
})
