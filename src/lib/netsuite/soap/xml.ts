import {SaxesParser} from 'saxes'

/** An element without its prefixes: answers of NetSuite choose them freely. */
export type XmlElement = Readonly<{
  name: string
  /** By local name, values unescaped. */
  attributes: ReadonlyMap<string, string>
  children: readonly XmlElement[]
  /** Character data of this element itself, exactly as sent. */
  text: string
}>

const DEPTH_MAX = 100

type Open = {name: string; attributes: Map<string, string>; children: XmlElement[]; text: string}

/**
 * Reads one complete XML document. Throws Error on anything else: half a document, HTML, a document type declaration.
 */
export function parseXml(source: string): XmlElement {
  const parser = new SaxesParser({xmlns: true, position: false})
  const root: Open = {name: '', attributes: new Map(), children: [], text: ''}
  const stack = [root]
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('it declares a document type')
  })
  parser.on('opentag', (tag) => {
    if (stack.length > DEPTH_MAX) throw new Error('it is nested too deeply')
    const attributes = new Map<string, string>()
    for (const attribute of Object.values(tag.attributes)) attributes.set(attribute.local, attribute.value)
    const element: Open = {name: tag.local, attributes, children: [], text: ''}
    stack.at(-1)?.children.push(element)
    stack.push(element)
  })
  const collect = (text: string) => {
    const top = stack.at(-1)
    if (top !== undefined) top.text += text
  }
  parser.on('text', collect)
  parser.on('cdata', collect)
  parser.on('closetag', () => {
    stack.pop()
  })
  parser.write(source).close()
  const [document] = root.children
  if (document === undefined) throw new Error('it is empty')
  return document
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name)
}

export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? []
}

/** The text of a child, or null where it is not there. */
export function childText(element: XmlElement | undefined, name: string): string | null {
  return childOf(element, name)?.text ?? null
}

/** The first element of that name anywhere below, in document order. */
export function descendantOf(element: XmlElement, name: string): XmlElement | undefined {
  for (const child of element.children) {
    const found = child.name === name ? child : descendantOf(child, name)
    if (found !== undefined) return found
  }
  return undefined
}
