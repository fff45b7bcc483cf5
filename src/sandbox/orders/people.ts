import {Chance} from './chance.ts'
import {drawMarket, home, type Market, type Place} from './markets.ts'

export type Person = Readonly<{
  /** Shopify's numeric id of the customer. */
  id: number
  firstName: string
  lastName: string
  email: string
  phone: string
  hasAccount: boolean
  market: Market
  place: Place
  street: string
  since: string
}>

export type Firm = Readonly<{
  id: number
  locationId: number
  name: string
  terms: Terms
  isExempt: boolean
  buyer: Person
}>
type Terms = Readonly<{name: string; days: number}>

const FIRST = ['Ada', 'Björn', 'Chloë', 'Dev', 'Élodie', 'Femi', 'Grace', 'Hiroshi', 'Inés', 'Jack', 'Kwame', 'Lucía', 'Mary Ann', 'Noor', 'Oleg', 'Priya'] // prettier-ignore
const LAST = ["O'Brien", 'Núñez', 'Smith', 'van der Berg', 'Ōno', 'Schröder', 'Ndlovu', 'Patel', 'Lee', 'D’Angelo', 'Kovačević', 'Jones', 'Müller', 'Garcia-Lopez', 'Yılmaz', 'Brown'] // prettier-ignore
const STREETS = ['Main Street', 'High Street', 'Elm Avenue', 'Station Road', 'Mill Lane', 'River Walk']
const FIRMS = [
  'Northwind Outfitters',
  'Harbor & Pine LLC',
  'Cedar Supply Co.',
  'Blue Door Gifts',
  'Atlas Workwear, Inc.',
]
const TERMS: readonly Terms[] = [
  {name: 'Net 15', days: 15},
  {name: 'Net 30', days: 30},
  {name: 'Net 60', days: 60},
]

/** How many ids a seed has for its customers, so that two seeds never give one id to two people. */
const SPAN = 100_000

/** The n-th customer of a seed: always the same person. */
export function personAt(seed: number, n: number, market?: Market): Person {
  const chance = new Chance(seed * 7919 + n)
  const drawn = market ?? drawMarket(chance)
  const firstName = chance.pick(FIRST)
  const lastName = chance.pick(LAST)
  const ascii = `${firstName}.${lastName}`
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z.]/g, '')
  return {
    id: 7_000_000_000_000 + (Math.abs(seed) % 10_000) * SPAN + n,
    firstName,
    lastName,
    email: `${ascii}.${Math.abs(seed)}-${n}@example.com`,
    phone: `${drawn.phonePrefix}55501${String(n).padStart(5, '0')}`,
    hasAccount: chance.percent(60),
    market: drawn,
    place: chance.pick(drawn.places),
    street: `${chance.between(1, 400)} ${chance.pick(STREETS)}`,
    since: `2025-${String(chance.between(1, 12)).padStart(2, '0')}-0${chance.between(1, 9)}T09:30:00-05:00`,
  }
}

/** The n-th company of a seed, in the home market. */
export function firmAt(seed: number, n: number): Firm {
  const chance = new Chance(seed * 104_729 + n)
  const id = 40_000_000 + (Math.abs(seed) % 10_000) * 100 + n
  return {
    id,
    locationId: id + 5_000_000,
    name: FIRMS[n % FIRMS.length] ?? 'Company',
    terms: chance.pick(TERMS),
    isExempt: chance.percent(50),
    buyer: personAt(seed, SPAN - 1 - n, home),
  }
}

/** How many companies a seed has. */
export const FIRM_COUNT = FIRMS.length
