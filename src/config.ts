import {existsSync, readFileSync} from 'node:fs'
import {homedir, userInfo} from 'node:os'
import {join, resolve} from 'node:path'

import {parse} from 'dotenv'

import {alertSettings} from './alert-settings.ts'
import {addressFault} from './webhook-address.ts'
import {ConfigError} from './lib/core/errors.ts'
import type {AlertSettings} from './lib/ops/alerts/types.ts'

export type ShopifySettings = Readonly<{
  shop: string
  apiUrl: string | null
  credentials:
    Readonly<{kind: 'token'; accessToken: string}> | Readonly<{kind: 'client'; clientId: string; clientSecret: string}>
}>

export type NetSuiteSettings = Readonly<{
  account: string
  apiUrl: string | null
  tba: Readonly<{consumerKey: string; consumerSecret: string; tokenId: string; tokenSecret: string}> | null
  oauth2: Readonly<{clientId: string; certificateId: string; privateKey: string}> | null
  /** Requests in flight that the account allows us; null: asked of NetSuite. */
  concurrency: number | null
}>

/** `secrets`: those that may sign a webhook, the current one first. */
type WebhookSettings = Readonly<{shop: string; secrets: readonly string[]}>

/** What the machine says: secrets and places. Groups that a command does not need are not looked at. */
export type Settings = Readonly<{
  home: string
  databaseUrl: string | null
  contractFile: string
  /** Who runs this command, for the ledger. */
  who: string
  shopify(): ShopifySettings
  netsuite(): NetSuiteSettings
  webhooks(): WebhookSettings
  /** Where Shopify is to send webhooks; null: they are not used, or were registered by hand only. */
  webhookUrl(): string | null
  alerts(): AlertSettings
}>

type Env = Readonly<Record<string, string | undefined>>

/** Reads the environment, over a `.env` file in the working directory; the environment wins. The only reader of process.env. */
export function readSettings(cwd: string = process.cwd()): Settings {
  const file = join(cwd, '.env')
  const env: Env = {...(existsSync(file) ? parse(readFileSync(file)) : {}), ...process.env}
  return {
    home: resolve(cwd, text(env, 'TIEOUT_HOME') ?? join(homedir(), '.tieout')),
    databaseUrl: text(env, 'DATABASE_URL'),
    contractFile: resolve(cwd, text(env, 'TIEOUT_CONTRACT') ?? 'tieout.yaml'),
    who: text(env, 'SUDO_USER') ?? userInfo().username,
    shopify: () => shopifySettings(env),
    netsuite: () => netsuiteSettings(env, cwd),
    webhooks: () => webhookSettings(env),
    webhookUrl: () => webhookUrl(env),
    alerts: () => {
      const faults: string[] = []
      const settings = alertSettings((name) => text(env, name), faults)
      if (faults.length > 0) throw invalid(faults)
      return settings
    },
  }
}

/**
 * Reads several groups of settings and tells the faults of all of them at once.
 * Throws the one ConfigError as it is, or SETTINGS_INVALID with the texts of all.
 */
export function readAll<T extends readonly (() => unknown)[]>(...groups: T): {[K in keyof T]: ReturnType<T[K]>} {
  const errors: ConfigError[] = []
  const values = groups.map((read) => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      errors.push(error)
      return undefined
    }
  })
  const [first] = errors
  if (first !== undefined && errors.length === 1) throw first
  if (first !== undefined)
    throw new ConfigError('SETTINGS_INVALID', errors.map((error) => error.message).join('\n'), {hint: HINT})
  return values as {[K in keyof T]: ReturnType<T[K]>}
}

function shopifySettings(env: Env): ShopifySettings {
  const faults: string[] = []
  const shop = shopOf(env, faults)
  const accessToken = text(env, 'SHOPIFY_ACCESS_TOKEN')
  const clientId = text(env, 'SHOPIFY_CLIENT_ID')
  const clientSecret = text(env, 'SHOPIFY_CLIENT_SECRET')
  if (accessToken === null && (clientId === null || clientSecret === null)) {
    faults.push(
      'SHOPIFY_ACCESS_TOKEN is missing, and SHOPIFY_CLIENT_ID with SHOPIFY_CLIENT_SECRET too: give one or the other',
    )
  }
  const apiUrl = url(env, 'SHOPIFY_API_URL', faults)
  if (faults.length > 0) throw invalid(faults)
  const credentials =
    accessToken === null
      ? {kind: 'client' as const, clientId: clientId ?? '', clientSecret: clientSecret ?? ''}
      : {kind: 'token' as const, accessToken}
  return {shop, apiUrl, credentials}
}

function shopOf(env: Env, faults: string[]): string {
  const shop = text(env, 'SHOPIFY_SHOP')
  if (shop === null) faults.push('SHOPIFY_SHOP is missing: the domain of the shop, such as my-shop.myshopify.com')
  else if (!/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(shop))
    faults.push(`SHOPIFY_SHOP=${shop} is not a domain such as my-shop.myshopify.com`)
  return shop ?? ''
}

