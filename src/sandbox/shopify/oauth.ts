import {randomHex} from './random.ts'

export type AppCredentials = Readonly<{
  accessToken: string
  clientId: string
  clientSecret: string
  /** Signs webhooks; default: the client secret, as on Shopify. */
  webhookSecret?: string
}>

/** A token of the client credentials grant lives a day; the answer always says a second less (Shopify: client credentials grant). */
const LIFETIME_S = 86_399

/** The tokens that the shop accepts: the app's permanent one, and those it was granted. */
export class Tokens {
  readonly #credentials: AppCredentials
  readonly #scopes: readonly string[]
  readonly #now: () => Date
  readonly #random: () => number
  readonly #expiry = new Map<string, number>()

  constructor(credentials: AppCredentials, scopes: readonly string[], now: () => Date, random: () => number) {
    this.#credentials = credentials
    this.#scopes = scopes
    this.#now = now
    this.#random = random
  }

  isValid(token: string | undefined): boolean {
    if (token === undefined || token === '') return false
    return token === this.#credentials.accessToken || (this.#expiry.get(token) ?? 0) > this.#now().getTime()
  }

  /** Answers a request for a token: HTTP status and body. */
  grant(form: URLSearchParams): Readonly<{status: number; body: Readonly<Record<string, unknown>>}> {
    const refused = (error: string, description: string) => ({
      status: 400,
      body: {error, error_description: description},
    })
    if (form.get('grant_type') !== 'client_credentials') {
      return refused('unsupported_grant_type', 'The grant type is not supported.')
    }
    if (form.get('client_id') !== this.#credentials.clientId) {
      return refused('application_cannot_be_found', 'No application could be found with the supplied client id.')
    }
    if (form.get('client_secret') !== this.#credentials.clientSecret) {
      return refused('invalid_client', 'The client secret is invalid.')
    }
    const token = `shpat_${randomHex(this.#random, 32)}`
    this.#expiry.set(token, this.#now().getTime() + LIFETIME_S * 1000)
    return {status: 200, body: {access_token: token, scope: this.#scopes.join(','), expires_in: LIFETIME_S}}
  }

  clear(): void {
    this.#expiry.clear()
  }
}
