import fc from 'fast-check'
import {expect, test} from 'vitest'

import type {PlanDocument} from '../../../src/lib/ledger/types.ts'
import {planChanges, planText} from '../../../src/lib/ops/plan-diff.ts'

const fields = fc.dictionary(fc.constantFrom('total', 'terms', 'memo', 'email'), fc.constantFrom('a', 'b', '~0001', '~0002')) // prettier-ignore
const lines = fc.uniqueArray(fc.record({key: fc.constantFrom('1', '2', '3', 'tip'), fields}), {
  selector: ({key}) => key,
})
const document = fc.record({fields, lines})

/** Every field by its name, as the changes name it. */
function flat(plan: PlanDocument): Map<string, string> {
  const ofLines = plan.lines.flatMap(({key, fields}) =>
    Object.entries(fields).map(([name, value]) => [`lines.${key}.${name}`, value] as const),
  )
  return new Map([...Object.entries(plan.fields), ...ofLines])
}

test('the changes turn the plan before into the plan after, and name nothing that is alike', () => {
  fc.assert(
    fc.property(document, document, (before, after) => {
      const held = flat(before)
      for (const change of planChanges(before, after)) {
        expect(held.get(change.field) ?? null).toBe(change.before)
        expect(change.before).not.toBe(change.after)
        if (change.after === null) held.delete(change.field)
        else held.set(change.field, change.after)
      }
      expect(held).toEqual(flat(after))
    }),
  )
})

const tee = {key: '11', fields: {item: '1201', quantity: '3', amount: '60.00 USD', description: '~aa'}}
const cap = {key: '12', fields: {item: '1202', quantity: '1', amount: '10.00 USD'}}
const plan = (change: Partial<PlanDocument['fields']>, ...of: PlanDocument['lines']): PlanDocument => ({
  fields: {total: '42.00 USD', shippingAddress: '~01', email: '~02', ...change},
  lines: of,
})

test('a first plan is told by its total, a later one by what is different', () => {
  expect(planText(null, plan({}, tee))).toBe('total 42.00 USD, 1 line')
  expect(planText(plan({}, tee, cap), plan({total: '37.50 USD'}, tee, {...cap, fields: {...cap.fields, quantity: '4'}}))).toBe(
    'total 42.00 USD → 37.50 USD; line 2 quantity 1 → 4',
  )
  expect(planText(plan({}, tee, cap), plan({}, cap))).toBe('line 1 removed (item 1201, quantity 3, 60.00 USD)')
  expect(planText(plan({}, tee), plan({}, tee, cap))).toBe('line 2 added (item 1202, quantity 1, 10.00 USD)')
}) // prettier-ignore

test('that a detail of the customer changed is told, the detail is not', () => {
  const moved = plan(
    {shippingAddress: '~09', billingAddress: '~08'},
    {...tee, fields: {...tee.fields, description: '~bb'}},
  )

  expect(planText(plan({}, tee), moved)).toBe(
    'shipping address changed; billing address added; line 1 description changed',
  )
})

test('of many changes the first are named, the others counted', () => {
  const many = (value: string) => Object.fromEntries(Array.from({length: 30}, (_, i) => [`field${i}`, value]))

  expect(planText(plan(many('a')), plan(many('b')))).toMatch(/^field0 a → b; .*field7 a → b; and 22 more$/)
})
