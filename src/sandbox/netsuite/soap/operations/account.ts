import type {ItemAvailability} from '../../engine-types.ts'
import {decodeRef} from '../decode.ts'
import {encodeRef} from '../encode.ts'
import {unreadable} from '../faults.ts'
import {instantText, parseInstant} from '../instants.ts'
import {namespaceOf} from '../namespaces.ts'
import {doubleText} from '../numbers.ts'
import {sublistOf} from '../incoming.ts'
import {part, type Operation, type Session} from '../session.ts'
import {failureStatus, statusXml} from '../status.ts'
import {escapeText} from '../text.ts'
import {childOf, textOf, type XmlNode} from '../tree.ts'
import type {RefValue} from '../values.ts'

/** A result in the core namespace: its status, then its fields. */
function result(name: string, fields: string, session: Session, status = okStatus(session)): string {
  const {dialect} = session
  const element = `${dialect.prefix.core}${name}`
  return `<${element}${dialect.declare.core}>${status}${fields}</${element}>`
}

function okStatus(session: Session): string {
  return statusXml(true, [], session.dialect, false)
}

function field(name: string, text: string, session: Session): string {
  const element = `${session.dialect.prefix.core}${name}`
  return `<${element}>${escapeText(text)}</${element}>`
}

export const getServerTime: Operation = (_request, session) => {
  const time = instantText(session.context.engine.serverTime().getTime())
  return {xml: result('getServerTimeResult', field('serverTime', time, session), session), records: 0}
}

/**
 * Needs no login. An unknown account gets the default hosts, an empty one a status (NetSuite help section_N3494684).
 */
export const getDataCenterUrls: Operation = (request, session) => {
  const account = textOf(request, 'account', namespaceOf('messages', session.reading.version)) ?? ''
  const name = 'getDataCenterUrlsResult'
  if (account === '') {
    const message = 'You need to provide a proper value for the required field: account.'
    const status = failureStatus({ok: false, code: 'DATA_REQD', message}, session.dialect, false)
    return {xml: result(name, '', session, status), records: 0}
  }
  const known = account === session.context.account
  const url = (host: string): string => (known ? session.context.baseUrl : `https://${host}.netsuite.com`)
  const domains = [
    field('restDomain', url('rest'), session),
    field('webservicesDomain', url('webservices'), session),
    field('systemDomain', url('system'), session),
  ]
  const element = `${session.dialect.prefix.core}dataCenterUrls`
  return {xml: result(name, `<${element}>${domains.join('')}</${element}>`, session), records: 0}
}

export const getAccountGovernanceInfo: Operation = (_request, session) => {
  const limits = session.context.engine.governance()
  const fields =
    field('accountConcurrencyLimit', String(limits.accountConcurrencyLimit), session) +
    field('unallocatedConcurrencyLimit', String(limits.unallocatedConcurrencyLimit), session)
  return {xml: result('getAccountGovernanceInfoResult', fields, session), records: 0}
}

/** GetIntegrationGovernanceInfoLimitType (platform.coreTypes.xsd). */
const limitTypes = {
  accountLimit: '_account',
  integrationSpecific: '_integrationSpecific',
  internal: '_internal',
} as const

export const getIntegrationGovernanceInfo: Operation = (_request, session) => {
  const {integrationConcurrencyLimit: limit, integrationLimitType} = session.context.engine.governance()
  const fields =
    (limit === null ? '' : field('integrationConcurrencyLimit', String(limit), session)) +
    field('limitType', limitTypes[integrationLimitType], session)
  return {xml: result('getIntegrationGovernanceInfoResult', fields, session), records: 0}
}

/** How many values a page of getSelectValue has. UNVERIFIED. */
const SELECT_PAGE = 1000

