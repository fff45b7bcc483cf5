import type {ChannelState} from '../ledger/alert-channels.ts'
import type {OpenAlert} from '../ledger/alerts.ts'
import type {TestReport} from '../ops/alerts/try.ts'
import {runbookOf} from './error.ts'

/** Open alerts as they are told, each with who has heard of it, and how the channels fare. */
export function alertsText({
  alerts,
  channels,
}: Readonly<{alerts: readonly OpenAlert[]; channels: readonly ChannelState[]}>): string {
  const lines = alerts.length === 0 ? ['no open alerts'] : alerts.map(alertText)
  return [...lines, ...channels.map(channelText)].join('\n')
}

/** What came of a test, a line for each channel. */
export function testText({channels}: TestReport): string {
  return channels.map(({channel, ok, detail}) => `${channel}: ${ok ? 'sent' : `not sent: ${detail}`}`).join('\n')
}

function alertText(alert: OpenAlert): string {
  const told = alert.told.map(
    ({channel, at, times}) => `${channel} ${minuteOf(at)}${times > 1 ? ` (${times} times)` : ''}`,
  )
  return [
    `${alert.severity}: ${alert.title}`,
    `  Effect: ${alert.effect}`,
    `  Next: ${alert.next}${alert.code === null ? '' : ` | ${runbookOf(alert.code)}`}`,
    `  Since ${minuteOf(alert.firstSeen)}, told: ${told.length === 0 ? 'nobody yet' : told.join(', ')}`,
  ].join('\n')
}

function channelText({name, lastSentAt, attempts, nextAt, lastError}: ChannelState): string {
  const sent = lastSentAt === null ? 'nothing sent yet' : `last sent ${minuteOf(lastSentAt)}`
  if (attempts === 0) return `channel ${name}: ${sent}`
  const next = nextAt === null ? '' : `, again from ${minuteOf(nextAt)} on`
  return `channel ${name}: ${sent}; ${attempts} failed since: ${lastError ?? ''}${next}`
}

function minuteOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
