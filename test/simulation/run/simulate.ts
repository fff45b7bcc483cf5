import {rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {reportOf} from '../../../src/sandbox/report/report.ts'
import {judge, readBooks, type Evidence} from './check.ts'
import type {Duty} from './crew.ts'
import type {Host} from './hosts.ts'
import {dutiesOf, listening, recover} from './operate.ts'
import type {Options} from './options.ts'
import {storyOf, type Document, type Step} from './orders.ts'
import {scheduleOf, standingOf, type Fault} from './schedule.ts'
import {Trouble} from './trouble.ts'
import {isGood, line, type Verdict} from './verdict.ts'
import {QueueWatch} from './watch.ts'
import {buildWorld, type World} from './world.ts'

/** How a run ended. `folder`: where its evidence lies; null where all was well and nobody asked to keep it. */
export type Outcome = Readonly<{verdict: Verdict; line: string; seconds: number; folder: string | null}>

const LISTED = 25

/**
 * Runs the whole world once: real processes of the program on two hosts and one Postgres, against both platforms, through
 * the schedule's faults; then judges what is left. What differs is said, and its evidence kept.
 */
export async function simulate(options: Options, signal: AbortSignal): Promise<Outcome> {
  return inWorld(options, lived, signal)
}

type Life = (options: Options, world: World, signal: AbortSignal) => Promise<Verdict>

/** Builds a world, lives in it, judges and ends it. */
export async function inWorld(options: Options, live: Life, signal: AbortSignal): Promise<Outcome> {
  const startedAt = Date.now()
  const world = await buildWorld(options)
  const abort = () => void world.destroy()
  signal.addEventListener('abort', abort, {once: true})
  let verdict: Verdict | null = null
  try {
    verdict = await live(options, world, signal)
  } finally {
    signal.removeEventListener('abort', abort)
    await world.destroy()
    if (signal.aborted || (verdict !== null && isGood(verdict) && !options.keep))
      rmSync(world.folder, {recursive: true, force: true})
    else options.say(`evidence: ${world.folder}`)
  }
  const folder = isGood(verdict) && !options.keep ? null : world.folder
  for (const text of told(verdict)) options.say(`  ${text}`)
  return {verdict, line: line(options.seed, verdict), seconds: (Date.now() - startedAt) / 1000, folder}
}

/** Each fault that was found, the first of each kind. */
function told({lost, duplicated, differences, broken}: Verdict): string[] {
  return [lost, duplicated, differences, broken].flatMap((list) =>
    list.length > LISTED ? [...list.slice(0, LISTED), `… and ${list.length - LISTED} more`] : list,
  )
}

async function lived(options: Options, world: World, signal: AbortSignal): Promise<Verdict> {
  const {platforms, crew} = world
  const phase = phases(options.say)
  const story = await storyOf(options, new Date())
  const {trouble, watch, log} = await begin(options, world, phase)
  const deleted = new Set<string>()
  for (const part of ['rush', 'after'] as const) {
    const faults = scheduleOf(options, part)
    await trouble.begin()
    await Promise.all([play(story[part], world, deleted, signal), strike(trouble, faults, signal)])
    await trouble.calm()
    log()
    phase(`${part}: ${story[part].length} steps of the shop, ${faults.length} faults; ${crew.kills} processes killed, Postgres stopped ${trouble.restarts} times so far`) // prettier-ignore
    await recover(world, options.say)
    phase('the queue is empty')
  }
  await watch.end()
  await crew.end()
  phase('every process has ended')
  const books = await readBooks(platforms)
  const evidence = await gather(options, world, {trouble, watch}, {deleted, books})
  return sentence(options, world, evidence, phase)
}

type Begun = Readonly<{trouble: Trouble; watch: QueueWatch}>

/** Starts the processes on both hosts, and whoever looks at the queue and breaks things. */
export async function begin(
  options: Options,
  world: World,
  phase: (text: string) => void,
  duties: readonly Duty[] = [],
): Promise<Begun & Readonly<{log: () => void}>> {
  const {platforms, crew, ledger, hosts} = world
  const migrated = await hosts[0].start('migrate', ['ledger:migrate']).ended
  if (migrated.code !== 0) throw new Error(`ledger:migrate ended with ${migrated.code}: ${migrated.stderr}`)
  crew.run([...dutiesOf(options, world), ...duties])
  await listening(world)
  await platforms.subscribe(world.relay.url)
  phase(`${crew.names.length} processes on 2 hosts; both platforms and Postgres are up`)
  const events: string[] = []
  const trouble = new Trouble({platforms, ledger, crew, mend: () => asked(hosts[0])}, standingOf(options), (text) => events.push(`${new Date().toISOString()} ${text}`)) // prettier-ignore
  const log = () => writeFileSync(join(world.logs, 'faults.log'), `${events.join('\n')}\n`)
  return {trouble, watch: new QueueWatch(ledger.url), log}
}

/** Brings each fault about at its time. */
export async function strike(trouble: Trouble, faults: readonly Fault[], signal: AbortSignal): Promise<void> {
  await Promise.all(
    faults.map(async (fault) => {
      await delay(fault.atMs, undefined, {signal})
      await trouble.play(fault)
    }),
  )
}

/** Runs everything a second time, and collects what there is to judge by. */
export async function gather(
  options: Options,
  {platforms, hosts, ledger, relay, crew}: World,
  {trouble, watch}: Begun,
  {deleted, books}: Pick<Evidence, 'deleted' | 'books'>,
): Promise<Evidence> {
  const second = await hosts[0].start('second-run', ['orders:push', '--since', '2000-01-01', '--json']).ended
  return {
    documents: await platforms.get<Document[]>('shopify', 'orders'),
    deleted,
    books,
    after: await readBooks(platforms),
    secondRun: {code: second.code, counts: countsOf(second.stdout)},
    seen: relay.seen,
    ledgerUrl: ledger.url,
    findings: crew.findings,
    together: watch.together,
    loginsAllowed: trouble.credentialFaults * loginsOf(options),
    limit: options.limit,
    report: options.books === true ? await reportOf(platforms.shopifyUrl, platforms.netsuiteUrl) : null,
  }
}

/** Judges the evidence, and keeps it where something is not as it should be. */
export async function sentence(
  options: Options,
  world: World,
  evidence: Evidence,
  phase: (text: string) => void,
): Promise<Verdict> {
  const verdict = await judge(evidence)
  options.say(`          ${await met(world, evidence)}`)
  if (!isGood(verdict) || options.keep) await keep(world, evidence)
  phase('judged')
  return verdict
}

/** What the run has been through, by the sandbox's own counters: a run that met nothing proves nothing. */
async function met({platforms}: World, {books}: Evidence): Promise<string> {
  const {webhooks} = await platforms.get<{webhooks: Record<string, number>}>('shopify', 'stats')
  const {byOperation, faults} = books.stats
  const updates = ['soap updateList', 'soap update'].reduce((sum, name) => sum + (byOperation[name]?.records ?? 0), 0)
  const hooks = ['deliveries', 'duplicated', 'lost', 'late', 'shuffled', 'forged', 'retried'] as const
  const told = hooks.map((name) => `${webhooks[name]} ${name}`).join(', ')
  const struck = Object.entries(faults).map(([kind, times]) => `${times} ${kind}`).join(', ') // prettier-ignore
  return `webhooks: ${told}; NetSuite: ${updates} orders updated; faults there: ${struck || 'none'}`
}

/**
 * Refused logins that one dead credential may cost: what is in flight when it dies, a question of each process that starts or
 * has no token yet, and the lonely ones afterwards.
 */
function loginsOf({limit, processes}: Options): number {
  return limit + (processes + 4) + 3
}

/** What an operator does who has mended a credential: asks until both systems and the ledger answer, which other faults delay. */
async function asked(host: Host): Promise<void> {
  for (let tries = 0; tries < 8; tries++) {
    if ((await host.start('doctor', ['doctor', '--json']).ended).code === 0) return
    await delay(500)
  }
}

/** Says each phase with the time that it took. */
export function phases(say: (text: string) => void): (text: string) => void {
  let at = Date.now()
  return (text) => {
    say(`${((Date.now() - at) / 1000).toFixed(1).padStart(6)} s  ${text}`)
    at = Date.now()
  }
}

/** Plays a part of the story in real time. Orders that are deleted are noted. */
async function play(
  steps: readonly Step[],
  {platforms}: World,
  deleted: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = Date.now()
  for (const {atMs, documents, id} of steps) {
    await delay(Math.max(0, startedAt + atMs - Date.now()), undefined, {signal})
    if (documents.length === 0) {
      await platforms.remove('shopify', `orders/${id}`)
      deleted.add(id)
    } else {
      const updatedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
      await platforms.post('shopify', 'orders', documents.map((document) => ({...document, updated_at: updatedAt}))) // prettier-ignore
    }
  }
}

function countsOf(stdout: string): Record<string, number> {
  try {
    return (JSON.parse(stdout) as {counts?: Record<string, number>}).counts ?? {}
  } catch {
    return {} // the run failed; the checker sees the counts missing
  }
}

/** What both platforms held and what the ledger remembered, beside the logs of every process. */
async function keep({folder, hosts}: World, evidence: Evidence): Promise<void> {
  const {seen, deleted, together, ...rest} = evidence
  const dump = {...rest, seen: Object.fromEntries(seen), deleted: [...deleted], together: [...together]}
  writeFileSync(join(folder, 'evidence.json'), JSON.stringify(dump, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 1)) // prettier-ignore
  await hosts[0].start('backup', ['ledger:backup', '--file', join(folder, 'ledger.sql.gz')]).ended
}
