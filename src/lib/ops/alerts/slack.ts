import type {Message} from './message.ts'
import {SEND_MAX_MS, type Sent} from './types.ts'

/** A wait that is asked for longer than this is cut: an alert that old helps nobody. */
const RETRY_AFTER_MAX_S = 3600
/** Of what is answered so much is taken off the line; it is not read. */
const ANSWER_MAX_BYTES = 100_000

/**
 * Posts to an incoming webhook of Slack, Mattermost or Discord (its /slack address): JSON with `text`. Taken is what is
 * answered 2xx; 429 says in Retry-After when to come back (docs.slack.dev, "Sending messages using incoming webhooks",
 * "Rate limits"). Nothing that the address is or answers is repeated, because either may hold the secret.
 */
export async function postToSlack(url: string, message: Message, timeoutMs = SEND_MAX_MS): Promise<Sent> {
  const {request} = await import('undici')
  try {
    const {statusCode, headers, body} = await request(url, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({text: escaped(message.text)}),
      signal: AbortSignal.timeout(timeoutMs),
    })
    await body.dump({limit: ANSWER_MAX_BYTES})
    if (statusCode >= 200 && statusCode < 300) return {ok: true}
    return {
      ok: false,
      why: `it answers ${statusCode}${meaningOf(statusCode)}`,
      retryAfterMs: retryAfter(headers['retry-after']),
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (error.name === 'TimeoutError') return {ok: false, why: `no answer in ${timeoutMs / 1000} s`, retryAfterMs: 0}
    if (!('code' in error)) throw error
    return {ok: false, why: `it cannot be reached: ${String(error.code)}`, retryAfterMs: 0}
  }
}

/** Slack reads <…> as a link or a call to everybody; these three are escaped (docs.slack.dev, "Formatting message text"). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function meaningOf(status: number): string {
  if (status === 429) return ', too many messages'
  if ([401, 403, 404, 410].includes(status)) return ': the webhook was removed or its address is wrong'
  return ''
}

function retryAfter(value: string | string[] | undefined): number {
  const seconds = Number(value)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, RETRY_AFTER_MAX_S) * 1000 : 0
}
