import {windowMs, type Part} from './orders.ts'
import {seededRandom, type Random} from './random.ts'
import type {FaultName, Options} from './options.ts'

type Rule = Readonly<Record<string, unknown>>

/** A fault of the schedule: rules of a sandbox in force for a while, or something that happens to our own side. */
export type Fault = Readonly<{atMs: number; name: FaultName; forMs: number}> &
  (
    | Readonly<{does: 'rule'; system: 'shopify' | 'netsuite'; rules: readonly Rule[]}>
    | Readonly<{does: 'kill'; victim: number}>
    | Readonly<{does: 'postgres'}>
  )

/** A rule of a sandbox that stands as long as its part of the run. */
export type Standing = Readonly<{system: 'shopify' | 'netsuite'; rule: Rule}>

/** Faults of webhooks strike a share of all deliveries. */
const WEBHOOKS: Readonly<Partial<Record<FaultName, Rule>>> = {
  duplicate: {kind: 'webhook-duplicate', probability: 0.1},
  lost: {kind: 'webhook-lost', probability: 0.08},
  late: {kind: 'webhook-late', probability: 0.08, delayMs: 2500},
  shuffled: {kind: 'webhook-shuffled', probability: 0.1, delayMs: 700},
  forged: {kind: 'webhook-forged', probability: 0.05},
}

/** Every kind of write of the order flow: an order added or updated, alone or in a list, a customer, the id written back. */
const NETSUITE_WRITES = [
  {channel: 'soap', operation: 'addList'},
  {channel: 'soap', operation: 'add'},
  {channel: 'soap', operation: 'updateList'},
  {channel: 'soap', operation: 'update'},
  {channel: 'rest', operation: 'POST customer'},
] as const
/** A share of the replies to every kind of write is lost, but not so many that nothing gets through. */
const LOST = {kind: 'lost-reply', probability: 0.25, count: 5} as const
const NETSUITE_CHANNELS = ['soap', 'rest', 'suiteql'] as const

/** One fault about every so often: a run of 500 orders meets some fifty. */
const EVERY_MS = 600

type Draw = (random: Random) => Omit<Fault, 'atMs' | 'name'> & Record<string, unknown>

const netsuite = (rule: Rule, forMs: number) => ({does: 'rule', system: 'netsuite', rules: [rule], forMs}) as const
const shopify = (rule: Rule, forMs: number) => ({does: 'rule', system: 'shopify', rules: [rule], forMs}) as const

const DRAWS: Readonly<Partial<Record<FaultName, Draw>>> = {
  storm: (random) => {
    if (random.chance(0.3)) return shopify({kind: 'throttled', probability: 0.7}, random.between(500, 1500))
    const storm = {kind: 'concurrency', match: {channel: random.pick(NETSUITE_CHANNELS)}, count: random.between(3, 12)}
    // Accounts under load are said to answer so to requests that are merely too many.
    const misread = random.chance(0.3) ? [{kind: 'overload-login', count: random.between(1, 2)}] : []
    return {does: 'rule', system: 'netsuite', rules: [storm, ...misread], forMs: 2000}
  },
  'server-error': (random) =>
    random.pick([
      shopify({kind: 'http-status', status: random.pick([500, 502, 503, 504]), probability: 0.6}, 800),
      shopify({kind: 'internal-error', probability: 0.6}, 800),
      netsuite({kind: 'maintenance', probability: 0.6}, 800),
    ]),
  cut: (random) => either(random, {kind: 'cut', count: random.between(1, 2)}),
  html: (random) => either(random, {kind: 'html', count: random.between(1, 2)}),
  reset: (random) => either(random, {kind: 'reset', count: random.between(1, 3)}),
  stall: (random) => {
    const ms = random.between(1500, 5000)
    return either(random, {kind: 'delay', ms, delayMs: ms, count: random.between(1, 3)})
  },
  revoked: (random) =>
    random.chance(0.5)
      ? shopify({kind: 'revoked'}, random.between(1500, 3000))
      : netsuite({kind: 'login'}, random.between(1500, 3000)),
  skew: (random) => netsuite({kind: 'clock-skew', ms: random.pick([-1, 1]) * random.between(6, 15) * 60_000}, 2500),
  postgres: (random) => ({does: 'postgres', forMs: random.between(200, 1500)}),
  kill: (random) => ({does: 'kill', victim: random.between(0, 1_000_000), forMs: 0}),
}

