import {Decimal} from 'decimal.js'

import {RejectedError} from '../../core/errors.ts'

/** NetSuite's amounts are xsd:double: beyond 15 significant digits a decimal would silently become its neighbour. */
const DIGITS_MAX = 15

/**
 * The decimal text as given, if a double holds it exactly. Throws RejectedError NETSUITE_VALUE_INVALID, which names
 * the field.
 */
export function sendableNumber(text: string, field: string, subject: string): string {
  if (new Decimal(text).precision() <= DIGITS_MAX) return text
  throw new RejectedError('NETSUITE_VALUE_INVALID', `${field} ${text} has more digits than NetSuite stores exactly`, {
    subject,
    hint: 'look at the amount in Shopify; NetSuite holds 15 significant digits',
  })
}

/**
 * Plain decimal text of a number as NetSuite writes it: Java prints doubles from ten million on as "1.0E7", SuiteQL may
 * print ".5". null where the text is no number.
 */
export function plainNumber(text: string): string | null {
  const match = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text.trim())
  return match ? new Decimal(text.trim()).toFixed() : null
}
