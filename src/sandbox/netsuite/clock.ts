/** The account's wall clock. NetSuite shows date-times in the account's (user's) zone; the REST service in UTC. */
export type Clock = Readonly<{
  now(): Date
  /** 'YYYY-MM-DD' of an instant in the account's zone. */
  dayOf(instant: Date): string
  /** 'YYYY-MM-DD HH:MM:SS' in the account's zone. */
  wallClock(instant: Date): string
}>

/** Offsets only change at full quarters of an hour, so one formatter call serves all instants of a quarter. */
const QUARTER_MS = 900_000
const QUARTERS_KEPT = 50_000

export function createClock(timeZone: string, now: () => Date): Clock {
  const formatter = new Intl.DateTimeFormat('en-US', {timeZone, timeZoneName: 'longOffset'})
  const offsets = new Map<number, number>()

  function offsetMs(instant: Date): number {
    const quarter = Math.floor(instant.getTime() / QUARTER_MS)
    let offset = offsets.get(quarter)
    if (offset === undefined) {
      if (offsets.size > QUARTERS_KEPT) offsets.clear()
      offset = parseOffset(
        formatter.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT',
      )
      offsets.set(quarter, offset)
    }
    return offset
  }

  function wallClock(instant: Date): string {
    return new Date(instant.getTime() + offsetMs(instant)).toISOString().slice(0, 19).replace('T', ' ')
  }

  return {now, wallClock, dayOf: (instant) => wallClock(instant).slice(0, 10)}
}

function parseOffset(name: string): number {
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name)
  if (match === null) return 0
  const [, sign, hours = '0', minutes = '0'] = match
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
