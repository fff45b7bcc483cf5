import {createHash} from 'node:crypto'

import {externalId, legacyId} from '../core/ids.ts'
import type {Customer} from '../netsuite/types.ts'
import type {ShopifyCompany, ShopifyOrder} from '../shopify/types.ts'
import {planAddress, textOf} from './address.ts'
import {lookUp} from './book.ts'
import {refuseFaults, type Fault} from './faults.ts'
import type {CustomerKey, CustomerPlan, OrderRules} from './types.ts'

/**
 * Decides who bought, in this order: the B2B company; the customer; a guest, known by e-mail address only;
 * the contract's walk-in customer (POS sales).
 * Throws RejectedError ORDER_WITHOUT_CUSTOMER or CUSTOMER_WITHOUT_EMAIL.
 */
export function planCustomer(order: ShopifyOrder, rules: OrderRules): CustomerPlan {
  const faults: Fault[] = []
  const plan = customerOf(order, rules, faults)
  refuseFaults(order, faults)
  return plan
}

/** As planCustomer, but faults are added to the list; with a fault the plan must not be used. */
export function customerOf(order: ShopifyOrder, rules: OrderRules, faults: Fault[]): CustomerPlan {
  const {company, customer} = order
  if (company !== null) return planCompany(order, company, rules)
  const email = textOf(customer?.email) ?? textOf(order.email)
  if (customer !== null) {
    const id = legacyId(customer.id)
    if (email === null && rules.customers.withoutEmail === 'park') {
      faults.push({code: 'CUSTOMER_WITHOUT_EMAIL', what: `the customer ${id}`})
    }
    return planPerson(order, rules, {externalId: externalId.customer(id), mark: id, email})
  }
  if (email !== null) {
    const hash = createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 32)
    return planPerson(order, rules, {externalId: externalId.guest(hash), mark: hash, email})
  }
  if (rules.customers.walkIn === null) faults.push({code: 'ORDER_WITHOUT_CUSTOMER', what: ''})
  return {kind: 'fixed', id: rules.customers.walkIn ?? ''}
}

/** `mark` is what the contract's custom field shows: the number in Shopify, or the guest's hash. */
type Identity = Readonly<{externalId: string; mark: string; email: string | null}>

function planPerson(order: ShopifyOrder, rules: OrderRules, identity: Identity): CustomerPlan {
  const phone = phoneOf(order)
  const record: Customer = {
    ...shared(order, rules, identity),
    isPerson: true,
    ...nameOf(order, identity),
    companyName: null,
    phone,
  }
  const company = textOf(order.billingAddress?.company)
  return {kind: 'record', keys: keysOf(rules, {...identity, phone, company}), record}
}

/** A company is found by its own name only: the buyer's address and phone are a person's, who may be a customer too. */
function planCompany(order: ShopifyOrder, company: ShopifyCompany, rules: OrderRules): CustomerPlan {
  const id = legacyId(company.id)
  const email = textOf(order.customer?.email) ?? textOf(order.email)
  const identity = {externalId: externalId.company(id), mark: id, email}
  const name = textOf(company.name) ?? `Shopify company ${id}`
  const record: Customer = {
    ...shared(order, rules, identity),
    isPerson: false,
    firstName: null,
    lastName: null,
    companyName: name,
    phone: phoneOf(order),
  }
  const keys = keysOf(rules, {externalId: identity.externalId, email: null, phone: null, company: name})
  return {kind: 'record', keys, record}
}

function shared(order: ShopifyOrder, rules: OrderRules, {externalId, mark, email}: Identity) {
  const currency = lookUp(rules.currencies, rules.book === 'shop' ? order.currency : order.presentmentCurrency)
  const field = rules.fields.customer
  return {
    type: 'customer',
    externalId,
    email,
    subsidiary: rules.subsidiary === null ? null : {id: rules.subsidiary},
    currency: currency === undefined ? null : {id: currency},
    billingAddress: planAddress(order.billingAddress),
    shippingAddress: planAddress(order.shippingAddress),
    customFields: field === null ? {} : {[field]: mark},
  } as const
}

/** The customer's name, else an address's; a person in NetSuite needs a last name, so something always stands there. */
function nameOf(order: ShopifyOrder, {mark, email}: Identity): Pick<Customer, 'firstName' | 'lastName'> {
  const sources = [order.customer, order.billingAddress, order.shippingAddress].map((source) => ({
    firstName: textOf(source?.firstName),
    lastName: textOf(source?.lastName),
  }))
  const full = sources.find((source) => source.lastName !== null)
  if (full !== undefined) return full
  const firstName = sources.find((source) => source.firstName !== null)?.firstName ?? null
  const local = textOf(email?.split('@')[0])
  return local === null ? {firstName: null, lastName: firstName ?? `Shopify ${mark}`} : {firstName, lastName: local}
}

function phoneOf(order: ShopifyOrder): string | null {
  const phones = [order.customer?.phone, order.phone, order.billingAddress?.phone, order.shippingAddress?.phone]
  return phones.map(textOf).find((phone) => phone !== null) ?? null
}

type KeyValues = Readonly<{externalId: string; email: string | null; phone: string | null; company: string | null}>

/** The contract's match rules in their order, without those that have no value here. */
function keysOf(rules: OrderRules, values: KeyValues): CustomerKey[] {
  const normalised: Readonly<Record<CustomerKey['by'], string | null>> = {
    externalId: values.externalId,
    email: values.email?.toLowerCase() ?? null,
    phone: values.phone === null ? null : phoneKey(values.phone),
    company: values.company,
  }
  return rules.customers.match.flatMap((by) => {
    const value = normalised[by]
    return value === null ? [] : [{by, value}]
  })
}

/** "+1 (212) 555-0100" → "+12125550100"; null where there is no digit. */
function phoneKey(phone: string): string | null {
  const digits = phone.replace(/\D/g, '')
  if (digits === '') return null
  return phone.trim().startsWith('+') ? `+${digits}` : digits
}
