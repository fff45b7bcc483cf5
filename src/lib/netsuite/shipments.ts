import type {RestRecords} from './rest/records.ts'
import type {RecordTable} from './records/fields.ts'
import type {ShipmentPort} from './shipment-types.ts'
import {shipmentQueries} from './suiteql/fulfillments.ts'
import type {RunQuery} from './suiteql/run.ts'

const NAME: RecordTable = {
  type: 'itemFulfillment',
  soapType: 'tranSales:ItemFulfillment',
  fields: [{name: 'externalId', kind: 'text', soap: null, rest: 'externalId'}],
}

/** Over SuiteQL, and REST for the one field: both take every credential that the queries take. */
export function createShipments(run: RunQuery, records: RestRecords, lineField: string | null): ShipmentPort {
  return {
    ...shipmentQueries(run, lineField),
    name: (id, externalId) => records.update(NAME, id, {externalId}),
  }
}
