/**
 * A permit that nobody waits for stays for so long before it is given back: an order makes one request after another, and each
 * would cost two exchanges with the others.
 */
const LINGER_MS = 10

/** Permits of this process that are not in use, and not given back yet. */
export type Spare = Readonly<{
  count(): number
  keep(): void
  /** False where there is none. */
  take(): boolean
  /** They are gone with their connection. */
  drop(): void
}>

/** @param giveBack told how many were not used in time */
export function createSpare(giveBack: (count: number) => void): Spare {
  let count = 0
  let timer: NodeJS.Timeout | undefined
  const drop = () => {
    clearTimeout(timer)
    count = 0
  }
  return {
    count: () => count,
    keep() {
      count += 1
      clearTimeout(timer)
      timer = setTimeout(() => {
        const unused = count
        count = 0
        giveBack(unused)
      }, LINGER_MS).unref()
    },
    take() {
      if (count === 0) return false
      count -= 1
      if (count === 0) clearTimeout(timer)
      return true
    },
    drop,
  }
}
