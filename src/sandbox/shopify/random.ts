/** Numbers from 0 to less than 1 that only the seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Lower-case hexadecimal digits. */
export function randomHex(random: () => number, digits: number): string {
  return Array.from({length: digits}, () => Math.floor(random() * 16).toString(16)).join('')
}
