import type {SandboxReport} from '../../../src/sandbox/report/report.ts'
import {checkLedger, readLedger} from './check-ledger.ts'
import {checkLife} from './check-life.ts'
import {checkRecords, type Held} from './check-records.ts'
import type {Finding} from './crew.ts'
import type {Document} from './orders.ts'
import type {Platforms} from './platforms.ts'
import type {Witnessed} from './relay.ts'
import type {Verdict} from './verdict.ts'

export type Books = Readonly<{salesOrders: readonly Held[]; customers: readonly Held[]; stats: NetSuiteStats}>

type NetSuiteStats = Readonly<{
  refusals: number
  orderedRefusals: number
  faults: Readonly<Record<string, number>>
  mostInFlight: number
  logins: Readonly<Record<string, number>>
  byOperation: Readonly<Record<string, Readonly<{requests: number; records: number}>>>
}>

export async function readBooks(platforms: Platforms): Promise<Books> {
  const [salesOrders, customers, stats] = await Promise.all([
    platforms.get<Held[]>('netsuite', 'records/salesOrder'),
    platforms.get<Held[]>('netsuite', 'records/customer'),
    platforms.get<NetSuiteStats>('netsuite', 'stats'),
  ])
  return {salesOrders, customers, stats}
}

export type Evidence = Readonly<{
  documents: readonly Document[]
  deleted: ReadonlySet<string>
  /** NetSuite when everything had been worked, and once more after the second run. */
  books: Books
  after: Books
  /** What the second run says that it did. */
  secondRun: Readonly<{code: number | null; counts: Readonly<Record<string, number>>}>
  seen: ReadonlyMap<string, Witnessed>
  ledgerUrl: string
  findings: readonly Finding[]
  /** Subjects of which two jobs ran at once. */
  together: ReadonlySet<string>
  /** Logins that may be refused: a few for each fault of the credential. */
  loginsAllowed: number
  limit: number
  /** What the sandbox's own report says of the books; null where only sales orders are written. */
  report: SandboxReport | null
}>

/** Judges a run by what both platforms hold and counted, and by what the ledger says of every event. Shares no code with it. */
export async function judge(evidence: Evidence): Promise<Verdict> {
  const {documents, deleted, books, after, seen, ledgerUrl, limit} = evidence
  const records = checkRecords(documents, deleted, after.salesOrders, after.customers)
  const ledger = checkLedger(await readLedger(ledgerUrl), seen, deleted, after.salesOrders)
  const refusals = after.stats.refusals - after.stats.orderedRefusals
  const life = checkLife(evidence.report)
  const broken = [...records.broken, ...ledger, ...life.broken, ...checkSecondRun(evidence)]
  for (const subject of evidence.together) broken.push(`two jobs of ${subject} ran at once`)
  for (const {what, detail} of evidence.findings) broken.push(`${what}: ${reasonIn(detail)}`)
  if (books.stats.mostInFlight > limit) broken.push(`${books.stats.mostInFlight} requests were in flight at once`)
  if (refusals > 0) broken.push(`NetSuite refused ${refusals} requests as too many at once, beside those ordered`)
  const logins = Object.values(after.stats.logins).reduce((sum, times) => sum + times, 0)
  if (logins > evidence.loginsAllowed) broken.push(`${logins} logins were refused: a dead credential is knocked with`)
  const {lost} = records
  return {
    orders: documents.length + deleted.size,
    lost,
    duplicated: [...records.duplicated, ...life.duplicated],
    differences: [...records.differences, ...life.differences],
    difference: records.difference + life.difference,
    broken,
    refusals,
  }
}

/** A second run over everything writes nothing: by its own account, by NetSuite's counters, and by the records. */
function checkSecondRun({books, after, secondRun}: Evidence): string[] {
  const broken: string[] = []
  const {code, counts} = secondRun
  if (code !== 0 && code !== 3) broken.push(`the second run ended with exit code ${code}`)
  for (const deed of ['written', 'updated', 'adopted', 'retry'])
    if (counts[deed] !== 0) broken.push(`the second run: ${String(counts[deed])} ${deed}`)
  const [before, later] = [writesOf(books.stats), writesOf(after.stats)]
  if (before !== later) broken.push(`the second run sent ${later - before} writes to NetSuite`)
  if (JSON.stringify(books.salesOrders) !== JSON.stringify(after.salesOrders)) broken.push('the second run changed sales orders') // prettier-ignore
  if (JSON.stringify(books.customers) !== JSON.stringify(after.customers)) broken.push('the second run changed customers') // prettier-ignore
  return broken
}

const READS = /^soap (get|search|ask)|^rest GET|^suiteql|^oauth/i

function writesOf({byOperation}: NetSuiteStats): number {
  return Object.entries(byOperation).reduce((sum, [name, {requests}]) => sum + (READS.test(name) ? 0 : requests), 0)
}

/** The line of an output that names an error; else its last. */
function reasonIn(text: string): string {
  const lines = text.trim().split('\n')
  return lines.find((one) => /Error\b|"message"/.test(one)) ?? lines.at(-1) ?? ''
}
