import type {SoapContext} from '../engine-types.ts'
import type {Reading} from './decode.ts'
import type {Dialect} from './dialect.ts'
import {refusal, unreadable, type SoapFault} from './faults.ts'
import type {Preferences} from './header.ts'
import {namespaceOf} from './namespaces.ts'
import type {XmlNode} from './tree.ts'

/** What an operation works with: the account, how to read the request, how to write the answer. */
export type Session = Readonly<{
  context: SoapContext
  reading: Reading
  dialect: Dialect
  preferences: Preferences
}>

/** An operation's answer: the children of `<operationResponse>` and how many records it touched. */
export type Reply = Readonly<{xml: string; records: number}>
export type Operation = (request: XmlNode, session: Session) => Reply

/**
 * The children of a request of that name in the messages namespace. Throws SoapFault for any other child or for none.
 */
export function parts(request: XmlNode, session: Session, name: string): readonly XmlNode[] {
  const uri = namespaceOf('messages', session.reading.version)
  const stranger = request.children.find((child) => child.local !== name || child.uri !== uri)
  if (stranger !== undefined) throw unexpectedElement(request, stranger)
  if (request.children.length === 0) throw unreadable(`org.xml.sax.SAXException: <${request.local}> lacks <${name}>`)
  return request.children
}

/** The only child of that name. Throws SoapFault if there is not exactly one. */
export function part(request: XmlNode, session: Session, name: string): XmlNode {
  const [only, second] = parts(request, session, name)
  if (only === undefined || second !== undefined) {
    throw unreadable(`org.xml.sax.SAXException: <${request.local}> takes one <${name}>`)
  }
  return only
}

export function unexpectedElement(parent: XmlNode, child: XmlNode): SoapFault {
  return unreadable(`org.xml.sax.SAXException: Invalid element in ${parent.local} - ${child.local}`)
}

/** A part of the protocol that the sandbox does not play. Loud, so that nobody takes silence for an answer. */
export function notPlayed(what: string): SoapFault {
  return refusal('unexpectedErrorFault', 'UNEXPECTED_ERROR', `The sandbox does not play ${what}.`)
}
