import {checkChannels, closeAll, netsuiteSettings, rulesOf} from './app.ts'
import {readSettings} from './config.ts'
import {readContract} from './contract.ts'
import {systemClock} from './lib/core/clock.ts'
import {whereIs} from './lib/ledger/connection.ts'
import {ledgerState} from './lib/ledger/migrate.ts'
import {openLedger, type Ledger} from './lib/ledger/open.ts'
import {openPermits} from './lib/ledger/permits.ts'
import {createNetSuite} from './lib/netsuite/client.ts'
import type {Patient} from './lib/ops/check.ts'
import {createShopify} from './lib/shopify/client.ts'

/** The parts that doctor looks at, each opened when its check comes to it. Close it whatever happened. */
export function openPatient(
  signal: AbortSignal,
  note: (text: string) => void,
): Patient & Readonly<{close(): Promise<void>}> {
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
    const permits = openPermits((await ledger()).connection, {
      account: checked.netsuite.account,
      limit: 1,
      reserve: 0,
      waitersMax: 10,
    })
    const client = createNetSuite(netsuiteSettings(checked), {permits, clock: systemClock, signal})
    closers.unshift(
      () => client.close(),
      () => permits.close(),
    )
    return client
  })
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
    close: () => closeAll(closers),
  }
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
