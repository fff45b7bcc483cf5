import {messageOf, SyncError} from '../core/errors.ts'
import type {Check, Patient, Told} from './check.ts'
import {netsuiteChecks} from './doctor-netsuite.ts'
import {shopifyChecks} from './doctor-shopify.ts'

/** One line of doctor. `next` says what to do where it is not ok; `code` and `exitCode` are of the error of a check that failed. */
export type Finding = Readonly<{
  check: string
  state: 'ok' | 'warn' | 'fail' | 'skip'
  detail: string
  next: string | null
  code: string | null
  exitCode: number
}>

/** Looks at everything that a push needs, cheapest first. Writes nothing. */
export async function* diagnose(patient: Patient): AsyncIterable<Finding> {
  const failed = new Set<string>()
  for (const check of [...ownChecks(patient), ...shopifyChecks(patient), ...netsuiteChecks(patient)]) {
    const cause = check.needs.find((name) => failed.has(name))
    const finding = cause === undefined ? await look(check) : skipped(check, cause)
    if (finding.state === 'fail' || finding.state === 'skip') failed.add(check.name)
    yield finding
  }
}

/** 0 when all is well or only warned of; else 10 when a setting is wrong, 12 when a credential was refused, 3 for anything else. */
export function exitCodeOf(findings: readonly Finding[]): number {
  const codes = new Set(findings.filter(({state}) => state === 'fail').map(({exitCode}) => exitCode))
  if (codes.size === 0) return 0
  return [10, 12].find((code) => codes.has(code)) ?? 3
}

function ownChecks(patient: Patient): Check[] {
  return [
    {name: 'settings of Shopify', needs: [], run: () => ok(patient.shopifySettings(), 'complete')},
    {name: 'settings of NetSuite', needs: [], run: () => ok(patient.netsuiteSettings(), 'complete')},
    {name: 'contract', needs: [], run: () => ok(patient.contract(), 'valid')},
    {
      name: 'contract for this shop',
      needs: ['contract', 'settings of Shopify'],
      run: () => ok(patient.rules(), 'the shop stands in it'),
    },
    {
      name: 'channels',
      needs: ['contract', 'settings of NetSuite'],
      run: () => {
        patient.channels()
        const soap = patient.contract().netsuite.channels.salesOrder === 'soap'
        return {detail: `sales orders by ${soap ? 'SOAP' : 'REST'}, customers by REST`}
      },
    },
    {
      name: 'ledger',
      needs: [],
      run: async () => {
        const {serverVersion, where} = await patient.ledger()
        // PostgreSQL counts 180004 for 18.4: documentation of server_version_num.
        const version = `${Math.floor(serverVersion / 10_000)}.${serverVersion % 10_000}`
        return {detail: `PostgreSQL ${version} at ${where}, tables up to date`}
      },
    },
  ]
}

function ok(_value: unknown, detail: string): Told {
  return {detail}
}

function skipped({name}: Check, cause: string): Finding {
  return {check: name, state: 'skip', detail: `needs ${cause}`, next: null, code: null, exitCode: 0}
}

async function look({name, run}: Check): Promise<Finding> {
  try {
    const {detail, warn} = await run()
    return {check: name, state: warn === undefined ? 'ok' : 'warn', detail, next: warn ?? null, code: null, exitCode: 0}
  } catch (error) {
    if (!(error instanceof SyncError)) throw error
    const {code, exitCode, hint} = error
    return {check: name, state: 'fail', detail: `${code}: ${messageOf(error)}`, next: hint, code, exitCode}
  }
}
