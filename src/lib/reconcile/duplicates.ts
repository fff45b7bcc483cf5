import {externalId} from '../core/ids.ts'
import {decimalOf, zero} from '../core/money.ts'
import type {QueryPort} from '../netsuite/types.ts'
import type {OrderRules} from '../plan/types.ts'
import {amountIn, currencyOf, type Account} from './report.ts'
import type {Days} from './window.ts'

/**
 * Notes sales orders of the window that show the number of an order in our own field, but not its external ID: a person
 * copied one, or another integration wrote it. NetSuite itself keeps external IDs unique. Nothing can be said where the
 * contract keeps no such field.
 */
export async function noteDuplicates(
  queries: QueryPort,
  rules: OrderRules,
  days: Days,
  account: Account,
): Promise<void> {
  const field = rules.fields.order
  if (field === null) return
  const prefix = externalId.order('')
  for (const row of await queries.raw(statementOf(field, days), [`${prefix}%`])) {
    const currency = currencyOf(rules.currencies, row['currency'] ?? '')
    const netsuite = amountIn(currency, row['foreigntotal'] ?? '0')
    account.sum(zero(currency), netsuite)
    account.note({
      order: row['mark'] ?? '',
      externalId: `${prefix}${row['mark'] ?? ''}`,
      netsuiteId: row['id'] ?? null,
      reason: 'DUPLICATE',
      shopify: null,
      netsuite: decimalOf(netsuite),
      currency,
      detail: `${row['tranid'] ?? 'a sales order'} shows the order's number without its external ID`,
    })
  }
}

/** `field` is a script id of the contract, and days are calendar days: nothing else is written into the text. */
function statementOf(field: string, {from, to}: Days): string {
  return `SELECT t.id, t.tranid, t.foreigntotal, t.currency, t.${field} AS mark
FROM transaction t
WHERE t.type = 'SalesOrd'
  AND t.trandate >= TO_DATE('${from}', 'YYYY-MM-DD') AND t.trandate <= TO_DATE('${to}', 'YYYY-MM-DD')
  AND t.${field} IS NOT NULL AND (t.externalid IS NULL OR t.externalid NOT LIKE ?)
ORDER BY t.id ASC`
}
