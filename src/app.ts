import {readAll, readSettings, type NetSuiteSettings, type Settings, type ShopifySettings} from './config.ts'
import {readContract, type Contract} from './contract.ts'
import {systemClock, type Clock} from './lib/core/clock.ts'
import {ConfigError} from './lib/core/errors.ts'
import {whereIs} from './lib/ledger/connection.ts'
import {ledgerState} from './lib/ledger/migrate.ts'
import {openLedger, type Ledger} from './lib/ledger/open.ts'
import {openPermits, type PermitPool} from './lib/ledger/permits.ts'
import {beginRun, endRun} from './lib/ledger/runs.ts'
import {createNetSuite, type NetSuite} from './lib/netsuite/client.ts'
import {itemBook} from './lib/ops/item-book.ts'
import type {ItemBook, OrderRules} from './lib/plan/types.ts'
import type {Patient} from './lib/ops/doctor.ts'
import {createShopify, type Shopify} from './lib/shopify/client.ts'

/** What a command asks for. `run`: the command changes something, so the ledger keeps who ran it and how it ended. */
export type Needs = Readonly<{remotes?: boolean; run?: boolean; shop?: string | undefined}>

type Opening = Needs &
  Readonly<{command: string; argv: readonly string[]; signal: AbortSignal; note: (text: string) => void}>

/** Everything a command works with. `remotes` is there when the command asked for it. */
export type App = Readonly<{
  settings: Settings
  clock: Clock
  ledger: Ledger
  runId: string
  remotes(): Remotes
  close(outcome: string): Promise<void>
}>

export type Remotes = Readonly<{
  contract: Contract
  shop: string
  rules: OrderRules
  shopify: Shopify
  netsuite: NetSuite
  items(skus: readonly string[]): Promise<ItemBook>
  /** Requests sent so far, by system. */
  requests: Readonly<{shopify: number; netsuite: number}>
}>

/** NetSuite's smallest tier; used until the account says what it allows. */
const SMALLEST_LIMIT = 5

/** The composition root: the only place that constructs clients, pools and clocks. Checks all settings before it opens anything. */
export async function openApp(opening: Opening): Promise<App> {
  const settings = readSettings()
  const checked = opening.remotes === true ? check(settings, opening.shop) : null
  const ledger = await openLedger({
    databaseUrl: settings.databaseUrl ?? undefined,
    home: settings.home,
    note: opening.note,
  })
  const closers: (() => Promise<void>)[] = [() => ledger.close()]
  try {
    const remotes = checked === null ? null : await openRemotes(checked, ledger, opening, closers)
    const runId =
      opening.run === true
        ? (await beginRun(ledger.db, {command: opening.command, flags: opening.argv, who: settings.who})).id
        : ''
    const close = async (outcome: string) => {
      if (runId !== '') await endRun(ledger.db, runId, {outcome, counts: remotes?.requests ?? null})
      await closeAll(closers)
    }
    return {settings, clock: systemClock, ledger, runId, remotes: () => thatWasAsked(remotes), close}
  } catch (error) {
    await closeAll(closers)
    throw error
  }
}

type Checked = Readonly<{shopify: ShopifySettings; netsuite: NetSuiteSettings; contract: Contract; rules: OrderRules}>

/** Settings of both systems and the contract; every fault of all of them in one error. */
function check(settings: Settings, shop: string | undefined): Checked {
  const [shopify, netsuite, contract] = readAll(
    () => settings.shopify(),
    () => settings.netsuite(),
    () => readContract(settings.contractFile),
  )
  const rules = rulesOf(contract, shopify.shop, shop)
  if (contract.netsuite.channels.salesOrder === 'soap' && netsuite.tba === null) {
    throw new ConfigError(
      'CHANNEL_WITHOUT_CREDENTIAL',
      'sales orders go by SOAP, which takes token-based authentication only, and no NETSUITE_TOKEN_ID is set',
      {
        hint: 'set the four TBA settings, or netsuite.channels.sales_order: rest in the contract',
      },
    )
  }
  return {shopify, netsuite, contract, rules}
}

