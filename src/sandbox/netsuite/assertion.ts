import {constants, createPublicKey, type KeyObject, verify} from 'node:crypto'

export type AssertionRules = Readonly<{
  publicKey: string
  clientId: string
  certificateId: string
  audiences: readonly string[]
  /** Unix seconds. */
  now: number
}>

const HASHES: Readonly<Record<string, string>> = {
  PS256: 'sha256', PS384: 'sha384', PS512: 'sha512', ES256: 'sha256', ES384: 'sha384', ES512: 'sha512',
} // prettier-ignore
const SCOPES = new Set(['restlets', 'rest_webservices', 'suite_analytics'])
const LONGEST_LIFE_S = 3600
const CLOCK_DRIFT_S = 300

/**
 * Checks a client assertion (JWT) as NetSuite help section_162790605110 describes it.
 * Answers null when it is good, else the reason for the audit trail.
 */
export function verifyAssertion(jwt: string, rules: AssertionRules): string | null {
  const [head = '', body = '', signature = '', ...more] = jwt.split('.')
  const header = jsonOf(head)
  const claims = jsonOf(body)
  if (header === null || claims === null || signature === '' || more.length > 0) return 'MalformedAssertion'
  const algorithm = String(header['alg'])
  const hash = HASHES[algorithm]
  if (hash === undefined) return 'UnknownAlgorithm'
  if (header['kid'] !== rules.certificateId) return 'CertificateUnknown'
  if (!signed(`${head}.${body}`, signature, algorithm, hash, createPublicKey(rules.publicKey)))
    return 'InvalidSignature'
  return claimsProblem(claims, rules)
}

function claimsProblem(
  claims: Readonly<Record<string, unknown>>,
  {clientId, audiences, now}: AssertionRules,
): string | null {
  const {iss, aud, scope, iat, exp} = claims
  if (iss !== clientId) return 'consumer_key_unknown'
  if (![aud].flat().some((each) => typeof each === 'string' && audiences.includes(each))) return 'InvalidAudience'
  const scopes = [scope].flat().flatMap((each) => (typeof each === 'string' ? each.split(/[\s,]+/) : []))
  if (scopes.length === 0 || !scopes.every((each) => SCOPES.has(each))) return 'InvalidScope'
  if (typeof iat !== 'number' || typeof exp !== 'number') return 'MalformedAssertion'
  if (exp <= now || exp - iat > LONGEST_LIFE_S || iat > now + CLOCK_DRIFT_S) return 'InvalidTimestamp'
  return null
}

function signed(text: string, signature: string, algorithm: string, hash: string, key: KeyObject): boolean {
  const isEc = algorithm.startsWith('ES')
  if (key.asymmetricKeyType !== (isEc ? 'ec' : 'rsa')) return false
  const bytes = Buffer.from(signature, 'base64url')
  return isEc
    ? verify(hash, Buffer.from(text), {key, dsaEncoding: 'ieee-p1363'}, bytes)
    : verify(
        hash,
        Buffer.from(text),
        {key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO},
        bytes,
      )
}

function jsonOf(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
