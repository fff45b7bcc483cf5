import {setTimeout as delay} from 'node:timers/promises'

import type {Crew, Duty} from './crew.ts'
import type {Host} from './hosts.ts'
import type {Options} from './options.ts'
import type {World} from './world.ts'

type Jobs = Readonly<{
  counts: Readonly<{waiting: number; running: number; retrying: number; parked: number}>
  waiting: readonly Readonly<{name: string | null; subject: string; dueAt: string}>[]
}>

/** A sweep every so often, as cron would start it. */
const SWEEP_MS = 5000
const POLL_MS = 700
/** Longer than this nobody waits for a retry that could be had now. */
const PATIENCE_MS = 1500
/** The whole queue has to be empty this long after the last fault. */
const DRAINED_WITHIN_MS = 120_000
/** Both systems answer again: an open circuit has to close within this time. */
const REACHED_WITHIN_MS = 60_000

/** Who runs where: a listener on each host, the first of which also works, the workers in turn, and a sweep on each host. */
export function dutiesOf({processes}: Options, {hosts, listenerPorts}: World): Duty[] {
  const listeners = hosts.map((host, i) => {
    const receiveOnly = i === 0 ? [] : ['--no-work']
    const args = ['webhooks:listen', '--port', String(listenerPorts[i]), ...receiveOnly]
    return {name: `listener-${host.name}`, host, args, kind: 'always'} as const
  })
  const workers = Array.from({length: processes}, (_, i) => {
    const host = i % 2 === 0 ? hosts[1] : hosts[0]
    return {name: `worker-${i + 1}`, host, args: ['jobs:work'], kind: 'always'} as const
  })
  const sweeps = hosts.map((host, i) => {
    const kind = {everyMs: 2 * SWEEP_MS, firstMs: 2000 + i * SWEEP_MS}
    return {name: `sweep-${host.name}`, host, args: ['orders:push', '--json'], kind} as const
  })
  return [...listeners, ...workers, ...sweeps]
}

/** Waits until both listeners answer. */
export async function listening(world: World): Promise<void> {
  for (const port of world.listenerPorts) {
    for (let tries = 0; !(await isReady(port)); tries++) {
      if (tries > 400) throw new Error(`the listener on port ${port} does not answer`)
      await delay(50)
    }
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz?ready`)).ok
  } catch {
    return false // not yet
  }
}

/**
 * What an operator does after a bad day: asks whether both systems can be reached again, sweeps once more, and names the
 * orders that would wait minutes for their next try. Then the queue has to run empty by itself.
 */
export async function recover({crew, hosts, platforms}: World, say: (text: string) => void): Promise<void> {
  const [host] = hosts
  await sweepOnce(host, crew, say)
  await platforms.post('shopify', 'webhooks/flush')
  const deadline = Date.now() + DRAINED_WITHIN_MS
  for (;;) {
    const jobs = await jobsOf(host)
    const {waiting, running, retrying} = jobs.counts
    const {waiting: deliveries} = (await platforms.get<{webhooks: {waiting: number}}>('shopify', 'stats')).webhooks
    if (waiting + running + retrying + deliveries === 0) return
    if (Date.now() > deadline) {
      crew.findings.push({what: 'the queue did not run empty within two minutes', detail: JSON.stringify(jobs.counts)})
      return
    }
    const late = jobs.waiting.filter(({dueAt}) => Date.parse(dueAt) > Date.now() + PATIENCE_MS)
    if (late.length > 0)
      await hurry(
        host,
        late.map(({subject}) => subject.split('/')[1] ?? ''),
      )
    else await delay(POLL_MS)
  }
}

/** A sweep that began after the faults. While a circuit is open, or another sweep runs, it is asked for again. */
async function sweepOnce(host: Host, crew: Crew, say: (text: string) => void): Promise<void> {
  const deadline = Date.now() + REACHED_WITHIN_MS
  for (;;) {
    const doctor = await host.start('doctor', ['doctor', '--json']).ended
    if (doctor.code !== 0) say(`doctor ended with exit code ${doctor.code}`)
    const {code, signal, stderr} = await host.start('last-sweep', ['orders:push', '--json']).ended
    if (code === 0 || code === 3) return
    const isEarly = code === 11 || code === 12
    if (!isEarly || Date.now() > deadline) {
      crew.findings.push({what: `the last sweep ended with ${signal ?? `exit code ${code}`}`, detail: stderr})
      return
    }
    await delay(POLL_MS)
  }
}

async function jobsOf(host: Host): Promise<Jobs> {
  const {stdout, stderr, code} = await host.start('jobs', ['jobs:list', '--limit', '1000', '--json']).ended
  try {
    return JSON.parse(stdout) as Jobs
  } catch {
    throw new Error(`jobs:list ended with ${code}: ${stderr}`)
  }
}

async function hurry(host: Host, ids: readonly string[]): Promise<void> {
  for (let i = 0; i < ids.length; i += 200)
    await host.start('operator', ['orders:push', '--json', ...ids.slice(i, i + 200)]).ended
}
