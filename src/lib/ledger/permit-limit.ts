/** How many slots a process may use now: the account's share, halved by each refusal, regained one by one. */
export type PermitLimit = Readonly<{
  now(): number
  /** All slots of the account, without any shrinking. */
  slots(): number
  set(limit: number): void
  refused(): void
  /** Milliseconds until the next slot is regained; null when none is missing. */
  regainMs(): number | null
}>

/** Requests in flight are refused together; they count as one refusal. */
const TOGETHER_MS = 1000
export const REGAIN_MS = 10_000

/** `reserve` slots stay free for people and other integrations, but one is always ours. `clock` gives milliseconds. */
export function permitLimit(limit: number, reserve: number, clock: () => number): PermitLimit {
  let slots = Math.max(1, limit - reserve)
  let shrunk: {to: number; at: number} | null = null
  const regained = () => (shrunk === null ? 0 : Math.floor((clock() - shrunk.at) / REGAIN_MS))
  const now = () => (shrunk === null ? slots : Math.min(slots, shrunk.to + regained()))
  return {
    now,
    slots: () => slots,
    set(next) {
      slots = Math.max(1, next - reserve)
    },
    refused() {
      if (shrunk !== null && clock() - shrunk.at < TOGETHER_MS) return
      shrunk = {to: Math.max(1, Math.floor(now() / 2)), at: clock()}
    },
    regainMs: () => (shrunk === null || now() >= slots ? null : REGAIN_MS - ((clock() - shrunk.at) % REGAIN_MS)),
  }
}
