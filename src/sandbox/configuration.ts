import {chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {parseDocument} from 'yaml'

import {company} from './company.ts'
import {booksText} from './contract-books.ts'

export type Written = Readonly<{
  folder: string
  shopifyUrl: string
  netsuiteUrl: string
  home: string
  databaseUrl: string | null
  concurrency: number
  suiteTax: boolean
  /** The contract has everything after the sales order switched on: payments, fulfilments, bills, refunds. */
  books?: boolean
  privateKey: string
}>

/** Writes a ready `.env`, its private key and `tieout.yaml` for the sandbox that listens at these addresses. */
export function writeConfiguration(written: Written): void {
  mkdirSync(written.folder, {recursive: true})
  const keyFile = join(written.folder, 'sandbox-key.pem')
  secret(keyFile, written.privateKey)
  secret(join(written.folder, '.env'), envText(written))
  replace(contractFile(written.folder), contractText(written))
}

/** Adds currencies to the contract that was written, keeping its comments. */
export function addCurrencies(folder: string, currencies: readonly Readonly<{symbol: string; id: string}>[]): void {
  const file = contractFile(folder)
  const document = parseDocument(readFileSync(file, 'utf8'))
  for (const {symbol, id} of currencies) document.setIn(['shops', company.shop, 'currencies', symbol], id)
  replace(file, document.toString())
}

function contractFile(folder: string): string {
  return join(folder, 'tieout.yaml')
}

function secret(file: string, text: string): void {
  writeFileSync(file, text, {mode: 0o600})
  chmodSync(file, 0o600)
}

/** A reader sees the old text or the new one, never half of it. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

function envText({shopifyUrl, netsuiteUrl, home, databaseUrl, concurrency, privateKey: _}: Written): string {
  const {shopify, netsuite} = company
  return `# Written by tieout sandbox:start. These credentials open the sandbox and nothing else.
TIEOUT_HOME=${home}
${databaseUrl === null ? '' : `DATABASE_URL=${databaseUrl}\n`}SHOPIFY_SHOP=${company.shop}
SHOPIFY_API_URL=${shopifyUrl}
SHOPIFY_ACCESS_TOKEN=${shopify.accessToken}
SHOPIFY_WEBHOOK_SECRET=${shopify.webhookSecret}
NETSUITE_ACCOUNT=${company.account}
NETSUITE_API_URL=${netsuiteUrl}
NETSUITE_CONSUMER_KEY=${netsuite.consumerKey}
NETSUITE_CONSUMER_SECRET=${netsuite.consumerSecret}
NETSUITE_TOKEN_ID=${netsuite.tokenId}
NETSUITE_TOKEN_SECRET=${netsuite.tokenSecret}
NETSUITE_CLIENT_ID=${netsuite.clientId}
NETSUITE_CERTIFICATE_ID=${netsuite.certificateId}
NETSUITE_PRIVATE_KEY_FILE=sandbox-key.pem
NETSUITE_CONCURRENCY=${concurrency}
`
}

function contractText({suiteTax, books = false}: Written): string {
  const {chargeItems: items, customFields: fields} = company
  const channel = suiteTax ? 'rest' : 'soap'
  return `# The data contract of the sandbox: what people decide. Every id is an internal id of NetSuite. docs/settings.md describes each key.
version: 1
netsuite:
  api_version: "2025_2"
  channels: {sales_order: ${channel}, customer: rest}
  time_zone: ${company.timeZone}
  reserve: 0
shops:
  ${company.shop}:
    time_zone: ${company.timeZone} # decides on which day an order falls
    book: shop # amounts in the shop's currency; presentment: in the customer's
    subsidiary: "${company.subsidiary.id}"
    location: "${company.locations[0].id}"
    currencies:
${company.currencies.map(({symbol, id}) => `      ${symbol}: "${id}"`).join('\n')}
    orders: {test: skip, cancelled: close, status: pending_fulfillment}
    items: # what each charge becomes; a charge without an item is refused, by name
      discount: "${items.discount.id}"
      tip: "${items.tip.id}"
      duty: "${items.duty.id}"
      fee: "${items.fee.id}"
      gift_card: "${items.giftCard.id}"
      custom: "${items.custom.id}"
      rounding: "${items.rounding.id}"
      tax: "${items.tax.id}"
      marketplace_tax: "${items.marketplaceTax.id}"
    rounding_limit: "0.02"
    discounts: line # on lines of their own; net: item lines carry the discounted amount
    tax: ${taxText(suiteTax)}
    shipping:
      methods:
${company.shipMethods.map(({name, id}) => `        ${name}: "${id}"`).join('\n')}
      fallback: "${company.shipMethods[0].id}"
    terms:
${company.terms.map(({name, id}) => `      ${name}: "${id}"`).join('\n')}
    customers:
      match: [external_id, email]
      without_email: park
      walk_in: "${company.walkInCustomer.id}"
    fields:
      order: ${fields.order}
      order_name: ${fields.orderName}
      line: ${fields.line}
      customer: ${fields.customer}
${booksText(books)}`
}

function taxText(suiteTax: boolean): string {
  if (!suiteTax) return `{mode: legacy, code: "${company.nonTaxableCode.id}"}`
  const [code] = company.taxCodes
  return `{mode: suitetax, fallback: {tax_type: "${code.taxType}", tax_code: "${code.id}"}}`
}
