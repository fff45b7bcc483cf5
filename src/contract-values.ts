import {z} from 'zod'

/** An internal id of NetSuite: a number, in quotes or without; text everywhere after. */
export const id = z
  .union([z.string().regex(/^-?\d+$/, 'is not an internal id: a number, in quotes'), z.number().int()])
  .transform(String)

/** An id that may be left out; null then. */
export const optionalId = id.nullish().transform((value) => value ?? null)

export const ids = z.record(z.string(), id)

export const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'is not a currency code such as USD')

export const zone = z.string().refine(isTimeZone, 'is not a time zone such as America/New_York')

/** Any name or alias of the IANA database; offsets such as +01:00 know no daylight saving and are refused. */
function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', {timeZone: name}).format() !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
