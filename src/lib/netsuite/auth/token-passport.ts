import {createHmac, randomBytes} from 'node:crypto'

/** Token-based authentication: one integration record (consumer) and one user and role (token). */
export type TbaCredential = Readonly<{
  consumerKey: string
  consumerSecret: string
  tokenId: string
  tokenSecret: string
}>

export type TokenPassport = Readonly<{
  account: string
  consumerKey: string
  token: string
  nonce: string
  timestamp: string
  signature: string
}>

/** 20 letters and digits, used once: NetSuite takes 6 to 64 and refuses a second use (help section_4395630653). */
export function freshNonce(): string {
  return randomBytes(10).toString('hex')
}

/**
 * The passport of one SOAP request. Another attempt needs another passport: nonce and timestamp are single use.
 * Base string and key join their parts with "&" and encode nothing (NetSuite help subsect_156935170194).
 */
export function tokenPassport(
  realm: string,
  credential: TbaCredential,
  now: Date,
  nonce: string = freshNonce(),
): TokenPassport {
  const timestamp = Math.floor(now.getTime() / 1000).toString()
  const base = [realm, credential.consumerKey, credential.tokenId, nonce, timestamp].join('&')
  const key = `${credential.consumerSecret}&${credential.tokenSecret}`
  const signature = createHmac('sha256', key).update(base).digest('base64')
  return {
    account: realm,
    consumerKey: credential.consumerKey,
    token: credential.tokenId,
    nonce,
    timestamp,
    signature,
  }
}
