import type {DueAlert} from '../../ledger/alert-channels.ts'
import type {Severity} from '../../ledger/alerts.ts'

/** A message for people: plain text. */
export type Message = Readonly<{subject: string; text: string}>

const LINE_MAX = 400
const SUBJECT_MAX = 150
/** Room for the line that says how many were left out, and the one that says where it comes from. */
const END_MAX = 200
const WORDS: Readonly<Record<Severity, string>> = {page: 'PAGE', warn: 'WARNING', info: 'NOTE'}

/**
 * One message for everything that is due, the most urgent first. Of each alert three lines: severity and what, the effect
 * on orders, the command to run next with the runbook. What does not fit is counted.
 * @param where the machine that tells it
 */
export function compose(due: readonly DueAlert[], charactersMax: number, where: string): Message {
  const parts: string[] = []
  let left = charactersMax - END_MAX
  for (const alert of due) {
    const part = partOf(alert)
    if (part.length + 2 > left && parts.length > 0) break
    parts.push(part)
    left -= part.length + 2
  }
  const more = due.length - parts.length
  if (more > 0) parts.push(`And ${more} more: tieout alerts:list`)
  parts.push(`tieout on ${cut(where, 60)}; tieout alerts:list shows all that is open`)
  const [first] = due
  const others = due.length > 1 ? ` (+${due.length - 1})` : ''
  return {
    subject: `${first === undefined ? '' : cut(headline(first), SUBJECT_MAX)}${others}`,
    text: parts.join('\n\n'),
  }
}

/** What tells people that a channel works. */
export function testMessage(where: string): Message {
  return {
    subject: 'tieout: a test, nothing to do',
    text: `TEST: alerts of tieout on ${where} arrive here.\n  Effect: none, nothing to do.\n  Next: tieout alerts:list`,
  }
}

function partOf(alert: DueAlert): string {
  if (alert.why === 'ended') return cut(headline(alert), LINE_MAX)
  const runbook = alert.code === null ? '' : ` | docs/runbooks/${alert.code.toLowerCase().replaceAll('_', '-')}.md`
  return [headline(alert), `  Effect: ${alert.effect}`, `  Next: ${alert.next}${runbook}`]
    .map((line) => cut(line, LINE_MAX))
    .join('\n')
}

function headline(alert: DueAlert): string {
  const word = WORDS[alert.severity]
  switch (alert.why) {
    case 'ended':
      return `OVER after ${lasted(alert)}: ${alert.title}`
    case 'grown':
      return `${word}, more: ${alert.title}${before(alert)}`
    case 'still':
      return `${word}, still: ${alert.title}${before(alert)}`
    default:
      return `${word}: ${alert.title}`
  }
}

function before({count, toldCount}: DueAlert): string {
  return toldCount === null || toldCount === count ? '' : ` (${toldCount} when told last)`
}

function lasted({firstSeen, endedAt}: DueAlert): string {
  const minutes = Math.round(((endedAt ?? firstSeen).getTime() - firstSeen.getTime()) / 60_000)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function cut(text: string, max: number): string {
  const line = text.replace(/[\r\n]+/g, ' ')
  return line.length > max ? `${line.slice(0, max - 1)}…`.toWellFormed() : line
}
