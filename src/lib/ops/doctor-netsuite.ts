import {ConfigError} from '../core/errors.ts'
import type {NetSuite} from '../netsuite/client.ts'
import type {ShopRules} from '../plan/life-types.ts'
import type {OrderRules} from '../plan/types.ts'
import {skew, type Check, type Patient, type Told} from './check.ts'
import {customFieldsOf, referencesOf} from './references.ts'

const CREDENTIAL = 'NetSuite credential'
const REST = 'NetSuite REST'
const SETUP = ['settings of NetSuite', 'channels', 'contract for this shop', 'ledger']

/** Credentials, limits, clock, life cycle and permissions of NetSuite, and whether it holds what the contract names. */
export function netsuiteChecks(patient: Patient): Check[] {
  const netsuite = () => patient.netsuite()
  return [
    {name: CREDENTIAL, needs: SETUP, run: async () => limits(patient, await netsuite())},
    {
      name: 'NetSuite clock',
      needs: [CREDENTIAL],
      run: async () => skew((await (await netsuite()).serverTime()).getTime() - patient.clock.now().getTime()),
    },
    {name: 'NetSuite life cycle', needs: [CREDENTIAL], run: () => lifeCycle(patient)},
    {
      // REST has a credential of its own where OAuth 2.0 is set.
      name: REST,
      needs: [CREDENTIAL],
      run: async () => {
        await (await netsuite()).probe('rest')
        return {detail: `accepted, by ${patient.netsuiteSettings().oauth2 === null ? 'token' : 'OAuth 2.0'}`}
      },
    },
    {name: 'NetSuite permissions', needs: [REST], run: async () => permissions(await netsuite())},
    {
      name: 'ids in the contract',
      needs: [REST, 'NetSuite permissions'],
      run: async () => ids(await netsuite(), patient.rules()),
    },
    {
      name: 'custom fields in the contract',
      needs: [REST, 'NetSuite permissions'],
      run: async () => customFields(await netsuite(), patient.rules()),
    },
  ]
}

/** The first use of the credential: one that is refused is not tried again. */
async function limits(patient: Patient, netsuite: NetSuite): Promise<Told> {
  const {limit, accountLimit} = await netsuite.governance()
  const wanted = patient.netsuiteSettings().concurrency
  const detail =
    accountLimit === null
      ? `accepted; its role may not read how many requests the account allows at once, so ${limit} are assumed`
      : `accepted; ${limit} requests at once`
  if (wanted === null || wanted <= limit || accountLimit === null) return {detail}
  return {detail, warn: `NETSUITE_CONCURRENCY=${wanted} is more than the account allows: lower it to ${limit}`}
}

/** Dates: NetSuite help article_2104046421 and section_0525020842. */
function lifeCycle(patient: Patient): Told {
  const {channels, apiVersion} = patient.contract().netsuite
  if (channels.salesOrder === 'rest' && patient.netsuiteSettings().tba === null) return {detail: 'REST with OAuth 2.0'}
  const soap = channels.salesOrder === 'soap' ? `SOAP ${apiVersion.replace('_', '.')} with ` : ''
  return {
    detail: `${soap}token-based authentication, which NetSuite is phasing out`,
    warn: 'no new integrations with it from 2027.1, SOAP ends with 2028.2: plan OAuth 2.0 and netsuite.channels.sales_order: rest',
  }
}

/** Tables that a push reads, with the permission. A role without it may see an error, or silently nothing. */
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
  if (empty.length === 0) return {detail: 'items, customers, currencies, subsidiaries and sales orders are readable'}
  return {
    detail: `no rows in ${empty.join(', ')}`,
    warn: 'give the role these permissions, or check that the lists are really empty',
  }
}

async function ids(netsuite: NetSuite, rules: ShopRules): Promise<Told> {
  const missing: string[] = []
  let count = 0
  for (const {table, ids} of referencesOf(rules)) {
    const there = await netsuite.queries.existing(table, [...new Set(ids.map(({id}) => id))])
    count += ids.length
    missing.push(...ids.filter(({id}) => !there.has(id)).map(({id, key}) => `${key}: "${id}" (${table})`))
  }
  if (missing.length === 0) return {detail: `all ${count} exist in NetSuite`}
  throw new ConfigError('CONTRACT_REFERENCE_MISSING', `NetSuite does not show ${missing.join('; ')}`, {
    hint: 'correct these ids in the contract, or give the role the permission to see the records',
  })
}

async function customFields(netsuite: NetSuite, rules: OrderRules): Promise<Told> {
  const missing: string[] = []
  let count = 0
  for (const {recordType, fields} of customFieldsOf(rules)) {
    const there = await netsuite.properties(recordType)
    count += fields.length
    missing.push(...fields.filter(({id}) => !there.has(id)).map(({id, key}) => `${key}: ${id} (${recordType})`))
  }
  if (missing.length === 0) return {detail: `all ${count} exist in NetSuite; fields of lines are not listed there`}
  throw new ConfigError('CONTRACT_REFERENCE_MISSING', `NetSuite does not show the custom field ${missing.join('; ')}`, {
    hint: 'create the field in NetSuite and put it on the form of the role, or correct its script id in the contract',
  })
}
