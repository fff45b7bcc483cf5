import type {OrdersReport} from '../reconcile/report.ts'
import {table} from './table.ts'

/** Variances in the table; all of them are in --json. */
const ROWS = 100

export function reconcileText(report: OrdersReport): string {
  const {variances} = report
  const lines = [
    `${report.from} to ${report.to}: ${report.compared} compared, ${report.matched} match, ${variances.length} differ, ${report.skipped} skipped`,
    table(
      ['currency', 'Shopify', 'NetSuite', 'difference'],
      report.sums.map((sum) => [sum.currency, sum.shopify, sum.netsuite, sum.difference]),
    ),
  ]
  if (report.kept > 0)
    lines.push(`${report.kept} with values that a person decided to keep in NetSuite: tieout conflicts:list --all`)
  if (variances.length === 0) return lines.join('\n')
  lines.push(
    table(
      ['order', 'reason', 'Shopify', 'NetSuite', 'NetSuite id', 'detail'],
      variances
        .slice(0, ROWS)
        .map((variance) => [
          variance.order,
          variance.reason,
          variance.shopify ?? '',
          variance.netsuite ?? '',
          variance.netsuiteId ?? '',
          variance.detail,
        ]),
    ),
  )
  if (variances.length > ROWS) lines.push(`… and ${variances.length - ROWS} more: --json has them all`)
  return lines.join('\n')
}
