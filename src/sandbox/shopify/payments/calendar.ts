const DAY_MS = 86_400_000

/** The day of a time in UTC, by which Shopify's balance is cut into payouts: its first moment. */
export function dayOf(at: Date): number {
  return Math.floor(at.getTime() / DAY_MS) * DAY_MS
}

export function nextDay(day: number): number {
  return day + DAY_MS
}

/** When the money of a day reaches the bank: two business days later, at ten in the morning UTC. */
export function issueDate(day: number): Date {
  let [at, left] = [day, 2]
  while (left > 0) {
    at += DAY_MS
    if (![0, 6].includes(new Date(at).getUTCDay())) left -= 1
  }
  return new Date(at + 10 * 3_600_000)
}
