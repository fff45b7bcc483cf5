import type {SandboxReport} from '../../../src/sandbox/report/report.ts'
import type {RecordFaults} from './check-records.ts'
import {thousandths} from './verdict.ts'

/**
 * What follows the sales orders, by the sandbox's report: every amount that Shopify states is in the general ledger, order
 * by order and payout by payout; nothing was paid, billed or given back twice; no journal entry was needed.
 */
export function checkLife(report: SandboxReport | null): Omit<RecordFaults, 'lost'> {
  const faults: Omit<RecordFaults, 'lost'> = {duplicated: [], differences: [], difference: 0n, broken: []}
  if (report === null) return faults
  for (const {row, currency, differing} of report.identities) {
    for (const {of, shopify, netsuite} of differing) {
      const gap = thousandths(shopify) - thousandths(netsuite)
      faults.differences.push(`${row}: ${of}: ${shopify} ${currency} in Shopify, ${netsuite} in NetSuite`)
      faults.difference += gap < 0n ? -gap : gap
    }
  }
  for (const id of report.duplicates) faults.duplicated.push(`two records carry ${id}`)
  if (report.journals > 0) faults.broken.push(`${report.journals} journal entries were made`)
  if (thousandths(report.outOfBalance) !== 0n) faults.broken.push(`debits less credits: ${report.outOfBalance}`)
  return faults
}
