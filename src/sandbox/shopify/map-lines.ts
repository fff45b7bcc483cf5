import {
  bag,
  isNothing,
  minus,
  nothing,
  ofSet,
  pair,
  share,
  times,
  total,
  type Currencies,
  type Pair,
} from './amounts.ts'
import {flag, globalId, integer, legacyId, list, object, text} from './document.ts'
import type {Json} from './json.ts'
import {variantOf} from './products.ts'

/** A line as the document states it, with what older API versions leave out worked out from the rest. */
export type LineFacts = Readonly<{
  doc: Json
  id: string
  quantity: number
  currentQuantity: number
  /** Price times quantity. */
  gross: Pair
  discount: Pair
  tax: Pair
}>

/** Reads the lines of an order; units that a refund took count as gone where `current_quantity` is missing. */
export function readLines(order: Json, currencies: Currencies): readonly LineFacts[] {
  const gone = new Map<string, number>()
  for (const line of list(order, 'refunds').flatMap((refund) => list(refund, 'refund_line_items'))) {
    const id = text(line, 'line_item_id') ?? ''
    gone.set(id, (gone.get(id) ?? 0) + (integer(line, 'quantity') ?? 0))
  }
  return list(order, 'line_items').map((doc, i) => {
    const quantity = integer(doc, 'quantity') ?? 0
    return {
      doc,
      id: legacyId(doc) ?? String(i + 1),
      quantity,
      currentQuantity:
        integer(doc, 'current_quantity') ?? Math.max(0, quantity - (gone.get(text(doc, 'id') ?? '') ?? 0)),
      gross: times(pair(doc, 'price', currencies) ?? nothing, quantity),
      discount: total(list(doc, 'discount_allocations').map((one) => pair(one, 'amount', currencies) ?? nothing)),
      tax: total(list(doc, 'tax_lines').map((one) => pair(one, 'price', currencies) ?? nothing)),
    }
  })
}

/** A line as the type LineItem. */
export function mapLine(line: LineFacts, order: Json, currencies: Currencies) {
  const {doc, quantity, currentQuantity, gross, discount} = line
  const money = (amount: Pair) => bag(amount, currencies)
  const own = (withCodes: boolean) => minus(gross, ownDiscount(line, order, currencies, withCodes))
  const net = minus(gross, discount)
  const tags = text(doc, 'variant_title')
  return {
    id: globalId(doc, 'LineItem') ?? `gid://shopify/LineItem/${line.id}`,
    name: text(doc, 'name') ?? [text(doc, 'title'), tags].filter(Boolean).join(' - '),
    title: text(doc, 'title') ?? text(doc, 'name') ?? '',
    variantTitle: tags,
    sku: text(doc, 'sku'),
    vendor: text(doc, 'vendor'),
    quantity,
    currentQuantity,
    refundableQuantity: currentQuantity,
    unfulfilledQuantity: integer(doc, 'fulfillable_quantity') ?? 0,
    nonFulfillableQuantity: 0,
    requiresShipping: flag(doc, 'requires_shipping'),
    taxable: flag(doc, 'taxable'),
    isGiftCard: flag(doc, 'gift_card'),
    customAttributes: () => mapAttributes(doc, 'properties'),
    originalUnitPriceSet: () => money(pair(doc, 'price', currencies) ?? nothing),
    originalTotalSet: () => money(gross),
    discountedUnitPriceSet: () => money(share(own(false), 1, quantity, currencies)),
    discountedUnitPriceAfterAllDiscountsSet: () => money(share(net, 1, quantity, currencies)),
    discountedTotalSet: ({withCodeDiscounts}: {withCodeDiscounts?: boolean | null}) =>
      money(own(withCodeDiscounts === true)),
    priceAfterAllDiscountsBeforeTaxesSet: () =>
      money(share(flag(order, 'taxes_included') ? minus(net, line.tax) : net, currentQuantity, quantity, currencies)),
    totalDiscountSet: () => money(minus(gross, own(true))),
    taxLines: ({first}: {first?: number | null}) => mapTaxLines(doc, currencies).slice(0, first ?? undefined),
    discountAllocations: () => mapAllocations(doc, order, currencies),
    duties: () => mapDuties(doc, currencies),
    variant: () => variantOf(doc),
    product: () => variantOf(doc)?.product ?? null,
    lineItemGroup: null,
  }
}

/**
 * The discounts that `discountedTotalSet` counts: those of the line alone, never an order-level one, and codes only
 * when asked (Shopify: LineItem.discountedTotalSet).
 */
function ownDiscount(line: LineFacts, order: Json, currencies: Currencies, withCodes: boolean): Pair {
  const counted = list(line.doc, 'discount_allocations').filter((one) => {
    const application = applicationAt(order, integer(one, 'discount_application_index'))
    const isOrderLevel =
      text(application, 'allocation_method') === 'across' && text(application, 'target_selection') === 'all'
    return !isOrderLevel && (withCodes || text(application, 'type') !== 'discount_code')
  })
  return total(counted.map((one) => pair(one, 'amount', currencies) ?? nothing))
}

