import type {Change} from '../core/diff.ts'
import {zero} from '../core/money.ts'
import type {HeldSalesOrder, SalesOrder, SalesOrderChange} from '../netsuite/types.ts'
import {differs, headerFields, newFields, totalFields, type Field} from './fields.ts'
import {extraFields, lineFields, matchLines, type LineMatch} from './match.ts'

/**
 * What an update must write so that NetSuite holds the plan; null: nothing. Only what the plan decides is compared: a
 * field that it leaves null is NetSuite's, and so are the status and the addresses. The entity is compared where it is
 * an internal id: resolve it first. Lines are complete when any of them differs; a line without a plan is not among
 * them. An order or a line that was closed in NetSuite is never reopened: describeChanges shows it.
 */
export function changesTo(planned: SalesOrder, held: HeldSalesOrder): SalesOrderChange | null {
  const match = matchLines(planned.lines, held.lines)
  const changed = compared(planned, held, match).filter(differs)
  const writes = new Set(changed.flatMap(({writes: name}) => name ?? []))
  if (writes.size === 0) return null
  const hasNewLines = writes.delete('lines')
  if (hasNewLines && planned.taxDetails !== null) writes.add('taxDetails')
  if (writes.has('shippingCost') && planned.shippingTaxCode !== null) writes.add('shippingTaxCode')
  const fields = Object.fromEntries([...writes].map((name) => [name, valueOf(planned, name, changed)]))
  return {type: 'salesOrder', id: held.id, fields, lines: hasNewLines ? linesOf(match, held.status) : null}
}

/**
 * Every difference between the plan and what NetSuite holds, field by field, for people; lines by their keys.
 * @param held null: NetSuite holds nothing, everything planned is new
 */
export function describeChanges(planned: SalesOrder, held: HeldSalesOrder | null): Change[] {
  const match = matchLines(planned.lines, held?.lines ?? [])
  const changed = [
    ...compared(planned, held, match),
    ...(held === null ? newFields(planned) : statusFields(planned, held)),
  ]
  return changed.filter(differs).map((field) => ({field: field.name, held: field.held, planned: field.planned}))
}

function compared(planned: SalesOrder, held: HeldSalesOrder | null, {pairs, extra}: LineMatch): Field[] {
  const lines = [...pairs.flatMap(lineFields), ...extra.flatMap(extraFields)]
  return [...headerFields(planned, held), ...lines, ...(held === null ? [] : totalFields(planned, held))]
}

/** Closed as a whole (H) where the plan is open: someone decided so in NetSuite. */
function statusFields(planned: SalesOrder, {status}: HeldSalesOrder): Field[] {
  if (status !== 'H' || planned.lines.every((line) => line.isClosed)) return []
  return [{name: 'status', planned: planned.status, held: 'closed', kind: 'text', writes: null}]
}

function valueOf(planned: SalesOrder, name: keyof SalesOrder, changed: readonly Field[]): unknown {
  if (name === 'shippingCost') return planned.shippingCost ?? zero(planned.total.currency)
  if (name !== 'customFields') return planned[name]
  const differing = changed.filter(({writes}) => writes === 'customFields')
  return Object.fromEntries(differing.map((field) => [field.name.slice('customFields.'.length), field.planned]))
}

/** What is closed stays closed, and a line that joins a closed order is closed too: an open one would reopen it. */
function linesOf({pairs}: LineMatch, status: string): NonNullable<SalesOrderChange['lines']> {
  return pairs.map(({planned, held}) => ({
    line: held?.line ?? null,
    planned: status === 'H' || held?.isClosed === true ? {...planned, isClosed: true} : planned,
  }))
}
