import {lists} from './lists.ts'
import type {RecordSchema} from './fields.ts'
import {moneyRecords} from './money.ts'
import {transactions} from './transactions.ts'

const all = [...transactions, ...moneyRecords, ...lists]
const byType = new Map(all.map((schema) => [schema.type.toLowerCase(), schema]))
const byGroup = Map.groupBy(all, (schema) => schema.group)

/** Types go by any case: the REST service writes salesOrder, SuiteQL and search ids salesorder. */
export function schemaOf(type: string): RecordSchema | undefined {
  return byType.get(type.toLowerCase())
}

/** The types that a reference to `target` (a type or a group) may point to. */
export function typesOf(target: string): readonly RecordSchema[] {
  const group = byGroup.get(target)
  if (group !== undefined) return group
  const schema = schemaOf(target)
  return schema === undefined ? [] : [schema]
}

export function allSchemas(): readonly RecordSchema[] {
  return all
}
