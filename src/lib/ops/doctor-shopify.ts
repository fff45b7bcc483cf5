import {ConfigError, CredentialError} from '../core/errors.ts'
import type {LifeRules} from '../plan/life-types.ts'
import {REQUIRED_SCOPES, type Shopify} from '../shopify/client.ts'
import {skew, type Check, type Patient, type Told} from './check.ts'

const CREDENTIAL = 'Shopify credential'

/** Credential, scopes, version and clock of Shopify, and what the contract says of the shop. */
export function shopifyChecks(patient: Patient): Check[] {
  const needs = [CREDENTIAL]
  return [
    {
      name: CREDENTIAL,
      needs: ['settings of Shopify'],
      run: async () => {
        const {name, domain, currency, timeZone, plan} = await patient.shopify().shopInfo()
        return {detail: `accepted; ${name} (${domain}), ${currency}, ${timeZone}, ${plan}`}
      },
    },
    {name: 'Shopify scopes', needs, run: () => scopes(patient.shopify())},
    {name: 'Shopify API version', needs, run: () => version(patient.shopify())},
    {name: 'Shopify clock', needs, run: () => skew(patient.shopify().connection().clockSkewMs ?? 0)},
    {name: 'shop and contract', needs: [CREDENTIAL, 'contract for this shop'], run: () => agreement(patient)},
  ]
}

async function scopes(shopify: Shopify): Promise<Told> {
  const granted = await grantedOf(shopify, REQUIRED_SCOPES)
  if (granted.has('read_all_orders')) return {detail: `${granted.size} granted`}
  return {
    detail: `${granted.size} granted, without read_all_orders`,
    warn: 'orders older than 60 days are invisible: ask Shopify for read_all_orders before a backfill',
  }
}

/** What the app holds. Throws CredentialError SHOPIFY_SCOPE_MISSING where that lacks one of these. */
async function grantedOf(shopify: Shopify, required: readonly string[]): Promise<Set<string>> {
  const granted = new Set(await shopify.grantedScopes())
  // A scope to write includes the one to read: Shopify, "Access scopes".
  const missing = required.filter((scope) => !granted.has(scope) && !granted.has(scope.replace('read_', 'write_')))
  if (missing.length === 0) return granted
  throw new CredentialError('SHOPIFY_SCOPE_MISSING', `the app lacks ${missing.join(', ')}`, {
    hint: `grant ${missing.join(', ')} to the app in Shopify and install it again`,
  })
}

/** Scopes beyond those of orders that the contract needs (Shopify: "Access scopes"). */
export function scopesFor({payments, billing, refunds, fulfillments, payouts}: LifeRules): string[] {
  const booksMoney = payments === 'deposit' || billing !== 'netsuite' || refunds.mode === 'push'
  const booksPayouts = booksMoney && Object.keys(payouts.banks).length > 0
  return [
    ...(booksMoney || fulfillments.from !== 'off' ? ['read_returns', 'read_locations'] : []),
    ...(fulfillments.from === 'netsuite' ? ['write_merchant_managed_fulfillment_orders'] : []),
    ...(booksPayouts ? ['read_shopify_payments_payouts', 'read_shopify_payments_accounts'] : []),
  ]
}

/** A version is served for twelve months; then Shopify answers with the oldest that it still has: Shopify, "API versioning". */
function version(shopify: Shopify): Told {
  const {pinnedVersion, servedVersion} = shopify.connection()
  if (servedVersion === pinnedVersion) return {detail: pinnedVersion}
  return {
    detail: `${pinnedVersion} was asked for, ${servedVersion ?? 'none'} served`,
    warn: 'update Tieout: Shopify has retired the version that it speaks',
  }
}

/** What both say of the shop must agree, or every order is dated or priced wrongly; and what the contract asks for must be allowed. */
async function agreement(patient: Patient): Promise<Told> {
  const {currency, timeZone} = await patient.shopify().shopInfo()
  const rules = patient.rules()
  if (rules.book === 'shop' && rules.currencies[currency] === undefined) {
    throw new ConfigError('CURRENCY_UNMAPPED', `the shop sells in ${currency}, which the contract does not name`, {
      hint: `write ${currency} and its internal id in NetSuite under currencies: in the contract`,
    })
  }
  const scopes = scopesFor(rules.life)
  if (scopes.length > 0) await grantedOf(patient.shopify(), scopes)
  if (rules.timeZone === timeZone) return {detail: `${currency} and ${timeZone} in both`}
  return {
    detail: `the contract says time_zone: ${rules.timeZone}, the shop is in ${timeZone}`,
    warn: `days of orders follow the contract: write time_zone: ${timeZone} unless the books are kept in another zone`,
  }
}
