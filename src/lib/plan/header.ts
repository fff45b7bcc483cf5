import {externalId} from '../core/ids.ts'
import type {CustomFields, SalesOrder} from '../netsuite/types.ts'
import {planAddress, textOf} from './address.ts'
import {lookUp, type Planning} from './book.ts'
import type {CustomerPlan} from './types.ts'

type Header = Omit<SalesOrder, 'shipMethod' | 'shippingCost' | 'shippingTaxCode' | 'taxDetails' | 'lines' | 'total'>

/**
 * The head of the sales order: dated the day on which the order was processed in the contract's zone, with the buyer's
 * purchase order number (else Shopify's name of the order) as its reference. No payment method, so that deposits can be
 * applied to it (NetSuite help section_N1296669); terms only where Shopify says so.
 */
export function planHeader(planning: Planning, customer: CustomerPlan): Header {
  const {order, rules, book, faults} = planning
  const currency = lookUp(rules.currencies, book.currency)
  if (currency === undefined) faults.push({code: 'CURRENCY_UNMAPPED', what: book.currency})
  return {
    type: 'salesOrder',
    externalId: externalId.order(order.legacyId),
    entity: customer.kind === 'fixed' ? {id: customer.id} : {externalId: customer.record.externalId},
    subsidiary: refOf(rules.subsidiary),
    currency: {id: currency ?? ''},
    tranDate: dayIn(rules.timeZone, order.processedAt),
    status: rules.orders.status,
    otherRefNum: textOf(order.poNumber) ?? order.name,
    memo: memoOf(planning),
    email: textOf(order.email) ?? textOf(order.customer?.email),
    terms: refOf(termsOf(planning)),
    location: refOf(rules.location),
    billingAddress: planAddress(order.billingAddress),
    shippingAddress: planAddress(order.shippingAddress),
    customFields: fieldsOf(planning),
  }
}

/** NetSuite refuses a longer memo ("contained more than the maximum number (999) of characters allowed"). */
const MEMO_MAX = 999
/** What neither channel can carry (XML 1.0, section 2.2): a note is not worth parking the order for it. */
const UNSENDABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** The name of the order, and what was noted on it in Shopify, as one line. */
function memoOf({order, rules}: Planning): string {
  const name = `Shopify ${order.name}`
  const note = rules.orders.note === 'memo' ? (order.note ?? '').toWellFormed().replace(UNSENDABLE, ' ') : ''
  const line = note.replace(/\s+/g, ' ').trim()
  return line === '' ? name : `${name}: ${line}`.slice(0, MEMO_MAX).toWellFormed().trim()
}

export function refOf(id: string | null): Readonly<{id: string}> | null {
  return id === null ? null : {id}
}

function termsOf({order, rules, faults}: Planning): string | null {
  const name = textOf(order.paymentTerms)
  if (name === null) return null
  const terms = lookUp(rules.terms, name)
  if (terms === undefined) faults.push({code: 'TERMS_UNMAPPED', what: JSON.stringify(name)})
  return terms ?? null
}

function fieldsOf({order, rules}: Planning): CustomFields {
  const {order: id, orderName} = rules.fields
  return {
    ...(id === null ? {} : {[id]: order.legacyId}),
    ...(orderName === null ? {} : {[orderName]: order.name}),
  }
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The calendar day (YYYY-MM-DD) of an instant in an IANA zone. */
export function dayIn(timeZone: string, instant: string): string {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {timeZone, year: 'numeric', month: '2-digit', day: '2-digit'})
    formats.set(timeZone, format)
  }
  const parts = new Map(format.formatToParts(new Date(instant)).map(({type, value}) => [type, value]))
  return ['year', 'month', 'day'].map((part) => parts.get(part as 'year')).join('-')
}
