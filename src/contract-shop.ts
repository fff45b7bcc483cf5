import {DateTime} from 'luxon'
import {z} from 'zod'

import {lifeChecks, lifeOf, lifeSections} from './contract-life.ts'
import {currencyCode, id, ids, optionalId, zone} from './contract-values.ts'
import type {ShopRules} from './lib/plan/life-types.ts'

const scriptId = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}[a-z0-9_]+$`), `is not a script id that begins with ${prefix}`)
    .nullish()
    .transform((value) => value ?? null)
const taxMapping = z
  .strictObject({tax_type: id, tax_code: id})
  .transform((tax) => ({taxType: tax.tax_type, taxCode: tax.tax_code}))

const tax = z.discriminatedUnion('mode', [
  z.strictObject({mode: z.literal('legacy'), code: id}),
  z.strictObject({
    mode: z.literal('suitetax'),
    taxes: z.record(z.string(), taxMapping).default({}),
    fallback: taxMapping.nullish().transform((value) => value ?? null),
  }),
])

const items = z
  .strictObject({
    discount: optionalId,
    tip: optionalId,
    duty: optionalId,
    fee: optionalId,
    gift_card: optionalId,
    custom: optionalId,
    rounding: optionalId,
    tax: optionalId,
    marketplace_tax: optionalId,
  })
  .transform(({gift_card: giftCard, marketplace_tax: marketplaceTax, ...rest}) => ({...rest, giftCard, marketplaceTax}))

const dayOrTime = z
  .string()
  .refine(
    (text) => /^\d{4}-\d{2}-\d{2}(T[\d:]+)?$/.test(text) && DateTime.fromISO(text).isValid,
    'is not a day such as "2026-11-24"',
  )
  .nullish()
  .transform((value) => value ?? null)

const orders = z.strictObject({
  since: dayOrTime,
  test: z.enum(['skip', 'push']).default('skip'),
  cancelled: z.enum(['close', 'skip']).default('close'),
  deleted: z.enum(['close', 'park']).default('park'),
  note: z.enum(['memo', 'ignore']).default('memo'),
  status: z
    .enum(['pending_approval', 'pending_fulfillment'])
    .default('pending_fulfillment')
    .transform((value) =>
      value === 'pending_approval' ? ('pendingApproval' as const) : ('pendingFulfillment' as const),
    ),
})

const matchRule = z
  .enum(['external_id', 'email', 'phone', 'company'])
  .transform((value) => (value === 'external_id' ? ('externalId' as const) : value))

const customers = z
  .strictObject({
    match: z.array(matchRule).min(1).default(['externalId', 'email']),
    without_email: z.enum(['park', 'create']).default('park'),
    walk_in: optionalId,
  })
  .transform((value) => ({match: value.match, withoutEmail: value.without_email, walkIn: value.walk_in}))

const fields = z
  .strictObject({
    order: scriptId('custbody'),
    order_name: scriptId('custbody'),
    line: scriptId('custcol'),
    customer: scriptId('custentity'),
  })
  .transform(({order_name: orderName, ...rest}) => ({...rest, orderName}))

const sections = z.strictObject({
  time_zone: zone,
  book: z.enum(['shop', 'presentment']).default('shop'),
  subsidiary: optionalId,
  location: optionalId,
  currencies: z.record(currencyCode, id),
  orders: orders.prefault({}),
  items,
  rounding_limit: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'is not an amount in quotes such as "0.02"')
    .default('0.02'),
  discounts: z.enum(['line', 'net']).default('line'),
  tax,
  shipping: z.strictObject({methods: ids.default({}), fallback: optionalId}),
  terms: ids.default({}),
  customers: customers.prefault({}),
  fields: fields.prefault({}),
  ...lifeSections,
})

/** The rules of one shop. What the sections of an order's life lack of one another is said together with every other fault. */
export const shop = sections
  .check(...lifeChecks)
  .transform(({time_zone: timeZone, rounding_limit: roundingLimit, ...rest}): ShopRules => {
    const {accounts, gateways, payments, fulfillments, billing, refunds, closed_period, payouts, ...order} = rest
    const life = lifeOf({accounts, gateways, payments, fulfillments, billing, refunds, closed_period, payouts})
    return {...order, timeZone, roundingLimit, life}
  })
