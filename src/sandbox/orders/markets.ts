import type {Chance} from './chance.ts'

/** A tax by its rate in millionths. */
export type Tax = Readonly<{title: string; rate: number}>

/** Where a customer lives, what is charged there and in which currency. */
export type Market = Readonly<{
  country: string
  countryCode: string
  currency: string
  /** Prices contain tax. */
  taxesIncluded: boolean
  taxesShipping: boolean
  phonePrefix: string
  /** Shipping is International and duties may be due. */
  isAbroad: boolean
  places: readonly Place[]
}>

export type Place = Readonly<{
  city: string
  province: string | null
  provinceCode: string | null
  zip: string
  taxes: readonly Tax[]
}>

const place = (
  city: string,
  province: string | null,
  provinceCode: string | null,
  zip: string,
  ...taxes: Tax[]
): Place => ({
  city,
  province,
  provinceCode,
  zip,
  taxes,
})
const tax = (title: string, rate: number): Tax => ({title, rate})

const US: Market = {
  country: 'United States',
  countryCode: 'US',
  currency: 'USD',
  taxesIncluded: false,
  taxesShipping: false,
  phonePrefix: '+1',
  isAbroad: false,
  places: [
    place(
      'New York',
      'New York',
      'NY',
      '10013',
      tax('New York State Tax', 40_000),
      tax('New York City Tax', 45_000),
      tax('Metropolitan Commuter Tax', 3_750),
    ),
    place(
      'Los Angeles',
      'California',
      'CA',
      '90012',
      tax('California State Tax', 60_000),
      tax('Los Angeles County Tax', 2_500),
      tax('Los Angeles Special Tax', 32_500),
    ),
    place('Austin', 'Texas', 'TX', '78701', tax('Texas State Tax', 62_500), tax('Austin City Tax', 10_000)),
    place('Denver', 'Colorado', 'CO', '80202', tax('Colorado State Tax', 29_000), tax('Denver County Tax', 48_100)),
    place('Boston', 'Massachusetts', 'MA', '02108', tax('Massachusetts State Tax', 62_500)),
    place('Portland', 'Oregon', 'OR', '97204'),
  ],
}

const GB: Market = {
  country: 'United Kingdom',
  countryCode: 'GB',
  currency: 'GBP',
  taxesIncluded: true,
  taxesShipping: true,
  phonePrefix: '+44',
  isAbroad: true,
  places: [
    place('London', 'England', 'ENG', 'E1 6AN', tax('GB VAT', 200_000)),
    place('Glasgow', 'Scotland', 'SCT', 'G1 1XQ', tax('GB VAT', 200_000)),
  ],
}

const CA: Market = {
  country: 'Canada',
  countryCode: 'CA',
  currency: 'CAD',
  taxesIncluded: false,
  taxesShipping: true,
  phonePrefix: '+1',
  isAbroad: true,
  places: [
    place('Toronto', 'Ontario', 'ON', 'M5H 2N2', tax('HST', 130_000)),
    place('Montréal', 'Quebec', 'QC', 'H2Y 1C6', tax('GST', 50_000), tax('QST', 99_750)),
    place('Vancouver', 'British Columbia', 'BC', 'V5K 0A1', tax('GST', 50_000), tax('PST', 70_000)),
  ],
}

const DE: Market = {
  country: 'Germany',
  countryCode: 'DE',
  currency: 'EUR',
  taxesIncluded: true,
  taxesShipping: true,
  phonePrefix: '+49',
  isAbroad: true,
  places: [
    place('Köln', null, null, '50667', tax('DE MwSt', 190_000)),
    place('Berlin', null, null, '10115', tax('DE MwSt', 190_000)),
  ],
}

const JP: Market = {
  country: 'Japan',
  countryCode: 'JP',
  currency: 'JPY',
  taxesIncluded: false,
  taxesShipping: false,
  phonePrefix: '+81',
  isAbroad: true,
  places: [place('渋谷区', 'Tōkyō', 'JP-13', '150-0002'), place('大阪市', 'Ōsaka', 'JP-27', '530-0001')],
}

const MARKETS = {US, GB, CA, DE, JP} as const

/** The shop's home market. */
export const home = US

export const canada = CA

/** A market, most often the home market. */
export function drawMarket(chance: Chance): Market {
  return MARKETS[chance.weighted({US: 66, GB: 12, CA: 10, DE: 8, JP: 4})]
}
