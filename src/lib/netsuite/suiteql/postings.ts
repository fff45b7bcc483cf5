import type {PostingQueries, PostingRow} from '../posting-ports.ts'
import type {PostingType} from '../posting-types.ts'
import {plainNumber} from '../records/numbers.ts'
import {inLists} from './port.ts'
import {column, PAGE, type Row, type RunQuery} from './run.ts'
import {statements} from './statements.ts'

const TYPES: Readonly<Record<string, PostingType>> = {
  CustDep: 'customerDeposit',
  CustPymt: 'customerPayment',
  ItemShip: 'itemFulfillment',
  CustInvc: 'invoice',
  CashSale: 'cashSale',
  DepAppl: 'depositApplication',
  RtnAuth: 'returnAuthorization',
  ItemRcpt: 'itemReceipt',
  CustCred: 'creditMemo',
  CashRfnd: 'cashRefund',
  CustRfnd: 'customerRefund',
  Deposit: 'deposit',
  Check: 'check',
}

/** Named questions by SuiteQL about postings. Lists are split, pages followed; nothing is cut. */
export function postingQueries(run: RunQuery): PostingQueries {
  return {
    postingsByExternalId: async (ids) => {
      const rows = await inLists(run, 'postingsByExternalId', 1000, statements.postingsByExternalId, ids)
      return rows.flatMap(postingRow)
    },
    postingsByDate: (from, to, prefix) => postingPages(run, from, to, prefix),
    firstOpenDay: async (after) => {
      const {rows} = await run('openPeriods', statements.openPeriods, [after])
      const starts = rows.map((row) => row['startdate'] ?? '').filter((day) => day > after)
      return starts.toSorted()[0] ?? null
    },
  }
}

async function* postingPages(
  run: RunQuery,
  from: string,
  to: string,
  prefix: string,
): AsyncGenerator<readonly PostingRow[]> {
  let last = '0'
  for (;;) {
    const {rows} = await run('postingsByDate', statements.postingPage(from, to), [`${prefix}%`, last])
    // "_" in a prefix matches any character there, so the prefix is checked here.
    const postings = rows.flatMap(postingRow).filter(({externalId}) => externalId.startsWith(prefix))
    if (postings.length > 0) yield postings
    const end = rows.at(-1)
    if (rows.length < PAGE || end === undefined) return
    last = column(end, 'id')
  }
}

function postingRow(row: Row): PostingRow[] {
  const type = TYPES[column(row, 'type')]
  if (type === undefined) return []
  const total = plainNumber(row['foreigntotal'] ?? '')
  return [
    {
      type,
      id: column(row, 'id'),
      externalId: column(row, 'externalid'),
      tranId: row['tranid'] ?? null,
      statusKey: row['statuskey'] ?? '',
      total: total === null ? null : total.replace('-', ''),
      currencyId: row['currency'] ?? '',
      tranDate: row['trandate'] ?? '',
    },
  ]
}
