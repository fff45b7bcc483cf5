import {writeFileSync} from 'node:fs'

import {readSettings} from './config.ts'
import {ConfigError, messageOf, UsageError} from './lib/core/errors.ts'
import {table} from './lib/output/table.ts'
import {csvOf} from './sandbox/report/csv.ts'
import {htmlOf} from './sandbox/report/html.ts'
import {reportOf, type SandboxReport} from './sandbox/report/report.ts'
import {NoSandbox} from './sandbox/report/sources.ts'

type Flags = Readonly<{
  'shopify-url'?: URL | undefined
  'netsuite-url'?: URL | undefined
  csv?: string | undefined
  html?: string | undefined
}>

/**
 * Compares both platforms of a sandbox by their own books, and writes the files that were asked for.
 * Throws ConfigError SANDBOX_NOT_FOUND where none answers, UsageError FLAGS_INVALID for a file that cannot be written.
 */
export async function reportSandbox(flags: Flags, now: Date): Promise<SandboxReport> {
  const shopifyUrl = flags['shopify-url']?.href ?? readSettings().shopify().apiUrl
  const netsuiteUrl = flags['netsuite-url']?.href ?? readSettings().netsuite().apiUrl
  if (shopifyUrl === null || netsuiteUrl === null)
    throw notFound('the settings name no sandbox: SHOPIFY_API_URL and NETSUITE_API_URL are not both set')
  const report = await reported(shopifyUrl, netsuiteUrl)
  if (flags.csv !== undefined) write('--csv', flags.csv, csvOf(report))
  if (flags.html !== undefined) write('--html', flags.html, htmlOf(report, now))
  return report
}

async function reported(shopifyUrl: string, netsuiteUrl: string): Promise<SandboxReport> {
  try {
    return await reportOf(shopifyUrl, netsuiteUrl)
  } catch (error) {
    if (error instanceof NoSandbox) throw notFound(error.message, error)
    throw error
  }
}

function notFound(message: string, cause?: unknown): ConfigError {
  return new ConfigError('SANDBOX_NOT_FOUND', message, {
    hint: 'start one with tieout sandbox:start --books --write-config ., and run this in that folder',
    cause,
  })
}

function write(flag: string, file: string, content: string): void {
  try {
    writeFileSync(file, content)
  } catch (error) {
    throw new UsageError('FLAGS_INVALID', `${flag}: ${messageOf(error)}`, {
      hint: 'name a file in a folder that can be written',
      cause: error,
    })
  }
}

/** The report for people: one row an identity, whose orders and payouts differ, the trial balance. */
export function sandboxReportText(report: SandboxReport): string {
  const {identities, trialBalance, duplicates, journals, payouts} = report
  const differing = identities.filter((one) => one.differing.length > 0)
  const rows = identities.map((one) => [one.name, one.accounts.join(' '), one.currency, one.shopify, one.netsuite, one.difference]) // prettier-ignore
  return [
    table(['what', 'accounts', 'currency', 'Shopify', 'NetSuite', 'difference'], rows),
    ...differing.flatMap((one) => one.differing.map(({of, shopify, netsuite}) => `${one.row}: ${of}: ${shopify} in Shopify, ${netsuite} in NetSuite`)), // prettier-ignore
    ...duplicates.map((id) => `two records carry ${id}`),
    table(['account', 'name', 'debit', 'credit', 'balance'], trialBalance.map((one) => [one.account, one.name, one.debit, one.credit, one.balance])), // prettier-ignore
    `${report.orders} orders; ${payouts.booked} payouts booked, ${payouts.paid} paid; ${journals} journal entries; debits less credits ${report.outOfBalance}`,
    report.agrees ? 'Shopify and NetSuite agree to the cent.' : `${differing.length} of ${identities.length} rows differ.`, // prettier-ignore
  ].join('\n')
}
