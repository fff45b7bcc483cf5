import {readAll, type NetSuiteSettings, type Settings, type ShopifySettings} from './config.ts'
import {readContract, type Contract} from './contract.ts'
import {ConfigError, UsageError} from './lib/core/errors.ts'
import type {ShopRules} from './lib/plan/life-types.ts'

export type Checked = Readonly<{
  shopify: ShopifySettings
  netsuite: NetSuiteSettings
  contract: Contract
  rules: ShopRules
}>

/** Settings of both systems and the contract; every fault of all of them in one error. */
export function check(settings: Settings, asked: string | undefined): Checked {
  const [shopify, netsuite, contract] = readAll(
    () => settings.shopify(),
    () => settings.netsuite(),
    () => readContract(settings.contractFile),
    () => settings.alerts(),
  )
  if (asked !== undefined && asked !== shopify.shop) {
    throw new UsageError('FLAGS_INVALID', `--shop ${asked} is not the shop of the settings, ${shopify.shop}`, {
      hint: 'each set of credentials opens one shop: run in the folder whose .env names the other one',
    })
  }
  const [rules] = readAll(
    () => rulesOf(contract, shopify.shop),
    () => checkChannels(contract, netsuite),
  )
  return {shopify, netsuite, contract, rules}
}

/** Throws ConfigError CHANNEL_WITHOUT_CREDENTIAL where the contract sends by SOAP and no token is set. */
export function checkChannels(contract: Contract, netsuite: NetSuiteSettings): void {
  if (contract.netsuite.channels.salesOrder !== 'soap' || netsuite.tba !== null) return
  throw new ConfigError(
    'CHANNEL_WITHOUT_CREDENTIAL',
    'sales orders go by SOAP, which takes token-based authentication only, and no NETSUITE_TOKEN_ID is set',
    {hint: 'set the four TBA settings, or netsuite.channels.sales_order: rest in the contract'},
  )
}

/** The rules of the shop whose credentials we have. Throws ConfigError SHOP_NOT_IN_CONTRACT. */
export function rulesOf(contract: Contract, shop: string): ShopRules {
  const rules = contract.shops.get(shop)
  if (rules !== undefined) return rules
  const named = [...contract.shops.keys()].join(', ')
  throw new ConfigError('SHOP_NOT_IN_CONTRACT', `SHOPIFY_SHOP is ${shop}, the contract holds ${named}`, {
    hint: `write a block for ${shop} under shops: in the contract, or correct SHOPIFY_SHOP`,
  })
}

/** What the client of NetSuite takes from settings and contract. */
export function netsuiteSettings({netsuite, contract, rules}: Omit<Checked, 'shopify'>) {
  return {
    account: netsuite.account,
    apiUrl: netsuite.apiUrl,
    tba: netsuite.tba,
    oauth2: netsuite.oauth2,
    apiVersion: contract.netsuite.apiVersion,
    channels: contract.netsuite.channels,
    timeZone: contract.netsuite.timeZone,
    lineField: rules.fields.line,
  }
}
