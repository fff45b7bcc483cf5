import {SaxesParser, type SaxesTagNS} from 'saxes'

import {XSI} from './namespaces.ts'

/** A name with its namespace; '' where it has none. */
type QName = Readonly<{uri: string; local: string}>

/** An element, without the prefixes its author chose. `text` is its own character data, unharmed. */
export type XmlNode = Readonly<{
  uri: string
  local: string
  /** Attributes without namespace, by name. */
  attributes: ReadonlyMap<string, string>
  /** What xsi:type says, its prefix resolved where it stood. */
  type: QName | undefined
  isNil: boolean
  children: readonly XmlNode[]
  text: string
}>

type OpenNode = {-readonly [K in keyof XmlNode]: XmlNode[K]} & {children: XmlNode[]}

/** The document is not XML that the sandbox reads; the message says why and where. */
export class MalformedXml extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MalformedXml'
  }
}

/** Deeper than any message of the schema; stops a document made to exhaust the stack. */
const MAX_DEPTH = 64
const MAX_ELEMENTS = 4_000_000
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()
const NO_CHILDREN: readonly XmlNode[] = []

/**
 * Reads a document into a tree. Namespaces count by URI. A DOCTYPE is refused, and with it every entity but XML's own
 * five. Throws MalformedXml.
 */
export function parseXml(document: string): XmlNode {
  const parser = new SaxesParser({xmlns: true, position: true, forceXMLVersion: true, defaultXMLVersion: '1.0'})
  const open: OpenNode[] = []
  let root: XmlNode | undefined
  let elements = 0

  parser.on('doctype', () => {
    throw new MalformedXml('a DOCTYPE is not allowed in a SOAP message')
  })
  parser.on('opentag', (tag) => {
    elements += 1
    if (open.length >= MAX_DEPTH || elements > MAX_ELEMENTS)
      throw new MalformedXml('the document is too deep or too long')
    open.push(openNode(tag, (prefix) => parser.resolve(prefix)))
  })
  const addText = (text: string): void => {
    const node = open.at(-1)
    if (node !== undefined) node.text += text
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    const node = open.pop()
    if (node === undefined) return
    const parent = open.at(-1)
    if (parent === undefined) root = node
    else if (parent.children === NO_CHILDREN) parent.children = [node]
    else parent.children.push(node)
  })

  try {
    parser.write(document).close()
  } catch (error) {
    if (error instanceof MalformedXml) throw error
    throw new MalformedXml(error instanceof Error ? error.message : String(error))
  }
  if (root === undefined) throw new MalformedXml('the document is empty')
  return root
}

function openNode(tag: SaxesTagNS, resolve: (prefix: string) => string | undefined): OpenNode {
  let attributes: Map<string, string> | undefined
  let type: QName | undefined
  let isNil = false
  for (const key in tag.attributes) {
    const attribute = tag.attributes[key]
    if (attribute === undefined) continue
    if (attribute.uri === '') (attributes ??= new Map()).set(attribute.local, attribute.value)
    else if (attribute.uri === XSI && attribute.local === 'type') type = qname(attribute.value.trim(), resolve)
    else if (attribute.uri === XSI && attribute.local === 'nil') isNil = /^(?:true|1)$/.test(attribute.value.trim())
  }
  return {
    uri: tag.uri,
    local: tag.local,
    attributes: attributes ?? NO_ATTRIBUTES,
    type,
    isNil,
    children: NO_CHILDREN as XmlNode[],
    text: '',
  }
}

function qname(value: string, resolve: (prefix: string) => string | undefined): QName {
  const colon = value.indexOf(':')
  const prefix = colon < 0 ? '' : value.slice(0, colon)
  const uri = resolve(prefix)
  if (uri === undefined && prefix !== '') throw new MalformedXml(`the prefix "${prefix}" of xsi:type is not declared`)
  return {uri: uri ?? '', local: value.slice(colon + 1)}
}

/** The first child of that name, in any namespace unless one is given, or undefined. */
export function childOf(node: XmlNode, local: string, uri?: string): XmlNode | undefined {
  return node.children.find((child) => child.local === local && (uri === undefined || child.uri === uri))
}

/** The text of the first child of that name, trimmed, or undefined. */
export function textOf(node: XmlNode, local: string, uri?: string): string | undefined {
  return childOf(node, local, uri)?.text.trim()
}
