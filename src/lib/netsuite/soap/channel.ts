import type {PostingPort} from '../posting-ports.ts'
import {createPostings} from '../postings.ts'
import type {LineRules} from '../records/posting-fields.ts'
import type {CustomerPort, SalesOrderPort} from '../types.ts'
import {soapGovernance, soapServerTime} from './account.ts'
import {openSoap, type SoapDeps, type SoapSettings} from './client.ts'
import {soapCustomers, soapPostings, soapSalesOrders} from './ports.ts'
import {soapRecords} from './records.ts'

export type SoapChannel = Readonly<{
  salesOrders: SalesOrderPort
  customers: CustomerPort
  postings: PostingPort
  serverTime(): Promise<Date>
  governance(): Promise<{limit: number | null; integrationLimit: number | null}>
}>

type Settings = SoapSettings & Readonly<{timeZone: string | null; listSize: number; rules: LineRules}>

/** Everything that goes over SOAP. Loading this module loads `soap`, so the client imports it at the first use only. */
export async function openChannel(settings: Settings, deps: SoapDeps): Promise<SoapChannel> {
  const soap = await openSoap(settings, deps)
  const records = soapRecords(soap, settings.timeZone, settings.listSize)
  return {
    salesOrders: soapSalesOrders(records, settings.rules),
    customers: soapCustomers(records),
    postings: createPostings(soapPostings(records), settings.rules),
    serverTime: () => soapServerTime(soap),
    governance: () => soapGovernance(soap),
  }
}
