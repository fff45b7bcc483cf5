import type {EngineParts} from './engine-parts.ts'
import type {
  Channel,
  Failure,
  RecordInput,
  RecordPatch,
  RecordRef,
  StoredRecord,
  WriteOptions,
  WriteOutcome,
} from './engine-types.ts'
import type {FaultRule, Faults, Probe} from './faults.ts'
import {missing, Refused, settled} from './refused.ts'
import {requireFree, save} from './rules/save.ts'
import {requireOpenPeriod} from './rules/periods.ts'
import {type Draft, draftOf} from './rules/write.ts'
import type {RecordSchema} from './schema/fields.ts'
import {schemaOf} from './schema/registry.ts'
import type {State} from './state.ts'
import {idOf} from './values.ts'

export type Write = Readonly<{
  type: string
  /** undefined: a new record. */
  ref: RecordRef | undefined
  given: RecordInput | RecordPatch
  options: WriteOptions
}>

export function schemaFor(type: string): RecordSchema {
  const schema = schemaOf(type)
  if (schema === undefined) throw new Refused('INVALID_RCRD_TYPE', `The record type [${type}] is invalid.`)
  return schema
}

export function held(state: State, schema: RecordSchema, ref: RecordRef): StoredRecord {
  const record = state.find(schema.type, ref)
  if (record === undefined) throw new Refused('RCRD_DSNT_EXIST', 'That record does not exist.')
  return record
}

/** Adds or updates one record. By the channel 'control' people edit by hand: no faults, lists that are otherwise only read. */
export function write(parts: EngineParts, channel: Channel, {type, ref, given, options}: Write): WriteOutcome {
  return settled<WriteOutcome>(() => {
    const {state, faults} = parts
    const schema = schemaFor(type)
    const byHand = channel === 'control'
    if (schema.readOnly && !byHand) throw permissionViolation(schema)
    const before = ref === undefined ? undefined : held(state, schema, ref)
    const probe = probeOf(
      channel,
      ref === undefined ? 'add' : 'update',
      schema.type,
      given.externalId ?? before?.externalId,
    )
    const fault = byHand ? undefined : strike(faults, probe, schema)

    const renamed = new Set(byHand ? [] : faults.standing('renamed-field', probe).map((rule) => rule.field ?? ''))
    const draft = draftOf({state, schema, options, renamed}, before?.id ?? '', given, before)
    if (!byHand) requireFaulty(faults, probe, draft)
    const id = before?.id ?? String(state.next(schema.group))
    const record = save(rulesOf(parts), {...draft, id}, before)
    return fault?.kind === 'after-submit-failed'
      ? afterSubmitFailed(record.id)
      : {ok: true, id: record.id, warnings: []}
  })
}

function rulesOf(parts: EngineParts): Parameters<typeof save>[0] {
  const {clock, options} = parts
  return {
    ...parts,
    regime: options.suiteTax ? 'suitetax' : 'legacy',
    today: () => clock.dayOf(clock.now()),
    allCurrencies: options.allCurrencies,
    oneWorld: options.oneWorld,
    uniqueNames: options.uniqueNames,
  }
}

/** Rules of upsert: NetSuite help section_N3532463. */
export function upsert(
  parts: EngineParts,
  channel: Channel,
  externalId: string,
  record: RecordInput,
  options: WriteOptions,
): WriteOutcome {
  return settled<WriteOutcome>(() => {
    if (externalId === '') throw new Refused('USER_ERROR', 'This operation requies a value for externalId.')
    if (record.id !== undefined) throw new Refused('USER_ERROR', 'You cannot set internalId with upsert.')
    const {type} = schemaFor(record.type)
    const exists = parts.state.find(type, {externalId}) !== undefined
    return write(parts, channel, {
      type,
      ref: exists ? {externalId} : undefined,
      given: {...record, externalId},
      options,
    })
  })
}

