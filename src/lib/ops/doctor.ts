import type {Clock} from '../core/clock.ts'
import {ConfigError, CredentialError, messageOf, SyncError} from '../core/errors.ts'
import type {OrderRules} from '../plan/types.ts'
import type {NetSuite} from '../netsuite/client.ts'
import {REQUIRED_SCOPES, type Shopify} from '../shopify/client.ts'
import {referencesOf} from './references.ts'

/** One line of doctor. `next` says what to do where it is not ok. */
export type Finding = Readonly<{
  check: string
  state: 'ok' | 'warn' | 'fail' | 'skip'
  detail: string
  next: string | null
}>

/** What is looked at; each part is opened by its own check, so that one that fails does not hide the others. */
export type Patient = Readonly<{
  shopifySettings: () => unknown
  netsuiteSettings: () => Readonly<{concurrency: number | null}>
  rules: () => OrderRules
  ledger: () => Promise<Readonly<{serverVersion: number; where: string}>>
  shopify: () => Shopify
  netsuite: () => Promise<NetSuite>
  usesSoap: () => boolean
  clock: Clock
}>

type Told = Readonly<{detail: string; warn?: string}>

/** Beyond this NetSuite refuses signatures; a tenth of it is worth a warning. */
const SKEW_MAX_MS = 5 * 60_000

/** Looks at everything that a push needs, cheapest first. A refused credential is not tried a second time. */
export async function* diagnose(patient: Patient): AsyncIterable<Finding> {
  yield await look('settings of Shopify', async () => ok(patient.shopifySettings(), 'complete'))
  yield await look('settings of NetSuite', async () => ok(patient.netsuiteSettings(), 'complete'))
  yield await look('contract', async () => ok(patient.rules(), 'valid'))
  yield await look('ledger', async () => {
    const {serverVersion, where} = await patient.ledger()
    return {detail: `PostgreSQL ${serverVersion} at ${where}, migrated`}
  })
  yield* system(shopifyChecks(patient))
  yield* system(netsuiteChecks(patient))
}

type Check = readonly [name: string, run: () => Promise<Told>]

/** The checks of one system: after its first one fails (credential, connection) the others are skipped: a refused credential is not tried again. */
async function* system(checks: readonly Check[]): AsyncIterable<Finding> {
  let closed: string | null = null
  for (const [name, run] of checks) {
    if (closed !== null) {
      yield {check: name, state: 'skip', detail: `not looked at: ${closed}`, next: null}
      continue
    }
    const finding = await look(name, run)
    if (finding.state === 'fail' && name === checks[0]?.[0]) closed = `${name} failed`
    yield finding
  }
}

function shopifyChecks(patient: Patient): Check[] {
  return [
    [
      'Shopify credential',
      async () => {
        const info = await patient.shopify().shopInfo()
        return {
          detail: `${info.name} (${info.domain}), ${info.currency}, ${info.timeZone}, ${info.plan}`,
          ...zoneWarning(patient, info.timeZone),
        }
      },
    ],
    ['Shopify scopes', () => scopes(patient.shopify())],
    [
      'Shopify API version',
      async () => {
        const {pinnedVersion, servedVersion} = patient.shopify().connection()
        if (servedVersion === pinnedVersion) return {detail: pinnedVersion}
        return {
          detail: `${pinnedVersion} was asked for, ${servedVersion ?? 'none'} served`,
          warn: 'update Tieout: Shopify has retired the version that it speaks',
        }
      },
    ],
    ['Shopify clock', async () => skew(patient.shopify().connection().clockSkewMs ?? 0)],
  ]
}

function zoneWarning(patient: Patient, zone: string): Readonly<{warn?: string}> {
  if (patient.rules().timeZone === zone) return {}
  return {
    warn: `the contract says time_zone: ${patient.rules().timeZone}, the shop is in ${zone}; days of orders follow the contract`,
  }
}

