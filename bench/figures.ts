/** The middle of the values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Rows of name, figure and ratio, aligned. */
export function print(title: string, rows: readonly (readonly [name: string, figure: string, ratio: string])[]): void {
  console.log(`\n${title}`)
  const width = Math.max(...rows.map(([name]) => name.length))
  for (const [name, figure, ratio] of rows)
    console.log(`  ${name.padEnd(width)}  ${figure.padStart(16)}  ${ratio.padStart(8)}`)
}
