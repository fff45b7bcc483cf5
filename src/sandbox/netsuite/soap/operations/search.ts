import type {Criterion, Engine, StoredRecord} from '../../engine-types.ts'
import {readCriteria, type Criteria} from '../criteria.ts'
import {encodeRecord} from '../encode.ts'
import {refusal, unreadable} from '../faults.ts'
import {areaOf, namespaceOf} from '../namespaces.ts'
import {outgoing} from '../outgoing.ts'
import {itemTypes, recordTypeTagged, transactionTypes} from '../schema/registry.ts'
import {searches, searchNamed, type SearchName} from '../schema/search.ts'
import {notPlayed, part, type Operation, type Session} from '../session.ts'
import {statusXml, type Detail} from '../status.ts'
import {childOf, textOf, type XmlNode} from '../tree.ts'

/** The result of a search, kept for its further pages. */
type Kept = Readonly<{refs: readonly Readonly<{type: string; id: string}>[]; pageSize: number; bodyOnly: boolean}>

/** Page sizes that a synchronous search takes (NetSuite help section_N3418637). */
const MIN_PAGE = 5
const MAX_PAGE = 1000
/** Results are kept for as many searches; older ones expire. How long NetSuite keeps them is UNVERIFIED. */
const KEPT_SEARCHES = 200

/** By address of the account and id of the search. */
const kept = new Map<string, Kept>()
let searchCount = 0

const typesOf: Readonly<Record<SearchName, readonly string[]>> = {
  transaction: transactionTypes,
  customer: ['customer'],
  item: itemTypes,
}

/** What references of a search point to, where the field is not named after it. */
const referenceTargets: Readonly<Record<string, string>> = {
  createdFrom: 'transaction',
  parent: 'item',
  shipMethod: 'shipItem',
  terms: 'term',
}

/** Runs a search and answers with its first page. */
export const search: Operation = (request, session) => {
  const pageSize = pageSizeOf(session)
  if (pageSize === undefined) {
    const message = `The page size must be between ${MIN_PAGE} and ${MAX_PAGE}.`
    return {xml: result(false, [{type: 'ERROR', code: 'INVALID_SEARCH_PAGE_SIZE', message}], '', session), records: 0}
  }
  const {name, criteria} = readSearch(part(request, session, 'searchRecord'), session)
  if (criteria.warning !== undefined) {
    const message = `The search value ${criteria.warning} is not known.`
    const details: Detail[] = [{type: 'WARN', code: 'INVALID_SEARCH_VALUE', message}]
    return {xml: result(true, details, counts(0, pageSize, 1, '', session), session), records: 0}
  }
  const found = run(session.context.engine, criteria.types ?? typesOf[name], criteria.criteria)
  const refs = found.map(({type, id}) => ({type, id}))
  searchCount += 1
  const searchId = `WEBSERVICES_${session.context.account}_${searchCount.toString(16).padStart(12, '0')}`
  const entry = {refs, pageSize, bodyOnly: session.preferences.bodyFieldsOnly}
  keep(keyOf(searchId, session), entry)
  return page(entry, searchId, 1, session)
}

/** A further page of a search. */
export const searchMoreWithId: Operation = (request, session) => {
  const uri = namespaceOf('messages', session.reading.version)
  const searchId = textOf(request, 'searchId', uri) ?? ''
  const pageIndex = Number(textOf(request, 'pageIndex', uri))
  const entry = kept.get(keyOf(searchId, session))
  if (entry === undefined) {
    const details: Detail[] = [
      {type: 'ERROR', code: 'INVALID_SEARCH_MORE', message: `No search has the id ${searchId}.`},
    ]
    return {xml: result(false, details, '', session), records: 0}
  }
  if (!Number.isInteger(pageIndex) || pageIndex < 1 || pageIndex > pagesOf(entry)) {
    throw refusal('unexpectedErrorFault', 'INVALID_PAGE_INDEX', `The search has no page ${pageIndex}.`)
  }
  return page(entry, searchId, pageIndex, session)
}

