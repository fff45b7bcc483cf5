/** When things happened to an order. */
export type Times = Readonly<{placed: Date; shipped: Date; changed: Date}>

const HOUR_MS = 3_600_000

/** A day to ship, three to complain, but nothing later than the end of the period. */
export function timesOf(placed: Date, end: Date): Times {
  const after = (hours: number): Date =>
    new Date(Math.max(placed.getTime(), Math.min(end.getTime(), placed.getTime() + hours * HOUR_MS)))
  return {placed, shipped: after(26), changed: after(74)}
}

/** A time as Shopify's documents write it, here with New York's winter offset. */
export function stamp(at: Date): string {
  return new Date(at.getTime() - 5 * HOUR_MS).toISOString().replace(/\.\d+Z$/, '-05:00')
}
