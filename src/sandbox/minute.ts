import {HAPPENINGS, type Happening} from './orders/stages.ts'

/** What was played since the start. */
export type Played = Readonly<{
  traffic: Readonly<Record<Happening, number>> & Readonly<{failure: string | null}>
  webhooks: Readonly<{deliveries: number; acknowledged: number; failed: number; givenUp: number; waiting: number}>
}>

const WORDS: Readonly<Record<Happening, string>> = {
  placed: 'placed',
  edited: 'edited',
  cancelled: 'cancelled',
  partlyCancelled: 'partly cancelled',
  moved: 'with a new address',
  noted: 'with a new note',
  paid: 'paid later',
  captured: 'captured',
  partlyShipped: 'partly shipped',
  shipped: 'shipped',
  returned: 'returned',
  refunded: 'refunded',
  refundFailed: 'with a failed refund',
  deleted: 'deleted',
}

const WEBHOOKS = {
  deliveries: 'sent',
  acknowledged: 'acknowledged',
  failed: 'attempts failed',
  givenUp: 'given up',
} as const

/** What happened between two moments, in a line. */
export function minuteLine(before: Played, now: Played): string {
  const orders = HAPPENINGS.flatMap((what) => counted(now.traffic[what] - before.traffic[what], WORDS[what]))
  const names = Object.keys(WEBHOOKS) as (keyof typeof WEBHOOKS)[]
  const webhooks = names.flatMap((name) => counted(now.webhooks[name] - before.webhooks[name], WEBHOOKS[name]))
  const waiting = counted(now.webhooks.waiting, 'waiting')
  const failure = now.traffic.failure === null ? '' : `; traffic ended: ${now.traffic.failure}`
  return `orders: ${listed(orders)}; webhooks: ${listed([...webhooks, ...waiting])}${failure}`
}

function counted(count: number, words: string): string[] {
  return count === 0 ? [] : [`${count} ${words}`]
}

function listed(parts: readonly string[]): string {
  return parts.length === 0 ? 'none' : parts.join(', ')
}
