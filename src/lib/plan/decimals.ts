/** Decimal text without insignificant zeros: "24.00" → "24", "-0.0" → "0", ".5" → "0.5". Other text stays as it is. */
export function plainDecimal(text: string): string {
  const match = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text.trim())
  if (match === null || !/\d/.test(text)) return text.trim()
  const [, sign, whole = '', fraction = ''] = match
  const digits = `${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`
  return sign === '-' && digits !== '0' ? `-${digits}` : digits
}

/** Equal as numbers, whatever the scale in which each is written. */
export function isSameDecimal(a: string, b: string): boolean {
  return plainDecimal(a) === plainDecimal(b)
}
