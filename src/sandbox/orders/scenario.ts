import {catalogue} from '../catalogue.ts'
import {company} from '../company.ts'
import {currencyOf, inBoth, none, type Currencies} from './amounts.ts'
import {drawDiscounts, drawLines, drawShipping, lineOf, type Cart, type Discount} from './cart.ts'
import type {Chance} from './chance.ts'
import {canada, home, type Market, type Place} from './markets.ts'
import {firmAt, FIRM_COUNT, personAt, type Firm, type Person} from './people.ts'

/** What happened to an order after it was placed. */
type Aftermath =
  | 'open'
  | 'fulfilled'
  | 'partly fulfilled'
  | 'cancelled'
  | 'edited'
  | 'units returned'
  | 'units cancelled'
  | 'shipping refunded'
  | 'amount refunded'

/** An order as a story: who bought what, where and how it went on. */
export type Scenario = Readonly<{
  channel: 'web' | 'pos' | 'b2b'
  /** How the document names the buyer: customer with account, guest customer, an e-mail only, or nobody. */
  buyer: 'account' | 'guest' | 'email' | 'nobody'
  person: Person
  firm: Firm | null
  place: Place
  market: Market
  currencies: Currencies
  cart: Cart
  isTest: boolean
  aftermath: Aftermath
  /** The line that the edit took out; its replacement is the last line. */
  removedLine: number | null
  /** A person's e-mail is missing: such an order cannot be booked without a decision. */
  lacksEmail: boolean
}>

export type Awkwardness = 'none' | 'unknown SKU' | 'without e-mail'

/** Draws an order. Awkward ones cannot be booked without a person's help. */
export function drawScenario(chance: Chance, seed: number, people: number, awkward: Awkwardness): Scenario {
  const channel = awkward === 'none' ? chance.weighted({web: 88, pos: 7, b2b: 5}) : 'web'
  if (channel === 'b2b') return companyOrder(chance, seed)
  if (channel === 'pos') return tillOrder(chance, seed)
  return webOrder(chance, personAt(seed, chance.below(people)), awkward)
}

function currenciesFor(market: Market): Currencies {
  return {shop: currencyOf(company.currencies[0].symbol), presentment: currencyOf(market.currency)}
}

function cartFor(market: Market, place: Place): Omit<Cart, 'lines' | 'discounts' | 'shipping'> {
  const {taxesIncluded, taxesShipping} = market
  return {tip: none, dutyRate: 0, taxesIncluded, taxesShipping, taxes: place.taxes}
}

const FREE: Discount = {type: 'discount_code', name: 'ONUS100', value: {kind: 'percentage', of: 10_000}, target: 'all'}

function webOrder(chance: Chance, person: Person, awkward: Awkwardness): Scenario {
  const {market, place} = person
  const currencies = currenciesFor(market)
  const aftermath = chance.weighted<Aftermath>({
    open: 50,
    fulfilled: 30,
    'partly fulfilled': 4,
    cancelled: 2,
    edited: 3,
    'units returned': 4,
    'units cancelled': 3,
    'shipping refunded': 2,
    'amount refunded': 2,
  })
  const isSpecial = aftermath === 'edited' || aftermath === 'cancelled'
  const isFree = !isSpecial && aftermath !== 'amount refunded' && chance.percent(2)
  const drawn = drawLines(chance, currencies)
  const unknown = {
    ...lineOf(catalogue[0] as (typeof catalogue)[number], 1, currencies),
    sku: 'GONE-4711',
    title: 'Discontinued',
  }
  const lines = awkward === 'unknown SKU' ? [...drawn, unknown] : drawn
  const shipping = drawShipping(chance, lines, market.isAbroad, currencies)
  const cart: Cart = {
    ...cartFor(market, place),
    lines,
    discounts: isFree ? [FREE] : aftermath === 'edited' ? [] : drawDiscounts(chance, lines, currencies),
    shipping: isFree && shipping !== null ? {title: 'Standard', price: none} : shipping,
    tip: !isSpecial && !isFree && chance.percent(5) ? inBoth(chance.pick([200, 350, 500]), currencies) : none,
    dutyRate: market.isAbroad && !isSpecial && chance.percent(25) ? 850 : 0,
  }
  const scenario: Scenario = {
    channel: 'web',
    buyer: person.hasAccount ? 'account' : chance.percent(70) || awkward !== 'none' ? 'guest' : 'email',
    person,
    firm: null,
    place,
    market,
    currencies,
    cart,
    isTest: chance.percent(1),
    aftermath,
    removedLine: null,
    lacksEmail: awkward === 'without e-mail',
  }
  return aftermath === 'edited' ? exchanged(chance, scenario) : scenario
}

/** An edit that swaps a garment for another size at the same price. */
function exchanged(chance: Chance, scenario: Scenario): Scenario {
  const sizes = catalogue.filter((item) => item.title === 'Organic Tee')
  const ordered = chance.below(sizes.length)
  const [first, second] = [sizes[ordered], sizes[(ordered + 1) % sizes.length]]
  if (first === undefined || second === undefined) throw new TypeError('the catalogue sells no garment')
  const others = scenario.cart.lines.filter((line) => line.title !== first.title)
  const swap = [lineOf(first, 1, scenario.currencies), ...others, lineOf(second, 1, scenario.currencies)]
  const shipping = scenario.cart.shipping ?? {title: 'Standard', price: inBoth(595, scenario.currencies)}
  return {...scenario, cart: {...scenario.cart, lines: swap, shipping}, removedLine: 0}
}

/** At the tills of the home market, and at one in Canada, whose cash is rounded to five cents. */
function tillOrder(chance: Chance, seed: number): Scenario {
  const drawn = drawLines(chance, currenciesFor(home)).filter((line) => !line.isGiftCard)
  const market = drawn.length === 3 ? canada : home
  const currencies = currenciesFor(market)
  const place = market.places[0] as Place
  const lines = drawn.map((line) => ({...line, unit: inBoth(line.unit.shop, currencies)}))
  return {
    channel: 'pos',
    buyer: 'nobody',
    person: personAt(seed, 0, market),
    firm: null,
    place,
    market,
    currencies,
    cart: {...cartFor(market, place), lines, discounts: drawDiscounts(chance, lines, currencies), shipping: null},
    isTest: false,
    aftermath: 'fulfilled',
    removedLine: null,
    lacksEmail: false,
  }
}

function companyOrder(chance: Chance, seed: number): Scenario {
  const firm = firmAt(seed, chance.below(FIRM_COUNT))
  const currencies = currenciesFor(home)
  const {place} = firm.buyer
  const lines = drawLines(chance, currencies)
    .filter((line) => !line.isGiftCard)
    .map((line) => ({...line, quantity: line.quantity * chance.between(6, 24)}))
  const trade: Discount = {type: 'manual', name: 'Trade price', value: {kind: 'percentage', of: 1250}, target: 'all'}
  const base = cartFor(home, place)
  return {
    channel: 'b2b',
    buyer: 'account',
    person: firm.buyer,
    firm,
    place,
    market: home,
    currencies,
    cart: {
      ...base,
      lines,
      taxes: firm.isExempt ? [] : base.taxes,
      discounts: chance.percent(60) ? [trade] : [],
      shipping: drawShipping(chance, lines, false, currencies),
    },
    isTest: false,
    aftermath: chance.percent(50) ? 'fulfilled' : 'open',
    removedLine: null,
    lacksEmail: false,
  }
}
