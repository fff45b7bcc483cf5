import type {Failure, RecordInput, RecordPatch, RecordRef, WriteOptions, WriteOutcome} from '../../engine-types.ts'
import {decodeRecord, decodeRef} from '../decode.ts'
import {incoming, type Incoming} from '../incoming.ts'
import {namespaceOf} from '../namespaces.ts'
import {recordTypeOf} from '../schema/registry.ts'
import {part, parts, unexpectedElement, type Operation, type Session} from '../session.ts'
import {statusXml, writeResponse} from '../status.ts'
import type {XmlNode} from '../tree.ts'
import type {RecordValue, RefValue} from '../values.ts'

type Write = (record: RecordValue, session: Session) => WriteOutcome

export const add: Operation = (request, session) => one(request, session, addRecord)
export const update: Operation = (request, session) => one(request, session, updateRecord)
export const upsert: Operation = (request, session) => one(request, session, upsertRecord)
export const addList: Operation = (request, session) => many(request, session, addRecord)
export const updateList: Operation = (request, session) => many(request, session, updateRecord)
export const upsertList: Operation = (request, session) => many(request, session, upsertRecord)

/** Deletes what a baseRef names. The deletion reason is read and forgotten. */
export const deleteOne: Operation = (request, session) => {
  const [ref] = refsToDelete(request, session)
  if (ref === undefined) throw unexpectedElement(request, request)
  return {xml: writeResponse(deleteRecord(ref, session), ref, session.dialect), records: 1}
}

export const deleteList: Operation = (request, session) => {
  const refs = refsToDelete(request, session)
  return listReply(
    refs.map((ref) => writeResponse(deleteRecord(ref, session), ref, session.dialect)),
    session,
  )
}

function one(request: XmlNode, session: Session, write: Write): ReturnType<Operation> {
  const record = decodeRecord(part(request, session, 'record'), session.reading)
  return {xml: writeResponse(write(record, session), refTo(record), session.dialect), records: 1}
}

/** The whole message is read before the first record is written; each record then has a status of its own. */
function many(request: XmlNode, session: Session, write: Write): ReturnType<Operation> {
  const records = parts(request, session, 'record').map((node) => decodeRecord(node, session.reading))
  return listReply(
    records.map((record) => writeResponse(write(record, session), refTo(record), session.dialect)),
    session,
  )
}

function listReply(responses: readonly string[], session: Session): ReturnType<Operation> {
  const name = `${session.dialect.prefix.messages}writeResponseList`
  const status = statusXml(true, [], session.dialect)
  return {xml: `<${name}>${status}${responses.join('')}</${name}>`, records: responses.length}
}

function refTo({type, internalId, externalId}: RecordValue): RefValue {
  return {internalId, externalId, type: recordTypeOf(type)}
}

function addRecord(record: RecordValue, session: Session): WriteOutcome {
  const content = incoming(record.values)
  return session.context.engine.add(inputOf(record, content), optionsOf(content, session))
}

/** By internal id, or by external id; both together set the external id of the record with that internal id. */
function updateRecord(record: RecordValue, session: Session): WriteOutcome {
  const {internalId, externalId} = record
  const ref: RecordRef | undefined =
    internalId !== undefined ? {id: internalId} : externalId !== undefined ? {externalId} : undefined
  if (ref === undefined) return unnamed
  const content = incoming(record.values)
  const {fields, lines, customFields} = content
  const patch: RecordPatch = {fields, lines, customFields}
  const named = internalId !== undefined && externalId !== undefined ? {...patch, externalId} : patch
  return session.context.engine.update(recordTypeOf(record.type), ref, named, optionsOf(content, session))
}

/** The engine refuses a missing external id and a given internal id (NetSuite help section_N3532463). */
function upsertRecord(record: RecordValue, session: Session): WriteOutcome {
  const content = incoming(record.values)
  return session.context.engine.upsert(record.externalId ?? '', inputOf(record, content), optionsOf(content, session))
}

function inputOf(record: RecordValue, {fields, lines, customFields}: Incoming): RecordInput {
  const input: RecordInput = {type: recordTypeOf(record.type), fields, lines, customFields}
  const withId = record.internalId === undefined ? input : {...input, id: record.internalId}
  return record.externalId === undefined ? withId : {...withId, externalId: record.externalId}
}

function optionsOf(content: Incoming, session: Session): WriteOptions {
  const {ignoreReadOnlyFields, disableMandatoryCustomFieldValidation} = session.preferences
  return {replaceSublists: content.replaced, ignoreReadOnlyFields, disableMandatoryCustomFieldValidation}
}

const unnamed: Failure = {
  ok: false,
  code: 'UNIQUE_RCRD_ID_REQD',
  message: 'A record needs an internalId or externalId.',
}

function refsToDelete(request: XmlNode, session: Session): readonly RefValue[] {
  const uri = namespaceOf('messages', session.reading.version)
  const refs = request.children.filter((child) => child.local === 'baseRef' && child.uri === uri)
  const stranger = request.children.find((child) => child.local !== 'baseRef' && child.local !== 'deletionReason')
  if (stranger !== undefined) throw unexpectedElement(request, stranger)
  return refs.map(decodeRef)
}

function deleteRecord(ref: RefValue, session: Session): WriteOutcome {
  if (ref.type === undefined) return {ok: false, code: 'RCRD_TYPE_REQD', message: 'A record type is required.'}
  if (ref.internalId === undefined && ref.externalId === undefined) return unnamed
  return session.context.engine.delete(ref.type, recordRef(ref))
}

/** A RecordRef as the engine finds records. */
export function recordRef({internalId, externalId}: RefValue): RecordRef {
  const ref = internalId === undefined ? {} : {id: internalId}
  return externalId === undefined ? ref : {...ref, externalId}
}
