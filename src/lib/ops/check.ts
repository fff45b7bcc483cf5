import type {Clock} from '../core/clock.ts'
import type {NetSuite} from '../netsuite/client.ts'
import type {ShopRules} from '../plan/life-types.ts'
import type {Shopify} from '../shopify/client.ts'

/** What is looked at; each part is opened by its own check, so that one that fails does not hide the others. */
export type Patient = Readonly<{
  shopifySettings: () => unknown
  netsuiteSettings: () => Readonly<{concurrency: number | null; tba: unknown; oauth2: unknown}>
  contract: () => Readonly<{
    netsuite: Readonly<{apiVersion: string; channels: Readonly<{salesOrder: 'soap' | 'rest'}>}>
  }>
  /** Throws where the contract chooses a channel for which there is no credential. */
  channels: () => void
  rules: () => ShopRules
  ledger: () => Promise<Readonly<{serverVersion: number; where: string}>>
  shopify: () => Shopify
  netsuite: () => Promise<NetSuite>
  clock: Clock
}>

export type Told = Readonly<{detail: string; warn?: string}>
/** A check is skipped when one of those that it needs has failed, so that a cause is told once and a refused credential tried once. */
export type Check = Readonly<{name: string; needs: readonly string[]; run: () => Told | Promise<Told>}>

/** Beyond this NetSuite refuses signatures: NetSuite help subsect_156935170194, InvalidTimestamp. */
const SKEW_MAX_MS = 5 * 60_000

/** How far a clock is from that of this machine. A tenth of what is refused is worth a warning. */
export function skew(ms: number): Told {
  const seconds = Math.round(ms / 1000)
  const detail =
    seconds === 0 ? 'as on this machine' : `${Math.abs(seconds)} s ${ms > 0 ? 'ahead of' : 'behind'} this machine`
  if (Math.abs(ms) < SKEW_MAX_MS / 10) return {detail}
  return {detail, warn: 'set this machine’s clock by NTP: signatures are refused beyond five minutes'}
}
