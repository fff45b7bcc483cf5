import {closeAll, SMALLEST_LIMIT} from './app.ts'
import {checkChannels, netsuiteSettings, rulesOf, type Checked} from './checked.ts'
import {readSettings} from './config.ts'
import {readContract} from './contract.ts'
import {learnFrom, netsuiteLogin, shopifyLogin} from './knocks.ts'
import {systemClock} from './lib/core/clock.ts'
import {whereIs} from './lib/ledger/connection.ts'
import {ledgerState} from './lib/ledger/migrate.ts'
import {openLedger, type Ledger} from './lib/ledger/open.ts'
import {openPermits} from './lib/ledger/permits.ts'
import {createNetSuite, type NetSuite} from './lib/netsuite/client.ts'
import type {Patient} from './lib/ops/check.ts'
import type {Finding} from './lib/ops/doctor.ts'
import {createShopify} from './lib/shopify/client.ts'

/** Without these it is not known which systems, or there is nobody to tell. */
const NEEDED: ReadonlySet<string> = new Set(['settings of Shopify', 'settings of NetSuite', 'ledger'])

/** The parts that doctor looks at, each opened when its check comes to it. `learn` tells all processes what was found. Close it in any case. */
export function openPatient(
  signal: AbortSignal,
  note: (text: string) => void,
): Patient & Readonly<{learn(findings: readonly Finding[]): Promise<void>; close(): Promise<void>}> {
  const settings = readSettings()
  const closers: (() => Promise<void>)[] = []
  const contract = once(() => readContract(settings.contractFile))
  const shopifySettings = once(() => settings.shopify())
  const rules = () => rulesOf(contract(), shopifySettings().shop)
  const ledger = once(async () => {
    const opened = await openLedger({databaseUrl: settings.databaseUrl, home: settings.home, note})
    closers.unshift(() => opened.close())
    return opened
  })
  const shopify = once(() => {
    const client = createShopify({...shopifySettings(), clock: systemClock, signal})
    closers.unshift(async () => client.close())
    return client
  })
  const netsuite = once(async () => {
    const checked = {netsuite: settings.netsuite(), contract: contract(), rules: rules()}
    return openNetSuite(checked, await ledger(), signal, closers)
  })
  const logins = () => [netsuiteLogin(settings.netsuite()), shopifyLogin(shopifySettings())]
  return {
    shopifySettings,
    netsuiteSettings: () => settings.netsuite(),
    contract,
    channels: () => checkChannels(contract(), settings.netsuite()),
    rules,
    ledger: async () => ledgerFacts(await ledger()),
    shopify,
    netsuite,
    clock: systemClock,
    learn: async (findings) => {
      if (isComplete(findings)) await learnFrom((await ledger()).db, findings, logins())
    },
    close: () => closeAll(closers),
  }
}

function openNetSuite(
  checked: Omit<Checked, 'shopify'>,
  ledger: Ledger,
  signal: AbortSignal,
  closers: (() => Promise<void>)[],
): NetSuite {
  const permits = openPermits(ledger, {
    account: checked.netsuite.account,
    limit: checked.netsuite.concurrency ?? SMALLEST_LIMIT,
    isTold: checked.netsuite.concurrency !== null,
    reserve: 0,
    waitersMax: 10,
  })
  const client = createNetSuite(netsuiteSettings(checked), {permits, clock: systemClock, signal})
  closers.unshift(
    () => client.close(),
    () => permits.close(),
  )
  return client
}

function isComplete(findings: readonly Finding[]): boolean {
  return !findings.some(({check, state}) => NEEDED.has(check) && state === 'fail')
}

async function ledgerFacts(ledger: Ledger) {
  return {
    serverVersion: (await ledgerState(ledger.db, ledger.schemas)).serverVersion,
    where: whereIs(ledger.connection),
  }
}

function once<T>(make: () => T): () => T {
  let made: {value: T} | undefined
  return () => (made ??= {value: make()}).value
}
