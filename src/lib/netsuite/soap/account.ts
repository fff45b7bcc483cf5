import {answerMalformed} from '../faults.ts'
import type {SoapCall} from './answer.ts'
import type {SoapPort} from './client.ts'
import {escapeAttribute, escapeText} from './encode.ts'
import {resultOf} from './statuses.ts'
import {childOf, childrenOf, childText, type XmlElement} from './xml.ts'

export type DataCenterUrls = Readonly<{rest: string; webservices: string; system: string}>
export type SelectValue = Readonly<{id: string; name: string}>

async function ask(soap: SoapPort, operation: SoapCall['operation'], content: string): Promise<XmlElement> {
  const call: SoapCall = {operation, write: false, records: 0}
  return resultOf(await soap.call(call, content), `${operation}Result`, call)
}

/** NetSuite's own time. Throws like every call; a malformed time is RetryableError NETSUITE_ANSWER_MALFORMED. */
export async function soapServerTime(soap: SoapPort): Promise<Date> {
  const text = childText(await ask(soap, 'getServerTime', ''), 'serverTime') ?? ''
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw answerMalformed('getServerTime', false, `${JSON.stringify(text)} is no time`)
  return time
}

/** Requests that the account, and the integration where it has a share of its own, may have in flight. */
export async function soapGovernance(soap: SoapPort): Promise<{limit: number | null; integrationLimit: number | null}> {
  const account = await ask(soap, 'getAccountGovernanceInfo', '')
  const integration = await ask(soap, 'getIntegrationGovernanceInfo', '')
  return {
    limit: countOf(account, 'accountConcurrencyLimit'),
    integrationLimit: countOf(integration, 'integrationConcurrencyLimit'),
  }
}

function countOf(element: XmlElement, name: string): number | null {
  const text = childText(element, name)
  return text !== null && /^\d+$/.test(text.trim()) ? Number(text) : null
}

/** Host names of the account's data centre; asked without credentials, on the generic or the account's own host. */
export async function soapDataCenterUrls(soap: SoapPort, account: string): Promise<DataCenterUrls> {
  const content = `<platformMsgs:account>${escapeText(account)}</platformMsgs:account>`
  const urls = childOf(await ask(soap, 'getDataCenterUrls', content), 'dataCenterUrls')
  return {
    rest: childText(urls, 'restDomain') ?? '',
    webservices: childText(urls, 'webservicesDomain') ?? '',
    system: childText(urls, 'systemDomain') ?? '',
  }
}

/** The values that a select field offers to the role, e.g. ("salesOrder", "shipMethod"). First page of at most 1000. */
export async function soapSelectValues(soap: SoapPort, recordType: string, field: string): Promise<SelectValue[]> {
  const what = `<platformCore:recordType>${escapeText(recordType)}</platformCore:recordType>`
  const which = `<platformCore:field>${escapeText(field)}</platformCore:field>`
  const description = `<platformMsgs:fieldDescription>${what}${which}</platformMsgs:fieldDescription>`
  const content = `${description}<platformMsgs:pageIndex>1</platformMsgs:pageIndex>`
  const list = childOf(await ask(soap, 'getSelectValue', content), 'baseRefList')
  return childrenOf(list, 'baseRef').map((ref) => ({
    id: ref.attributes.get('internalId') ?? '',
    name: childText(ref, 'name') ?? '',
  }))
}

/**
 * Internal ids of the sales orders with these external IDs, by search: the slow look that sees what SuiteQL does not
 * show yet. A warning is a failure here, because a search with a value that NetSuite does not know answers with a
 * warning and no records (help section_N3518134). At most 1000 external IDs.
 */
export async function soapFindSalesOrders(soap: SoapPort, externalIds: readonly string[]): Promise<string[]> {
  const call: SoapCall = {operation: 'search', write: false, records: externalIds.length}
  const value = (id: string) => `<platformCore:searchValue externalId="${escapeAttribute(id)}" type="salesOrder"/>`
  const content =
    '<platformMsgs:searchRecord xsi:type="platformCommon:TransactionSearchBasic">' +
    `<platformCommon:externalId operator="anyOf">${externalIds.map(value).join('')}</platformCommon:externalId>` +
    '<platformCommon:type operator="anyOf"><platformCore:searchValue>_salesOrder</platformCore:searchValue>' +
    '</platformCommon:type>' +
    '</platformMsgs:searchRecord>'
  const result = resultOf(await soap.call(call, content), 'searchResult', call, true)
  const records = childrenOf(childOf(result, 'recordList'), 'record')
  return records.map((record) => record.attributes.get('internalId') ?? '')
}

/** The draft of a follow-up record, as NetSuite would pre-fill it from another one; nothing is written. */
export async function soapInitialize(
  soap: SoapPort,
  type: string,
  from: Readonly<{type: string; id: string}>,
): Promise<XmlElement> {
  const call: SoapCall = {operation: 'initialize', write: false, records: 1}
  const target = `<platformCore:type>${escapeText(type)}</platformCore:type>`
  const source = `type="${escapeAttribute(from.type)}" internalId="${escapeAttribute(from.id)}"`
  const content =
    `<platformMsgs:initializeRecord>${target}<platformCore:reference ${source}/>` + '</platformMsgs:initializeRecord>'
  const result = resultOf(await soap.call(call, content), 'readResponse', call)
  const record = childOf(result, 'record')
  if (record === undefined) throw answerMalformed('initialize', false, 'no record in it')
  return record
}