function readSearch(node: XmlNode, session: Session): Readonly<{name: SearchName; criteria: Criteria}> {
  const area = node.type && areaOf(node.type.uri)
  const named = area?.version === session.reading.version ? searchNamed(area.area, node.type?.local ?? '') : undefined
  if (named === undefined) throw notPlayed(`searches of type ${node.type?.local ?? '(none)'}`)
  const basic = named.basicOnly ? node : basicOf(node, named.name, session)
  const none: Criteria = {criteria: [], types: undefined, warning: undefined}
  const resolve = (field: string, externalId: string): string | undefined => {
    const target = referenceTargets[field] ?? field
    const [found] = session.context.engine.search(target, [{field: 'externalId', operator: 'is', values: [externalId]}])
    return found?.id
  }
  const criteria = basic === undefined ? none : readCriteria(basic, named.name, session.reading, resolve)
  return {name: named.name, criteria}
}

function basicOf(node: XmlNode, name: SearchName, session: Session): XmlNode | undefined {
  const uri = namespaceOf(searches[name].area, session.reading.version)
  const stranger = node.children.find((child) => child.uri !== uri)
  if (stranger !== undefined)
    throw unreadable(`org.xml.sax.SAXException: Invalid element in ${node.local} - ${stranger.local}`)
  const join = node.children.find((child) => child.local !== 'basic')
  if (join !== undefined) throw notPlayed(`the search criteria ${join.local}`)
  return childOf(node, 'basic', uri)
}

function run(engine: Engine, types: readonly string[], criteria: readonly Criterion[]): StoredRecord[] {
  const found = types.flatMap((type) => engine.search(type, criteria))
  return types.length === 1 ? found : found.sort((a, b) => Number(a.id) - Number(b.id))
}

function keyOf(searchId: string, {context}: Session): string {
  return `${context.baseUrl} ${searchId}`
}

function keep(key: string, entry: Kept): void {
  kept.set(key, entry)
  const [oldest] = kept.keys()
  if (kept.size > KEPT_SEARCHES && oldest !== undefined) kept.delete(oldest)
}

function pageSizeOf({preferences}: Session): number | undefined {
  if (preferences.pageSize === undefined) return MAX_PAGE
  const size = Number(preferences.pageSize)
  return Number.isInteger(size) && size >= MIN_PAGE && size <= MAX_PAGE ? size : undefined
}

function pagesOf(entry: Kept): number {
  return Math.ceil(entry.refs.length / entry.pageSize)
}

/** Each record as it is now; one that was deleted since the search is left out. */
function page(entry: Kept, searchId: string, pageIndex: number, session: Session): ReturnType<Operation> {
  const {dialect, context} = session
  const refs = entry.refs.slice((pageIndex - 1) * entry.pageSize, pageIndex * entry.pageSize)
  const records = refs.flatMap(({type, id}) => {
    const found = context.engine.get(type, {id})
    const table = recordTypeTagged(type)
    if (!found.ok || table === undefined) return []
    return [
      encodeRecord(`${dialect.prefix.core}record`, outgoing(found.record, table, context, entry.bodyOnly), dialect),
    ]
  })
  const list = `${dialect.prefix.core}recordList`
  const fields = counts(entry.refs.length, entry.pageSize, pageIndex, searchId, session)
  return {xml: result(true, [], `${fields}<${list}>${records.join('')}</${list}>`, session), records: records.length}
}

function counts(total: number, pageSize: number, pageIndex: number, searchId: string, session: Session): string {
  const p = session.dialect.prefix.core
  const field = (name: string, value: string | number): string => `<${p}${name}>${value}</${p}${name}>`
  const id = searchId === '' ? '' : field('searchId', searchId)
  const pages = Math.ceil(total / pageSize)
  return (
    field('totalRecords', total) +
    field('pageSize', pageSize) +
    field('totalPages', pages) +
    field('pageIndex', pageIndex) +
    id
  )
}

function result(isSuccess: boolean, details: readonly Detail[], fields: string, session: Session): string {
  const {dialect} = session
  const element = `${dialect.prefix.core}searchResult`
  const status = statusXml(isSuccess, details, dialect, false)
  return `<${element}${dialect.declare.core}>${status}${fields}</${element}>`
}
