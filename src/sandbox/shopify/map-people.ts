import {company} from '../company.ts'
import {connection} from './connection.ts'
import {filled, flag, globalId, instant, integer, legacyId, list, object, text, words} from './document.ts'
import type {Json} from './json.ts'

const COUNTRY = /^[A-Z]{2}$/

/** An address as the type MailingAddress; an order's addresses have no id of their own, so it is built from `ownerId`. */
export function mapAddress(doc: Json | null, ownerId: string) {
  if (doc === null) return null
  const country = text(doc, 'country_code') ?? ''
  const names = [text(doc, 'first_name'), text(doc, 'last_name')].filter((part) => part !== null && part !== '')
  return {
    __typename: 'MailingAddress',
    id: `gid://shopify/MailingAddress/${legacyId(doc) ?? ownerId}?model_name=Address`,
    firstName: text(doc, 'first_name'),
    lastName: text(doc, 'last_name'),
    name: text(doc, 'name') ?? (names.length === 0 ? null : names.join(' ')),
    company: text(doc, 'company'),
    address1: text(doc, 'address1'),
    address2: text(doc, 'address2'),
    city: text(doc, 'city'),
    province: text(doc, 'province'),
    provinceCode: text(doc, 'province_code'),
    zip: text(doc, 'zip'),
    country: text(doc, 'country'),
    countryCodeV2: COUNTRY.test(country) ? country : null,
    phone: text(doc, 'phone'),
    latitude: typeof doc.latitude === 'number' ? doc.latitude : null,
    longitude: typeof doc.longitude === 'number' ? doc.longitude : null,
  }
}

/** The order's customer as the type Customer; null for orders that carry none. */
export function mapCustomer(order: Json) {
  const doc = object(order, 'customer')
  const id = doc === null ? null : globalId(doc, 'Customer')
  if (doc === null || id === null) return null
  const email = filled(doc, 'email')
  const phone = filled(doc, 'phone')
  const names = [text(doc, 'first_name'), text(doc, 'last_name')].filter((part) => part !== null && part !== '')
  const createdAt = instant(doc, 'created_at') ?? instant(order, 'created_at')
  return {
    __typename: 'Customer',
    id,
    legacyResourceId: legacyId(doc),
    firstName: text(doc, 'first_name'),
    lastName: text(doc, 'last_name'),
    displayName: names.join(' ') || email || phone || '',
    email,
    phone,
    defaultEmailAddress: email === null ? null : {emailAddress: email},
    defaultPhoneNumber: phone === null ? null : {phoneNumber: phone},
    defaultAddress: () => mapAddress(object(doc, 'default_address'), legacyId(doc) ?? '0'),
    note: text(doc, 'note'),
    state: (text(doc, 'state') ?? 'disabled').toUpperCase(),
    tags: words(doc, 'tags'),
    taxExempt: flag(doc, 'tax_exempt'),
    verifiedEmail: flag(doc, 'verified_email'),
    locale: text(order, 'customer_locale') ?? 'en',
    createdAt,
    updatedAt: instant(doc, 'updated_at') ?? createdAt,
  }
}

/**
 * Who bought: the company on B2B orders, else the customer. A document names a company by its ids only, so its name is
 * taken from the addresses.
 */
export function mapPurchasingEntity(order: Json, customer: Readonly<Record<string, unknown>> | null) {
  const doc = object(order, 'company')
  if (doc === null) return customer
  const address = object(order, 'billing_address') ?? object(order, 'shipping_address') ?? {}
  const times = {createdAt: instant(order, 'created_at'), updatedAt: instant(order, 'updated_at')}
  const name = text(doc, 'name') ?? text(address, 'company') ?? `Company ${text(doc, 'id') ?? ''}`
  const company = {
    __typename: 'Company',
    id: `gid://shopify/Company/${text(doc, 'id') ?? '0'}`,
    name,
    externalId: text(doc, 'external_id'),
    note: null,
    ...times,
  }
  const location = {
    __typename: 'CompanyLocation',
    id: `gid://shopify/CompanyLocation/${text(doc, 'location_id') ?? '0'}`,
    name: text(doc, 'location_name') ?? text(address, 'city') ?? name,
    externalId: null,
    phone: text(address, 'phone'),
    company,
    ...times,
  }
  const contactId = customer?.legacyResourceId
  const contact =
    typeof contactId === 'string' ? {id: `gid://shopify/CompanyContact/${contactId}`, title: null, customer} : null
  return {__typename: 'PurchasingCompany', company, location, contact}
}

/** Payment terms as the type PaymentTerms. */
export function mapPaymentTerms(order: Json, now: Date) {
  const doc = object(order, 'payment_terms')
  if (doc === null) return null
  const name = text(doc, 'payment_terms_name') ?? 'Custom'
  const schedules = list(doc, 'payment_schedules').map((one, i) => ({
    id: globalId(one, 'PaymentSchedule') ?? `gid://shopify/PaymentSchedule/${legacyId(doc) ?? '0'}${i}`,
    issuedAt: instant(one, 'issued_at'),
    dueAt: instant(one, 'due_at'),
    completedAt: instant(one, 'completed_at'),
  }))
  const isDue = schedules.some(
    ({dueAt, completedAt}) => completedAt === null && dueAt !== null && Date.parse(dueAt) < now.getTime(),
  )
  const type = (text(doc, 'payment_terms_type') ?? '').toUpperCase()
  return {
    id: globalId(doc, 'PaymentTerms') ?? `gid://shopify/PaymentTerms/${legacyId(order) ?? '0'}`,
    paymentTermsName: name,
    paymentTermsType: ['FIXED', 'FULFILLMENT', 'NET', 'RECEIPT'].includes(type) ? type : 'UNKNOWN',
    dueInDays: integer(doc, 'due_in_days'),
    due: isDue,
    overdue: isDue,
    paymentSchedules: connection(() => schedules),
  }
}

/** The numeric id of the shop's first location; the others follow. */
export const FIRST_LOCATION = 70_000_000_001

/** A location by its numeric id. */
export function mapLocation(id: string | null) {
  if (id === null) return null
  const name = company.locations[Number(id) - FIRST_LOCATION]?.name ?? `Location ${id}`
  return {__typename: 'Location', id: `gid://shopify/Location/${id}`, legacyResourceId: id, name}
}
