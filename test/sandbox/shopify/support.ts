import {company} from '../../../src/sandbox/company.ts'
import {startShopify, type SandboxShopify, type ShopifyOptions} from '../../../src/sandbox/shopify/server.ts'

/** A sandbox at the end of November 2026 with all scopes, unless a test says otherwise. */
export function start(change: Partial<ShopifyOptions> = {}): Promise<SandboxShopify> {
  const now = () => new Date('2026-11-24T12:00:00Z')
  return startShopify({port: 0, shop: company.shop, credentials: company.shopify, seed: 1, now, ...change})
}

export type Answer = Readonly<{
  status: number
  headers: Headers
  body: unknown
}>

/** A member deep within JSON, by a path such as errors.0.message; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((held, key) => (held as Record<string, unknown> | null | undefined)?.[key], value)
}

const TOKEN = {'x-shopify-access-token': company.shopify.accessToken}

/** Sends a GraphQL request as a bare HTTP client would. */
export async function ask(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = TOKEN,
  path = '/admin/api/2026-10/graphql.json',
): Promise<Answer> {
  const body = JSON.stringify({query, variables})
  return read(
    await fetch(url + path, {method: 'POST', headers: {'content-type': 'application/json', ...headers}, body}),
  )
}

/** Calls one of the sandbox's own endpoints. */
export async function control(url: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const text = body === undefined ? {} : {body: typeof body === 'string' ? body : JSON.stringify(body)}
  return read(await fetch(`${url}/_sandbox/${path}`, {method, ...text}))
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return {status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as unknown) : text}
}

/** The smallest document of an order; a test states what it changes. */
export function document(id: number, change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#${id}`,
    order_number: id,
    created_at: '2026-11-20T10:00:00-05:00',
    processed_at: '2026-11-20T10:00:00-05:00',
    updated_at: '2026-11-20T10:00:00-05:00',
    currency: 'USD',
    financial_status: 'paid',
    total_price: '24.00',
    subtotal_price: '24.00',
    total_tax: '0.00',
    payment_gateway_names: ['shopify_payments'],
    line_items: [{id: id * 10 + 1, sku: 'TEE-BLA-M', title: 'Organic Tee', quantity: 1, price: '24.00'}],
    shipping_lines: [],
    ...change,
  }
}
