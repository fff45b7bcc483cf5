import {fixed, plain} from '../amounts.ts'
import type {StoredRecord} from '../engine-types.ts'
import {BASE_PRECISION, type PostedLine} from '../ledger/ledger.ts'
import {textOf} from '../values.ts'
import type {Row, Rows, RowSource} from './row-values.ts'

/** Lines of the general ledger that no line of the record has; the data source keeps them among its lines as well. */
const FIRST_OWN = 1000

/** What a transaction posted, in the base currency, of the one accounting book. */
export function ledgerRows({books}: RowSource, record: StoredRecord): Rows {
  const posted = books.ledger.of(record.id)
  if (posted.length === 0) return {}
  const item = books.open.get(record.id)
  const isMain = (line: PostedLine): boolean => line.number === 0 && line.line === undefined
  return {
    transactionaccountingline: posted.map((line): Row => {
      const amount = fixed(line.base, BASE_PRECISION)
      return {
        accountingbook: 1,
        transaction: record.id,
        transactionline: isMain(line) ? 0 : (line.line ?? FIRST_OWN + line.number),
        account: line.account,
        amount,
        netamount: amount,
        debit: line.base.isNegative() ? null : amount,
        credit: line.base.isNegative() ? fixed(line.base.negated(), BASE_PRECISION) : null,
        posting: 'T',
        exchangerate: textOf(record.fields['exchangeRate']) ?? '1',
        amountunpaid: isMain(line) && item?.side === 'debit' ? plain(item.base) : null,
      }
    }),
  }
}
