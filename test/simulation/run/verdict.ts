/** What the checker found: nothing, if all is well. */
export type Verdict = Readonly<{
  orders: number
  /** Orders of which NetSuite holds no sales order, or only a part, where it should. */
  lost: readonly string[]
  /** Records of which there is one too many. */
  duplicated: readonly string[]
  /** Sums that differ, and by how much in all, in thousandths of the currency's unit. */
  differences: readonly string[]
  difference: bigint
  /** Every other law that does not hold. */
  broken: readonly string[]
  /** Refusals for concurrency that no fault had ordered. */
  refusals: number
}>

export function isGood({lost, duplicated, differences, broken}: Verdict): boolean {
  return lost.length + duplicated.length + differences.length + broken.length === 0
}

/** The last line of a run. */
export function line(seed: number, verdict: Verdict): string {
  const {orders, lost, duplicated, difference, refusals} = verdict
  return `seed ${seed}: ${orders} orders, ${lost.length} lost, ${duplicated.length} duplicated, ${decimal(difference)} difference, ${refusals} refusals`
}

/** Decimal text in thousandths, exactly: 12.5 is 12500n. Throws where there is more to it. */
export function thousandths(text: unknown): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{0,3})0*)?$/.exec(String(text))
  if (match === null) throw new TypeError(`${String(text)} is no amount`)
  const [, sign, whole = '', fraction = ''] = match
  const value = BigInt(whole + fraction.padEnd(3, '0'))
  return sign === '-' ? -value : value
}

export function decimal(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(4, '0')
  const text = `${digits.slice(0, -3)}.${digits.slice(-3)}`
  return `${value < 0n ? '-' : ''}${text.endsWith('0') ? text.slice(0, -1) : text}`
}
