import {ConfigError, SyncError} from '../core/errors.ts'
import type {Subject} from '../ledger/types.ts'
import type {HeldShipment} from '../netsuite/shipment-types.ts'
import type {ShipmentPlan} from '../plan/shipments.ts'
import {checkContract, externalIdOf, heldOf, namedSubjects, type ShipmentChoice} from './shipment-choice.ts'
import {planOrderShipments, type PullDeps} from './shipment-facts.ts'
import type {ShipmentSweep} from './shipment-report.ts'
import {beginSweep, changedOrders} from './shipment-sweep.ts'

/** Orders that are looked at together. */
const BATCH = 50

/** What the same run would do to one order. */
export type PullPreview = Readonly<{
  subject: Subject
  name: string | null
  plan: ShipmentPlan | null
  error: Readonly<{code: string; message: string; hint: string}> | null
}>

/** What the same run would do; reads both systems, writes nothing. Orders that wait in the queue are not looked at. */
export async function* previewPull(
  deps: PullDeps,
  chosen: ShipmentChoice,
  signal: AbortSignal,
  onSweep: (sweep: ShipmentSweep) => void,
): AsyncGenerator<readonly PullPreview[]> {
  checkContract(deps)
  for await (const subjects of chosenSubjects(deps, chosen, onSweep)) {
    for (let i = 0; i < subjects.length && !signal.aborted; i += BATCH) {
      const part = subjects.slice(i, i + BATCH)
      const held = await heldOf(deps, part.map(externalIdOf))
      const previews: PullPreview[] = []
      for (const subject of part) previews.push(await preview(deps, subject, held.get(externalIdOf(subject)) ?? []))
      yield previews
    }
  }
}

async function preview(deps: PullDeps, subject: Subject, held: readonly HeldShipment[]): Promise<PullPreview> {
  try {
    const planned = await planOrderShipments(deps, subject, held)
    return {subject, name: planned?.name ?? null, plan: planned?.plan ?? null, error: null}
  } catch (error) {
    if (!(error instanceof SyncError) || error instanceof ConfigError) throw error
    const {code, message, hint} = error
    return {subject, name: null, plan: null, error: {code, message, hint}}
  }
}

async function* chosenSubjects(
  deps: PullDeps,
  chosen: ShipmentChoice,
  onSweep: (sweep: ShipmentSweep) => void,
): AsyncGenerator<readonly Subject[]> {
  if (chosen.names.length > 0) {
    yield await namedSubjects(deps, chosen.names)
    return
  }
  const sweep = await beginSweep(deps, chosen.since)
  onSweep(sweep)
  const told = new Set<Subject>()
  for await (const page of changedOrders(deps, sweep)) {
    const fresh = [...new Set(page.map(({subject}) => subject))].filter((subject) => !told.has(subject))
    for (const subject of fresh) told.add(subject)
    yield fresh
  }
}
