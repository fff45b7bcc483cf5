import {present} from '../core/assert.ts'
import {RejectedError} from '../core/errors.ts'
import {statusOfRejected} from './faults.ts'
import type {PostingPort} from './posting-ports.ts'
import {POSTING_TYPES, type PostingRecord, type PostingType} from './posting-types.ts'
import type {RecordTable, RecordType, Values} from './records/fields.ts'
import type {LineRules} from './records/posting-fields.ts'
import {heldPosting, needsOf, postingTables, postingValues, transformSource, type Need} from './records/postings.ts'
import {afterMove, heldSource, sourceTables, type Known, type Source} from './records/sources.ts'
import type {Ref, WriteStatus} from './types.ts'

type Read = Readonly<{id: string; externalId: string | null; values: Values}>

/** A record to write; `from` is the record that REST makes it from by a transform. */
type PostingEntry = Readonly<{
  externalId: string
  values: Values
  from: Readonly<{type: RecordType; id: string}> | null
}>

/** What a channel does for postings. Both answer in the order of the question. */
export type PostingChannel = Readonly<{
  add(table: RecordTable, entries: readonly PostingEntry[]): Promise<WriteStatus[]>
  read(asked: readonly Readonly<{table: RecordTable; ref: Ref}>[]): Promise<(Read | null)[]>
}>

/** Postings through a channel. */
export function createPostings(channel: PostingChannel, rules: LineRules): PostingPort {
  return {
    add: async (records) => {
      const known = knowledge(channel, rules)
      const own = new Set(records.map(({externalId}) => externalId))
      const isOwn = ({ref}: Need) => 'externalId' in ref && own.has(ref.externalId)
      await known.learn(records.flatMap(needsOf).filter((need) => !isOwn(need)))
      const statuses: WriteStatus[] = []
      for (const type of POSTING_TYPES) {
        const group = [...records.entries()].filter(([, record]) => record.type === type)
        if (group.length === 0) continue
        await known.learn(group.flatMap(([, record]) => needsOf(record)))
        const members = group.map(([, record]) => record)
        const written = await addGroup(channel, type, members, known, rules)
        for (const [i, [place, record]] of group.entries()) {
          const status = present(written[i], 'the status of a posting')
          statuses[place] = status
          if (status.outcome === 'saved') known.note(record, status.id)
        }
      }
      return statuses
    },
    get: async (type, refs) => {
      // The lists of a payout may be longer than a page of REST, and nothing of them is asked.
      const {fields, ...of} = postingTables[type]
      const table = {...of, fields: fields.filter(({kind}) => kind !== 'list')}
      const held = await channel.read(refs.map((ref) => ({table, ref})))
      return held.map((read) => read && heldPosting(type, read.id, read.externalId, read.values))
    },
  }
}

/** Writes records of one type. One that refers to what is not there is refused by itself; the others are sent. */
async function addGroup(
  channel: PostingChannel,
  type: PostingType,
  records: readonly PostingRecord[],
  known: Knowledge,
  rules: LineRules,
): Promise<WriteStatus[]> {
  const entries: PostingEntry[] = []
  const places = records.map((record): WriteStatus | null => {
    try {
      entries.push(entryOf(record, known, rules))
      known.move(record)
      return null
    } catch (error) {
      if (error instanceof RejectedError) return statusOfRejected(error)
      throw error
    }
  })
  const statuses = (entries.length === 0 ? [] : await channel.add(postingTables[type], entries)).values()
  const all = places.map((refused) => refused ?? present(statuses.next().value, 'the status of a posting'))
  return duplicatesSeen(channel, type, records, all)
}

/**
 * A record that is there already may be refused for another reason: its order has nothing left to bill, its payments
 * are in a deposit. So what is refused is looked up, and is a duplicate where it is held.
 */
