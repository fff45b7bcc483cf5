import type {Clock} from '../../core/clock.ts'

/** How often one kind of complaint is told at most. */
const EVERY_MS = 60_000
const DETAIL_LENGTH_MAX = 120

type Told = {lastMs: number; unsaid: number}

/**
 * One JSON line for each kind of complaint: the first at once, then at most one a minute with how many came meanwhile, so
 * that a flood of bad requests is no flood of logs. The kinds are words of the program; nothing of a body is ever told.
 */
export function createComplaints(clock: Clock, log: (line: string) => void) {
  const told = new Map<string, Told>()
  const say = (kind: string, times: number, detail: string | null) =>
    log(
      JSON.stringify({
        at: clock.now().toISOString(),
        event: kind,
        times,
        ...(detail === null ? {} : {detail: detail.slice(0, DETAIL_LENGTH_MAX)}),
      }),
    )
  return {
    add(kind: string, detail: string | null = null): void {
      const nowMs = clock.now().getTime()
      const known = told.get(kind)
      if (known !== undefined && nowMs - known.lastMs < EVERY_MS) {
        known.unsaid++
        return
      }
      say(kind, (known?.unsaid ?? 0) + 1, detail)
      told.set(kind, {lastMs: nowMs, unsaid: 0})
    },
    /** Tells what the limit kept back; at the end. */
    flush(): void {
      for (const [kind, {unsaid}] of told) if (unsaid > 0) say(kind, unsaid, null)
      told.clear()
    },
  }
}

export type Complaints = ReturnType<typeof createComplaints>
