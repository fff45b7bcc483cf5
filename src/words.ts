import {createInterface} from 'node:readline'

import {UsageError} from './lib/core/errors.ts'

/**
 * Words from the command line; a single - stands for the lines of stdin. Blank lines are left out.
 * Throws UsageError NOTHING_CHOSEN where stdin was asked for and holds none: an empty list must not mean "everything".
 */
export async function readWords(argv: readonly string[]): Promise<string[]> {
  const words: string[] = []
  for (const word of argv) {
    if (word !== '-') words.push(word)
    else for await (const line of createInterface({input: process.stdin})) words.push(line.trim())
  }
  const named = words.filter((word) => word !== '')
  if (named.length === 0 && argv.length > 0)
    throw new UsageError('NOTHING_CHOSEN', 'no orders were named: stdin holds none', {
      hint: 'check the command or file before the pipe; nothing was done',
    })
  return named
}
