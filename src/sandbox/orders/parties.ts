import {decimal} from './amounts.ts'
import type {Story} from './events.ts'
import type {Scenario} from './scenario.ts'
import {stamp} from './times.ts'

type Part = Readonly<Record<string, unknown>>

export function emailOf({buyer, person, lacksEmail}: Scenario): string | null {
  return buyer === 'nobody' || lacksEmail ? null : person.email
}

/** Null for sales at the till and for some guests, whose e-mail stands on the order alone. */
export function customerOf(scenario: Scenario): Part | null {
  const {buyer, person} = scenario
  if (buyer === 'nobody' || buyer === 'email') return null
  return {
    id: person.id,
    admin_graphql_api_id: `gid://shopify/Customer/${person.id}`,
    email: emailOf(scenario),
    phone: null,
    first_name: person.firstName,
    last_name: person.lastName,
    state: buyer === 'account' ? 'enabled' : 'disabled',
    note: null,
    verified_email: buyer === 'account',
    tax_exempt: scenario.firm?.isExempt ?? false,
    tax_exemptions: [],
    currency: scenario.currencies.presentment.code,
    created_at: person.since,
    updated_at: person.since,
    multipass_identifier: null,
    default_address: addressOf(scenario),
  }
}

export function addressOf({buyer, person, place, market, firm}: Scenario): Part | null {
  if (buyer === 'nobody') return null
  return {
    first_name: person.firstName,
    last_name: person.lastName,
    name: `${person.firstName} ${person.lastName}`,
    company: firm?.name ?? null,
    address1: person.street,
    address2: null,
    city: place.city,
    province: place.province,
    province_code: place.provinceCode,
    zip: place.zip,
    country: market.country,
    country_code: market.countryCode,
    phone: person.phone,
    latitude: null,
    longitude: null,
  }
}

const DAY_MS = 86_400_000

/** What only companies' orders carry: the company by its ids, its terms and its own order number. */
export function companyOf({scenario, numbers, times, state, name}: Story): Part {
  const {firm, currencies} = scenario
  if (firm === null) return {company: null, payment_terms: null, po_number: null}
  return {
    company: {id: firm.id, location_id: firm.locationId},
    po_number: `PO-${name.replace('#', '')}`,
    payment_terms: {
      id: numbers.part(5),
      created_at: stamp(times.placed),
      due_in_days: firm.terms.days,
      payment_terms_name: firm.terms.name,
      payment_terms_type: 'net',
      payment_schedules: [
        {
          id: numbers.part(6),
          amount: decimal(state.currentTotal.presentment, currencies.presentment),
          currency: currencies.presentment.code,
          issued_at: stamp(times.placed),
          due_at: stamp(new Date(times.placed.getTime() + firm.terms.days * DAY_MS)),
          completed_at: null,
        },
      ],
    },
  }
}
