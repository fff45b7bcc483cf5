import {FIND_SUBJECTS, HISTORY} from './history-sql.ts'
import {wordsOf, type Line} from './history-words.ts'
import type {Rows} from './rows.ts'
import type {Db, Flow, HistoryEntry, Subject, Tx} from './types.ts'

/** Lines of one subject that are read at most. */
export const LINES_MAX = 10_000

/** `omitted`: older lines that are not among the entries. */
export type History = Readonly<{entries: readonly HistoryEntry[]; omitted: number}>

/** What the ledger knows of a subject, oldest first: the newest `last` lines of it. */
export async function history(db: Db | Tx, flow: Flow, subject: Subject, last = LINES_MAX): Promise<History> {
  const slash = subject.indexOf('/')
  const {rows} = await db.raw<Rows<Line>>(HISTORY, {
    flow,
    subject,
    shop: subject.slice(0, slash),
    shopifyId: subject.slice(slash + 1),
    limit: Math.min(last, LINES_MAX),
  })
  return {entries: rows.reverse().map(entryOf), omitted: (rows[0]?.total ?? 0) - rows.length}
}

function entryOf(line: Line): HistoryEntry {
  const {at, kind, detail} = line
  return {at, kind: kind as HistoryEntry['kind'], summary: wordsOf(line), detail}
}

/**
 * The subjects that a person means by a text: a subject itself, else a Shopify id ("5001", "gid://shopify/Order/5001"), else a
 * name ("#1001"; the # may be missing), else an external ID, else the id of a record in NetSuite. The first meaning with hits
 * counts. Empty when the ledger does not know it.
 */
export async function findSubjects(db: Db | Tx, text: string): Promise<Subject[]> {
  const asked = text.trim().replaceAll('\u0000', '')
  const id = /^gid:\/\/shopify\/[A-Za-z]+\/(\d+)/.exec(asked)?.[1] ?? asked
  const {rows} = await db.raw<Rows<{subject: string}>>(FIND_SUBJECTS, {asked, id})
  return rows.map((row) => row.subject)
}
