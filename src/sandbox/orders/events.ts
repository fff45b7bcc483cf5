import {decimal, isNone, minus, none, plus, setOf, stated, type Currencies, type Two} from './amounts.ts'
import {identified, type Numbers} from './numbers.ts'
import type {Priced} from './pricing.ts'
import type {Scenario} from './scenario.ts'
import {goneWith, type OrderState} from './state.ts'
import {stamp, type Times} from './times.ts'

type Part = Readonly<Record<string, unknown>>

/** The order so far, for the parts of its document. */
export type Story = Readonly<{
  scenario: Scenario
  priced: Priced
  state: OrderState
  numbers: Numbers
  times: Times
  name: string
}>

/** One fulfilment of everything that has shipped. */
export function fulfillmentsOf(story: Story, lineDocument: (i: number) => Part): Part[] {
  const {state, numbers, times, name, scenario} = story
  const shipped = state.lines.flatMap(({fulfilled}, i) =>
    fulfilled > 0 ? [{...lineDocument(i), quantity: fulfilled}] : [],
  )
  if (shipped.length === 0) return []
  const isCarried = scenario.channel !== 'pos'
  return [
    {
      ...identified(numbers.part(1), 'Fulfillment'),
      order_id: numbers.order,
      name: `${name}.1`,
      status: 'success',
      service: 'manual',
      created_at: stamp(times.shipped),
      updated_at: stamp(times.shipped),
      location_id: isCarried ? 70_000_000_001 : 70_000_000_002,
      tracking_company: isCarried ? 'UPS' : null,
      tracking_number: isCarried ? `1Z${numbers.part(1)}` : null,
      tracking_numbers: isCarried ? [`1Z${numbers.part(1)}`] : [],
      line_items: shipped,
    },
  ]
}

/** The refund that a cancellation, a return or a complaint left; an edit leaves none. */
export function refundsOf(story: Story): Part[] {
  const {scenario, priced, state, numbers, times} = story
  if (scenario.aftermath === 'edited') return []
  const {currencies, cart} = scenario
  const lines = state.lines.map((line, i) => ({i, gone: goneWith(line)})).filter(({gone}) => gone.quantity > 0)
  const shipping = state.shippingRefunded ? priced.shipping : null
  const amount = limited(state.amountRefunded, priced.total)
  if (lines.length === 0 && shipping === null && isNone(amount)) return []
  const shippingTax = plus(...(shipping?.taxes ?? []).map((one) => one.amount))
  const taxes = cart.taxesIncluded ? none : plus(...lines.map(({gone}) => gone.tax), shippingTax)
  const duties = plus(...lines.map(({gone}) => gone.duty))
  const paid = plus(...lines.map(({gone}) => gone.subtotal), shipping?.net ?? none, taxes, duties, amount)
  const restock = scenario.aftermath === 'units returned' ? 'return' : 'cancel'
  return [
    {
      ...identified(numbers.part(2), 'Refund'),
      order_id: numbers.order,
      created_at: stamp(times.changed),
      processed_at: stamp(times.changed),
      note: null,
      user_id: null,
      restock: lines.length > 0,
      duties: isNone(duties) ? [] : [{duty_id: numbers.part(60), amount_set: setOf(duties, currencies)}],
      refund_line_items: lines.map(({i, gone}) => ({
        id: numbers.part(20 + i),
        line_item_id: numbers.line(i),
        quantity: gone.quantity,
        location_id: restock === 'return' ? 70_000_000_001 : null,
        restock_type: restock,
        ...numbersAndSet('subtotal', gone.subtotal, currencies),
        ...numbersAndSet('total_tax', gone.tax, currencies),
      })),
      refund_shipping_lines:
        shipping === null
          ? []
          : [
              {
                id: numbers.part(40),
                shipping_line: {id: numbers.part(0), title: shipping.title},
                subtotal_amount_set: setOf(shipping.net, currencies),
                tax_amount_set: setOf(shippingTax, currencies),
              },
            ],
      order_adjustments: isNone(amount) ? [] : [adjustment(amount, story)],
      transactions: isNone(paid) ? [] : [transaction(paid, story)],
    },
  ]
}

/** Refund lines give their amounts as numbers, unlike the rest of a document. */
function numbersAndSet(name: string, amount: Two, currencies: Currencies): Part {
  return {[name]: Number(decimal(amount.shop, currencies.shop)), [`${name}_set`]: setOf(amount, currencies)}
}

function limited(amount: Two, most: Two): Two {
  return {shop: Math.min(amount.shop, most.shop), presentment: Math.min(amount.presentment, most.presentment)}
}

/** Money back that no line explains: an adjustment of its negative amount. */
function adjustment(amount: Two, {scenario, numbers}: Story): Part {
  return {
    ...identified(numbers.part(50), 'OrderAdjustment'),
    order_id: numbers.order,
    refund_id: numbers.part(2),
    kind: 'refund_discrepancy',
    reason: 'Refund discrepancy',
    ...stated('amount', minus(none, amount), scenario.currencies),
    ...stated('tax_amount', none, scenario.currencies),
  }
}

/** A transaction's amount is in the customer's currency. */
function transaction(amount: Two, {scenario, numbers, times}: Story): Part {
  const {currencies} = scenario
  return {
    ...identified(numbers.part(3), 'OrderTransaction'),
    order_id: numbers.order,
    parent_id: numbers.part(4),
    kind: 'refund',
    gateway: scenario.isTest ? 'bogus' : 'shopify_payments',
    status: 'success',
    amount: decimal(amount.presentment, currencies.presentment),
    amount_set: setOf(amount, currencies),
    currency: currencies.presentment.code,
    test: scenario.isTest,
    created_at: stamp(times.changed),
    processed_at: stamp(times.changed),
  }
}
