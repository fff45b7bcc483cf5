import type {CatalogueItem} from '../catalogue.ts'
import {catalogue} from '../catalogue.ts'
import {company} from '../company.ts'
import type {EngineParts} from './engine-parts.ts'
import type {FieldRef, FieldValue, StoredLine, StoredRecord} from './engine-types.ts'
import {accountId, accounts} from './seed-accounts.ts'
import {ITEM_TYPES} from './schema/lists.ts'

const BASE_PRICE: FieldRef = {id: '1', name: 'Base Price'}
const FIRST_ITEM_ID = 1001

/** ISO 4217 currencies without two decimals that the company does not list itself are added with these. */
const DECIMALS: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
} // prettier-ignore

type Values = Record<string, FieldValue>

/** Fills an empty account with the company: lists, items, customers, stock. */
export function seed(parts: EngineParts): void {
  const {state} = parts
  const put = (type: string, id: string, fields: Values, externalId: string | null = null): StoredRecord => {
    const record: StoredRecord = {type, id, externalId, fields, lines: {}, customFields: {}}
    state.save(record)
    return record
  }
  seedLists(put)
  for (const [index, item] of catalogue.entries()) seedProduct(parts, put, String(FIRST_ITEM_ID + index), item)
  seedCharges(put)
  put('customer', company.walkInCustomer.id, {
    entityId: company.walkInCustomer.entityId,
    altName: company.walkInCustomer.entityId,
    companyName: company.walkInCustomer.entityId,
    isPerson: false,
    isInactive: false,
    stage: 'CUSTOMER',
    subsidiary: {id: company.subsidiary.id, name: company.subsidiary.name},
    currency: {id: '1', name: company.currencies[0].name},
    ...stamps(parts, 'dateCreated'),
  })
}

type Put = (type: string, id: string, fields: Values, externalId?: string | null) => StoredRecord

function seedLists(put: Put): void {
  for (const {id, symbol, name, rate} of company.currencies) seedCurrency(put, id, symbol, name, rate)
  put('subsidiary', company.subsidiary.id, {
    name: company.subsidiary.name,
    currency: {id: '1', name: 'US Dollar'},
    country: 'US',
  })
  for (const {id, name} of company.locations) {
    put('location', id, {
      name,
      subsidiary: {id: company.subsidiary.id, name: company.subsidiary.name},
      makeInventoryAvailable: true,
    })
  }
  for (const {id, name, days} of company.terms) put('term', id, {name, daysUntilNetDue: String(days)})
  put('priceLevel', '1', {name: 'Base Price'})
  put('priceLevel', '-1', {name: 'Custom'})
  put('salesTaxItem', company.nonTaxableCode.id, {name: company.nonTaxableCode.name, rate: '0'})
  // A taxed code of the legacy regime, so that its computation can be tried.
  put('salesTaxItem', '301', {name: 'NY Sales Tax', rate: '8.875'})
  for (const {id, name} of company.taxTypes) put('taxType', id, {name})
  for (const {id, name, taxType} of company.taxCodes) {
    put('salesTaxItem', id, {name, rate: '8.25', taxType: {id: taxType, name: company.taxTypes[0].name}})
  }
  for (const {id, name, undeposited, account} of company.paymentMethods) {
    const own = account === null ? {} : {account: accountRef(account)}
    put('paymentMethod', id, {name, undepFunds: undeposited, isInactive: false, ...own})
  }
  for (const [index, {number, name, type, special, currency}] of accounts.entries()) {
    const kept = company.currencies.find(({symbol}) => symbol === currency)
    put('account', String(index + 1), {
      name,
      acctNumber: number,
      acctType: type,
      isInactive: false,
      ...(special === undefined ? {} : {specialType: special}),
      ...(kept === undefined ? {} : {currency: {id: kept.id, name: kept.name}}),
    })
  }
  seedPeriods(put)
  seedCustomFields(put)
}

