import {DateTime} from 'luxon'

import {UsageError} from '../core/errors.ts'

/** A window of whole days in the zone of the contract, and the same as instants: the first that counts, and the first that no longer does. */
export type Days = Readonly<{from: string; to: string; since: Date; until: Date}>

type Asked = Readonly<{from?: string | undefined; to?: string | undefined}>

/** Checks the form of what was typed. Throws UsageError FLAGS_INVALID that names every fault. */
export function checkDays(asked: Asked): void {
  const faults = (['from', 'to'] as const).flatMap((flag) => {
    const text = asked[flag]
    return text === undefined || (/^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text).isValid)
      ? []
      : [`--${flag} ${text} is no day such as 2026-11-01`]
  })
  if (faults.length === 0 && asked.from !== undefined && asked.to !== undefined && asked.from > asked.to)
    faults.push(`--from ${asked.from} is after --to ${asked.to}`)
  if (faults.length > 0)
    throw new UsageError('FLAGS_INVALID', faults.join('\n'), {hint: 'see --help for the form of each flag'})
}

/** The days asked for; without them the seven that end today. */
export function daysOf(asked: Asked, zone: string, now: Date): Days {
  const today = DateTime.fromJSDate(now, {zone})
  const to = asked.to === undefined ? today : DateTime.fromISO(asked.to, {zone})
  const from = asked.from === undefined ? to.minus({days: 6}) : DateTime.fromISO(asked.from, {zone})
  return {
    from: from.toISODate() ?? '',
    to: to.toISODate() ?? '',
    since: from.startOf('day').toJSDate(),
    until: to.plus({days: 1}).startOf('day').toJSDate(),
  }
}
