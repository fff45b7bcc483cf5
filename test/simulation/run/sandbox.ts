// A sandbox in a process of its own, for the simulation: faster webhook retries than Shopify's.
// Arguments: one JSON object, see SandboxPlan. Says where it listens in one line of JSON, and ends with its stdin.
import {generateKeyPairSync} from 'node:crypto'

import {catchingUp} from '../../../src/sandbox/clock.ts'
import {company} from '../../../src/sandbox/company.ts'
import {writeConfiguration} from '../../../src/sandbox/configuration.ts'
import {startNetSuite} from '../../../src/sandbox/netsuite/server.ts'
import {startShopify} from '../../../src/sandbox/shopify/server.ts'
import {SCOPES} from '../../../src/sandbox/start.ts'

export type SandboxPlan = Readonly<{
  seed: number
  /** Requests that NetSuite allows at once. */
  concurrency: number
  latencyMs: number
  perRecordMs: number
  books: boolean
  /** The shop's clock begins so many days ago and runs ten seconds a day; null: it shows the real time. */
  days: number | null
  /** Where SuiteQL runs: never the ledger's server, which the simulation breaks. */
  databaseUrl: string
  /** Where the configuration of the first host is written, and what it names. */
  folder: string
  home: string
  ledgerUrl: string
}>

/** Eight retries in about 30 s instead of 4 hours. */
const WEBHOOK_TIME_SCALE = 480

/** Shopify's Plus plan (Shopify: API limits), which a shop of so many orders has. */
const PLUS = {maximumAvailable: 20_000, restoreRate: 1000}

const plan = JSON.parse(process.argv[2] ?? '') as SandboxPlan
const keys = generateKeyPairSync('ec', {namedCurve: 'P-256'})
const netsuite = await startNetSuite({
  port: 0,
  databaseUrl: plan.databaseUrl,
  concurrency: plan.concurrency,
  latencyMs: plan.latencyMs,
  perRecordMs: plan.perRecordMs,
  seed: plan.seed,
  oauth2PublicKey: keys.publicKey.export({type: 'spki', format: 'pem'}).toString(),
})
const shopify = await startShopify({
  port: 0,
  shop: company.shop,
  credentials: company.shopify,
  seed: plan.seed,
  latencyMs: plan.latencyMs,
  plan: PLUS,
  scopes: SCOPES,
  ...(plan.days === null ? {} : {now: catchingUp(plan.days)}),
  // A token lasts a day of whoever holds it.
  tokenNow: () => new Date(),
  webhookTimeScale: WEBHOOK_TIME_SCALE,
})
writeConfiguration({
  folder: plan.folder,
  home: plan.home,
  databaseUrl: plan.ledgerUrl,
  shopifyUrl: shopify.url,
  netsuiteUrl: netsuite.url,
  concurrency: plan.concurrency,
  suiteTax: false,
  books: plan.books,
  privateKey: keys.privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
})
// Ctrl-C goes to the whole group of a terminal; the simulation ends this process when it has read everything.
process.on('SIGINT', () => undefined)
console.log(JSON.stringify({shopifyUrl: shopify.url, netsuiteUrl: netsuite.url}))
process.stdin.resume()
process.stdin.once('end', () => {
  void Promise.allSettled([shopify.stop(), netsuite.stop()]).then(() => process.exit(0))
})
