import type {Failure} from '../../engine-types.ts'
import {decodeRef} from '../decode.ts'
import {encodeRecord} from '../encode.ts'
import {unreadable} from '../faults.ts'
import {namespaceOf} from '../namespaces.ts'
import {draftOut, outgoing} from '../outgoing.ts'
import type {ComplexType} from '../schema/fields.ts'
import {recordTypeTagged} from '../schema/registry.ts'
import {part, parts, type Operation, type Session} from '../session.ts'
import {failureStatus, statusXml} from '../status.ts'
import {childOf, textOf, type XmlNode} from '../tree.ts'
import type {RecordValue, RefValue} from '../values.ts'
import {recordRef} from './write.ts'

export const get: Operation = (request, session) => {
  return {xml: readOne(part(request, session, 'baseRef'), session), records: 1}
}

export const getList: Operation = (request, session) => {
  const refs = parts(request, session, 'baseRef')
  const name = `${session.dialect.prefix.messages}readResponseList`
  const responses = refs.map((ref) => readOne(ref, session))
  return {xml: `<${name}>${statusXml(true, [], session.dialect)}${responses.join('')}</${name}>`, records: refs.length}
}

function readOne(node: XmlNode, session: Session): string {
  if (node.type?.local !== 'RecordRef' || node.type.uri !== namespaceOf('core', session.reading.version)) {
    throw unreadable(
      `org.xml.sax.SAXException: the sandbox reads a RecordRef, not ${node.type?.local ?? 'an untyped reference'}`,
    )
  }
  const ref = decodeRef(node)
  const found = readable(ref)
  if (!('type' in found)) return readResponse(found, session)
  const outcome = session.context.engine.get(ref.type ?? '', recordRef(ref))
  return readResponse(outcome.ok ? outgoing(outcome.record, found.type, session.context, false) : outcome, session)
}

function readable(ref: RefValue): Readonly<{type: ComplexType}> | Failure {
  if (ref.type === undefined) return {ok: false, code: 'RCRD_TYPE_REQD', message: 'A record type is required.'}
  if (ref.internalId === undefined && ref.externalId === undefined) {
    return {ok: false, code: 'UNIQUE_RCRD_ID_REQD', message: 'A reference needs an internalId or externalId.'}
  }
  const type = recordTypeTagged(ref.type)
  return type === undefined ? unknownType(ref.type) : {type}
}

function unknownType(tag: string): Failure {
  return {ok: false, code: 'INVALID_RCRD_TYPE', message: `The sandbox has no record of type ${tag}.`}
}

/** A `readResponse` with the record, or with the reason why there is none. */
function readResponse(outcome: RecordValue | Failure, session: Session): string {
  const {dialect} = session
  const name = `${dialect.prefix.messages}readResponse`
  if ('ok' in outcome) return `<${name}>${failureStatus(outcome, dialect)}</${name}>`
  const record = encodeRecord(`${dialect.prefix.messages}record`, outcome, dialect)
  return `<${name}>${statusXml(true, [], dialect)}${record}</${name}>`
}

/** InitializeType (platform.coreTypes.xsd) as far as the sandbox transforms. */
const targets = new Set([
  'invoice',
  'cashSale',
  'itemFulfillment',
  'returnAuthorization',
  'itemReceipt',
  'creditMemo',
  'cashRefund',
  'customerPayment',
  'customerRefund',
  'depositApplication',
])

/** Transforms a record into a draft of another (NetSuite help section_N3508536). Nothing is saved. */
export const initialize: Operation = (request, session) => {
  const node = part(request, session, 'initializeRecord')
  const uri = namespaceOf('core', session.reading.version)
  const target = textOf(node, 'type', uri) ?? ''
  const reference = childOf(node, 'reference', uri)
  const type = targets.has(target) ? recordTypeTagged(target) : undefined
  if (type === undefined)
    throw unreadable(`org.xml.sax.SAXException: ${target} is no target of initialize in the sandbox`)
  if (reference === undefined) return {xml: readResponse(noReference, session), records: 1}
  const ref = decodeRef(reference)
  const outcome = session.context.engine.initialize({type: ref.type ?? '', ref: recordRef(ref)}, target)
  return {xml: readResponse(outcome.ok ? draftOut(outcome.draft, type, session.context) : outcome, session), records: 1}
}

const noReference: Failure = {
  ok: false,
  code: 'INVALID_INITIALIZE_REF',
  message: 'A reference to initialize from is required.',
}
