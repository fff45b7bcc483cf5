import type {Customer, SalesOrder} from '../netsuite/types.ts'

/** How a SKU resolves to an item of NetSuite. A SKU that is not in the map is unknown. */
export type ItemMatch =
  Readonly<{kind: 'found'; id: string; isInactive: boolean}> | Readonly<{kind: 'ambiguous'; ids: readonly string[]}>
export type ItemBook = ReadonlyMap<string, ItemMatch>

/** One ordered way to find a customer that NetSuite may already hold. Values are normalised (e-mail in lower case, phone as digits with +). */
export type CustomerKey = Readonly<{by: 'externalId' | 'email' | 'phone' | 'company'; value: string}>

/** Who bought: a customer to find or create, or one fixed by the contract (walk-in sales). */
export type CustomerPlan =
  Readonly<{kind: 'record'; keys: readonly CustomerKey[]; record: Customer}> | Readonly<{kind: 'fixed'; id: string}>

/** What NetSuite should hold for an order, or why it should hold nothing. */
export type OrderPlan =
  | Readonly<{kind: 'records'; customer: CustomerPlan; salesOrder: SalesOrder}>
  | Readonly<{kind: 'skipped'; reason: SkipReason}>

export type SkipReason = 'TEST_ORDER' | 'CANCELLED_ORDER'

/** How one tax of Shopify (by its title) stands in SuiteTax. */
type TaxMapping = Readonly<{taxType: string; taxCode: string}>

/**
 * The part of the contract that decides what an order becomes. All ids are NetSuite internal ids, as text;
 * a charge whose item is null is refused when it occurs, by name.
 */
export type OrderRules = Readonly<{
  /** IANA zone that decides on which day an order falls. */
  timeZone: string
  /** Which of Shopify's two amounts is booked. */
  book: 'shop' | 'presentment'
  subsidiary: string | null
  location: string | null
  /** ISO 4217 → NetSuite currency id. */
  currencies: Readonly<Record<string, string>>
  orders: Readonly<{
    test: 'skip' | 'push'
    /** close: a cancelled order stands in NetSuite with closed lines; skip: one that NetSuite does not hold is left out, visibly. */
    cancelled: 'close' | 'skip'
    /** close: the sales order of an order that was deleted in Shopify is closed, while nothing of it was shipped or billed. */
    deleted: 'close' | 'park'
    /** memo: the note of the order follows its name in the memo. */
    note: 'memo' | 'ignore'
    status: 'pendingApproval' | 'pendingFulfillment'
    /** Day or time, in the zone of the shop, before which changes are none of a sweep's; null: the first one looks back a day. */
    since?: string | null
  }>
  items: Readonly<{
    discount: string | null
    tip: string | null
    duty: string | null
    fee: string | null
    giftCard: string | null
    /** For lines without SKU. */
    custom: string | null
    /** For the cents by which Shopify's own lines differ from its total. */
    rounding: string | null
    /** Legacy tax: the item that carries Shopify's tax. */
    tax: string | null
    /** Tax that a marketplace owes (channelLiable); null: treated like our own. */
    marketplaceTax: string | null
  }>
  /** Largest difference, as decimal text in the order's currency, that the rounding item may carry. */
  roundingLimit: string
  /** line: discounts stand on lines of their own after their item; net: item lines carry the discounted amount. */
  discounts: 'line' | 'net'
  tax:
    | Readonly<{mode: 'legacy'; code: string}>
    | Readonly<{mode: 'suitetax'; taxes: Readonly<Record<string, TaxMapping>>; fallback: TaxMapping | null}>
  shipping: Readonly<{methods: Readonly<Record<string, string>>; fallback: string | null}>
  /** Name of the payment terms in Shopify → id in NetSuite. */
  terms: Readonly<Record<string, string>>
  customers: Readonly<{
    /** In this order; the first rule with exactly one hit decides. */
    match: readonly CustomerKey['by'][]
    withoutEmail: 'park' | 'create'
    /** Customer of orders without any person: POS sales. null: such orders are refused. */
    walkIn: string | null
  }>
  /** Script ids of our custom fields; null: not kept. */
  fields: Readonly<{order: string | null; orderName: string | null; line: string | null; customer: string | null}>
}>
