/**
 * A calendar day as SOAP carries it: an instant that NetSuite turns into a day of the user's time zone, so that
 * midnight in UTC lands on the day before for an account west of Greenwich (NetSuite help section_1521451348). Noon
 * of the account's zone is the same day in every zone within half a day of it. Without a zone 10:00 UTC is sent,
 * which is the same day from UTC-10 (Honolulu) to UTC+13 (Auckland in summer).
 */
export function soapInstant(day: string, timeZone: string | null): string {
  return timeZone === null ? `${day}T10:00:00.000Z` : `${day}T12:00:00.000${offsetAtNoon(day, timeZone)}`
}

/**
 * The calendar day of a date-time that NetSuite sent. Its day values are a midnight written with some offset; the date
 * part is the day as it stands there. A time other than midnight is an instant of the account's zone, if that is known.
 */
export function dayOf(text: string, timeZone: string | null): string {
  const [date = '', time = ''] = text.trim().split('T')
  if (timeZone === null || time === '' || time.startsWith('00:00:00')) return date
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? date : formatter(timeZone).format(at).slice(0, 10)
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/** en-CA writes dates as YYYY-MM-DD; one formatter a zone, because making one costs a hundred times its use. */
function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  formatters.set(timeZone, made)
  return made
}

/**
 * "+13:00" for a day in a zone. Wall time minus UTC at noon; two rounds, because the first guess may lie across a
 * change of the clocks.
 */
function offsetAtNoon(day: string, timeZone: string): string {
  const wall = Date.parse(`${day}T12:00:00Z`)
  let offsetMs = 0
  for (let round = 0; round < 2; round++) {
    const shown = formatter(timeZone).format(new Date(wall - offsetMs))
    offsetMs = Date.parse(`${shown.replace(', ', 'T')}:00Z`) - (wall - offsetMs)
  }
  const minutes = Math.abs(offsetMs) / 60_000
  const two = (n: number) => Math.floor(n).toString().padStart(2, '0')
  return `${offsetMs < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}