function applicationAt(order: Json, index: number | null): Json {
  return list(order, 'discount_applications')[index ?? -1] ?? {}
}

export function mapTaxLines(doc: Json, currencies: Currencies) {
  return list(doc, 'tax_lines').map((tax) => {
    const rate = Number(tax.rate ?? Number.NaN)
    return {
      title: text(tax, 'title') ?? '',
      rate: Number.isNaN(rate) ? null : rate,
      ratePercentage: Number.isNaN(rate) ? null : Number((rate * 100).toFixed(6)),
      source: text(tax, 'source'),
      channelLiable: typeof tax.channel_liable === 'boolean' ? tax.channel_liable : null,
      priceSet: bag(pair(tax, 'price', currencies) ?? nothing, currencies),
    }
  })
}

export function mapAllocations(doc: Json, order: Json, currencies: Currencies) {
  return list(doc, 'discount_allocations').map((one) => ({
    allocatedAmountSet: bag(pair(one, 'amount', currencies) ?? nothing, currencies),
    discountApplication: mapApplication(order, integer(one, 'discount_application_index') ?? 0, currencies),
  }))
}

const APPLICATIONS: Readonly<Record<string, string>> = {
  discount_code: 'DiscountCodeApplication',
  automatic: 'AutomaticDiscountApplication',
  script: 'ScriptDiscountApplication',
}

/** The discount at an index; a document of before `discount_applications` gives its first code or "Discount". */
export function mapApplication(order: Json, index: number, currencies: Currencies) {
  const one = applicationAt(order, index)
  const code = text(one, 'code') ?? text(list(order, 'discount_codes')[0] ?? {}, 'code')
  const kind = APPLICATIONS[text(one, 'type') ?? ''] ?? 'ManualDiscountApplication'
  const upper = (key: string, otherwise: string) => (text(one, key) ?? otherwise).toUpperCase()
  return {
    __typename: kind,
    index,
    code: code ?? text(one, 'title') ?? '',
    title: text(one, 'title') ?? text(one, 'description') ?? code ?? 'Discount',
    description: text(one, 'description'),
    allocationMethod: upper('allocation_method', 'across'),
    targetSelection: upper('target_selection', 'all'),
    targetType: upper('target_type', 'line_item'),
    value:
      text(one, 'value_type') === 'percentage'
        ? {__typename: 'PricingPercentageValue', percentage: Number(text(one, 'value') ?? 0)}
        : {
            __typename: 'MoneyV2',
            ...bag(pair({amount: text(one, 'value') ?? '0'}, 'amount', currencies) ?? nothing, currencies).shopMoney,
          },
  }
}

function mapDuties(doc: Json, currencies: Currencies) {
  return list(doc, 'duties').map((duty) => ({
    id: globalId(duty, 'Duty'),
    harmonizedSystemCode: text(duty, 'harmonized_system_code'),
    countryCodeOfOrigin: text(duty, 'country_code_of_origin'),
    price: bag(dutyAmount(duty, currencies), currencies),
    taxLines: () => mapTaxLines(duty, currencies),
  }))
}

/** The duties on a line: their own amounts, without tax on them. */
export function dutiesOf(doc: Json, currencies: Currencies): Pair {
  return total(list(doc, 'duties').map((duty) => dutyAmount(duty, currencies)))
}

function dutyAmount(duty: Json, currencies: Currencies): Pair {
  return ofSet(duty) ?? pair(duty, 'price', currencies) ?? pair(duty, 'amount', currencies) ?? nothing
}

/** Attributes: `name` and `value` in documents, `key` and `value` in GraphQL. */
export function mapAttributes(doc: Json, key: string) {
  return list(doc, key).map((one) => ({key: text(one, 'name') ?? text(one, 'key') ?? '', value: text(one, 'value')}))
}

/** Additional fees: listed, or only as a sum in documents that have no list. */
export function mapFees(order: Json, currencies: Currencies) {
  const listed = list(order, 'additional_fees')
  const sum = ofSet(object(order, 'original_total_additional_fees_set'))
  if (listed.length === 0 && sum !== null && !isNothing(sum)) {
    const id = `gid://shopify/AdditionalFee/${legacyId(order) ?? '0'}`
    return [{id, name: 'Additional fee', price: bag(sum, currencies), taxLines: []}]
  }
  return listed.map((fee) => ({
    id: globalId(fee, 'AdditionalFee'),
    name: text(fee, 'name') ?? 'Additional fee',
    price: bag(pair(fee, 'price', currencies) ?? nothing, currencies),
    taxLines: () => mapTaxLines(fee, currencies),
  }))
}
