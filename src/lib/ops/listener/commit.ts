import {RetryableError} from '../../core/errors.ts'

export type CommitBounds = Readonly<{
  /** Commits that run side by side. */
  atOnce: number
  /** Items of one commit. */
  itemsMax: number
  /** Bytes of one commit; a larger item goes alone. */
  bytesMax: number
}>

type Waiting<T, R> = Readonly<{item: T; resolve: (result: R) => void; reject: (error: unknown) => void}>

/**
 * Gathers items into commits: each takes what arrived while those before it ran, so that a lonely item does not wait and
 * a crowd shares the cost of the disk. There is no timer. When a commit is refused for one of its rows, each is tried
 * alone, and only the bad one fails; when the database is away (RetryableError) all fail at once.
 */
export function groupCommits<T extends Readonly<{body: Buffer}>, R>(
  commit: (items: readonly T[]) => Promise<readonly R[]>,
  bounds: CommitBounds,
): Readonly<{add(item: T): Promise<R>}> {
  const waiting: Waiting<T, R>[] = []
  let running = 0

  const settle = async (batch: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const results = await commit(batch.map(({item}) => item))
      batch.forEach(({resolve, reject}, i) => {
        const result = results[i]
        if (result === undefined) reject(new Error('the commit gave no result for an item'))
        else resolve(result)
      })
    } catch (error) {
      if (batch.length === 1 || error instanceof RetryableError) for (const {reject} of batch) reject(error)
      else for (const one of batch) await settle([one])
    }
  }
  const run = async (): Promise<void> => {
    running++
    while (waiting.length > 0) await settle(waiting.splice(0, fitting(waiting, bounds)))
    running--
  }
  return {
    add: (item) =>
      new Promise<R>((resolve, reject) => {
        waiting.push({item, resolve, reject})
        if (running < bounds.atOnce) void run()
      }),
  }
}

/** How many of the first items make the next commit. */
function fitting(waiting: readonly {item: Readonly<{body: Buffer}>}[], {itemsMax, bytesMax}: CommitBounds): number {
  let bytes = 0
  for (const [i, {item}] of waiting.slice(0, itemsMax).entries()) {
    bytes += item.body.length
    if (i > 0 && bytes > bytesMax) return i
  }
  return Math.min(waiting.length, itemsMax)
}