/** What a field may hold, filtered by name, page by page. */
export const getSelectValue: Operation = (request, session) => {
  const uri = namespaceOf('messages', session.reading.version)
  const core = namespaceOf('core', session.reading.version)
  const description = childOf(request, 'fieldDescription', uri)
  const pageIndex = Number(textOf(request, 'pageIndex', uri))
  const name = description && textOf(description, 'field', core)
  if (description === undefined || name === undefined || !(pageIndex >= 1)) {
    throw unreadable('org.xml.sax.SAXException: getSelectValue takes a fieldDescription with a field, and a pageIndex')
  }
  const sublist = textOf(description, 'sublist', core)
  const recordType = textOf(description, 'recordType', core) ?? ''
  const all = session.context.engine.selectValues(
    recordType,
    name,
    sublist === undefined ? undefined : sublistOf(sublist),
  )
  const values = all.filter(({name: text}) => passes(text, childOf(description, 'filter', core), core))
  const p = session.dialect.prefix.core
  const refs = values.slice((pageIndex - 1) * SELECT_PAGE, pageIndex * SELECT_PAGE).map((value) => {
    const ref = {internalId: value.id, name: value.name}
    return encodeRef(`${p}baseRef`, ref, session.dialect, ` xsi:type="${p}RecordRef"`)
  })
  const fields =
    field('totalRecords', String(values.length), session) +
    field('totalPages', String(Math.ceil(values.length / SELECT_PAGE)), session) +
    `<${p}baseRefList>${refs.join('')}</${p}baseRefList>`
  return {xml: result('getSelectValueResult', fields, session), records: refs.length}
}

function passes(text: string, filter: XmlNode | undefined, core: string): boolean {
  if (filter === undefined) return true
  const wanted = (textOf(filter, 'filterValue', core) ?? '').toLowerCase()
  const operator = filter.attributes.get('operator') ?? textOf(filter, 'operator', core)
  const held = text.toLowerCase()
  if (operator === 'is') return held === wanted
  return operator === 'startsWith' ? held.startsWith(wanted) : held.includes(wanted)
}

/** Stock of items by location, all of it or what has changed since an instant. */
export const getItemAvailability: Operation = (request, session) => {
  const core = namespaceOf('core', session.reading.version)
  const filter = part(request, session, 'itemAvailabilityFilter')
  const since = textOf(filter, 'lastQtyAvailableChange', core)
  const changedSince = since === undefined ? undefined : parseInstant(since)
  if (since !== undefined && changedSince === undefined) {
    throw unreadable(`org.xml.sax.SAXException: Invalid dateTime "${since}"`)
  }
  const {engine} = session.context
  const refs = (childOf(filter, 'item', core)?.children ?? []).map(decodeRef)
  const values = (of: keyof RefValue): string[] => refs.flatMap((ref) => ref[of] ?? [])
  // An item that does not exist has no stock; what the real service says of it is UNVERIFIED.
  const items = [
    ...engine.search('item', [{field: 'id', operator: 'anyOf', values: values('internalId')}]),
    ...engine.search('item', [{field: 'externalId', operator: 'anyOf', values: values('externalId')}]),
  ]
  const ids = [...new Set(items.map(({id}) => id))]
  const rows = engine.itemAvailability(ids, changedSince === undefined ? undefined : new Date(changedSince))
  const list = `${session.dialect.prefix.core}itemAvailabilityList`
  // The list must not be empty (platform.core.xsd): without rows it is left out.
  const fields = rows.length === 0 ? '' : `<${list}>${rows.map((row) => stock(row, session)).join('')}</${list}>`
  return {xml: result('getItemAvailabilityResult', fields, session), records: ids.length}
}

function stock(row: ItemAvailability, session: Session): string {
  const p = session.dialect.prefix.core
  const item = {internalId: row.item.id, externalId: row.item.externalId ?? undefined, name: row.item.name}
  const location = {internalId: row.location.id, name: row.location.name}
  return (
    `<${p}itemAvailability>${encodeRef(`${p}item`, item, session.dialect)}` +
    field('lastQtyAvailableChange', instantText(Date.parse(row.lastQtyAvailableChange)), session) +
    encodeRef(`${p}locationId`, location, session.dialect) +
    field('quantityOnHand', doubleText(row.quantityOnHand), session) +
    field('quantityOnOrder', doubleText(row.quantityOnOrder), session) +
    field('quantityCommitted', doubleText(row.quantityCommitted), session) +
    field('quantityBackOrdered', doubleText(row.quantityBackOrdered), session) +
    field('quantityAvailable', doubleText(row.quantityAvailable), session) +
    `</${p}itemAvailability>`
  )
}
