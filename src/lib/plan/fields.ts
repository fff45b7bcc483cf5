import {decimalOf, zero} from '../core/money.ts'
import type {HeldSalesOrder, Ref, SalesOrder} from '../netsuite/types.ts'
import {addressFields} from './address-fields.ts'
import type {Field} from './field.ts'

type Draft = readonly [
  name: keyof SalesOrder,
  planned: string | null,
  held: string | null | undefined,
  kind?: Field['kind'],
]

/**
 * The fields of the head that the plan decides. What it leaves null (terms, method, subsidiary) is NetSuite's to fill
 * from its own defaults, and is not compared; shipping without a cost costs nothing.
 */
export function headerFields(planned: SalesOrder, held: HeldSalesOrder | null): Field[] {
  const cost = decimalOf(planned.shippingCost ?? zero(planned.total.currency))
  const drafts: Draft[] = [
    ['entity', idOf(planned.entity), held?.entityId],
    ['subsidiary', idOf(planned.subsidiary), held?.subsidiaryId],
    ['currency', idOf(planned.currency), held?.currencyId],
    ['tranDate', planned.tranDate, held?.tranDate],
    ['otherRefNum', planned.otherRefNum, held?.otherRefNum],
    ['memo', planned.memo, held?.memo],
    ['email', planned.email, held?.email],
    ['terms', idOf(planned.terms), held?.termsId],
    ['shipMethod', idOf(planned.shipMethod), held?.shipMethodId],
    ['shippingCost', cost, held?.shippingCost, 'decimal'],
  ]
  const fields = drafts
    .filter(([, value]) => value !== null)
    .map(([name, value, other, kind = 'text']): Field => ({
      name,
      planned: value,
      held: other ?? null,
      kind,
      writes: name,
    }))
  const custom = Object.entries(planned.customFields).map(([id, value]) => {
    const other = held?.customFields[id] ?? null
    return {name: `customFields.${id}`, planned: value, held: other, kind: 'text', writes: 'customFields'} as const
  })
  return [...fields, ...addressFields(planned, held), ...custom]
}

/** What NetSuite computes: both totals. A wrong tax can be written under SuiteTax only; a wrong total never. */
export function totalFields(planned: SalesOrder, held: HeldSalesOrder): Field[] {
  const {currency} = planned.total
  const tax = {minor: (planned.taxDetails ?? []).reduce((sum, {amount}) => sum + amount.minor, 0n), currency}
  const writes = planned.taxDetails === null ? null : 'taxDetails'
  return [
    {name: 'taxTotal', planned: decimalOf(tax), held: held.taxTotal, kind: 'decimal', writes},
    {name: 'total', planned: decimalOf(planned.total), held: held.total, kind: 'decimal', writes: null},
  ]
}

/** What a new order shows beside the compared fields. NetSuite's answer does not carry it in a comparable form. */
export function newFields(planned: SalesOrder): Field[] {
  const details = (planned.taxDetails ?? []).map(
    ({lineKey, taxCode, rate, amount}) =>
      [`taxDetails.${lineKey ?? 'shipping'}.${taxCode.id}.${rate}`, decimalOf(amount)] as const,
  )
  const texts: (readonly [string, string | null])[] = [
    ['status', planned.status],
    ['location', idOf(planned.location)],
    ...details,
    ['total', decimalOf(planned.total)],
  ]
  return texts.map(([name, value]) => ({name, planned: value, held: null, kind: 'text', writes: null}))
}

function idOf(ref: Ref | null): string | null {
  return ref !== null && 'id' in ref ? ref.id : null
}