export function seedCurrency(put: Put, id: string, symbol: string, name: string, rate: string): void {
  put('currency', id, {
    name,
    symbol,
    currencyPrecision: String(DECIMALS[symbol] ?? 2),
    exchangeRate: rate,
    isBaseCurrency: id === company.currencies[0].id,
    isInactive: false,
  })
}

/** Months from 2015 to 2035, all open. */
function seedPeriods(put: Put): void {
  for (let month = 0; month < 12 * 21; month++) {
    const start = new Date(Date.UTC(2015, month, 1))
    const end = new Date(Date.UTC(2015, month + 1, 0))
    const name = start.toLocaleString('en-US', {month: 'short', year: 'numeric', timeZone: 'UTC'})
    put('accountingPeriod', String(101 + month), {
      name,
      startDate: start.toISOString().slice(0, 10),
      endDate: end.toISOString().slice(0, 10),
      closed: false,
      allLocked: false,
      arLocked: false,
    })
  }
}

function seedCustomFields(put: Put): void {
  const {customFields} = company
  const scopes = {order: 'body', orderName: 'body', line: 'column', customer: 'entity'} as const
  for (const [index, [key, scope]] of Object.entries(scopes).entries()) {
    const scriptId = customFields[key as keyof typeof scopes]
    const name = scriptId.replace(/^cust[a-z]+_/, '').replaceAll('_', ' ')
    put(
      'customField',
      String(3001 + index),
      {scriptId, name, scope, fieldType: 'Free-Form Text', isMandatory: false},
      scriptId,
    )
  }
}

function seedProduct(parts: EngineParts, put: Put, id: string, item: CatalogueItem): void {
  const type = item.requiresShipping ? 'inventoryItem' : 'nonInventorySaleItem'
  const title = item.variant === null ? item.title : `${item.title} - ${item.variant}`
  putItem(parts, put, type, id, {itemId: item.sku, displayName: title, cost: item.cost, isTaxable: item.taxable})
  const record = parts.state.find(type, {id})
  if (record !== undefined) record.lines['pricing'] = [priceLine(item.price)]
  if (item.requiresShipping) parts.inventory.setOnHand(id, company.locations[0].id, item.stock)
}

/** The reference to an account of the chart, by its number. */
export function accountRef(number: string): FieldRef {
  const id = accountId(number)
  return {id, name: accounts[Number(id) - 1]?.name ?? number}
}

/** Saves an item with the accounts and defaults of its type. */
export function putItem(parts: EngineParts, put: Put, type: string, id: string, fields: Values): void {
  const stocked = type === 'inventoryItem'
  put(type, id, {
    itemType: ITEM_TYPES[type] ?? null,
    isInactive: false,
    incomeAccount: accountRef('4000'),
    ...(stocked ? {assetAccount: accountRef('1200'), cogsAccount: accountRef('5000')} : {}),
    ...stamps(parts, 'createdDate'),
    ...fields,
  })
}

function priceLine(price: string): StoredLine {
  const currency = {id: company.currencies[0].id, name: company.currencies[0].name}
  return {key: '1', fields: {currency, priceLevel: BASE_PRICE, quantity: '0', price}, customFields: {}}
}

function seedCharges(put: Put): void {
  for (const {id, itemId, itemType, account} of Object.values(company.chargeItems)) {
    const posting = accountRef(account)
    const type = itemType === 'Discount' ? 'discountItem' : 'nonInventorySaleItem'
    put(type, id, {
      itemId,
      displayName: itemId,
      itemType,
      isInactive: false,
      isTaxable: false,
      isFulfillable: false,
      ...(itemType === 'Discount' ? {account: posting} : {incomeAccount: posting}),
    })
  }
  for (const {id, name} of company.shipMethods) {
    const own = {itemId: name, displayName: name, itemType: 'ShipItem', account: accountRef('4300')}
    put('shipItem', id, {...own, isInactive: false})
  }
}

function stamps({clock}: EngineParts, created: string): Values {
  const now = clock.now().toISOString()
  return {[created]: now, lastModifiedDate: now}
}
