const SPECIAL = /[&<>"\r]/
const ATTRIBUTE_SPECIAL = /[&<>"\r\n\t]/
/** What XML 1.0 cannot carry at all (production [2] Char): control characters, lone surrogates, U+FFFE and U+FFFF. */
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/u

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
  '\n': '&#xA;',
  '\t': '&#x9;',
}

/** Character data that reads back as the same text. What XML cannot carry becomes U+FFFD. */
export function escapeText(text: string): string {
  const sendable = FORBIDDEN.test(text) ? text.replace(new RegExp(FORBIDDEN, 'gu'), '\uFFFD') : text
  return SPECIAL.test(sendable) ? sendable.replace(/[&<>"\r]/g, (c) => references[c] ?? c) : sendable
}

/** An attribute value, without its quotes, that reads back as the same text. */
export function escapeAttribute(text: string): string {
  const sendable = FORBIDDEN.test(text) ? text.replace(new RegExp(FORBIDDEN, 'gu'), '\uFFFD') : text
  return ATTRIBUTE_SPECIAL.test(sendable) ? sendable.replace(/[&<>"\r\n\t]/g, (c) => references[c] ?? c) : sendable
}
