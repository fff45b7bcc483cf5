/** Characters that steer a terminal or turn the direction of writing; the end of a line stays. */
const STEERING = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** Text as a terminal may show it: a name or message of others cannot move the cursor, colour or hide anything. */
export function printable(text: string): string {
  return text.replace(STEERING, ' ')
}

/** JSON of a report, indented. What steers a terminal stands as an escape, so that it means the same and does nothing. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? 'null'
  return text.replace(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const segmenter = new Intl.Segmenter()
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303f\uff01-\uff60]/u

/** Columns that a text takes on a terminal: two for an emoji or an East Asian character. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let columns = 0
  for (const {segment} of segmenter.segment(text)) columns += WIDE.test(segment) ? 2 : 1
  return columns
}

/** Breaks a text into lines of at most so many columns, between words where it can. */
export function wrap(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => (columnsOf(line) <= columns ? [line] : wrapLine(line, columns)))
    .join('\n')
}

function wrapLine(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (columnsOf(longer) <= columns) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = cut(word, columns)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  return [...lines, line]
}

function cut(word: string, columns: number): string[] {
  const pieces = ['']
  for (const {segment} of segmenter.segment(word)) {
    const last = pieces.length - 1
    if (columnsOf(pieces[last] + segment) <= columns || pieces[last] === '') pieces[last] += segment
    else pieces.push(segment)
  }
  return pieces
}
