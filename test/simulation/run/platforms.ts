import {spawn} from 'node:child_process'
import {createWriteStream} from 'node:fs'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'

import {company} from '../../../src/sandbox/company.ts'
import type {SandboxPlan} from './sandbox.ts'

/** Both platforms, by their control endpoints. */
export type Platforms = Readonly<{
  shopifyUrl: string
  netsuiteUrl: string
  /** GET of a path under /_sandbox/. */
  get<T>(system: System, path: string): Promise<T>
  post(system: System, path: string, body?: unknown): Promise<unknown>
  remove(system: System, path: string): Promise<void>
  /** Subscribes to every topic of orders. */
  subscribe(uri: string): Promise<void>
  stop(): Promise<void>
}>

type System = 'shopify' | 'netsuite'

/** What the shop tells of an order, and of its parts. */
const TOPICS = [
  'ORDERS_CREATE',
  'ORDERS_UPDATED',
  'ORDERS_PAID',
  'ORDERS_CANCELLED',
  'ORDERS_EDITED',
  'ORDERS_DELETE',
  'REFUNDS_CREATE',
] as const

/** Starts the sandbox in a process of its own. */
export async function startPlatforms(plan: SandboxPlan, log: string): Promise<Platforms> {
  const script = fileURLToPath(new URL('sandbox.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify(plan)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1'},
    detached: true,
  })
  child.stderr.pipe(createWriteStream(log))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({input: child.stdout}).once('line', resolve)
    child.once('close', (code) => reject(new Error(`the sandbox ended with ${code}; see ${log}`)))
  })
  const {shopifyUrl, netsuiteUrl} = JSON.parse(line) as Readonly<{shopifyUrl: string; netsuiteUrl: string}>
  const at = (system: System, path: string) => `${system === 'shopify' ? shopifyUrl : netsuiteUrl}/_sandbox/${path}`
  return {
    shopifyUrl,
    netsuiteUrl,
    get: async <T>(system: System, path: string) => (await call(at(system, path))) as T,
    post: (system, path, body) => call(at(system, path), 'POST', body),
    remove: async (system, path) => void (await call(at(system, path), 'DELETE')),
    subscribe: (uri) => subscribe(shopifyUrl, uri),
    stop: () => {
      child.stdin.end()
      return ended
    },
  }
}

async function call(url: string, method = 'GET', body?: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    ...(body === undefined ? {} : {headers: {'content-type': 'application/json'}, body: JSON.stringify(body)}),
  })
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

async function subscribe(shopifyUrl: string, uri: string): Promise<void> {
  const query = `mutation Subscribe($topic: WebhookSubscriptionTopic!, $uri: String!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: {uri: $uri}) { userErrors { message } }
  }`
  for (const topic of TOPICS) {
    const answer = await fetch(`${shopifyUrl}/admin/api/${company.apiVersion}/graphql.json`, {
      method: 'POST',
      headers: {'content-type': 'application/json', 'x-shopify-access-token': company.shopify.accessToken},
      body: JSON.stringify({query, variables: {topic, uri}}),
    })
    const text = await answer.text()
    if (!answer.ok || !text.includes('"userErrors":[]')) throw new Error(`no subscription to ${topic}: ${text}`)
  }
}
