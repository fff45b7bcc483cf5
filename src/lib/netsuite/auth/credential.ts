import {ConfigError} from '../../core/errors.ts'
import type {Clock} from '../../core/clock.ts'
import {answerMalformed} from '../faults.ts'
import type {Governor} from '../governor.ts'
import type {Hosts} from '../hosts.ts'
import type {Http} from '../http.ts'
import {restDetail} from '../rest/detail.ts'
import {restFault} from '../rest/faults.ts'
import {isObject, jsonText, parseJson} from '../rest/json.ts'
import {clientAssertion, readKey, tokenForm, tokenSource, type AccessToken, type OAuth2Credential} from './oauth2.ts'
import {tbaAuthorizer} from './tba.ts'
import type {TbaCredential} from './token-passport.ts'
import type {Authorizer} from './authorize.ts'

/** How REST requests are authorised; `forget` drops what was cached after a refusal. */
export type RestCredential = Readonly<{authorizer: Authorizer; forget(): void}>

type Given = Readonly<{tba: TbaCredential | null; oauth2: OAuth2Credential | null}>
type Deps = Readonly<{http: Http; governor: Governor; clock: Clock; timeoutMs: number}>

/**
 * OAuth 2.0 where there is a certificate, because token-based authentication ends; else token-based authentication.
 * Throws ConfigError NETSUITE_CREDENTIALS_MISSING where there is neither, NETSUITE_KEY_INVALID for a bad key.
 */
export function restCredential({tba, oauth2}: Given, hosts: Hosts, deps: Deps): RestCredential {
  if (oauth2 !== null) {
    const key = readKey(oauth2.privateKey)
    return tokenSource(deps.clock, () =>
      askToken(clientAssertion(oauth2, key, hosts.token, deps.clock.now()), hosts, deps),
    )
  }
  if (tba !== null) return {authorizer: tbaAuthorizer(hosts.realm, tba, deps.clock), forget: () => undefined}
  throw new ConfigError('NETSUITE_CREDENTIALS_MISSING', 'there is no credential for NetSuite', {
    hint: 'set NETSUITE_CLIENT_ID, NETSUITE_CERTIFICATE_ID and NETSUITE_PRIVATE_KEY_FILE, or the four token settings',
  })
}

/** One token request. A refusal (invalid_grant and its like) is CredentialError NETSUITE_LOGIN_REFUSED. */
function askToken(assertion: string, hosts: Hosts, {http, governor, timeoutMs}: Deps): Promise<AccessToken> {
  const asked = {operation: 'token', write: false, url: hosts.token}
  return governor.run({channel: 'oauth', operation: 'token', records: 0, write: false}, async () => {
    const answer = await http.send({
      ...asked,
      method: 'POST',
      headers: {'content-type': 'application/x-www-form-urlencoded', accept: 'application/json'},
      body: tokenForm(assertion),
      timeoutMs,
    })
    if (answer.status !== 200) throw restFault(answer, restDetail(answer), asked)
    const body = parseJson(answer.body)
    const token = isObject(body) ? jsonText(body['access_token']) : null
    // Oracle's samples give the life as text in one place and as a number in another.
    const expiresInS = isObject(body) ? Number(jsonText(body['expires_in'])) : NaN
    if (token === null || !(expiresInS > 0)) throw answerMalformed('token', false, 'it holds no token')
    return {value: {token, expiresInS}, requestId: null}
  })
}
