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

type Outcome = Pick<Story, 'scenario' | 'priced' | 'state'>

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

/** What the order's refund gives back: units of lines, shipping, and money beside them. */
function backOf({scenario, priced, state}: Outcome) {
  const isEdit = scenario.aftermath === 'edited'
  const lines = state.lines
    .map((line, i) => ({i, gone: goneWith(line)}))
    .filter(({gone}) => !isEdit && gone.quantity > 0)
  const shipping = state.shippingRefunded && !isEdit ? priced.shipping : null
  return {lines, shipping, amount: isEdit ? none : limited(state.amountRefunded, priced.total)}
}

/** The money that goes back with the order's refund. */
export function paidBackOf(story: Outcome): Two {
  const {lines, shipping, amount} = backOf(story)
  const taxes = story.scenario.cart.taxesIncluded
    ? none
    : plus(...lines.map(({gone}) => gone.tax), ...(shipping?.taxes ?? []).map((one) => one.amount))
  const duties = plus(...lines.map(({gone}) => gone.duty))
  return plus(...lines.map(({gone}) => gone.subtotal), shipping?.net ?? none, taxes, duties, amount)
}

/** The refund that a cancellation, a return or a complaint left, paid by these transactions; an edit leaves none. */
export function refundsOf(story: Story, transactions: readonly Part[]): Part[] {
  const {scenario, numbers, times} = story
  const {currencies} = scenario
  const {lines, shipping, amount} = backOf(story)
  if (lines.length === 0 && shipping === null && isNone(amount)) return []
  const shippingTax = plus(...(shipping?.taxes ?? []).map((one) => one.amount))
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
      return: restock === 'return' ? {id: numbers.part(5), name: `${story.name}-R1`} : null,
      duties: lines.flatMap(({i, gone}) =>
        isNone(gone.duty) ? [] : [{duty_id: numbers.part(60 + i), amount_set: setOf(gone.duty, currencies)}],
      ),
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
      transactions,
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
