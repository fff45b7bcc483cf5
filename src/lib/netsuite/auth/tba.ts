import {createHmac} from 'node:crypto'

import OAuth from 'oauth-1.0a'

import type {Clock} from '../../core/clock.ts'
import type {Authorizer} from './authorize.ts'
import {freshNonce, type TbaCredential} from './token-passport.ts'

/**
 * OAuth 1.0a headers for REST (HMAC-SHA256; SHA-1 is refused since 2023.1). Query parameters are signed, the JSON
 * body and the realm are not (NetSuite help section_1534941295). Time comes from the clock, so that a skewed one can
 * be tested.
 */
export function tbaAuthorizer(realm: string, credential: TbaCredential, clock: Clock): Authorizer {
  const oauth = new OAuth({
    consumer: {key: credential.consumerKey, secret: credential.consumerSecret},
    realm,
    signature_method: 'HMAC-SHA256',
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  })
  oauth.getNonce = freshNonce
  oauth.getTimeStamp = () => Math.floor(clock.now().getTime() / 1000)
  const token = {key: credential.tokenId, secret: credential.tokenSecret}
  const authorize = (method: string, url: string) => oauth.toHeader(oauth.authorize({url, method}, token)).Authorization
  return () => Promise.resolve(authorize)
}
