import {existsSync, globSync, statSync} from 'node:fs'
import {join} from 'node:path'

/** The kinds of faults, as --faults names them. docs/simulation.md says what each does. */
export const FAULTS = [
  'duplicate',
  'lost',
  'late',
  'shuffled',
  'forged',
  'lost-reply',
  'storm',
  'server-error',
  'cut',
  'html',
  'reset',
  'stall',
  'revoked',
  'skew',
  'postgres',
  'kill',
  'edits',
  'cancellations',
  'deletions',
] as const

export type FaultName = (typeof FAULTS)[number]

/** One simulation. The same options give the same orders and the same schedule; how processes interleave is their own matter. */
export type Options = Readonly<{
  seed: number
  orders: number
  faults: ReadonlySet<FaultName>
  /** Workers, spread over two hosts. */
  processes: number
  /** Requests that NetSuite allows at once. */
  limit: number
  /** Where the program lies that is put to the test; a mutated copy of it, or this checkout. */
  program: string
  /** Whether to run its sources (bin/dev.js) or what was built of them (bin/run.js). */
  source: boolean
  /** The contract has everything after the sales order switched on: payments, fulfilments, bills, refunds. */
  books?: boolean
  /** The shop plays so many days, ten seconds each. Default: it lives in real time. */
  days?: number
  /** Keep logs and dumps also where all is well. */
  keep: boolean
  say: (text: string) => void
}>

/** Reads "--faults kill,postgres"; "all" and "none" are words for themselves. Throws RangeError that names what is unknown. */
export function readFaults(text: string): ReadonlySet<FaultName> {
  if (text === 'all') return new Set(FAULTS)
  if (text === 'none') return new Set()
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !FAULTS.some((known) => known === name))
  if (unknown.length > 0)
    throw new RangeError(`--faults: ${unknown.join(', ')} is none of ${FAULTS.join(', ')}, all, none`)
  return new Set(names as FaultName[])
}

/** Whether what was built of a checkout is newer than its sources. What is built starts faster. */
export function isBuilt(program: string): boolean {
  const manifest = join(program, 'oclif.manifest.json')
  if (!existsSync(manifest)) return false
  const builtAt = statSync(manifest).mtimeMs
  return globSync('{src,migrations}/**/*.{ts,graphql,wsdl}', {cwd: program}).every(
    (file) => statSync(join(program, file)).mtimeMs <= builtAt,
  )
}
