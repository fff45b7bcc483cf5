import type {Criterion, Operator} from '../engine-types.ts'
import {decodeRef, type Reading} from './decode.ts'
import {transactionStatuses} from './enum-ids.ts'
import {unreadable} from './faults.ts'
import {dayIn, parseInstant} from './instants.ts'
import {namespaceOf} from './namespaces.ts'
import {searchableTypes} from './schema/enums.ts'
import {searches, typeFilters, type SearchField, type SearchName} from './schema/search.ts'
import {notPlayed} from './session.ts'
import type {XmlNode} from './tree.ts'

/** What a search asks. `types`: record types of a type filter. `warning`: a value that NetSuite does not know. */
export type Criteria = Readonly<{
  criteria: readonly Criterion[]
  types: readonly string[] | undefined
  warning: string | undefined
}>

/** Finds the internal id of a reference by external id; undefined if there is no such record. */
export type Resolve = (field: string, externalId: string) => string | undefined

type Found = Readonly<{criterion?: Criterion; types?: readonly string[]; warning?: string}>

/**
 * Reads the basic part of a search. Throws SoapFault for an element out of place and for what the sandbox does not
 * play.
 */
export function readCriteria(basic: XmlNode, name: SearchName, reading: Reading, resolve: Resolve): Criteria {
  const type = searches[name]
  const uri = namespaceOf('common', reading.version)
  const found: Found[] = []
  let last = -1
  for (const node of basic.children) {
    const field = type.fields.get(node.local)
    if (field === undefined || node.uri !== uri || (reading.strictOrder && field.order <= last)) {
      const place = `${type.name}Basic - ${node.local}`
      throw unreadable(`org.xml.sax.SAXException: Invalid element in ${place} (or the sandbox does not compare it)`)
    }
    last = field.order
    if (field.kind === 'customs') found.push(...node.children.map(customCriterion))
    else found.push(criterionOf(node, field, reading, resolve))
  }
  return {
    criteria: found.flatMap(({criterion}) => (criterion === undefined ? [] : [criterion])),
    types: found.find(({types}) => types !== undefined)?.types,
    warning: found.find(({warning}) => warning !== undefined)?.warning,
  }
}

function criterionOf(node: XmlNode, field: SearchField, reading: Reading, resolve: Resolve): Found {
  if (field.name === 'type') return typeFilter(node)
  if (field.field === '') return {}
  const operator = node.attributes.get('operator')
  const values = searchValues(node).map((value) => value.text)
  switch (field.kind) {
    case 'flag':
      return {
        criterion: {
          field: field.field,
          operator: 'is',
          values: [/^\s*(?:true|1)\s*$/.test(values[0] ?? '') ? 'true' : 'false'],
        },
      }
    case 'refs':
      return {criterion: {field: field.field, operator: multi(operator), values: refValues(node, field, resolve)}}
    case 'enums':
      return statusFilter(field, multi(operator), values)
    case 'day':
    case 'instant':
      return {criterion: dateCriterion(field, operator, node, reading)}
    case 'textNumber':
    case 'long':
      return {criterion: {field: field.field, operator: known(numberOperators, operator), values}}
    default:
      return {criterion: {field: field.field, operator: known(stringOperators, operator), values}}
  }
}

function searchValues(node: XmlNode): readonly XmlNode[] {
  if (node.children.some((child) => child.local === 'predefinedSearchValue')) throw notPlayed('predefined search dates')
  return node.children.filter((child) => child.local === 'searchValue' || child.local === 'searchValue2')
}

function customCriterion(node: XmlNode): Found {
  if (node.type?.local !== 'SearchStringCustomField')
    throw notPlayed(`searches by ${node.type?.local ?? 'untyped fields'}`)
  const field = node.attributes.get('scriptId') ?? ''
  const operator = known(stringOperators, node.attributes.get('operator'))
  return {criterion: {field, operator, values: searchValues(node).map((value) => value.text)}}
}

const stringOperators: Readonly<Record<string, Operator>> = {
  is: 'is',
  isNot: 'isNot',
  contains: 'contains',
  startsWith: 'startsWith',
  empty: 'empty',
  notEmpty: 'notEmpty',
}

/** Numbers that are text (otherRefNum) and ids compare for equality only. */
const numberOperators: Readonly<Record<string, Operator>> = {
  equalTo: 'is',
  notEqualTo: 'isNot',
  empty: 'empty',
  notEmpty: 'notEmpty',
}

const dateOperators: Readonly<Record<string, Operator>> = {
  on: 'on',
  notOn: 'notOn',
  after: 'after',
  before: 'before',
  onOrAfter: 'onOrAfter',
  onOrBefore: 'onOrBefore',
  notAfter: 'onOrBefore',
  notBefore: 'onOrAfter',
  notOnOrAfter: 'before',
  notOnOrBefore: 'after',
  within: 'within',
  notWithin: 'notWithin',
  empty: 'empty',
  notEmpty: 'notEmpty',
}

function known(operators: Readonly<Record<string, Operator>>, operator: string | undefined): Operator {
  const found = operator === undefined ? undefined : operators[operator]
  if (found === undefined) throw notPlayed(`the search operator ${operator ?? '(none)'}`)
  return found
}

function multi(operator: string | undefined): Operator {
  return known({anyOf: 'anyOf', noneOf: 'noneOf'}, operator)
}

function refValues(node: XmlNode, field: SearchField, resolve: Resolve): string[] {
  return searchValues(node).map((value) => {
    const {internalId, externalId} = decodeRef(value)
    if (field.field === 'externalId') return externalId ?? ''
    if (internalId !== undefined || externalId === undefined) return internalId ?? ''
    return resolve(field.field, externalId) ?? ''
  })
}

/**
 * A search with a value that no enumeration has finds nothing and warns; it is no error (NetSuite help
 * section_N3518134).
 */
function typeFilter(node: XmlNode): Found {
  if (multi(node.attributes.get('operator')) !== 'anyOf') throw notPlayed('type filters other than anyOf')
  const values = searchValues(node).map((value) => value.text.trim())
  const unknown = values.find((value) => !searchableTypes.has(value))
  if (unknown !== undefined) return {types: [], warning: unknown}
  return {types: values.flatMap((value) => typeFilters[value] ?? [])}
}

/** States by their letters; those that the account never takes are compared as they are, and match nothing. */
function statusFilter(field: SearchField, operator: Operator, values: readonly string[]): Found {
  const unknown = values.find(
    (value) => !transactionStatuses.has(value.trim()) && !/^_(?!salesOrder)[a-z]\w*$/.test(value),
  )
  if (unknown !== undefined) return {types: [], warning: unknown}
  const letters = values.map((value) => transactionStatuses.get(value.trim()) ?? value)
  return {criterion: {field: field.field, operator, values: letters}}
}

function dateCriterion(field: SearchField, operator: string | undefined, node: XmlNode, reading: Reading): Criterion {
  const values = searchValues(node).map(({text}) => {
    const instant = parseInstant(text.trim())
    if (instant === undefined) throw unreadable(`org.xml.sax.SAXException: Invalid dateTime "${text}"`)
    return field.kind === 'day' ? dayIn(reading.timeZone, instant) : new Date(instant).toISOString()
  })
  return {field: field.field, operator: known(dateOperators, operator), values}
}
