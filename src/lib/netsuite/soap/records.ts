import {chunks} from '../../core/concurrent.ts'
import {present} from '../../core/assert.ts'
import {RejectedError} from '../../core/errors.ts'
import type {RecordTable, Values} from '../records/fields.ts'
import {answerMalformed, statusOfRejected} from '../faults.ts'
import type {Ref, WriteStatus} from '../types.ts'
import type {SoapCall} from './answer.ts'
import type {SoapPort} from './client.ts'
import {decodeFields} from './decode.ts'
import {encodeRecord, keyAttribute, type Key} from './encode.ts'
import {readRecords, writeStatuses} from './statuses.ts'

/** A record to write: under which key, with which values. */
type Entry = Readonly<{key: Key; values: Values}>
type Read = Readonly<{id: string; externalId: string | null; values: Values}>
/** A record to read, by its table. */
type Asked = Readonly<{table: RecordTable; ref: Ref}>

export type SoapRecords = Readonly<{
  write(verb: Verb, table: RecordTable, entries: readonly Entry[]): Promise<WriteStatus[]>
  read(table: RecordTable, refs: readonly Ref[]): Promise<(Read | null)[]>
  /** Records of any types at once. */
  readMixed(asked: readonly Asked[]): Promise<(Read | null)[]>
}>

type Verb = 'add' | 'update' | 'upsert'

/** Most records in one message (NetSuite help section_N3418637). */
const LIST_MAX: Readonly<Record<Verb, number>> = {add: 200, update: 100, upsert: 100}
/** Far below NetSuite's 1000, because whole orders come back; more where only ids are asked for. */
const READ_SIZE = 100
const READ_SIZE_OF_IDS = 500

/**
 * Records over SOAP, any number at once: they are split into messages of at most `listSize`, so that one lost reply
 * concerns few, and answered in the order of the question. An error that is thrown leaves earlier messages written.
 */
export function soapRecords(soap: SoapPort, timeZone: string | null, listSize: number): SoapRecords {
  const readMixed = async (asked: readonly Asked[]) => {
    const size = asked.some(({table}) => table.fields.length > 0) ? READ_SIZE : READ_SIZE_OF_IDS
    const records: (Read | null)[] = []
    for (const part of chunks(asked, size)) records.push(...(await readPart(soap, part, timeZone)))
    return records
  }
  return {
    async write(verb, table, entries) {
      const statuses: WriteStatus[] = []
      for (const part of chunks(entries, Math.min(listSize, LIST_MAX[verb]))) {
        statuses.push(...(await writePart(soap, verb, table, part, timeZone)))
      }
      return statuses
    },
    read: (table, refs) => readMixed(refs.map((ref) => ({table, ref}))),
    readMixed,
  }
}

type Encoded = Readonly<{subject: string; xml: string}>

/** A record that cannot be encoded is refused by itself; the others are sent. */
async function writePart(
  soap: SoapPort,
  verb: Verb,
  table: RecordTable,
  entries: readonly Entry[],
  timeZone: string | null,
): Promise<WriteStatus[]> {
  const sent: Encoded[] = []
  const places = entries.map((entry): WriteStatus | null => {
    const subject = 'id' in entry.key ? entry.key.id : entry.key.externalId
    try {
      sent.push({subject, xml: encodeRecord(table, entry.key, entry.values, {timeZone, subject}, verb === 'update')})
      return null
    } catch (error) {
      if (error instanceof RejectedError) return statusOfRejected(error)
      throw error
    }
  })
  const statuses = (sent.length === 0 ? [] : await send(soap, verb, sent)).values()
  return places.map((refused) => refused ?? present(statuses.next().value, 'the status of a record'))
}

/**
 * Sends records in one message. Where NetSuite refuses the message as a whole because of what is in it, nothing was
 * written: its halves are tried, down to the one record that is at fault.
 */
async function send(soap: SoapPort, verb: Verb, records: readonly Encoded[]): Promise<WriteStatus[]> {
  const [first] = records
  const isOne = records.length === 1
  const operation = isOne ? verb : (`${verb}List` as const)
  const call: SoapCall = {operation, write: true, records: records.length, subject: isOne ? first?.subject : undefined}
  try {
    return writeStatuses(await soap.call(call, records.map(({xml}) => xml).join('')), call)
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    if (isOne) return [statusOfRejected(error)]
    const half = Math.ceil(records.length / 2)
    return [...(await send(soap, verb, records.slice(0, half))), ...(await send(soap, verb, records.slice(half)))]
  }
}

async function readPart(soap: SoapPort, asked: readonly Asked[], timeZone: string | null): Promise<(Read | null)[]> {
  const operation = asked.length === 1 ? 'get' : 'getList'
  const call: SoapCall = {operation, write: false, records: asked.length}
  const content = asked.map(({table, ref}) => {
    const key = keyAttribute(ref, {timeZone, subject: 'id' in ref ? ref.id : ref.externalId})
    return `<platformMsgs:baseRef xsi:type="platformCore:RecordRef" type="${table.type}"${key}/>`
  })
  const records = readRecords(await soap.call(call, content.join('')), call)
  return records.map((record, i) => {
    if (record === null) return null
    const id = record.attributes.get('internalId') ?? ''
    const externalId = record.attributes.get('externalId') ?? null
    const {table, ref} = present(asked[i], 'what was asked')
    if ('id' in ref && ref.id !== id) {
      throw answerMalformed(operation, false, `record ${id} stands where ${ref.id} was asked`)
    }
    return {id, externalId, values: decodeFields(table.fields, record, timeZone)}
  })
}
