import {DateTime} from 'luxon'

import {UsageError} from '../core/errors.ts'
import type {Shopify} from '../shopify/client.ts'
import type {ShopifyPayout} from '../shopify/money-types.ts'
import {instantOf} from './select.ts'

/** Which payouts an operator means: named ones, or those issued in a window. Days and times as typed. */
export type PayoutSelection = Readonly<{ids: readonly string[]; since: string | null; until: string | null}>

type Asked = Readonly<{ids: readonly string[]; since?: string | undefined; until?: string | undefined}>

/** Checks what was typed, before anything is opened or sent. Throws UsageError FLAGS_INVALID that names every fault. */
export function payoutSelection({ids, since, until}: Asked): PayoutSelection {
  const faults = ids
    .filter((id) => !/^(gid:\/\/shopify\/ShopifyPaymentsPayout\/)?\d+$/.test(id))
    .map(
      (id) =>
        `${JSON.stringify(id)} is no payout: give 130000000001 or gid://shopify/ShopifyPaymentsPayout/130000000001`,
    )
  for (const [flag, text] of Object.entries({since, until})) {
    if (text !== undefined && !DateTime.fromISO(text).isValid)
      faults.push(`--${flag} ${text} is no day or time such as 2026-11-01 or 2026-11-01T09:00`)
  }
  if (ids.length > 0 && (since !== undefined || until !== undefined))
    faults.push('payouts and a window (--since, --until) exclude each other')
  if (faults.length === 0 && since !== undefined && until !== undefined && since.slice(0, 10) > until.slice(0, 10))
    faults.push(`--since ${since} is after --until ${until}`)
  if (faults.length > 0)
    throw new UsageError('FLAGS_INVALID', faults.join('\n'), {hint: 'see --help for the form of each flag'})
  return {ids, since: since ?? null, until: until ?? null}
}

/** True where the operator named payouts or a window; otherwise a run takes up what changed since the last one. */
export function isWindow({since, until}: PayoutSelection): boolean {
  return since !== null || until !== null
}

/** The payouts that were named. Throws UsageError PAYOUT_UNKNOWN that names every one that Shopify does not know. */
export async function namedPayouts(
  {payouts}: Pick<Shopify, 'payouts'>,
  ids: readonly string[],
): Promise<ShopifyPayout[]> {
  const found: ShopifyPayout[] = []
  const unknown: string[] = []
  for (const id of new Set(ids)) {
    const payout = await payouts.get(id)
    if (payout === null) unknown.push(id)
    else found.push(payout)
  }
  if (unknown.length === 0) return found
  throw new UsageError('PAYOUT_UNKNOWN', `Shopify has no payout ${unknown.join(', ')}`, {
    hint: 'the number stands in the address of the payout in the Shopify admin, under Finances',
  })
}

/** The payouts that were issued in the window, the oldest first, a page at a time. */
export async function* payoutsBetween(
  {payouts}: Pick<Shopify, 'payouts'>,
  {since, until}: PayoutSelection,
  zone: string,
): AsyncGenerator<readonly ShopifyPayout[]> {
  const end = instantOf(until, zone, 'end')
  for await (const page of payouts.list({since: instantOf(since, zone, 'start') ?? new Date(0)}))
    yield page.filter(({issuedAt}) => end === undefined || Date.parse(issuedAt) < end.getTime())
}
