import {hostname} from 'node:os'

import {ConfigError} from '../../core/errors.ts'
import type {Channel} from './types.ts'
import {testMessage} from './message.ts'

/** `detail`: null where the channel took the message. */
export type TestReport = Readonly<{
  channels: readonly Readonly<{channel: string; ok: boolean; detail: string | null}>[]
}>

/**
 * Sends a test message to each channel, or to the one named.
 * Throws ConfigError ALERT_CHANNEL_MISSING where there is none to send to.
 */
export async function testChannels(channels: readonly Channel[], only: Channel['name'] | null): Promise<TestReport> {
  const chosen = channels.filter(({name}) => only === null || only === name)
  if (chosen.length === 0) {
    throw new ConfigError('ALERT_CHANNEL_MISSING', `${only ?? 'no channel'} is ${only === null ? '' : 'not '}set`, {
      hint: 'set ALERT_SLACK_WEBHOOK_URL, or ALERT_SMTP_URL with ALERT_EMAIL_FROM and ALERT_EMAIL_TO',
    })
  }
  const results = await Promise.all(
    chosen.map(async (channel) => {
      const sent = await channel.send(testMessage(hostname()))
      return {channel: channel.name, ok: sent.ok, detail: sent.ok ? null : sent.why}
    }),
  )
  return {channels: results}
}
