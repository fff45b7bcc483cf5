/**
 * Days and instants. A SOAP day field (tranDate, …) travels as an instant and is read as the day of that instant in the
 * account's time zone (NetSuite help section_N1521451348: midnight `Z` lands on the day before west of Greenwich).
 * Answers carry a Pacific offset, as Oracle's samples do (NetSuite help section_N3536574).
 */
const ANSWER_ZONE = 'America/Los_Angeles'
const INSTANT = /^(-?\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/

const QUARTER_HOUR_MS = 900_000
const CACHE_LIMIT = 20_000
const offsets = new Map<string, Map<number, number>>()
const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * Milliseconds since 1970 of an xsd:dateTime, or undefined if it is none. Without a zone it is taken as UTC
 * (UNVERIFIED).
 */
export function parseInstant(text: string): number | undefined {
  const match = INSTANT.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const parts = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const
  const utc = Date.UTC(...parts, fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000))
  const date = new Date(utc)
  // Date.UTC rolls the 31st of April over into May; the schema refuses it.
  if (date.getUTCMonth() !== parts[1] || date.getUTCDate() !== parts[2] || date.getUTCHours() !== parts[3])
    return undefined
  return utc - zoneMinutes(zone) * 60_000
}

function zoneMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))
  return zone.startsWith('-') ? -minutes : minutes
}

/**
 * Minutes that a zone is ahead of UTC at an instant. Cached by quarter hour: no zone has changed its offset within one.
 */
function offsetMinutes(zone: string, instant: number): number {
  const held = offsets.get(zone)
  const cache = held === undefined || held.size > CACHE_LIMIT ? new Map<number, number>() : held
  if (cache !== held) offsets.set(zone, cache)
  const slot = Math.floor(instant / QUARTER_HOUR_MS)
  const known = cache.get(slot)
  if (known !== undefined) return known
  const offset = computeOffset(zone, slot * QUARTER_HOUR_MS)
  cache.set(slot, offset)
  return offset
}

function computeOffset(zone: string, instant: number): number {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {timeZone: zone, timeZoneName: 'longOffset'})
    formats.set(zone, format)
  }
  const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  return name === 'GMT' ? 0 : zoneMinutes(name.slice(3))
}

/** The calendar day (YYYY-MM-DD) that a clock on the wall of `zone` shows at an instant. */
export function dayIn(zone: string, instant: number): string {
  return new Date(instant + offsetMinutes(zone, instant) * 60_000).toISOString().slice(0, 10)
}

/** How an answer states a day: its midnight with the Pacific offset of that day. */
export function dayText(day: string): string {
  // 08:00 UTC is midnight there in winter and one o'clock in summer, both before a change of offset at two.
  const midnight = Date.parse(`${day}T08:00:00Z`)
  return `${day}T00:00:00.000${offsetText(offsetMinutes(ANSWER_ZONE, midnight))}`
}

/** How an answer states an instant: wall time with the Pacific offset of then. */
export function instantText(instant: number): string {
  const offset = offsetMinutes(ANSWER_ZONE, instant)
  return `${new Date(instant + offset * 60_000).toISOString().slice(0, -1)}${offsetText(offset)}`
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  const hours = String(Math.floor(size / 60)).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${hours}:${String(size % 60).padStart(2, '0')}`
}
