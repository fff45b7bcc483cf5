/** Places for what may be under way at once in this process, first come first served. */
export type Places = Readonly<{
  /** Waits for a place; rejects with the signal's reason. */
  enter(signal?: AbortSignal): Promise<void>
  leave(): void
}>

/** `most` is asked each time, for it may change. */
export function createPlaces(most: () => number): Places {
  const waiting: (() => void)[] = []
  let inside = 0
  const look = () => {
    while (inside < most() && waiting.length > 0) {
      inside++
      waiting.shift()?.()
    }
  }
  return {
    enter(signal) {
      signal?.throwIfAborted()
      const {promise, resolve, reject} = Promise.withResolvers<undefined>()
      const enter = () => resolve(undefined)
      const onAbort = () => {
        const index = waiting.indexOf(enter)
        if (index < 0) return // it has its place, and gives it back itself
        waiting.splice(index, 1)
        reject(signal?.reason as Error)
      }
      waiting.push(enter)
      signal?.addEventListener('abort', onAbort, {once: true})
      look()
      return promise.finally(() => signal?.removeEventListener('abort', onAbort))
    },
    leave() {
      inside--
      look()
    },
  }
}
