import {RejectedError} from '../../core/errors.ts'

/** Characters that XML 1.0 cannot carry, even escaped (https://www.w3.org/TR/xml/#charsets). */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

/**
 * The text as given, if both channels can carry it unharmed; REST is held to the same rule, so that the channel does
 * not decide which text arrives. Throws RejectedError TEXT_NOT_SENDABLE, which names the field and the character.
 */
export function sendable(text: string, field: string, subject: string): string {
  const forbidden = FORBIDDEN.exec(text)?.[0]
  if (forbidden === undefined && text.isWellFormed()) return text
  const what =
    forbidden === undefined
      ? 'half a surrogate pair'
      : `U+${forbidden.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  throw new RejectedError('TEXT_NOT_SENDABLE', `${field} contains ${what}, which NetSuite cannot store`, {
    subject,
    hint: `remove the character from ${field} in Shopify, then retry the order`,
  })
}

/** Whether a text may stand in a record of NetSuite at all. */
export function isSendable(text: string): boolean {
  return !FORBIDDEN.test(text) && text.isWellFormed()
}
