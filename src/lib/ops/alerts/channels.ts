import type {AlertSettings, Channel} from './types.ts'

/** The channels that are set. What they need of packages is loaded at the first message. */
export function openChannels({slack, email}: AlertSettings): Channel[] {
  const channels: Channel[] = []
  if (slack !== null) {
    channels.push({
      name: 'slack',
      // Discord's /slack endpoint, the narrowest of those that take this form, has 2,000 characters (discord.com, "Execute Webhook").
      charactersMax: 1900,
      send: async (message) => (await import('./slack.ts')).postToSlack(slack.url, message),
    })
  }
  if (email !== null) {
    channels.push({
      name: 'email',
      charactersMax: 20_000,
      send: async (message) => (await import('./mail.ts')).sendMail(email, message),
    })
  }
  return channels
}
