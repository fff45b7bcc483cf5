import {knownValues, lastConflicts} from '../ledger/conflicts.ts'
import type {Db, Remembered} from '../ledger/types.ts'
import type {HeldSalesOrder} from '../netsuite/types.ts'
import {conflictsOf, knownBeforeUpdate, knownFields, knownOfNew, settledPins} from '../plan/conflicts.ts'
import type {Memory, Ruling} from '../plan/memory.ts'
import {planOf, type OrderDeps, type Work} from './work.ts'

/** What the ledger remembers of the sales orders under these external IDs: one for each, however little it is. */
export async function memoriesOf(db: Db, externalIds: readonly string[]): Promise<Map<string, Memory>> {
  const [known, last] = await Promise.all([
    knownValues(db, 'salesOrder', externalIds),
    lastConflicts(db, 'salesOrder', externalIds),
  ])
  const rulings = Map.groupBy(last, (conflict) => conflict.externalId)
  return new Map(
    externalIds.map((externalId) => {
      const own = (rulings.get(externalId) ?? []).map(({field, restoredAt, ...rest}): [string, Ruling] => {
        return [field, {...rest, isRestored: restoredAt !== null}]
      })
      return [externalId, {externalId, fields: known.get(externalId) ?? null, rulings: new Map(own)}]
    }),
  )
}

/**
 * What is remembered of an order. Where no fields are, NetSuite may still be known to have held this plan: it was added a
 * moment ago and the reply was lost, or the ledger's last write brought it there (an older version wrote it).
 */
export function memoryOf(memories: ReadonlyMap<string, Memory>, work: Work): Memory {
  const {externalId} = planOf(work)
  const memory = memories.get(externalId) ?? nothingOf(externalId)
  if (memory.fields !== null) return memory
  const isPlan = work.isAsLastWritten === true || work.remembered !== undefined
  return isPlan ? {...memory, fields: knownOfNew(planOf(work))} : memory
}

function nothingOf(externalId: string): Memory {
  return {externalId, fields: null, rulings: new Map()}
}

/** To be recorded before an update is sent: the values of people that it overwrites, and what may stand there afterwards. */
export function beforeUpdate(deps: OrderDeps, work: Work, record: HeldSalesOrder): Remembered {
  const [plan, memory] = [planOf(work), knownOf(work)]
  const fields = knownBeforeUpdate(plan, record, memory)
  return remembered(deps, work, {fields, conflicts: conflictsOf(plan, record, memory), restored: []})
}

/** To be recorded with the end of the order: NetSuite was read and holds the plan, but for what a person decided otherwise. */
export function asRead(deps: OrderDeps, work: Work, record: HeldSalesOrder): Remembered {
  return {...asWritten(deps, work, record), conflicts: conflictsOf(planOf(work), record, knownOf(work))}
}

/** The same after our own write: whatever stands there now is what NetSuite made of it. */
export function asWritten(deps: OrderDeps, work: Work, record: HeldSalesOrder): Remembered {
  const [plan, memory] = [planOf(work), knownOf(work)]
  return remembered(deps, work, {
    fields: knownFields(plan, record, memory),
    conflicts: [],
    restored: settledPins(memory),
  })
}

/** The same of an order that was added, before it is read back, or where it may have been. */
export function asPlanned(deps: OrderDeps, work: Work): Remembered {
  return remembered(deps, work, {fields: knownOfNew(planOf(work)), conflicts: [], restored: []})
}

function knownOf(work: Work): Memory {
  return work.memory ?? nothingOf(planOf(work).externalId)
}

type Found = Pick<Remembered, 'fields' | 'conflicts' | 'restored'>

function remembered(deps: OrderDeps, work: Work, found: Found): Remembered {
  const {flow, subject} = work.job
  const {externalId} = planOf(work)
  const name = work.order?.name ?? work.job.name
  const about = {flow, subject, name, recordType: 'salesOrder', externalId, netsuiteId: work.netsuiteId ?? ''}
  return {...about, runId: deps.runId, ...found}
}
