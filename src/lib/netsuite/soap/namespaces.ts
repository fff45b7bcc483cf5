import type {Prefix} from '../records/fields.ts'

/**
 * Namespaces of one endpoint version such as "2025_2" (platform.*, transactions.* and lists.relationships XSDs).
 */
export function namespacesOf(apiVersion: string): Readonly<Record<Prefix, string>> {
  return {
    platformMsgs: `urn:messages_${apiVersion}.platform.webservices.netsuite.com`,
    platformCore: `urn:core_${apiVersion}.platform.webservices.netsuite.com`,
    platformCommon: `urn:common_${apiVersion}.platform.webservices.netsuite.com`,
    tranSales: `urn:sales_${apiVersion}.transactions.webservices.netsuite.com`,
    tranCust: `urn:customers_${apiVersion}.transactions.webservices.netsuite.com`,
    tranPurch: `urn:purchases_${apiVersion}.transactions.webservices.netsuite.com`,
    tranBank: `urn:bank_${apiVersion}.transactions.webservices.netsuite.com`,
    listRel: `urn:relationships_${apiVersion}.lists.webservices.netsuite.com`,
  }
}
