import Table from 'cli-table3'

/** Columns under this width are not narrowed any further. */
const NARROWEST = 8

/**
 * A table without colours. Where it is wider than the terminal its widest columns are wrapped; a pipe gets full lines.
 * @param width columns of the terminal; undefined: not a terminal
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number | undefined = process.stdout.columns,
): string {
  const widths = head.map((title, i) => Math.max(...[title, ...rows.map((row) => row[i] ?? '')].map(longestLine)) + 2)
  if (width !== undefined) narrow(widths, width - head.length - 1)
  const made = new Table({
    head: [...head],
    colWidths: widths,
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: {head: [], border: [], compact: true},
  })
  made.push(...rows.map((row) => row.map(printable)))
  return made.toString()
}

function longestLine(text: string): number {
  return Math.max(
    ...printable(text)
      .split('\n')
      .map((line) => [...line].length),
  )
}

/** Takes from the widest column until the sum fits, or every column is at its narrowest. */
function narrow(widths: number[], room: number): void {
  let over = widths.reduce((a, b) => a + b, 0) - room
  while (over > 0) {
    const widest = Math.max(...widths)
    if (widest <= NARROWEST) return
    widths[widths.indexOf(widest)] = widest - 1
    over -= 1
  }
}

/** Control characters in a customer's text must not move the cursor of a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => (character === '\n' ? character : ' '))
}
