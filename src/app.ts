import {readAll, readSettings, type NetSuiteSettings, type Settings, type ShopifySettings} from './config.ts'
import {readContract, type Contract} from './contract.ts'
import {systemClock, type Clock} from './lib/core/clock.ts'
import {ConfigError, messageOf, SyncError, UsageError} from './lib/core/errors.ts'
import {isConnectionFault, lost} from './lib/ledger/connection.ts'
import {openLedger, type Ledger} from './lib/ledger/open.ts'
import {openPermits, type PermitPool} from './lib/ledger/permits.ts'
import {beginRun, endRun} from './lib/ledger/runs.ts'
import {createNetSuite, type NetSuite} from './lib/netsuite/client.ts'
import {itemBook} from './lib/ops/item-book.ts'
import type {ItemBook, OrderRules} from './lib/plan/types.ts'
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
  /** A connection to the database that broke, as DATABASE_LOST; any other error as it is. */
  explain(error: Error): Error
  close(outcome: string): Promise<void>
}>

type Remotes = Readonly<{
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
  let runId = ''
  let remotes: Remotes | null = null
  const close = async (outcome: string) => {
    try {
      if (runId !== '') await endRun(ledger.db, runId, {outcome, counts: remotes?.requests ?? null})
    } catch (error) {
      // The command has told already why it ended. Without its database the run stays open: status shows it as killed.
      if (!isConnectionFault(error)) throw error
    } finally {
      await closeAll(closers)
    }
  }
  try {
    // The run begins before the two systems are asked, so that a refused credential leaves a trace, too.
    if (opening.run === true)
      runId = (await beginRun(ledger.db, {command: opening.command, flags: opening.argv, who: settings.who})).id
    if (checked !== null) remotes = await openRemotes(checked, ledger, opening, closers)
  } catch (error) {
    await close(error instanceof SyncError ? error.code : messageOf(error))
    throw error
  }
  const explain = (error: Error) => (isConnectionFault(error) ? lost(ledger.connection, error) : error)
  return {settings, clock: systemClock, ledger, runId, remotes: () => thatWasAsked(remotes), explain, close}
}

type Checked = Readonly<{shopify: ShopifySettings; netsuite: NetSuiteSettings; contract: Contract; rules: OrderRules}>

/** Settings of both systems and the contract; every fault of all of them in one error. */
function check(settings: Settings, asked: string | undefined): Checked {
  const [shopify, netsuite, contract] = readAll(
    () => settings.shopify(),
    () => settings.netsuite(),
    () => readContract(settings.contractFile),
  )
  if (asked !== undefined && asked !== shopify.shop) {
    throw new UsageError('FLAGS_INVALID', `--shop ${asked} is not the shop of the settings, ${shopify.shop}`, {
      hint: 'each set of credentials opens one shop: run in the folder whose .env names the other one',
    })
  }
  const [rules] = readAll(
    () => rulesOf(contract, shopify.shop),
    () => checkChannels(contract, netsuite),
  )
  return {shopify, netsuite, contract, rules}
}

/** Throws ConfigError CHANNEL_WITHOUT_CREDENTIAL where the contract sends by SOAP and no token is set. */
export function checkChannels(contract: Contract, netsuite: NetSuiteSettings): void {
  if (contract.netsuite.channels.salesOrder !== 'soap' || netsuite.tba !== null) return
  throw new ConfigError(
    'CHANNEL_WITHOUT_CREDENTIAL',
    'sales orders go by SOAP, which takes token-based authentication only, and no NETSUITE_TOKEN_ID is set',
    {hint: 'set the four TBA settings, or netsuite.channels.sales_order: rest in the contract'},
  )
}

/** The rules of the shop whose credentials we have. Throws ConfigError SHOP_NOT_IN_CONTRACT. */
export function rulesOf(contract: Contract, shop: string): OrderRules {
  const rules = contract.shops.get(shop)
  if (rules !== undefined) return rules
  const named = [...contract.shops.keys()].join(', ')
  throw new ConfigError('SHOP_NOT_IN_CONTRACT', `SHOPIFY_SHOP is ${shop}, the contract holds ${named}`, {
    hint: `write a block for ${shop} under shops: in the contract, or correct SHOPIFY_SHOP`,
  })
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

/** What the client of NetSuite takes from settings and contract. */
export function netsuiteSettings({netsuite, contract, rules}: Omit<Checked, 'shopify'>) {
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

/** Closes what was opened, the latest first. */
export async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of closers) await close()
}
