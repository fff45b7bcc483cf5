import {readFileSync} from 'node:fs'

import {DateTime} from 'luxon'
import {LineCounter, parseDocument} from 'yaml'
import {z} from 'zod'

import {ConfigError, messageOf} from './lib/core/errors.ts'
import type {OrderRules} from './lib/plan/types.ts'

/** Everything that people decide, for the NetSuite account and for each shop. See docs/settings.md. */
export type Contract = Readonly<{
  netsuite: Readonly<{
    apiVersion: '2025_2'
    channels: Readonly<{salesOrder: 'soap' | 'rest'; customer: 'rest'}>
    /** Zone of the account: days of transactions are read in it. */
    timeZone: string
    /** Requests that stay free for people and other integrations. */
    reserve: number
  }>
  shops: ReadonlyMap<string, OrderRules>
}>

const id = z
  .union([z.string().regex(/^-?\d+$/, 'is not an internal id: a number, in quotes'), z.number().int()])
  .transform(String)
const itemId = id.nullish().transform((value) => value ?? null)
const ids = z.record(z.string(), id)
const zone = z.string().refine(isTimeZone, 'is not a time zone such as America/New_York')
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
    discount: itemId,
    tip: itemId,
    duty: itemId,
    fee: itemId,
    gift_card: itemId,
    custom: itemId,
    rounding: itemId,
    tax: itemId,
    marketplace_tax: itemId,
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
    walk_in: itemId,
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

const shop = z
  .strictObject({
    time_zone: zone,
    book: z.enum(['shop', 'presentment']).default('shop'),
    subsidiary: itemId,
    location: itemId,
    currencies: z.record(z.string().regex(/^[A-Z]{3}$/, 'is not a currency code such as USD'), id),
    orders: orders.prefault({}),
    items,
    rounding_limit: z
      .string()
      .regex(/^\d+(\.\d+)?$/, 'is not an amount in quotes such as "0.02"')
      .default('0.02'),
    discounts: z.enum(['line', 'net']).default('line'),
    tax,
    shipping: z.strictObject({methods: ids.default({}), fallback: itemId}),
    terms: ids.default({}),
    customers: customers.prefault({}),
    fields: fields.prefault({}),
  })
  .transform(({time_zone: timeZone, rounding_limit: roundingLimit, ...rest}): OrderRules => ({
    ...rest,
    timeZone,
    roundingLimit,
  }))

const contract = z.strictObject({
  version: z.literal(1),
  netsuite: z.strictObject({
    api_version: z.literal('2025_2').default('2025_2'),
    channels: z
      .strictObject({
        sales_order: z.enum(['soap', 'rest']).default('soap'),
        customer: z.literal('rest').default('rest'),
      })
      .prefault({}),
    time_zone: zone,
    reserve: z.number().int().min(0).default(1),
  }),
  shops: z.record(
    z.string().regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/, 'is not a domain such as my-shop.myshopify.com'),
    shop,
  ),
})

/** Any name or alias of the IANA database; offsets such as +01:00 know no daylight saving and are refused. */
function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', {timeZone: name}).format() !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/**
 * Reads and checks the data contract.
 * Throws ConfigError CONTRACT_MISSING, or CONTRACT_INVALID with every fault and its line in one message.
 */
export function readContract(file: string): Contract {
  const text = textOf(file)
  const lines = new LineCounter()
  const document = parseDocument(text, {lineCounter: lines, prettyErrors: false})
  if (document.errors.length > 0) {
    throw invalid(
      file,
      document.errors.map((error) => `line ${lines.linePos(error.pos[0]).line}: ${error.message}`),
    )
  }
  const parsed = contract.safeParse(document.toJS())
  if (!parsed.success) {
    const faults = flatten(parsed.error.issues)
      .map(({path, message}) => ({
        line: lineOf(document, lines, path),
        text: `${path.join('.') || 'the file'}: ${message}`,
      }))
      .toSorted((a, b) => a.line - b.line)
    throw invalid(
      file,
      faults.map(({line, text}) => (line > 0 ? `line ${line}: ${text}` : text)),
    )
  }
  const {netsuite, shops} = parsed.data
  return {
    netsuite: {
      apiVersion: netsuite.api_version,
      channels: {salesOrder: netsuite.channels.sales_order, customer: netsuite.channels.customer},
      timeZone: netsuite.time_zone,
      reserve: netsuite.reserve,
    },
    shops: new Map(Object.entries(shops)),
  }
}

type Issue = Readonly<{path: readonly PropertyKey[]; message: string}>

/** One fault a line: an unknown key under its own path, a wrong key with its real reason, a missing one as such. */
function flatten(issues: readonly z.core.$ZodIssue[]): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({path: [...issue.path, key], message: 'is not a setting that Tieout knows'}))
    }
    if (issue.code === 'invalid_key') return issue.issues.map(({message}) => ({path: issue.path, message}))
    if (issue.message.endsWith('received undefined')) return [{path: issue.path, message: 'is missing'}]
    return [{path: issue.path, message: issue.message.replace(/^Invalid/, 'invalid')}]
  })
}

/** The line of a path, or of its nearest parent that is there; 0 where nothing is. */
function lineOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as {range?: [number, number, number] | null} | undefined
    if (node?.range) return lines.linePos(node.range[0]).line
  }
  return 0
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError('CONTRACT_MISSING', `the contract ${file} cannot be read: ${messageOf(error)}`, {
      hint: 'write it from tieout.yaml.example, or name another file in TIEOUT_CONTRACT',
      cause: error,
    })
  }
}

function invalid(file: string, faults: readonly string[]): ConfigError {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`
  return new ConfigError(
    'CONTRACT_INVALID',
    [`${file} has ${count}:`, ...faults.map((fault) => `  ${fault}`)].join('\n'),
    {
      hint: 'correct the lines above; docs/settings.md describes every key',
    },
  )
}