/** The rules of the shop whose credentials we have. Throws ConfigError SHOP_NOT_IN_CONTRACT. */
function rulesOf(contract: Contract, own: string, asked: string | undefined): OrderRules {
  const rules = contract.shops.get(own)
  if (rules !== undefined && (asked === undefined || asked === own)) return rules
  const named = [...contract.shops.keys()].join(', ')
  throw new ConfigError(
    'SHOP_NOT_IN_CONTRACT',
    `the credentials are of ${own}, the contract names ${named}, and ${asked ?? own} was asked for`,
    {
      hint: 'the shop of SHOPIFY_SHOP must stand under shops: in the contract',
    },
  )
}

async function openRemotes(
  checked: Checked,
  ledger: Ledger,
  opening: Opening,
  closers: (() => Promise<void>)[],
): Promise<Remotes> {
  const requests = {shopify: 0, netsuite: 0}
  const {contract, rules} = checked
  const permits = openPermits(ledger.connection, {
    account: checked.netsuite.account,
    limit: checked.netsuite.concurrency ?? SMALLEST_LIMIT,
    reserve: contract.netsuite.reserve,
    waitersMax: 200,
  })
  closers.unshift(() => permits.close())
  const netsuite = createNetSuite(netsuiteSettings(checked), {
    permits,
    clock: systemClock,
    signal: opening.signal,
    onRequest: () => void requests.netsuite++,
  })
  closers.unshift(() => netsuite.close())
  const shopify = createShopify({
    ...checked.shopify,
    clock: systemClock,
    signal: opening.signal,
    onRequest: () => void requests.shopify++,
  })
  if (checked.netsuite.concurrency === null) await learnLimit(netsuite, permits)
  const items = (skus: readonly string[]) => itemBook(ledger.db, netsuite.queries, systemClock, skus)
  return {contract, shop: checked.shopify.shop, rules, shopify, netsuite, items, requests}
}

function netsuiteSettings({netsuite, contract, rules}: Omit<Checked, 'shopify'>) {
  return {
    account: netsuite.account,
    apiUrl: netsuite.apiUrl,
    tba: netsuite.tba,
    oauth2: netsuite.oauth2,
    apiVersion: contract.netsuite.apiVersion,
    channels: contract.netsuite.channels,
    timeZone: contract.netsuite.timeZone,
    lineField: rules.fields.line,
  }
}

/** The account says how many requests it allows at once; asking is also the first, lonely use of the credential. */
async function learnLimit(netsuite: NetSuite, permits: PermitPool): Promise<void> {
  permits.setLimit((await netsuite.governance()).limit)
}

function thatWasAsked(remotes: Remotes | null): Remotes {
  if (remotes === null)
    throw new ConfigError('REMOTES_NOT_OPEN', 'the command did not ask for the two systems', {hint: 'report this'})
  return remotes
}

async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of closers) await close()
}

/** The parts that doctor looks at, each opened when its check comes to it. Close it whatever happened. */
export function openPatient(
  signal: AbortSignal,
  note: (text: string) => void,
): Patient & Readonly<{close(): Promise<void>}> {
  const settings = readSettings()
  const closers: (() => Promise<void>)[] = []
  const contract = () => readContract(settings.contractFile)
  const rules = () => rulesOf(contract(), settings.shopify().shop, undefined)
  const ledger = once(async () => {
    const opened = await openLedger({databaseUrl: settings.databaseUrl ?? undefined, home: settings.home, note})
    closers.unshift(() => opened.close())
    return opened
  })
  const shopify = once(() => {
    const client = createShopify({
      ...settings.shopify(),
      apiUrl: settings.shopify().apiUrl ?? undefined,
      clock: systemClock,
      signal,
    })
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
    shopifySettings: () => settings.shopify(),
    netsuiteSettings: () => settings.netsuite(),
    rules,
    ledger: async () => ledgerFacts(await ledger()),
    shopify,
    netsuite,
    usesSoap: () => contract().netsuite.channels.salesOrder === 'soap',
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
