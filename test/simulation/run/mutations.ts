import {cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {readFaults, type Options} from './options.ts'
import {simulate} from './simulate.ts'

/** A change of the program that breaks a law. The simulation has to notice it, and by the law that it breaks. */
export type Mutation = Readonly<{
  name: string
  file: string
  from: string
  to: string
  /** The run that shows it. */
  orders: number
  faults: string
  /** What the checker has to say, among other things. */
  told: RegExp
}>

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'two jobs of an order may run at once',
    file: 'src/lib/ledger/queue-install.ts',
    from: "policy: 'stately'",
    to: "policy: 'standard'",
    orders: 40,
    faults: 'duplicate,edits',
    told: /two jobs of .* ran at once/,
  },
  {
    name: 'a webhook is acknowledged before it is committed',
    file: 'src/lib/ops/listener/deliveries.ts',
    from: 'const result = await commits.add(arrival)',
    to: "void commits.add(arrival).catch(() => undefined)\n      const result = 'recorded' as string",
    orders: 40,
    faults: 'postgres,kill',
    told: /was acknowledged, and is not recorded/,
  },
  {
    name: 'the external ID is left out of the sales order',
    file: 'src/lib/netsuite/soap/records.ts',
    from: "{timeZone, subject}, verb === 'update')",
    to: `{timeZone, subject}, verb === 'update').replace(/ externalId="[^"]*"/, '')`,
    orders: 40,
    faults: 'lost-reply,kill',
    told: /belong to no order/,
  },
]

/** The parts of a checkout that its sources need to run. */
const PARTS = ['bin', 'src', 'migrations', 'package.json'] as const

/** A copy of the program with one mutation. Throws where the text to replace does not stand there exactly once. */
export function mutated(program: string, {name, file, from, to}: Mutation): string {
  const text = readFileSync(join(program, file), 'utf8')
  if (text.split(from).length !== 2)
    throw new Error(`the mutation "${name}" does not fit any more: ${file} has to hold ${JSON.stringify(from)} once`)
  const copy = mkdtempSync(join(tmpdir(), 'tieout-mutation-'))
  for (const part of PARTS) cpSync(join(program, part), join(copy, part), {recursive: true})
  symlinkSync(join(program, 'node_modules'), join(copy, 'node_modules'))
  writeFileSync(
    join(copy, file),
    text.replace(from, () => to),
  )
  return copy
}

/** Simulates the program with this mutation. True when the checker names the law that it breaks. */
async function catches(mutation: Mutation, options: Options, signal: AbortSignal): Promise<boolean> {
  const program = mutated(options.program, mutation)
  try {
    const {orders, faults, told} = mutation
    const outcome = await simulate({...options, program, source: true, orders, faults: readFaults(faults)}, signal)
    if (!options.keep && outcome.folder !== null) rmSync(outcome.folder, {recursive: true, force: true})
    const {lost, duplicated, differences, broken} = outcome.verdict
    return [lost, duplicated, differences, broken].flat().some((text) => told.test(text))
  } finally {
    rmSync(program, {recursive: true, force: true})
  }
}

/** A test of the test: every mutation has to be caught. */
export async function mutate(options: Options, signal: AbortSignal): Promise<boolean> {
  let all = true
  for (const mutation of MUTATIONS) {
    const isFound = await catches(mutation, {...options, say: () => undefined}, signal)
    options.say(`${isFound ? 'caught' : 'MISSED'}  ${mutation.name}`)
    all &&= isFound
  }
  return all
}
