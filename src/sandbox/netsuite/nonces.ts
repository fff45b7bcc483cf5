/**
 * Nonces seen, each good for one use (NetSuite help section_1534941295). Two generations bound the memory: a nonce is
 * remembered for at least one span, which is longer than a timestamp stays valid.
 */
export class Nonces {
  #young = new Set<string>()
  #old = new Set<string>()
  #turnedAt: number
  readonly #spanMs: number
  readonly #most: number

  constructor(now: number, spanMs: number, most: number) {
    this.#turnedAt = now
    this.#spanMs = spanMs
    this.#most = most
  }

  /** True at the first use. */
  use(nonce: string, now: number): boolean {
    if (now - this.#turnedAt > this.#spanMs || this.#young.size >= this.#most) {
      this.#old = this.#young
      this.#young = new Set()
      this.#turnedAt = now
    }
    if (this.#young.has(nonce) || this.#old.has(nonce)) return false
    this.#young.add(nonce)
    return true
  }
}