/** Deletes a record that no other transaction was made from (NetSuite help section_N563543). */
export function remove(parts: EngineParts, channel: Channel, type: string, ref: RecordRef): WriteOutcome {
  return settled<WriteOutcome>(() => {
    const {state, faults} = parts
    const schema = schemaFor(type)
    const record = held(state, schema, ref)
    if (channel !== 'control') {
      if (schema.readOnly) throw permissionViolation(schema)
      strike(faults, probeOf(channel, 'delete', schema.type, record.externalId), schema)
    }
    requireUnused(parts, record)
    forget(parts, record)
    return {ok: true, id: record.id, warnings: []}
  })
}

/** Throws Refused where other records depend on this one (NetSuite help section_N563543). */
function requireUnused(parts: EngineParts, record: StoredRecord): void {
  const {state, books} = parts
  const posted = books.ledger.of(record.id)
  if (posted.length > 0) {
    requireOpenPeriod(state, posted[0]?.date ?? '', true)
    requireFree(rulesOf(parts), record)
  }
  for (const other of state.records('transaction')) {
    if (['createdFrom', 'entity', 'customer', 'salesOrder'].some((name) => idOf(other.fields[name]) === record.id)) {
      throw new Refused(
        'CANT_DELETE_CHILD_RCRDS_EXIST',
        'This record cannot be deleted because it has dependent records.',
      )
    }
  }
}

/** Takes a record out together with all that it did. */
function forget({state, inventory, books}: EngineParts, record: StoredRecord): void {
  if (record.type === 'salesOrder') inventory.release(record.lines['item'] ?? [])
  for (const step of (books.undo.get(record.id) ?? []).reverse()) step()
  books.undo.delete(record.id)
  books.ledger.remove(record.id)
  state.remove(record)
}

function probeOf(channel: Channel, operation: string, type: string, externalId: string | null | undefined): Probe {
  return {
    channel,
    operation,
    concerns: (recordType, wanted) =>
      (recordType === undefined || recordType.toLowerCase() === type.toLowerCase()) &&
      (wanted === undefined || wanted.toLowerCase() === externalId?.toLowerCase()),
  }
}

const BEFORE_SAVE = ['unexpected-error', 'permission', 'locked', 'changed', 'after-submit-failed'] as const

function strike(faults: Faults, probe: Probe, schema: RecordSchema): FaultRule | undefined {
  const kinds = BEFORE_SAVE.filter((kind) => kind !== 'changed' || probe.operation !== 'add')
  const fault = faults.strike(kinds, probe)
  switch (fault?.kind) {
    case 'unexpected-error':
      throw new Refused('UNEXPECTED_ERROR', 'An unexpected error occurred. Error ID: sandbox')
    case 'permission':
      throw permissionViolation(schema)
    case 'locked':
      throw new Refused('RCRD_LOCKED_BY_WF', 'This record has been locked by a user defined workflow.')
    case 'changed':
      throw new Refused('RCRD_HAS_BEEN_CHANGED', 'Record has been changed')
    default:
      return fault
  }
}

function permissionViolation({title}: RecordSchema): Refused {
  return new Refused(
    'INSUFFICIENT_PERMISSION',
    `Permission Violation: You need a higher level of the '${title}' permission to access this page. ` +
      'Please contact your account administrator.',
  )
}

/** A script after the save failed: the record is there (NetSuite help section_N3536574). */
function afterSubmitFailed(id: string): Failure {
  return {
    ok: false,
    code: 'UNEXPECTED_ERROR',
    message: 'An error occurred in a script after submit.',
    afterSubmitFailed: true,
    id,
  }
}

/** Fault "mandatory-field": someone made a custom field mandatory. */
function requireFaulty(faults: Faults, probe: Probe, draft: Draft): void {
  for (const rule of faults.standing('mandatory-field', probe)) {
    const field = rule.field ?? ''
    const isColumn = field.startsWith('custcol')
    const places: readonly Pick<Draft, 'customFields'>[] = isColumn ? (draft.lines['item'] ?? []) : [draft]
    if (places.every((place) => (place.customFields[field] ?? null) !== null)) continue
    faults.spend(rule)
    throw missing(field, isColumn ? `item.items[0].${field}` : field)
  }
}
