import type {FieldRef, RecordRef, RecordType, StoredRecord} from './engine-types.ts'
import {textOf} from './values.ts'
import {allSchemas, schemaOf, typesOf} from './schema/registry.ts'

type Table = Map<string, StoredRecord>
/** 'cleared': the account was reset; nobody deleted anything. */
export type Change = 'saved' | 'deleted' | 'cleared'

/** First ids of what is created after the seed; they only need to stay clear of the fixed ids of the company. */
const FIRST_IDS: Readonly<Record<string, number>> = {transaction: 100_001, entity: 2001, item: 20_001}
const FIRST_ID = 501

/**
 * The account's records in memory: by type and id, by external id within their group (case-insensitive,
 * NetSuite help section_N3436356, section_N3433806).
 */
export class State {
  readonly #tables = new Map<RecordType, Table>()
  readonly #externals = new Map<string, Map<string, StoredRecord>>()
  readonly #sequences = new Map<string, number>()
  readonly #refs = new WeakMap<StoredRecord, FieldRef>()
  readonly #listeners: ((record: StoredRecord, change: Change) => void)[] = []

  constructor() {
    for (const schema of allSchemas()) {
      this.#tables.set(schema.type, new Map())
      if (!this.#externals.has(schema.group)) this.#externals.set(schema.group, new Map())
    }
  }

  onChange(listener: (record: StoredRecord, change: Change) => void): void {
    this.#listeners.push(listener)
  }

  /** Numbers of a sequence of the account: ids of a group, document numbers, line keys. */
  next(sequence: string): number {
    const value = this.#sequences.get(sequence) ?? FIRST_IDS[sequence] ?? FIRST_ID
    this.#sequences.set(sequence, value + 1)
    return value
  }

  /** `target` is a type or a group. */
  find(target: string, ref: RecordRef): StoredRecord | undefined {
    const types = typesOf(target)
    if (ref.id !== undefined) {
      for (const {type} of types) {
        const record = this.#tables.get(type)?.get(ref.id)
        if (record !== undefined) return agrees(record, ref.externalId) ? record : undefined
      }
      return undefined
    }
    if (ref.externalId === undefined) return undefined
    const group = types[0]?.group
    const record = group === undefined ? undefined : this.holder(group, ref.externalId)
    return record !== undefined && types.some(({type}) => type === record.type) ? record : undefined
  }

  /** Whoever holds an external id within a group. */
  holder(group: string, externalId: string): StoredRecord | undefined {
    return this.#externals.get(group)?.get(externalId.toLowerCase())
  }

  /** Records of a type or group, in the order of their creation. */
  *records(target: string): Iterable<StoredRecord> {
    for (const {type} of typesOf(target)) yield* this.#tables.get(type)?.values() ?? []
  }

  count(type: RecordType): number {
    return this.#tables.get(type)?.size ?? 0
  }

  save(record: StoredRecord): void {
    this.#tables.get(record.type)?.set(record.id, record)
    this.#refs.delete(record)
    if (record.externalId !== null) this.#externalsOf(record).set(record.externalId.toLowerCase(), record)
    for (const listener of this.#listeners) listener(record, 'saved')
  }

  remove(record: StoredRecord, change: Change = 'deleted'): void {
    this.#tables.get(record.type)?.delete(record.id)
    this.releaseExternalId(record)
    for (const listener of this.#listeners) listener(record, change)
  }

  /** To be called before a record's external id changes. */
  releaseExternalId(record: StoredRecord): void {
    if (record.externalId !== null) this.#externalsOf(record).delete(record.externalId.toLowerCase())
  }

  clear(): void {
    for (const table of this.#tables.values()) for (const record of [...table.values()]) this.remove(record, 'cleared')
    this.#sequences.clear()
  }

  /** The reference to a record as other records hold it; one object for all of them. */
  refTo(record: StoredRecord): FieldRef {
    let ref = this.#refs.get(record)
    if (ref === undefined) {
      ref = {id: record.id, name: nameOf(record)}
      this.#refs.set(record, ref)
    }
    return ref
  }

  #externalsOf(record: StoredRecord): Map<string, StoredRecord> {
    const group = schemaOf(record.type)?.group ?? record.type
    let map = this.#externals.get(group)
    if (map === undefined) this.#externals.set(group, (map = new Map<string, StoredRecord>()))
    return map
  }
}

function agrees(record: StoredRecord, externalId: string | undefined): boolean {
  return externalId === undefined || record.externalId?.toLowerCase() === externalId.toLowerCase()
}

/** What stands in references to the record: number and name of an entity, number of a document, name of a list value. */
function nameOf({type, id, fields}: StoredRecord): string {
  const [name, itemId, tranId, entityId, altName] = ['name', 'itemId', 'tranId', 'entityId', 'altName'].map((field) =>
    textOf(fields[field]),
  )
  if (tranId !== undefined) return type === 'salesOrder' ? `Sales Order #${tranId}` : tranId
  if (entityId !== undefined) return altName === undefined || altName === entityId ? entityId : `${entityId} ${altName}`
  return name ?? itemId ?? id
}
