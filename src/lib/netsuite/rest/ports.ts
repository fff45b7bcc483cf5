import {eachConcurrent} from '../../core/concurrent.ts'
import type {PostingChannel} from '../postings.ts'
import {customerTable, customerValues, heldCustomer} from '../records/customer.ts'
import type {LineRules} from '../records/posting-fields.ts'
import {changeValues, heldSalesOrder, salesOrderTable, salesOrderValues} from '../records/sales-order.ts'
import type {CustomerPort, SalesOrderPort} from '../types.ts'
import type {RestRecords} from './records.ts'

/** Requests of one call in flight at once; the permits decide how many of them NetSuite sees. */
const WIDTH = 8

/** Sales orders over REST, the twin of the SOAP port: one request an order. */
export function restSalesOrders(records: RestRecords, rules: LineRules): SalesOrderPort {
  return {
    add: (orders) =>
      inOrder(orders, (order) => records.add(salesOrderTable, order.externalId, salesOrderValues(order, rules))),
    update: (changes) =>
      inOrder(changes, (change) => records.update(salesOrderTable, change.id, changeValues(change, rules))),
    get: (refs) =>
      inOrder(refs, async (ref) => {
        const read = await records.read(salesOrderTable, ref)
        return read && heldSalesOrder(read.id, read.externalId, read.values, rules)
      }),
  }
}

export function restCustomers(records: RestRecords): CustomerPort {
  return {
    add: (customer) => records.add(customerTable, customer.externalId, customerValues(customer)),
    get: async (ref) => {
      const read = await records.read(customerTable, ref)
      return read && heldCustomer(read.id, read.externalId, read.values)
    },
  }
}

/** Postings over REST: one request a record. */
export function restPostings(records: RestRecords): PostingChannel {
  return {
    add: (table, entries) =>
      inOrder(entries, ({externalId, values, from}) => records.add(table, externalId, values, from)),
    read: (asked) => inOrder(asked, ({table, ref}) => records.read(table, ref)),
  }
}

/**
 * Does all, several at once, and answers in the order of the question. The first error is thrown when what runs has
 * ended.
 */
async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  await eachConcurrent(items.entries(), WIDTH, async ([i, item]) => {
    results[i] = await work(item)
  })
  return results
}
