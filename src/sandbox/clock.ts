const DAY_MS = 86_400_000

/** How long a day lasts while days are played. */
const PLAYED_DAY_MS = 10_000

/**
 * A clock that begins some days ago and runs fast, ten seconds a day, until it meets the real time, with which it goes on.
 * @param real the real time; @param elapsedMs milliseconds since some fixed moment, which never go back
 */
export function catchingUp(
  days: number,
  real: () => Date = () => new Date(),
  elapsedMs: () => number = () => performance.now(),
): () => Date {
  const [started, begun] = [elapsedMs(), real().getTime() - days * DAY_MS]
  return () => {
    const played = begun + ((elapsedMs() - started) * DAY_MS) / PLAYED_DAY_MS
    return new Date(Math.min(played, real().getTime()))
  }
}
