import {setTimeout as delay} from 'node:timers/promises'

import {readBooks, type Evidence} from './check.ts'
import type {Duty} from './crew.ts'
import type {Host} from './hosts.ts'
import {recover} from './operate.ts'
import type {FaultName, Options} from './options.ts'
import {scheduleOf} from './schedule.ts'
import {begin, gather, inWorld, phases, sentence, strike, type Outcome} from './simulate.ts'
import type {Verdict} from './verdict.ts'
import type {World} from './world.ts'

/** Faults that a month meets: those of the network and the machine, now and then. Money has to survive them. */
export const MONTH_FAULTS: readonly FaultName[] = [
  'duplicate',
  'late',
  'shuffled',
  'lost-reply',
  'storm',
  'server-error',
  'cut',
  'reset',
  'kill',
]

/** The sandbox plays a day in so much time. */
const DAY_MS = 10_000
const FAULT_EVERY_MS = 4000
/** What is still being changed when the days are over. */
const SETTLED_WITHIN_MS = 60_000

/** What happens to the orders of the month; the rest is ordered, paid and shipped, or left open. */
const SHARES = {
  edits: 0.08,
  cancellations: 0.05,
  partialCancellations: 0.05,
  addressChanges: 0.03,
  noteChanges: 0.02,
  latePayments: 0.07,
  shipments: 0.12,
  deletions: 0,
  tests: 0.01,
  captures: 0.1,
  returns: 0.12,
  refunds: 0.1,
  termPayments: 0.03,
} as const

/**
 * Plays a month of a shop with all of its money: captures, parcels, returns, refunds, disputes, reserves, payouts. The
 * program's processes book it under faults; then both platforms are compared by the sandbox's general ledger.
 */
export function simulateMonth(options: Options, signal: AbortSignal): Promise<Outcome> {
  return inWorld({...options, books: true}, livedMonth, signal)
}

async function livedMonth(options: Options, world: World, signal: AbortSignal): Promise<Verdict> {
  const {platforms, crew, hosts} = world
  const phase = phases(options.say)
  const window = (options.days ?? 30) * DAY_MS
  const {trouble, watch, log} = await begin(options, world, phase, [payoutsDuty(hosts[1])])
  const faults = scheduleOf(options, 'rush', {window, everyMs: FAULT_EVERY_MS})
  await trouble.begin()
  const ordersPerMinute = (options.orders * 60_000) / (window * 0.96)
  await platforms.post('shopify', 'traffic', {ordersPerMinute, seed: options.seed, orders: options.orders, ...SHARES})
  await Promise.all([strike(trouble, faults, signal), delay(window, undefined, {signal})])
  await trouble.calm()
  log()
  await played(world, signal)
  phase(`the month: ${faults.length} faults; ${crew.kills} processes killed, Postgres stopped ${trouble.restarts} times`) // prettier-ignore
  await recover(world, options.say)
  await once(hosts[0], ['orders:push', '--since', '2000-01-01', '--json'])
  await recover(world, options.say)
  phase('the queue is empty')
  await watch.end()
  await crew.end()
  // What was paid after the last run, and what waited for an order.
  await once(hosts[0], PAYOUTS)
  await recover(world, options.say)
  phase('payouts are booked, every process has ended')
  const books = await readBooks(platforms)
  const evidence = await gather(options, world, {trouble, watch}, {deleted: new Set(), books})
  await secondPayouts(hosts[0], evidence)
  options.say(tableOf(evidence))
  return sentence(options, world, evidence, phase)
}

/** As cron would start it, over the whole month: what is written is only looked at. */
const PAYOUTS = ['payouts:push', '--since', '2000-01-01', '--json']

function payoutsDuty(host: Host): Duty {
  return {name: `payouts-${host.name}`, host, args: PAYOUTS, kind: {everyMs: 15_000, firstMs: 20_000}}
}

async function once(host: Host, args: readonly string[]): Promise<string> {
  const {code, stdout, stderr} = await host.start('month', args).ended
  if (code !== 0 && code !== 3) throw new Error(`${args[0] ?? ''} ended with ${code}: ${stderr}${stdout.slice(-2000)}`)
  return stdout
}

/** Waits until the shop has played everything that it began. */
async function played({platforms}: World, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + SETTLED_WITHIN_MS
  while ((await platforms.get<{playing: boolean}>('shopify', 'traffic')).playing && Date.now() < deadline)
    await delay(500, undefined, {signal})
  await platforms.remove('shopify', 'traffic')
}

/** Booking the payouts once more writes nothing. */
async function secondPayouts(host: Host, evidence: Evidence): Promise<void> {
  const {counts} = JSON.parse(await once(host, PAYOUTS)) as Readonly<{counts: Readonly<Record<string, number>>}>
  if (counts['written'] === 0) return
  const findings = evidence.findings as {what: string; detail: string}[]
  findings.push({what: 'a second run of payouts:push wrote again', detail: JSON.stringify(counts)})
}

/** The identities: what Shopify says, what NetSuite holds, and the difference. */
function tableOf({report}: Evidence): string {
  const rows = (report?.identities ?? []).map((one) => [one.name, one.currency, one.shopify, one.netsuite, one.difference]) // prettier-ignore
  const all = [['', '', 'Shopify', 'NetSuite', 'difference'], ...rows]
  const widths = [0, 1, 2, 3, 4].map((i) => Math.max(...all.map((row) => row[i]?.length ?? 0)))
  return all
    .map((row) =>
      row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n')
}
