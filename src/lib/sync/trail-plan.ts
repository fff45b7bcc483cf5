import {createHash} from 'node:crypto'

import {format} from '../core/money.ts'
import type {KeptPlan, PlanDocument} from '../ledger/types.ts'
import type {Ref, SalesOrder, SalesOrderLine, TaxDetail} from '../netsuite/types.ts'
import {planHash} from '../plan/hash.ts'
import {orderOf, type OrderDeps, type Work} from './work.ts'

type Fields = Record<string, string>

/**
 * The plan of an order for the ledger, once its customer is known; before that it would differ from itself. Where nothing
 * was done, the ledger held the same plan already.
 */
export function keptPlan(deps: Pick<OrderDeps, 'runId' | 'clock'>, work: Work): KeptPlan | undefined {
  const {salesOrder, job, writes} = work
  if (salesOrder === undefined || !('id' in salesOrder.entity)) return undefined
  if (work.did === 'unchanged' && writes.length === 0) return undefined
  const {legacyId, name} = orderOf(work)
  return {
    flow: job.flow,
    subject: job.subject,
    runId: deps.runId,
    externalId: salesOrder.externalId,
    planHash: planHash(salesOrder),
    plannedAt: work.plannedAt ?? deps.clock.now(),
    document: documentOf(salesOrder, new Set([legacyId, name])),
  }
}

/**
 * A plan without customer details: amounts, references and days as they are; addresses, e-mail address, texts and
 * whatever else people typed as fingerprints, which tell that they changed and not what they are.
 * @param own the order's own number and name, the only free texts that are kept
 */
export function documentOf(plan: SalesOrder, own: ReadonlySet<string>): PlanDocument {
  const mark = fingerprints(plan.externalId)
  const shown = (name: string, text: string) => (own.has(text) ? text : mark(name, text))
  const custom = Object.entries(plan.customFields).map(
    ([id, text]) => [`customFields.${id}`, shown(`customFields.${id}`, text)] as const,
  )
  return {
    fields: given({
      total: format(plan.total),
      tranDate: plan.tranDate,
      status: plan.status,
      otherRefNum: shown('otherRefNum', plan.otherRefNum),
      entity: idOf(plan.entity),
      subsidiary: idOf(plan.subsidiary),
      currency: idOf(plan.currency),
      terms: idOf(plan.terms),
      location: idOf(plan.location),
      shipMethod: idOf(plan.shipMethod),
      shippingCost: plan.shippingCost === null ? null : format(plan.shippingCost),
      shippingTaxCode: idOf(plan.shippingTaxCode),
      email: mark('email', plan.email),
      memo: mark('memo', plan.memo),
      billingAddress: mark('billingAddress', plan.billingAddress),
      shippingAddress: mark('shippingAddress', plan.shippingAddress),
      ...Object.fromEntries(custom),
      ...Object.fromEntries((plan.taxDetails ?? []).map(taxField)),
    }),
    lines: plan.lines.map((line) => ({key: line.key, fields: lineFields(line, mark)})),
  }
}

type Mark = (name: string, value: unknown) => string | null

function lineFields(line: SalesOrderLine, mark: Mark): Fields {
  return given({
    item: line.item.id,
    quantity: line.quantity?.toString() ?? null,
    amount: format(line.amount),
    description: mark(`${line.key}.description`, line.description),
    location: idOf(line.location),
    taxCode: idOf(line.taxCode),
    closed: line.isClosed ? 'yes' : null,
  })
}

function taxField({lineKey, taxCode, rate, amount}: TaxDetail): readonly [string, string] {
  return [`tax.${lineKey ?? 'shipping'}.${taxCode.id}.${rate}`, format(amount)]
}

/**
 * The start of a hash that is salted with order and field: it tells one value of the field from the next, and does not
 * show which orders share a value.
 */
function fingerprints(salt: string): Mark {
  return (name, value) => {
    if (value === null) return null
    const hash = createHash('sha256')
      .update(JSON.stringify([salt, name, value]))
      .digest('hex')
    return `~${hash.slice(0, 8)}`
  }
}

function idOf(ref: Ref | null): string | null {
  return ref !== null && 'id' in ref ? ref.id : null
}

function given(fields: Readonly<Record<string, string | null>>): Fields {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== null))
}
