import {createClock} from './clock.ts'
import type {
  Channel,
  Engine,
  Failure,
  Governance,
  ReadOutcome,
  RecordInput,
  RecordRef,
  SelectValue,
} from './engine-types.ts'
import {Faults} from './faults.ts'
import type {EngineOptions, EngineParts} from './engine-parts.ts'
import {held, remove, schemaFor, upsert, write} from './engine-writes.ts'
import {settled} from './refused.ts'
import {createBooks} from './ledger/books.ts'
import {Inventory} from './rules/inventory.ts'
import {invalidInitialize, transformed} from './rules/transform.ts'
import {schemaOf} from './schema/registry.ts'
import {searched} from './search.ts'
import {State} from './state.ts'

export function createEngine(options: EngineOptions): EngineParts & Readonly<{engine: Engine}> {
  const faults = new Faults(options.random)
  const now = (): Date => new Date(options.now().getTime() + faults.skewMs())
  const parts: EngineParts = {
    state: new State(),
    inventory: new Inventory(now),
    books: createBooks(),
    faults,
    clock: createClock(options.timeZone, now),
    options,
  }
  return {...parts, engine: viewOf(parts, 'control')}
}

function viewOf(parts: EngineParts, channel: Channel): Engine {
  const {state, inventory, clock, options} = parts
  return {
    add: (record, given = {}) =>
      write(parts, channel, {type: record.type, ref: undefined, given: record, options: given}),
    update: (type, ref, patch, given = {}) => write(parts, channel, {type, ref, given: patch, options: given}),
    upsert: (externalId, record, given = {}) => upsert(parts, channel, externalId, record, given),
    delete: (type, ref) => remove(parts, channel, type, ref),
    get: (type, ref) => settled<ReadOutcome>(() => ({ok: true, record: held(state, schemaFor(type), ref)})),
    search: (type, criteria) => searched(state, clock, type, criteria),
    initialize: (from, toType) => initialize(parts, from, toType),
    selectValues: (recordType, field, sublist) => selectValues(parts, recordType, field, sublist),
    itemAvailability: (itemIds, changedSince) => inventory.report(state, itemIds, changedSince),
    serverTime: () => clock.now(),
    governance: () => governance(options),
    as: (other) => viewOf(parts, other),
  }
}

function initialize(
  parts: EngineParts,
  {type, ref}: Readonly<{type: string; ref: RecordRef}>,
  toType: string,
): Readonly<{ok: true; draft: RecordInput}> | Failure {
  return settled<Readonly<{ok: true; draft: RecordInput}> | Failure>(() => {
    const from = parts.state.find(schemaFor(type).type, ref)
    if (from === undefined) throw invalidInitialize(ref.id ?? ref.externalId ?? '', toType)
    return {ok: true, draft: transformed(parts, from, toType)}
  })
}

/** The values a list field offers; an enumeration offers those that may be set. */
function selectValues(
  {state}: EngineParts,
  recordType: string,
  name: string,
  sublist: string | undefined,
): SelectValue[] {
  const schema = schemaOf(recordType)
  const field = sublist === undefined ? schema?.fields.get(name) : schema?.sublists.get(sublist)?.fields.get(name)
  if (field?.kind === 'enum') {
    const values = Object.entries(field.values ?? {})
    return values.filter(([id]) => field.settable?.includes(id) ?? true).map(([id, value]) => ({id, name: value}))
  }
  if (field?.kind !== 'ref') return []
  return [...state.records(field.target ?? name)]
    .filter(({fields}) => fields['isInactive'] !== true)
    .map((record) => ({id: record.id, name: state.refTo(record).name ?? record.id}))
}

/** The integration of the sandbox has no share of its own: it may use the whole pool. */
function governance({concurrency}: EngineOptions): Governance {
  return {
    accountConcurrencyLimit: concurrency,
    unallocatedConcurrencyLimit: concurrency,
    integrationConcurrencyLimit: null,
    integrationLimitType: 'accountLimit',
  }
}
