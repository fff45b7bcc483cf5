import {createInterface} from 'node:readline'

/** Words from the command line; a single - stands for the lines of stdin. Blank lines are left out. */
export async function readWords(argv: readonly string[]): Promise<string[]> {
  const words: string[] = []
  for (const word of argv) {
    if (word !== '-') words.push(word)
    else for await (const line of createInterface({input: process.stdin})) words.push(line.trim())
  }
  return words.filter((word) => word !== '')
}
