import {plainDecimal} from './decimals.ts'

/** How a value is compared. unread: the channel did not give what NetSuite holds. */
export type Kind = 'text' | 'decimal' | 'address' | 'state' | 'country' | 'phone' | 'unread'

/** Shopify lists two islands on their own that NetSuite counts to Saint Helena. */
const SAINT_HELENA: ReadonlySet<string> = new Set(['AC', 'TA'])

/**
 * The form in which values are compared: equal forms, equal values. Empty and absent are the same; so are line ends,
 * surrounding space and the scale of a number, and in addresses the space within, the case of codes and the
 * punctuation of a phone number, which NetSuite formats by a preference of its user.
 */
export function normal(kind: Kind, value: string | null): string {
  const text = (value ?? '').replace(/\r\n?/g, '\n').trim()
  switch (kind) {
    case 'decimal':
      return plainDecimal(text)
    case 'country':
      return SAINT_HELENA.has(text.toUpperCase()) ? 'SH' : text.toUpperCase()
    case 'state':
      return text.replace(/\s+/g, ' ').toUpperCase()
    case 'phone':
      return /\d/.test(text) ? text.replace(/[^\p{L}\d+]/gu, '') : text
    case 'address':
      return text.replace(/\s+/g, ' ')
    case 'text':
    case 'unread':
      return text
  }
}