async function scopes(shopify: Shopify): Promise<Told> {
  const granted = new Set(await shopify.grantedScopes())
  const missing = REQUIRED_SCOPES.filter(
    (scope) => !granted.has(scope) && !granted.has(scope.replace('read_', 'write_')),
  )
  if (missing.length > 0)
    throw new CredentialError('SHOPIFY_SCOPE_MISSING', `the app lacks ${missing.join(', ')}`, {
      hint: `grant ${missing.join(', ')} to the app in Shopify and install it again`,
    })
  if (granted.has('read_all_orders')) return {detail: `${granted.size} granted`}
  return {
    detail: `${granted.size} granted, without read_all_orders`,
    warn: 'orders older than 60 days are invisible: ask Shopify for read_all_orders before a backfill',
  }
}

function netsuiteChecks(patient: Patient): Check[] {
  const netsuite = () => patient.netsuite()
  return [
    [
      'NetSuite credential',
      async () => {
        const {limit} = await (await netsuite()).governance()
        const wanted = patient.netsuiteSettings().concurrency
        const detail = `accepted; ${limit} requests at once`
        return wanted !== null && wanted > limit
          ? {detail, warn: `NETSUITE_CONCURRENCY=${wanted} is more than the account allows: lower it to ${limit}`}
          : {detail}
      },
    ],
    [
      'NetSuite clock',
      async () => {
        const time = await (await netsuite()).serverTime()
        return skew(time.getTime() - patient.clock.now().getTime())
      },
    ],
    [
      'NetSuite life cycle',
      async () => {
        if (!patient.usesSoap()) return {detail: 'REST only'}
        return {
          detail: 'sales orders go by SOAP 2025.2 with token-based authentication',
          warn: 'no new token-based integrations from 2027.1, SOAP removed in 2028.2: plan netsuite.channels.sales_order: rest',
        }
      },
    ],
    ['NetSuite permissions', async () => permissions(await netsuite())],
    ['contract references', async () => references(await netsuite(), patient.rules())],
  ]
}

/** Tables that a push reads. A role without permission may see an error, or silently nothing. */
const TABLES = {
  item: 'Lists > Items',
  customer: 'Lists > Customers',
  currency: 'Lists > Currency',
  subsidiary: 'Lists > Subsidiaries',
} as const

async function permissions(netsuite: NetSuite): Promise<Told> {
  const empty: string[] = []
  for (const [table, permission] of Object.entries(TABLES)) {
    const [row] = await netsuite.queries.raw(`SELECT COUNT(*) AS n FROM ${table}`)
    if (row?.n === '0') empty.push(`${table} (${permission})`)
  }
  await netsuite.queries.raw(`SELECT COUNT(*) AS n FROM transaction t WHERE t.type = 'SalesOrd'`)
  return empty.length === 0
    ? {detail: 'items, customers, currencies and sales orders are readable'}
    : {
        detail: `no rows in ${empty.join(', ')}`,
        warn: 'give the role these permissions, or check that the lists are really empty',
      }
}

async function references(netsuite: NetSuite, rules: OrderRules): Promise<Told> {
  const missing: string[] = []
  let count = 0
  for (const {table, ids} of referencesOf(rules)) {
    const there = await netsuite.queries.existing(table, [...ids.keys()])
    count += ids.size
    for (const [id, key] of ids) if (!there.has(id)) missing.push(`${key}: ${table} ${id}`)
  }
  if (missing.length > 0) {
    throw new ConfigError('CONTRACT_REFERENCE_MISSING', `NetSuite does not hold ${missing.join('; ')}`, {
      hint: 'correct these ids in the contract, or let the role see them',
    })
  }
  return {detail: `${count} ids of the contract exist in NetSuite`}
}

function skew(ms: number): Told {
  const detail = `${ms >= 0 ? '+' : ''}${Math.round(ms / 1000)} s against this machine`
  if (Math.abs(ms) < SKEW_MAX_MS / 10) return {detail}
  return {detail, warn: 'set this machine’s clock by NTP: signatures are refused beyond five minutes'}
}

function ok(_value: unknown, detail: string): Told {
  return {detail}
}

async function look(check: string, run: () => Promise<Told>): Promise<Finding> {
  try {
    const told = await run()
    return {check, state: told.warn === undefined ? 'ok' : 'warn', detail: told.detail, next: told.warn ?? null}
  } catch (error) {
    if (!(error instanceof SyncError)) throw error
    return {check, state: 'fail', detail: `${error.code}: ${messageOf(error)}`, next: error.hint}
  }
}
