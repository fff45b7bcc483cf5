import {Decimal} from 'decimal.js'
import {describe, expect, test} from 'vitest'

import {payouts} from './cases-payouts.ts'
import {refunds} from './cases-refunds.ts'
import {type Case, sales} from './cases-sales.ts'
import {moved, parseT} from './t-accounts.ts'
import {balances, openWorld, type World} from './world.ts'

const cases = new Map(Object.entries({...sales, ...refunds, ...payouts}))

function caseOf(id: string): Case {
  const found = cases.get(id)
  if (found === undefined) throw new Error(`there is no case ${id}`)
  return found
}

function play(world: World, id: string): void {
  caseOf(id).setup?.(world)
  caseOf(id).run(world)
}

describe('each worked case leaves the T-accounts that an accountant draws for it', () => {
  test.each([...cases].map(([id, {title}]) => [id, title] as const))('case %s: %s', (id) => {
    const {after = [], setup, run, accounts} = caseOf(id)
    const world = openWorld()
    for (const before of after) play(world, before)
    setup?.(world)
    const before = balances(world)

    run(world)

    expect(moved(before, balances(world))).toEqual(parseT(accounts))
  })
})

/** The balances of the month in which all of them happen, from an empty ledger. */
const GOLDEN: Readonly<Record<string, string>> = {
  '1000': '3492.04', '1010': '1186.02', '1200': '-27.00', '2200': '-80.00', '2210': '-23.88', '2300': '-22.30', '2330': '-3.00',
  '4000': '-4706.20', '4100': '4.00', '4300': '-21.00', '4900': '20.00', '5000': '27.00', '6000': '117.61', '6030': '8.50',
  '6040': '29.00', '6090': '-1.25', '7000': '0.46',
} // prettier-ignore
const NOT_IN_THE_MONTH = new Set(['3b', '3c', '3d', '11b', '15b', '18', '19', '24b', '25'])

test('all cases in one month leave the trial balance of that month', () => {
  const world = openWorld()
  const month = [...cases.keys()].filter((id) => !NOT_IN_THE_MONTH.has(id))

  for (const id of month.sort((one, other) => Number(one) - Number(other))) play(world, id)

  const open = Object.entries(balances(world)).map(([number, [debit, credit]]) => {
    return [number, new Decimal(debit).minus(credit).toFixed(2)] as const
  })
  expect(Object.fromEntries(open.filter(([, balance]) => Number(balance) !== 0))).toEqual(GOLDEN)
})
