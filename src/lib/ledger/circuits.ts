import type {CredentialError} from '../core/errors.ts'
import {storable, type Rows} from './rows.ts'
import type {Db} from './types.ts'

/** Who knocks at which system. The fingerprint tells one credential from the next and holds no secret. */
export type Login = Readonly<{
  /** "netsuite:<account>" or "shopify:<shop>". */
  system: string
  fingerprint: string
}>

/** A system that is left alone, because it refused the credential. No row: it may be used. */
export type Circuit = Login &
  Readonly<{
    code: string
    message: string
    hint: string
    openedAt: Date
    /** Questions that were asked since, by whoever claimed one. */
    probes: number
    nextProbeAt: Date
    /** The question may be asked now, by the clock of the server. */
    isDue: boolean
  }>

type Fault = Readonly<Pick<CredentialError, 'code' | 'message' | 'hint'>>

/** Waits between the questions to a system that refused; the last one repeats. */
const WAITS_MS = [30_000, 60_000, 120_000, 300_000]
/**
 * Five refused logins lock the user of an integration for 30 minutes (NetSuite help, subsect_156935170194). With the one or
 * two that opened the circuit these waits stay below five in any half hour.
 */
const LOGIN_WAITS_MS = [30_000, 300_000, 1_860_000]
/** Whoever claims a question has so long to ask it; should it die meanwhile, another asks. */
const CLAIM_MS = 150_000

/** The channel on which changes are told; the payload is the schema. */
export const CIRCUITS_CHANNEL = 'tieout_circuits'

const COLUMNS = `system, fingerprint, code, message, hint, opened_at as "openedAt", probes, next_probe_at as "nextProbeAt",
  next_probe_at <= now() as "isDue"`

/** The systems that are left alone now, the longest first. */
export async function listCircuits(db: Db): Promise<Circuit[]> {
  return (await db.raw<Rows<Circuit>>(`select ${COLUMNS} from circuits order by opened_at`)).rows
}

/**
 * Leaves a system alone after its refusal. A circuit that the same credential opened before stays as it is. True where it is new.
 * `waitsMs` replaces the waits between probes.
 */
export async function openCircuit(db: Db, login: Login, fault: Fault, waitsMs?: readonly number[]): Promise<boolean> {
  const firstS = waitMs(fault.code, 0, waitsMs) / 1000
  const {rowCount} = await db.raw<Rows<object>>(
    `insert into circuits as c (system, fingerprint, code, message, hint, next_probe_at)
     values (?, ?, ?, ?, ?, now() + make_interval(secs => ?))
     on conflict (system) do update set
       fingerprint = excluded.fingerprint, code = excluded.code, message = excluded.message, hint = excluded.hint,
       opened_at = now(), probes = 0, next_probe_at = excluded.next_probe_at
     where c.fingerprint <> excluded.fingerprint`,
    [login.system, login.fingerprint, fault.code, storable(fault.message), storable(fault.hint), firstS],
  )
  return rowCount === 1
}

/** Takes the question that is due, so that nobody else asks it. False where none is due, or another has it. */
export async function claimProbe(db: Db, login: Login): Promise<boolean> {
  const {rowCount} = await db.raw<Rows<object>>(
    `update circuits set probes = probes + 1, next_probe_at = now() + make_interval(secs => ?)
     where system = ? and fingerprint = ? and next_probe_at <= now()`,
    [CLAIM_MS / 1000, login.system, login.fingerprint],
  )
  return rowCount === 1
}

/** After a question (of the circuit as it was before it) that was not answered well: when the next is due. `fault` replaces what is told. */
export async function postponeProbe(
  db: Db,
  circuit: Pick<Circuit, 'system' | 'fingerprint' | 'probes' | 'code' | 'message' | 'hint'>,
  fault: Fault | null,
  waitsMs?: readonly number[],
): Promise<void> {
  const {code, message, hint} = fault ?? circuit
  const nextS = waitMs(code, circuit.probes + 1, waitsMs) / 1000
  await db.raw(
    `update circuits set code = ?, message = ?, hint = ?, next_probe_at = now() + make_interval(secs => ?)
     where system = ? and fingerprint = ?`,
    [code, storable(message), storable(hint), nextS, circuit.system, circuit.fingerprint],
  )
}

/** The system may be used again. True where it was left alone before. */
export async function closeCircuit(db: Db, system: string): Promise<boolean> {
  return (await db('circuits').where({system}).delete()) === 1
}

/** True for a fault of `login`'s system: the prefix of its code names it. */
export function isOfSystem(error: CredentialError, {system}: Login): boolean {
  return error.code.startsWith(`${system.slice(0, system.indexOf(':')).toUpperCase()}_`)
}

function waitMs(code: string, probes: number, waitsMs?: readonly number[]): number {
  const waits = waitsMs ?? (code === 'NETSUITE_LOGIN_REFUSED' ? LOGIN_WAITS_MS : WAITS_MS)
  return waits[Math.min(probes, waits.length - 1)] ?? WAITS_MS[0] ?? 0
}
