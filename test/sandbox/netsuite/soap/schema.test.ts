import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {describe, expect, test} from 'vitest'

import {countryLetters, countryName, countryNames} from '../../../../src/sandbox/netsuite/soap/countries.ts'
import {transactionStatuses} from '../../../../src/sandbox/netsuite/soap/enum-ids.ts'
import {namespaceOf} from '../../../../src/sandbox/netsuite/soap/namespaces.ts'
import {enumerations, searchableTypes} from '../../../../src/sandbox/netsuite/soap/schema/enums.ts'
import type {Field} from '../../../../src/sandbox/netsuite/soap/schema/fields.ts'
import {allTypes} from '../../../../src/sandbox/netsuite/soap/schema/registry.ts'
import {searches, typeFilters} from '../../../../src/sandbox/netsuite/soap/schema/search.ts'
import {parseXml, type XmlNode} from '../../../../src/sandbox/netsuite/soap/tree.ts'
import {all} from './account.ts'

const folder = fileURLToPath(new URL('../../../../../shared/netsuite-wsdl', import.meta.url))
const exists = existsSync(folder)
if (!exists)
  console.warn(`NOTICE: ${folder} is absent; the tables of SOAP fields are not compared with Oracle's schema`)

type SchemaType = Readonly<{uri: string; elements: readonly Readonly<{name: string; type: string}>[]}>

function load(version: string): {types: Map<string, SchemaType>; enums: Map<string, string[]>} {
  const types = new Map<string, SchemaType>()
  const enums = new Map<string, string[]>()
  for (const file of readdirSync(`${folder}/${version}/xsd`)) {
    const root = parseXml(readFileSync(`${folder}/${version}/xsd/${file}`, 'utf8'))
    const uri = root.attributes.get('targetNamespace') ?? ''
    for (const node of root.children) {
      const name = node.attributes.get('name') ?? ''
      if (node.local === 'complexType') types.set(`${uri} ${name}`, {uri, elements: elementsOf(node)})
      if (node.local === 'simpleType')
        enums.set(
          name,
          all(node, 'enumeration').map((e) => e.attributes.get('value') ?? ''),
        )
    }
  }
  return {types, enums}
}

function elementsOf(node: XmlNode): SchemaType['elements'] {
  return all(node, 'element').map((element) => ({
    name: element.attributes.get('name') ?? '',
    type: (element.attributes.get('type') ?? '').replace(/^.*:/, ''),
  }))
}

/** Types of the schema that a field of each kind may have. */
const schemaTypes: Readonly<Partial<Record<Field['kind'], RegExp>>> = {
  text: /^string$/,
  flag: /^boolean$/,
  number: /^double$/,
  integer: /^(?:long|int)$/,
  day: /^dateTime$/,
  instant: /^dateTime$/,
  ref: /^RecordRef$/,
  custom: /^CustomFieldList$/,
}

const searchTypes: Readonly<Record<string, RegExp>> = {
  string: /^SearchStringField$/,
  textNumber: /^SearchTextNumberField$/,
  refs: /^SearchMultiSelectField$/,
  enums: /^SearchEnumMultiSelectField$/,
  flag: /^SearchBooleanField$/,
  day: /^SearchDateField$/,
  instant: /^SearchDateField$/,
  long: /^SearchLongField$/,
  customs: /^SearchCustomFieldList$/,
}

/** Types whose tables must hold every field of the schema; the others hold what the sandbox fills. */
const complete = new Set([
  'SalesOrder',
  'SalesOrderItem',
  'Customer',
  'CustomerAddressbook',
  'CustomerCurrency',
  'Address',
  'TaxDetails',
])

describe.runIf(exists)("the tables of SOAP fields agree with Oracle's schema", () => {
  describe.each(['2025_2', '2023_2'] as const)('%s', (version) => {
    const schema = exists ? load(version) : {types: new Map<string, SchemaType>(), enums: new Map<string, string[]>()}

    test.each(allTypes().map((type) => [type.name, type] as const))('%s: names, order and kinds', (name, type) => {
      const held = schema.types.get(`${namespaceOf(type.area, version)} ${name}`)
      const own = type.fields.filter((field) => field.kind !== 'nulls')
      const names = held?.elements.map((element) => element.name) ?? []
      const known = new Set(own.map((field) => field.name))
      expect(own.map((field) => field.name)).toEqual(names.filter((element) => known.has(element)))
      if (complete.has(name)) expect(own).toHaveLength(names.length)
      for (const field of own) {
        const actual = held?.elements.find((element) => element.name === field.name)?.type ?? ''
        if (field.kind === 'object') expect(actual).toBe(field.type)
        else if (field.kind === 'list') {
          const list = [...schema.types].find(([key]) => key.endsWith(` ${actual}`))?.[1]
          expect(list?.elements).toEqual([{name: field.row, type: field.type}])
        } else if (field.kind === 'enum' && field.values !== undefined) {
          expect([...field.values].sort(), field.name).toEqual(schema.enums.get(actual)?.sort())
        } else if (field.kind !== 'other' && field.kind !== 'enum')
          expect(actual, field.name).toMatch(schemaTypes[field.kind] ?? /^$/)
      }
    })

    test.each(Object.values(searches))('$name: criteria, their order and kinds', ({name, area, fields}) => {
      const basic = schema.types.get(`${namespaceOf('common', version)} ${name}Basic`)
      const names = basic?.elements.map((element) => element.name) ?? []
      expect([...fields.keys()]).toEqual(names.filter((element) => fields.has(element)))
      for (const field of fields.values()) {
        const actual = basic?.elements.find((element) => element.name === field.name)?.type
        expect(actual, field.name).toMatch(searchTypes[field.kind] ?? /^$/)
      }
      expect(schema.types.get(`${namespaceOf(area, version)} ${name}`)?.elements[0]?.name).toBe('basic')
    })

    test('countries, transaction types and states are those of the schema', () => {
      expect([...countryNames].sort()).toEqual(schema.enums.get('Country')?.sort())
      const types = [...(schema.enums.get('TransactionType') ?? []), ...(schema.enums.get('ItemType') ?? [])]
      expect(new Set(types)).toEqual(searchableTypes)
      const states = schema.enums.get('TransactionStatus') ?? []
      const orders = states.filter((state) => state.startsWith('_salesOrder'))
      expect([...transactionStatuses.keys()].filter((state) => !states.includes(state))).toEqual([])
      expect([...transactionStatuses.keys()].filter((state) => state.startsWith('_salesOrder')).sort()).toEqual(
        orders.sort(),
      )
    })
  })
})

test('every type filter of the sandbox is a type of the schema', () => {
  expect(Object.keys(typeFilters).filter((type) => !searchableTypes.has(type))).toEqual([])
})

test('country names and letters are a bijection', () => {
  expect(new Set(countryNames.map(countryLetters)).size).toBe(countryNames.length)
  expect(countryNames.map((name) => countryName(countryLetters(name) ?? ''))).toEqual(countryNames)
  expect(enumerations('Country').has('_unitedStates')).toBe(true)
})
