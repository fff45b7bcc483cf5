import {createHash} from 'node:crypto'

import type {NetSuiteSettings, ShopifySettings} from './config.ts'
import {CredentialError} from './lib/core/errors.ts'
import {claimProbe, closeCircuit, isOfSystem, listCircuits, openCircuit, postponeProbe, type Circuit, type Login} from './lib/ledger/circuits.ts' // prettier-ignore
import {isConnectionFault} from './lib/ledger/connection.ts'
import type {Db} from './lib/ledger/types.ts'
import type {PermitPool} from './lib/ledger/permit-types.ts'
import type {NetSuite} from './lib/netsuite/client.ts'
import type {Finding} from './lib/ops/doctor.ts'
import type {Shopify} from './lib/shopify/client.ts'
import type {Knock} from './lib/sync/worker-gate.ts'

/** Refusals of the credential itself. Another question might be allowed where a permission or a scope is missing. */
const REFUSED: ReadonlySet<string> = new Set([
  'NETSUITE_LOGIN_REFUSED',
  'SHOPIFY_TOKEN_REFUSED',
  'SHOPIFY_SHOP_UNAVAILABLE',
])

export function netsuiteLogin({account, tba, oauth2}: NetSuiteSettings): Login {
  const ids = [tba?.consumerKey, tba?.tokenId, oauth2?.clientId, oauth2?.certificateId]
  return {system: `netsuite:${account}`, fingerprint: fingerprint(ids)}
}

export function shopifyLogin({shop, credentials}: ShopifySettings): Login {
  // A permanent token has no name of its own; 64 bits of a digest do not lead back to its 128.
  const ids = credentials.kind === 'client' ? [credentials.clientId] : [fingerprint([credentials.accessToken])]
  return {system: `shopify:${shop}`, fingerprint: fingerprint(ids)}
}

/** NetSuite's question is what it allows at once, which is worth knowing in any case. */
export function netsuiteKnock(
  settings: NetSuiteSettings,
  netsuite: Pick<NetSuite, 'governance' | 'forgive'>,
  permits: Pick<PermitPool, 'setLimit'>,
): Knock {
  return {
    login: netsuiteLogin(settings),
    forgive: () => netsuite.forgive(),
    async ask() {
      netsuite.forgive()
      const {limit, accountLimit, integrationLimit} = await netsuite.governance()
      // Where the account does not say, nothing was learnt.
      if (accountLimit !== null || integrationLimit !== null) permits.setLimit(limit)
    },
  }
}

export function shopifyKnock(settings: ShopifySettings, shopify: Pick<Shopify, 'shopInfo'>): Knock {
  return {
    login: shopifyLogin(settings),
    forgive: () => undefined,
    ask: async () => void (await shopify.shopInfo()),
  }
}

function fingerprint(ids: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(ids)).digest('hex').slice(0, 16)
}

/**
 * Before a command uses the systems: where one refused this credential, the recorded CredentialError is thrown, without asking it
 * again. When the next question is due, or the credential is another one, the command asks it first.
 */
export async function passCircuits(db: Db, knocks: readonly Knock[]): Promise<void> {
  for (const circuit of await listCircuits(db)) {
    const knock = knocks.find(({login}) => login.system === circuit.system)
    if (knock === undefined) continue
    const isOurs = circuit.fingerprint === knock.login.fingerprint
    if (isOurs && !(await claimProbe(db, knock.login))) throw recorded(circuit)
    await ask(db, knock, circuit)
  }
}

async function ask(db: Db, knock: Knock, circuit: Circuit): Promise<void> {
  const isOurs = circuit.fingerprint === knock.login.fingerprint
  try {
    await knock.ask()
  } catch (error) {
    if (isOurs) await postponeProbe(db, circuit, error instanceof CredentialError ? error : null)
    throw error
  }
  await closeCircuit(db, circuit.system)
}

/** The refusal of this credential that is on record. */
export async function refusalOf(db: Db, login: Login): Promise<CredentialError | null> {
  const circuits = await listCircuits(db)
  const circuit = circuits.find(({system, fingerprint}) => system === login.system && fingerprint === login.fingerprint)
  return circuit === undefined ? null : recorded(circuit)
}

function recorded({code, message, hint, openedAt, nextProbeAt}: Circuit): CredentialError {
  const [since, next] = [openedAt, nextProbeAt].map((time) => `${time.toISOString().slice(0, 19)}Z`)
  return new CredentialError(code, `${message} (since ${since}; not asked again before ${next})`, {
    hint: `${hint}. When it is mended, tieout doctor asks at once`,
  })
}

/** A credential that was refused is left alone from now on, by every process. Without its database nobody can be told. */
export async function leaveAlone(db: Db, knocks: readonly Knock[], error: unknown): Promise<void> {
  if (!(error instanceof CredentialError) || !REFUSED.has(error.code)) return
  const knock = knocks.find(({login}) => isOfSystem(error, login))
  try {
    if (knock !== undefined) await openCircuit(db, knock.login, error)
  } catch (second) {
    if (!isConnectionFault(second)) throw second
  }
}

/**
 * What doctor found is an answer for everybody: a system none of whose checks was refused may be used again, one that refused the
 * credential is left alone.
 */
export async function learnFrom(db: Db, findings: readonly Finding[], logins: readonly Login[]): Promise<void> {
  for (const login of logins) {
    const name = login.system.startsWith('netsuite:') ? 'NetSuite' : 'Shopify'
    const ofSystem = findings.filter(({check}) => check.startsWith(`${name} `))
    const refused = ofSystem.find(({code}) => code !== null && REFUSED.has(code))
    if (refused !== undefined) {
      await openCircuit(db, login, {code: refused.code ?? '', message: refused.detail, hint: refused.next ?? ''})
    } else if (ofSystem.every(({state}) => state === 'ok' || state === 'warn')) {
      await closeCircuit(db, login.system)
    }
  }
}