function either(random: Random, rule: Rule) {
  return random.chance(0.35) ? shopify(rule, 3000) : netsuite(rule, 3000)
}

/** Rare faults, which stop everything for a while, and how often at most a run meets them. */
const AT_MOST: Readonly<Partial<Record<FaultName, number>>> = {revoked: 2, postgres: 3, skew: 2}

/** While a credential is refused nothing is worked that other faults could strike: these come at the end of the rush. */
const STOPPING: ReadonlySet<FaultName> = new Set(['revoked', 'skew'])
const LATE = 0.6

/** Kills are the law's hardest test: they come more often than any other fault. */
const WEIGHTS: Readonly<Partial<Record<FaultName, number>>> = {kill: 4}

/** What the days after meet: nothing that stops everything, and crashes only where the run is long enough to recover. */
const CRASHES: ReadonlySet<FaultName> = new Set(['postgres', 'kill'])
const LONG = 200

/** The faults that stand all the time. */
export function standingOf({faults}: Options): Standing[] {
  const webhooks = Object.entries(WEBHOOKS).flatMap(([name, rule]) => (faults.has(name as FaultName) ? [rule] : []))
  const shopify = faults.has('lost-reply') ? [...webhooks, {...LOST, match: {operation: 'SetNetsuiteIds'}}] : webhooks
  const netsuite = faults.has('lost-reply') ? NETSUITE_WRITES.map((match) => ({...LOST, match})) : []
  return [
    ...shopify.map((rule) => ({system: 'shopify', rule}) as const),
    ...netsuite.map((rule) => ({system: 'netsuite', rule}) as const),
  ]
}

/**
 * The faults of a part of the run, by time, one every so often. In the rush each kind that was asked for comes at least once.
 */
export function scheduleOf(
  options: Options,
  part: Part,
  {window = windowMs(options, part), everyMs = EVERY_MS} = {},
): Fault[] {
  const random = seededRandom(options.seed + (part === 'rush' ? 7_654_321 : 1_234_567))
  const isMild = (name: FaultName) => !STOPPING.has(name) && (!CRASHES.has(name) || options.orders >= LONG)
  const kinds = (Object.keys(DRAWS) as FaultName[]).filter(
    (name) => options.faults.has(name) && (part === 'rush' || isMild(name)),
  )
  if (kinds.length === 0) return []
  const count = Math.max(kinds.length, Math.floor(window / everyMs))
  const names = namesOf(kinds, count, random)
  const faults = names.map((name, i) => {
    const share = (i + random.next()) / names.length
    const atMs = Math.round(window * (STOPPING.has(name) ? LATE + share * (1 - LATE) : share))
    return {atMs, name, ...DRAWS[name]?.(random)} as Fault
  })
  return faults.toSorted((a, b) => a.atMs - b.atMs)
}

function namesOf(kinds: readonly FaultName[], count: number, random: Random): FaultName[] {
  const bag = kinds.flatMap((name) => Array.from({length: WEIGHTS[name] ?? 1}, () => name))
  const names = [...kinds]
  while (names.length < count) {
    const name = random.pick(bag)
    const most = AT_MOST[name] ?? Infinity
    if (names.filter((one) => one === name).length < most) names.push(name)
    else if (bag.every((one) => names.filter((other) => other === one).length >= (AT_MOST[one] ?? Infinity))) break
  }
  return names
    .map((name) => ({name, at: random.next()}))
    .toSorted((a, b) => a.at - b.at)
    .map(({name}) => name)
}