async function duplicatesSeen(
  channel: PostingChannel,
  type: PostingType,
  records: readonly PostingRecord[],
  statuses: readonly WriteStatus[],
): Promise<WriteStatus[]> {
  const refused = records.filter((_, i) => statuses[i]?.outcome === 'refused')
  if (refused.length === 0) return [...statuses]
  const table = idTable(type)
  const held = await channel.read(refused.map(({externalId}) => ({table, ref: {externalId}})))
  const isHeld = new Set(refused.filter((_, i) => held[i]).map(({externalId}) => externalId))
  return statuses.map((status, i) => {
    const again = status.outcome === 'refused' && isHeld.has(records[i]?.externalId ?? '')
    return again ? {outcome: 'duplicate', requestId: status.requestId} : status
  })
}

function entryOf(record: PostingRecord, known: Known, rules: LineRules): PostingEntry {
  const values = postingValues(record, known, rules)
  const start = transformSource(record)
  const from = start === null ? null : {type: start.type, id: known.sourceOf(start.type, start.ref).id}
  return {externalId: record.externalId, values, from}
}

type Knowledge = Known &
  Readonly<{
    /** Reads what is needed and not known yet; what NetSuite does not hold stays unknown. */
    learn(needs: readonly Need[]): Promise<void>
    /** Keeps the id of a record that was just written. */
    note(record: PostingRecord, id: string): void
    /** Keeps what a shipment or a receipt takes of its source, for the next one of the same call. */
    move(record: PostingRecord): void
  }>

/** What one call knows of the records that its postings refer to. */
function knowledge(channel: PostingChannel, rules: LineRules): Knowledge {
  const ids = new Map<string, string>()
  const sources = new Map<string, Source>()
  const notThere = new Set<string>()
  return {
    learn: async (needs) => {
      const missing = new Map(
        needs
          .filter(({what, type, ref}) => {
            const key = keyOf(type, ref)
            if (notThere.has(key)) return false
            return what === 'lines' ? !sources.has(key) : !('id' in ref) && !ids.has(key)
          })
          // Of two needs for one record the lines win: they bring the id as well.
          .toSorted((a, b) => (a.what === b.what ? 0 : a.what === 'id' ? -1 : 1))
          .map((need) => [keyOf(need.type, need.ref), need] as const),
      )
      if (missing.size === 0) return
      const asked = [...missing.values()].map((need) => ({table: tableOf(need), ref: need.ref}))
      const held = await channel.read(asked)
      for (const [i, [key, need]] of [...missing].entries()) {
        const read = held[i]
        if (!read) {
          notThere.add(key)
          continue
        }
        ids.set(key, read.id)
        if (need.what === 'lines') sources.set(key, heldSource(read.id, read.values, rules))
      }
    },
    note: ({type, externalId}, id) => void ids.set(keyOf(type, {externalId}), id),
    move: (record) => {
      const from = transformSource(record)
      const key = from === null ? '' : keyOf(from.type, from.ref)
      const source = sources.get(key)
      if (source !== undefined && 'lines' in record) sources.set(key, afterMove(source, record.lines))
    },
    idOf: (type, ref) => ('id' in ref ? ref.id : (ids.get(keyOf(type, ref)) ?? absent(type, ref))),
    sourceOf: (type, ref) => sources.get(keyOf(type, ref)) ?? absent(type, ref),
  }
}

function keyOf(type: RecordType, ref: Ref): string {
  return 'id' in ref ? `${type} id ${ref.id}` : `${type} external ID ${ref.externalId}`
}

function tableOf(need: Need): RecordTable {
  return need.what === 'lines' ? sourceTables[need.type] : idTable(need.type)
}

/** A table through which nothing of a record is kept but its id. */
function idTable(of: PostingType): RecordTable {
  const {type, soapType} = postingTables[of]
  return {type, soapType, fields: []}
}

function absent(type: RecordType, ref: Ref): never {
  throw new RejectedError('NETSUITE_REFERENCE_MISSING', `NetSuite holds no ${keyOf(type, ref)}`, {
    hint: 'the record that this one refers to was deleted, or is not written yet; see docs/runbooks/netsuite-reference-missing.md',
  })
}
