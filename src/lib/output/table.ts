import Table from 'cli-table3'

import {columnsOf, printable, wrap} from './text.ts'

/** A column of text that would have to be narrower than this is hard to read; then each row becomes a paragraph. */
const READABLE = 28

/**
 * A table without colours. On a terminal that is too narrow its widest column is wrapped, and where that would leave too
 * little of it, each row becomes a paragraph. A pipe gets full lines.
 * @param width columns of the terminal; undefined: not a terminal
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number | undefined = process.stdout.columns,
): string {
  const shown = rows.map((row) => row.map(printable))
  const widths = head.map((title, i) => Math.max(...[title, ...shown.map((row) => row[i] ?? '')].map(longestLine)))
  // Each column has a blank on both sides and a line after it; the first line stands before all.
  const room = width === undefined ? Infinity : width - 3 * head.length - 1
  if (!narrow(widths, room)) return paragraphs(head, shown)
  const made = new Table({
    head: [...head],
    colWidths: widths.map((columns) => columns + 2),
    style: {head: [], border: [], compact: true},
  })
  made.push(...shown.map((row) => row.map((cell, i) => wrap(cell, widths[i] ?? READABLE))))
  return made.toString()
}

function longestLine(text: string): number {
  return Math.max(...text.split('\n').map(columnsOf))
}

/** Takes from the widest columns until the sum fits; false where one of them would become unreadable. */
function narrow(widths: number[], room: number): boolean {
  let over = widths.reduce((a, b) => a + b, 0) - room
  while (over > 0) {
    const widest = Math.max(...widths)
    if (widest <= READABLE) return false
    widths[widths.indexOf(widest)] = widest - 1
    over -= 1
  }
  return true
}

/** The first cell as a title, then a line for each cell that holds anything. */
function paragraphs(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.flatMap(([title = '', ...cells]) => [
    title,
    ...cells.flatMap((cell, i) => (cell === '' ? [] : [`  ${label(head[i + 1])}${cell.replaceAll('\n', '\n  ')}`])),
  ])
  return lines.join('\n')
}

function label(title: string | undefined): string {
  return title === undefined || title === '' ? '' : `${title}: `
}
