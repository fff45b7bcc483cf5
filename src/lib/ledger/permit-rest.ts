/** How long a permit rests whose request may still run: twice the longest request lately, `unknown` before there was any. */
const REST_MS = {least: 2000, unknown: 10_000, most: 60_000}
/** Requests that "lately" looks back at. */
const LATELY = 50

/** Learns from finished requests for how long one may still run at the account after its process died. In milliseconds. */
export type Rest = Readonly<{note(durationMs: number): void; ms(): number}>

export function createRest(): Rest {
  const durationsMs: number[] = []
  return {
    note(durationMs) {
      durationsMs.push(durationMs)
      if (durationsMs.length > LATELY) durationsMs.shift()
    },
    ms() {
      if (durationsMs.length === 0) return REST_MS.unknown
      return Math.round(Math.min(REST_MS.most, Math.max(REST_MS.least, 2 * Math.max(...durationsMs))))
    },
  }
}