/** An app signs with its client secret (shopify.dev, "Verify webhook deliveries"), so that serves where no other is set. */
function webhookSettings(env: Env): WebhookSettings {
  const faults: string[] = []
  const shop = shopOf(env, faults)
  const current = text(env, 'SHOPIFY_WEBHOOK_SECRET') ?? text(env, 'SHOPIFY_CLIENT_SECRET')
  const previous = text(env, 'SHOPIFY_WEBHOOK_SECRET_PREVIOUS')
  if (current === null) faults.push('SHOPIFY_WEBHOOK_SECRET is missing: the secret that signs the webhooks of the app')
  if (faults.length > 0) throw invalid(faults)
  return {shop, secrets: [current, previous].filter((secret) => secret !== null)}
}

function webhookUrl(env: Env): string | null {
  const value = text(env, 'TIEOUT_WEBHOOK_URL')
  const fault = value === null ? null : addressFault(value)
  if (fault !== null) throw invalid([`TIEOUT_WEBHOOK_URL ${fault}`])
  return value
}

const TBA = ['NETSUITE_CONSUMER_KEY', 'NETSUITE_CONSUMER_SECRET', 'NETSUITE_TOKEN_ID', 'NETSUITE_TOKEN_SECRET'] as const
const OAUTH2 = ['NETSUITE_CLIENT_ID', 'NETSUITE_CERTIFICATE_ID', 'NETSUITE_PRIVATE_KEY_FILE'] as const

function netsuiteSettings(env: Env, cwd: string): NetSuiteSettings {
  const faults: string[] = []
  const account = text(env, 'NETSUITE_ACCOUNT')
  if (account === null) faults.push('NETSUITE_ACCOUNT is missing: the account id, such as 1234567 or 1234567_SB1')
  else if (!/^[A-Z0-9]+(_[A-Z0-9]+)?$/.test(account))
    faults.push(`NETSUITE_ACCOUNT=${account} is not an account id in upper case with _, such as 1234567_SB1`)
  const tba = group(env, TBA, faults)
  const oauth2 = group(env, OAUTH2, faults)
  if (tba === null && oauth2 === null)
    faults.push(`${TBA.join(', ')} are missing, and ${OAUTH2.join(', ')} too: give one set or both`)
  const apiUrl = url(env, 'NETSUITE_API_URL', faults)
  const concurrency = text(env, 'NETSUITE_CONCURRENCY')
  if (concurrency !== null && !/^[1-9]\d{0,2}$/.test(concurrency))
    faults.push(`NETSUITE_CONCURRENCY=${concurrency} is not a number from 1 to 999`)
  const privateKey = oauth2 === null ? '' : keyText(resolve(cwd, oauth2.NETSUITE_PRIVATE_KEY_FILE), faults)
  if (faults.length > 0) throw invalid(faults)
  return {
    account: account ?? '',
    apiUrl,
    tba: tba && {
      consumerKey: tba.NETSUITE_CONSUMER_KEY,
      consumerSecret: tba.NETSUITE_CONSUMER_SECRET,
      tokenId: tba.NETSUITE_TOKEN_ID,
      tokenSecret: tba.NETSUITE_TOKEN_SECRET,
    },
    oauth2: oauth2 && {clientId: oauth2.NETSUITE_CLIENT_ID, certificateId: oauth2.NETSUITE_CERTIFICATE_ID, privateKey},
    concurrency: concurrency === null ? null : Number(concurrency),
  }
}

/** A set of settings that belong together: all, none (null), or a fault for each that is missing. */
function group<K extends string>(env: Env, names: readonly K[], faults: string[]): Record<K, string> | null {
  const there = names.filter((name) => text(env, name) !== null)
  if (there.length === 0) return null
  for (const name of names)
    if (!there.includes(name)) faults.push(`${name} is missing; it belongs to ${there.join(', ')}`)
  return Object.fromEntries(names.map((name) => [name, text(env, name) ?? ''])) as Record<K, string>
}

function keyText(file: string, faults: string[]): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    faults.push(`NETSUITE_PRIVATE_KEY_FILE=${file} cannot be read`)
    return ''
  }
}

function url(env: Env, name: string, faults: string[]): string | null {
  const value = text(env, name)
  if (value === null) return null
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value.replace(/\/+$/, '')
  faults.push(`${name} is not a URL such as https://host`)
  return null
}

/** An empty setting is a missing one. */
function text(env: Env, name: string): string | null {
  const value = env[name]?.trim()
  return value === undefined || value === '' ? null : value
}

const HINT = 'set them in .env or in the environment; docs/settings.md describes every one'

function invalid(faults: readonly string[]): ConfigError {
  const count = faults.length === 1 ? '1 setting is' : `${faults.length} settings are`
  const text = [`${count} missing or malformed:`, ...faults.map((fault) => `  ${fault}`)].join('\n')
  return new ConfigError('SETTINGS_INVALID', text, {hint: HINT})
}
