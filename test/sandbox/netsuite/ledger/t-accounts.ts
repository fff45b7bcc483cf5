import {Decimal} from 'decimal.js'

import type {Movements} from './world.ts'

/**
 * Reads T-accounts as accountants write them, "1000: 80.45 | – = +80.45 · 1010: …": debits, credits and balance of each account.
 * Throws where a balance is not that of its sides.
 */
export function parseT(text: string): Movements {
  const movements: Movements = {}
  for (const part of text.replace(/\.$/, '').split(' · ')) {
    const [, number = '', debits = '', credits = '', balance = ''] =
      /^(\d+): (.+) \| (.+) = ([+-]?[\d.,]+)$/.exec(part) ?? []
    const [debit, credit] = [sum(debits), sum(credits)]
    if (!debit.minus(credit).equals(balance.replaceAll(',', ''))) throw new Error(`${part} does not add up`)
    movements[number] = [debit.toFixed(2), credit.toFixed(2)]
  }
  return movements
}

function sum(side: string): Decimal {
  if (side === '–') return new Decimal(0)
  return side.split(' + ').reduce((total, each) => total.plus(each.replaceAll(',', '')), new Decimal(0))
}

/** What moved between two states of the books; accounts that did not move are left out. */
export function moved(before: Movements, after: Movements): Movements {
  const movements: Movements = {}
  for (const [number, [debit, credit]] of Object.entries(after)) {
    const [debitBefore, creditBefore] = before[number] ?? ['0', '0']
    const both = [new Decimal(debit).minus(debitBefore), new Decimal(credit).minus(creditBefore)] as const
    if (!both.every((each) => each.isZero())) movements[number] = [both[0].toFixed(2), both[1].toFixed(2)]
  }
  return movements
}
