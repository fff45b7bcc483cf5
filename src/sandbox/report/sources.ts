import {isJson, type Json} from '../shopify/json.ts'

/** Types of NetSuite's records that are looked at. */
const RECORD_TYPES = [
  'salesOrder',
  'customerDeposit',
  'depositApplication',
  'customerPayment',
  'invoice',
  'cashSale',
  'creditMemo',
  'customerRefund',
  'cashRefund',
  'deposit',
  'check',
  'currencyRevaluation',
] as const

export type RecordType = (typeof RECORD_TYPES)[number]

/** What both platforms hold, as their control endpoints show it. */
export type Sources = Readonly<{
  orders: readonly Json[]
  payouts: readonly Json[]
  balance: readonly Json[]
  /** Every line of the general ledger, and the balances of the accounts. */
  lines: readonly Json[]
  trial: readonly Json[]
  journals: readonly Json[]
  records: Readonly<Record<RecordType, readonly Json[]>>
}>

/** The address is none of a sandbox, or nothing answers there. */
export class NoSandbox extends Error {
  override readonly name = 'NoSandbox'
}

/** Reads both platforms. Throws NoSandbox that names the address. */
export async function readSources(shopifyUrl: string, netsuiteUrl: string): Promise<Sources> {
  const shopify = (path: string) => read(shopifyUrl, path)
  const netsuite = (path: string) => read(netsuiteUrl, path)
  const [orders, payouts, balance, lines, trial] = await Promise.all([
    shopify('orders'),
    shopify('payouts'),
    shopify('balance-transactions'),
    netsuite('gl/lines'),
    netsuite('gl'),
  ])
  const records: Partial<Record<RecordType, readonly Json[]>> = {}
  for (const type of RECORD_TYPES) records[type] = await netsuite(`records/${type}`)
  // The sandbox keeps no journals: where it does one day, they are looked at.
  const journals = await read(netsuiteUrl, 'records/journalEntry', true)
  return {
    orders, payouts, balance, lines, trial, journals,
    records: records as Sources['records'],
  } // prettier-ignore
}

async function read(base: string, path: string, mayLack = false): Promise<readonly Json[]> {
  const url = new URL(`/_sandbox/${path}`, base)
  let answer: Response
  try {
    answer = await fetch(url)
  } catch (error) {
    throw new NoSandbox(`nothing answers at ${url.origin}`, {cause: error})
  }
  if (mayLack && answer.status === 404) return []
  const strange = `${url.href} is not answered as a sandbox answers it (${answer.status})`
  const body = answer.ok ? await jsonOf(answer, strange) : null
  if (!Array.isArray(body)) throw new NoSandbox(strange)
  return body.filter(isJson)
}

async function jsonOf(answer: Response, strange: string): Promise<unknown> {
  try {
    return await answer.json()
  } catch (error) {
    throw new NoSandbox(strange, {cause: error})
  }
}
