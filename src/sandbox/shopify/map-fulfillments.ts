import type {Currencies} from './amounts.ts'
import {bag, minus, nothing, pair, share, times} from './amounts.ts'
import {connection} from './connection.ts'
import {globalId, instant, integer, legacyId, list, text} from './document.ts'
import type {Json} from './json.ts'
import type {LineFacts} from './map-lines.ts'
import {mapLocation} from './map-people.ts'

type Mapped = Readonly<Record<string, unknown>>
type FulfillmentContext = Readonly<{
  order: () => Mapped
  lines: () => readonly LineFacts[]
  line: (id: string) => Mapped | null
  currencies: Currencies
}>

/** A fulfilment as the type Fulfillment. */
export function mapFulfillment(doc: Json, context: FulfillmentContext): Mapped {
  const createdAt = instant(doc, 'created_at')
  const status = (text(doc, 'status') ?? 'success').toUpperCase()
  return {
    __typename: 'Fulfillment',
    id: globalId(doc, 'Fulfillment'),
    legacyResourceId: legacyId(doc),
    name: text(doc, 'name') ?? '',
    status,
    displayStatus: status === 'SUCCESS' ? 'FULFILLED' : status === 'CANCELLED' ? 'CANCELED' : null,
    createdAt,
    updatedAt: instant(doc, 'updated_at') ?? createdAt,
    deliveredAt: null,
    totalQuantity: list(doc, 'line_items').reduce((sum, line) => sum + (integer(line, 'quantity') ?? 0), 0),
    requiresShipping: list(doc, 'line_items').some((line) => line.requires_shipping === true),
    location: mapLocation(text(doc, 'location_id')),
    trackingInfo: ({first}: {first?: number | null}) => tracking(doc).slice(0, first ?? undefined),
    fulfillmentLineItems: connection(() => shippedLines(doc, context)),
    order: context.order,
  }
}

function tracking(doc: Json) {
  const texts = (plural: string, singular: string): string[] => {
    const given = doc[plural]
    const many = Array.isArray(given) ? given.map(String) : []
    return many.length > 0 ? many : [text(doc, singular)].filter((one) => one !== null)
  }
  const urls = texts('tracking_urls', 'tracking_url')
  return texts('tracking_numbers', 'tracking_number').map((number, i) => ({
    company: text(doc, 'tracking_company'),
    number,
    url: urls[i] ?? null,
  }))
}

function shippedLines(doc: Json, {lines, line, currencies}: FulfillmentContext) {
  return list(doc, 'line_items').flatMap((shipped, i) => {
    const id = legacyId(shipped) ?? ''
    const lineItem = line(id)
    const facts = lines().find((one) => one.id === id)
    if (lineItem === null || facts === undefined) return []
    const quantity = integer(shipped, 'quantity') ?? 0
    const price = pair(shipped, 'price', currencies) ?? nothing
    return {
      __typename: 'FulfillmentLineItem',
      id: `gid://shopify/FulfillmentLineItem/${legacyId(doc) ?? '0'}${String(i).padStart(3, '0')}`,
      quantity,
      lineItem,
      originalTotalSet: bag(times(price, quantity), currencies),
      discountedTotalSet: bag(
        share(minus(facts.gross, facts.discount), quantity, facts.quantity, currencies),
        currencies,
      ),
    }
  })
}
