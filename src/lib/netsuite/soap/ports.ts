import {present} from '../../core/assert.ts'
import type {PostingChannel} from '../postings.ts'
import {customerTable, customerValues, heldCustomer} from '../records/customer.ts'
import type {LineRules} from '../records/posting-fields.ts'
import {changeValues, heldSalesOrder, salesOrderTable, salesOrderValues} from '../records/sales-order.ts'
import type {CustomerPort, SalesOrderPort} from '../types.ts'
import type {SoapRecords} from './records.ts'

/** Sales orders over SOAP: one by add or update, several by their list forms. */
export function soapSalesOrders(records: SoapRecords, rules: LineRules): SalesOrderPort {
  return {
    add: (orders) =>
      records.write(
        'add',
        salesOrderTable,
        orders.map((order) => ({key: {externalId: order.externalId}, values: salesOrderValues(order, rules)})),
      ),
    update: (changes) =>
      records.write(
        'update',
        salesOrderTable,
        changes.map((change) => ({key: {id: change.id}, values: changeValues(change, rules)})),
      ),
    get: async (refs) => {
      const held = await records.read(salesOrderTable, refs)
      return held.map((read) => read && heldSalesOrder(read.id, read.externalId, read.values, rules))
    },
  }
}

/** Customers over SOAP, the twin of the REST port. */
export function soapCustomers(records: SoapRecords): CustomerPort {
  return {
    add: async (customer) => {
      const entry = {key: {externalId: customer.externalId}, values: customerValues(customer)}
      const [status] = await records.write('add', customerTable, [entry])
      return present(status, 'the status of the customer')
    },
    get: async (ref) => {
      const [read] = await records.read(customerTable, [ref])
      return read ? heldCustomer(read.id, read.externalId, read.values) : null
    },
  }
}

/** Postings over SOAP: each type by add or addList; a source is read, not transformed, so a list stays one message. */
export function soapPostings(records: SoapRecords): PostingChannel {
  return {
    add: (table, entries) =>
      records.write(
        'add',
        table,
        entries.map(({externalId, values}) => ({key: {externalId}, values})),
      ),
    read: (asked) => records.readMixed(asked),
  }
}
