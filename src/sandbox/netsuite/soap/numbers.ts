const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/
const DOUBLE = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

/** Plain decimal text of an xsd:double, or undefined if it is none or has no finite value. */
export function parseDouble(text: string): string | undefined {
  if (DECIMAL.test(text)) return plain(text)
  if (!DOUBLE.test(text)) return undefined
  const value = Number(text)
  if (!Number.isFinite(value)) return undefined
  return value.toLocaleString('en-US', {useGrouping: false, maximumFractionDigits: 20})
}

/** "+1." and ".5" are doubles of the schema, but not decimal text that a record should hold. */
function plain(text: string): string {
  const unsigned = text.startsWith('+') ? text.slice(1) : text
  const whole = unsigned.endsWith('.') ? unsigned.slice(0, -1) : unsigned
  return whole.replace(/^(-?)\./, '$10.')
}

/**
 * Decimal text as Java writes a double, which is what Axis sends: "40.0", "5.95", and "1.2345678E7" from ten million up
 * (Java SE API, Double.toString). That NetSuite answers so for large amounts is UNVERIFIED; the schema type allows it.
 */
export function doubleText(decimal: string): string {
  const value = Number(decimal)
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits = '0', exponent = '0'] = value.toExponential().split('e')
    return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
  }
  const text = String(value)
  return text.includes('.') ? text : `${text}.0`
}
