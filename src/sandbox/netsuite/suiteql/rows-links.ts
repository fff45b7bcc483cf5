import type {StoredRecord} from '../engine-types.ts'
import {kindOf} from '../schema/kinds.ts'
import {idOf, textOf} from '../values.ts'
import type {Row, Rows, RowSource} from './row-values.ts'

/** How the data source calls the link from a source to what is made from it (public integrations agree on these). */
const LINKS: Readonly<Record<string, string>> = {
  invoice: 'OrdBill',
  cashSale: 'OrdBill',
  itemFulfillment: 'ShipRcpt',
  itemReceipt: 'ShipRcpt',
  returnAuthorization: 'SaleRet',
  creditMemo: 'SaleRet',
  cashRefund: 'SaleRet',
}

/** Links between documents and between their lines; one row per pair, the same in both directions. */
export function linkRows(source: RowSource, record: StoredRecord): Rows {
  const rows = [...fromSource(source, record), ...deposits(source, record), ...applied(source, record)]
  if (rows.length === 0) return {}
  const documents = rows.filter((row) => row['previousline'] === undefined)
  const lines = rows.filter((row) => row['previousline'] !== undefined)
  return {
    previoustransactionlinelink: lines,
    nexttransactionlinelink: lines,
    previoustransactionlink: documents,
    nexttransactionlink: documents,
  }
}

function pairOf({state}: RowSource, from: string | undefined, record: StoredRecord, linktype: string): Row | undefined {
  const previous = state.find('transaction', {id: from ?? ''})
  if (previous === undefined) return undefined
  return {
    owner$id: record.id,
    previousdoc: previous.id,
    previoustype: kindOf(previous.type)?.type,
    nextdoc: record.id,
    nexttype: kindOf(record.type)?.type,
    linktype,
  }
}

function fromSource(source: RowSource, record: StoredRecord): Row[] {
  const link = LINKS[record.type]
  const pair = link === undefined ? undefined : pairOf(source, idOf(record.fields['createdFrom']), record, link)
  if (pair === undefined) return []
  const own = (record.lines['item'] ?? []).filter((line) => textOf(line.fields['orderLine']) !== undefined)
  const byLine = own.map((line) => ({
    ...pair,
    previousline: textOf(line.fields['orderLine']),
    nextline: line.key,
    foreignamount: textOf(line.fields['amount']) ?? '0',
  }))
  return [...byLine, {...pair, foreignamount: textOf(record.fields['total']) ?? '0'}]
}

/** Order to deposit, deposit to application. */
function deposits(source: RowSource, record: StoredRecord): Row[] {
  const amount = textOf(record.fields['payment']) ?? textOf(record.fields['total']) ?? '0'
  const pair =
    record.type === 'customerDeposit'
      ? pairOf(source, idOf(record.fields['salesOrder']), record, 'OrdDep')
      : pairOf(source, idOf(record.fields['deposit']), record, 'DepAppl')
  return pair === undefined ? [] : both(pair, amount)
}

/** What a payment, application or credit settles; a bank deposit's payments. */
function applied(source: RowSource, record: StoredRecord): Row[] {
  const rows = [...(record.lines['apply'] ?? []), ...(record.lines['payment'] ?? [])]
  return rows.flatMap(({key, fields}) => {
    const pair = pairOf(source, key, record, record.type === 'deposit' ? 'Deposit' : 'Payment')
    const amount = textOf(fields['amount']) ?? textOf(fields['paymentAmount']) ?? '0'
    return pair === undefined ? [] : both(pair, amount)
  })
}

function both(pair: Row, amount: string): Row[] {
  return [
    {...pair, foreignamount: amount, previousline: 0, nextline: 0},
    {...pair, foreignamount: amount},
  ]
}
