import type {ChannelState} from '../../ledger/alert-channels.ts'
import type {Alert} from '../../ledger/alerts.ts'
import type {Circuit} from '../../ledger/circuits.ts'
import type {ConflictGroup, WaitingGroup} from '../../ledger/troubles.ts'

/** From so many orders on one cause wakes someone: a mapping that fails for all and not a few odd orders. */
const PAGE_FROM = 20
/** A queue that stands for so many times the allowed lag wakes someone, too. */
const PAGE_LAGS = 4
const NAME_MAX = 40
const SAID_MAX = 200

type Worth = readonly Readonly<{currency: string; amount: string}>[]

/** Orders that wait for a person under one error code. */
export function parked(group: WaitingGroup, worth: Worth): Alert {
  const {code, count} = group
  const money = worth.map(({currency, amount}) => `${amount} ${currency}`).join(', ')
  return {
    key: `parked:${code}`,
    severity: count >= PAGE_FROM ? 'page' : 'warn',
    code,
    title: `${orders(count)} ${count === 1 ? 'is' : 'are'} parked: ${code}`,
    effect: [
      `${count === 1 ? 'It waits' : 'They wait'} for a person, the oldest since ${minuteOf(group.oldest)}`,
      `${money === '' ? '' : `, worth ${money} as far as known`}: ${names(group)}. Other orders go on.`,
    ].join(''),
    next: `tieout jobs:list --code ${code}`,
    count,
  }
}

/** A system that refuses our credential. `waiting`: orders in the queue. */
export function closedSystem(
  circuit: Pick<Circuit, 'system' | 'code' | 'message' | 'openedAt'>,
  waiting: number,
): Alert {
  return {
    key: `circuit:${circuit.system}`,
    severity: 'page',
    code: circuit.code,
    title: `${circuit.system} refuses us since ${minuteOf(circuit.openedAt)}: ${circuit.code}`,
    effect: `${orders(waiting)} waiting, nothing is sent there, nothing is lost. ${bounded(circuit.message)}.`,
    next: 'tieout doctor',
  }
}

/** Values that a person changed in NetSuite and that Shopify decides. Each new one is told once. */
export function conflicts({count, orders, fresh, names: some}: ConflictGroup): Alert {
  return {
    key: 'conflicts',
    severity: 'info',
    code: 'CONFLICTS_OPEN',
    title: `${count} ${count === 1 ? 'conflict' : 'conflicts'} between NetSuite and Shopify to look at`,
    effect: `A person changed in NetSuite what Shopify decides, the latest in ${names({names: some, count: orders})}.`,
    next: 'tieout conflicts:list',
    count,
    isNews: fresh > 0,
  }
}

/** Orders that nobody begins. */
export function lagging(waiting: Readonly<{count: number; minutes: number}>, lagMinutes: number): Alert {
  return {
    key: 'queue:lag',
    severity: waiting.minutes >= PAGE_LAGS * lagMinutes ? 'page' : 'warn',
    code: 'QUEUE_LAGS',
    title: `the queue is behind: an order has waited for ${waiting.minutes} minutes`,
    effect: `${orders(waiting.count)} not yet in NetSuite. Nothing is lost; stock shown in the shop may be too high.`,
    next: 'tieout status',
    count: waiting.count,
  }
}

/** Orders that pass no attempt, though nobody has to correct them. */
export function retrying(group: WaitingGroup): Alert {
  const {code, count} = group
  return {
    key: `retrying:${code}`,
    severity: count >= PAGE_FROM ? 'page' : 'warn',
    code,
    title: `${orders(count)} tried again for more than an hour: ${code}`,
    effect: `Not yet in NetSuite, the oldest since ${minuteOf(group.oldest)}: ${names(group)}. Attempts go on.`,
    next: 'tieout doctor',
    count,
  }
}

/** Runs of a command that a fault of the program ended. What was said is left out: nobody foresaw what stands in it. */
export function brokenRuns(runs: Readonly<{command: string; count: number; last: Date}>): Alert {
  const times = runs.count === 1 ? 'once' : `${runs.count} times`
  return {
    key: `bug:${runs.command}`,
    severity: 'warn',
    code: 'UNEXPECTED',
    title: `a bug ended ${runs.command} ${times} in 24 hours`,
    effect: `The last time at ${minuteOf(runs.last)}. What it had not done stays queued.`,
    next: 'tieout status --json, and report the outcome of that run',
    count: runs.count,
  }
}

/** A channel that takes no messages; the others tell it. */
export function brokenChannel(channel: ChannelState): Alert {
  return {
    key: `channel:${channel.name}`,
    severity: 'warn',
    code: 'ALERTS_NOT_SENT',
    title: `alerts do not get through by ${channel.name}`,
    effect: `${channel.attempts} attempts failed: ${channel.lastError ?? ''}. Orders are not affected.`,
    next: `tieout alerts:test --channel ${channel.name}`,
  }
}

function orders(count: number): string {
  return count === 1 ? '1 order' : `${count} orders`
}

function names({names: some, count}: Readonly<{names: readonly string[]; count: number}>): string {
  const shown = some.map((name) => (name.length > NAME_MAX ? `${name.slice(0, NAME_MAX)}…` : name))
  return `${shown.join(', ')}${count > some.length ? ', …' : ''}`
}

/** Minutes are fine enough at night, and the zone is said. */
function minuteOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function bounded(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/[.\s]+$/, '')
  return line.length > SAID_MAX ? `${line.slice(0, SAID_MAX)}…` : line
}
