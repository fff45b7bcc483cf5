import {systemClock} from '../../../../src/lib/core/clock.ts'
import type {Alert} from '../../../../src/lib/ledger/alerts.ts'
import type {Ledger} from '../../../../src/lib/ledger/open.ts'
import {parkAll} from '../../../../src/lib/ledger/parked.ts'
import type {Channel} from '../../../../src/lib/ops/alerts/types.ts'
import {postToSlack} from '../../../../src/lib/ops/alerts/slack.ts'
import {tendAlerts} from '../../../../src/lib/ops/alerts/tend.ts'
import {SHOP} from '../../../support/hints.ts'

/** What someone raises. A test states only what it changes. */
export function alert(change: Partial<Alert> = {}): Alert {
  return {
    key: 'subscription:orders/create',
    severity: 'warn',
    title: 'Shopify had removed a webhook',
    effect: 'orders came late',
    next: 'tieout webhooks:list',
    ...change,
  }
}

/** Slack at an address, with a patience that fits a test. */
export function slackChannel(url: string, timeoutMs = 10_000): Channel {
  return {name: 'slack', charactersMax: 1900, send: (message) => postToSlack(url, message, timeoutMs)}
}

/** A tick with these channels. Gives what was logged. */
export async function tick(ledger: Ledger, ...channels: Channel[]): Promise<string[]> {
  const logged: string[] = []
  const deps = {
    ledger,
    channels,
    rules: {lagMinutes: 15},
    clock: systemClock,
    log: (line: string) => void logged.push(line),
  }
  await tendAlerts(deps, new AbortController().signal)
  return logged
}

/** Orders 1…n are parked under a code. */
export async function parkOrders(ledger: Ledger, n: number, code = 'SKU_UNMAPPED', from = 1): Promise<void> {
  await ledger.db.transaction((tx) =>
    parkAll(
      tx,
      Array.from({length: n}, (_, i) => ({
        flow: 'orders' as const, subject: `${SHOP}/${from + i}`, name: `#${from + i}`, code,
        message: 'no item for jane.doe@example.com', hint: 'map it', attempts: 1,
      })), // prettier-ignore
    ),
  )
}

export async function solveAll(ledger: Ledger): Promise<void> {
  await ledger.db('parked').update({resolved_at: ledger.db.fn.now(), resolved_by: 'ana'})
}

const TIMES: Readonly<Record<string, readonly string[]>> = {
  alerts: ['first_seen', 'last_seen', 'cleared_at', 'resolved_at'],
  alert_notices: ['told_at'],
  alert_channels: ['claimed_until', 'next_at', 'last_sent_at'],
}

/** Everything in the tables of alerts happened so much earlier. */
export async function letPass(ledger: Ledger, minutes: number): Promise<void> {
  for (const [table, columns] of Object.entries(TIMES)) {
    const set = columns.map((column) => `${column} = ${column} - make_interval(mins => ${minutes})`).join(', ')
    await ledger.db.raw(`update ${table} set ${set}`)
  }
}
