import {hostname} from 'node:os'

import {alerting} from './alerting.ts'
import {check, netsuiteSettings, type Checked} from './checked.ts'
import {readSettings, type Settings, type ShopifySettings} from './config.ts'
import type {Contract} from './contract.ts'
import {leaveAlone, netsuiteKnock, netsuiteLogin, passCircuits, refusalOf, shopifyKnock} from './knocks.ts'
import {systemClock, type Clock} from './lib/core/clock.ts'
import {ConfigError, messageOf, SyncError} from './lib/core/errors.ts'
import {isConnectionFault, lost, orLost} from './lib/ledger/connection.ts'
import {openLedger, type Ledger} from './lib/ledger/open.ts'
import type {PermitPool} from './lib/ledger/permit-types.ts'
import {openPermits} from './lib/ledger/permits.ts'
import {beginRun, endRun} from './lib/ledger/runs.ts'
import {openShopBucket} from './lib/ledger/shop-bucket.ts'
import {createNetSuite, type NetSuite} from './lib/netsuite/client.ts'
import {itemBook} from './lib/ops/item-book.ts'
import type {ShopRules} from './lib/plan/life-types.ts'
import type {ItemBook} from './lib/plan/types.ts'
import {createShopify, type Shopify} from './lib/shopify/client.ts'
import {noteRequest} from './lib/sync/trail.ts'
import type {Knock} from './lib/sync/worker-gate.ts'

/**
 * What a command asks for. `remotes`: both systems, `later` without asking them anything now; `shopify`: that one alone.
 * `run`: the command changes something, so the ledger keeps who ran it and how it ended.
 */
export type Needs = Readonly<{remotes?: boolean | 'later'; shopify?: boolean; run?: boolean; shop?: string | undefined}>

type Opening = Needs &
  Readonly<{command: string; argv: readonly string[]; signal: AbortSignal; note: (text: string) => void}>

/** Everything a command works with. `remotes` is there when the command asked for it. */
export type App = Readonly<{
  settings: Settings
  clock: Clock
  ledger: Ledger
  runId: string
  remotes(): Remotes
  /** Shopify alone, for a command that asked for no more. */
  shopOnly(): Shop
  /** A connection to the database that broke, as DATABASE_LOST; any other error as it is. A refused credential is remembered. */
  explain(error: Error): Promise<Error>
  /** Tells people what they have not been told; close() does so by itself after a run. */
  alert(): Promise<void>
  close(outcome: string): Promise<void>
}>

type Shop = Readonly<{shop: string; shopify: Shopify}>

type Remotes = Readonly<{
  contract: Contract
  shop: string
  rules: ShopRules
  shopify: Shopify
  netsuite: NetSuite
  items(skus: readonly string[]): Promise<ItemBook>
  /** Requests sent so far, by system. */
  requests: Readonly<{shopify: number; netsuite: number}>
  /** How many requests NetSuite may have of us, and what of that is in use. */
  permits(): ReturnType<PermitPool['stats']>
  /** The one question to each system that shows whether it takes our credential. */
  knocks: Readonly<{shopify: Knock; netsuite: Knock}>
}>

/** NetSuite's smallest tier; used until the account says what it allows. */
export const SMALLEST_LIMIT = 5

/** The composition root: the only place that constructs clients, pools and clocks. Checks all settings before it opens anything. */
export async function openApp(opening: Opening): Promise<App> {
  const settings = readSettings()
  const checked = opening.remotes !== undefined && opening.remotes !== false ? check(settings, opening.shop) : null
  const shopSettings = opening.shopify === true ? settings.shopify() : null
  const alerts = opening.run === true ? settings.alerts() : null
  const ledger = await openLedger({
    databaseUrl: settings.databaseUrl ?? undefined,
    home: settings.home,
    note: opening.note,
  })
  const closers: (() => Promise<void>)[] = [() => ledger.close()]
  const {note: log, signal} = opening
  const alert = alerts === null ? nothing : alerting({alerts, ledger, clock: systemClock, log, signal})
  let runId = ''
  let remotes: Remotes | null = null
  let shop: Shop | null = null
  const close = async (outcome: string) => {
    try {
      if (runId !== '') await endRun(ledger.db, runId, {outcome, counts: remotes?.requests ?? null})
      await alert()
    } catch (error) {
      // The command has told already why it ended. Without its database the run stays open: status shows it as killed.
      if (!isConnectionFault(error)) throw error
    } finally {
      await closeAll(closers)
    }
  }
  try {
    // The run begins before the two systems are asked, so that a refused credential leaves a trace, too.
    if (opening.run === true) runId = (await beginRun(ledger.db, runOf(opening, settings))).id
    if (checked !== null) remotes = await openRemotes(checked, ledger, opening, closers)
    if (shopSettings !== null) shop = openShop(shopSettings, ledger, opening, closers)
  } catch (error) {
    await close(error instanceof SyncError ? error.code : messageOf(error))
    throw isConnectionFault(error) ? lost(ledger.connection, error) : error
  }
  const explain = async (error: Error) => {
    if (isConnectionFault(error)) return lost(ledger.connection, error)
    await leaveAlone(ledger.db, Object.values(remotes?.knocks ?? {}), error)
    return error
  }
  const opened = {remotes: () => thatWasAsked(remotes), shopOnly: () => thatWasAsked(shop)}
  return {settings, clock: systemClock, ledger, runId, ...opened, explain, alert, close}
}

const nothing = () => Promise.resolve()

function runOf({command, argv}: Opening, {who}: Settings) {
  return {command, flags: argv, who, host: hostname()}
}

async function openRemotes(
  checked: Checked,
  ledger: Ledger,
  opening: Opening,
  closers: (() => Promise<void>)[],
): Promise<Remotes> {
  const requests = {shopify: 0, netsuite: 0}
  const {contract, rules} = checked
  const permits = openPermits(ledger, {
    account: checked.netsuite.account,
    limit: checked.netsuite.concurrency ?? SMALLEST_LIMIT,
    isTold: checked.netsuite.concurrency !== null,
    reserve: contract.netsuite.reserve,
    waitersMax: 200,
  })
  closers.unshift(() => permits.close())
  const netsuite = createNetSuite(netsuiteSettings(checked), {
    permits,
    clock: systemClock,
    signal: opening.signal,
    onRequest: (note) => {
      requests.netsuite++
      noteRequest({system: 'netsuite', ...note})
    },
    leftAlone: () => orLost(ledger.connection, () => refusalOf(ledger.db, netsuiteLogin(checked.netsuite))),
  })
  closers.unshift(() => netsuite.close())
  const {shopify} = openShop(checked.shopify, ledger, opening, closers, requests)
  const knocks = {
    shopify: shopifyKnock(checked.shopify, shopify),
    netsuite: netsuiteKnock(checked.netsuite, netsuite, permits),
  }
  if (opening.remotes !== 'later') await greet(ledger, knocks, checked.netsuite.concurrency === null)
  const items = (skus: readonly string[]) => itemBook(ledger.db, netsuite.queries, systemClock, skus)
  return {
    contract,
    shop: checked.shopify.shop,
    rules,
    shopify,
    netsuite,
    items,
    requests,
    permits: () => permits.stats(),
    knocks,
  }
}

function openShop(
  settings: ShopifySettings,
  ledger: Ledger,
  {signal}: Opening,
  closers: (() => Promise<void>)[],
  requests = {shopify: 0},
): Shop {
  const throttle = openShopBucket(ledger, {...bucketOf(settings), clock: systemClock})
  closers.unshift(() => throttle.close())
  const shopify = createShopify({
    ...settings,
    throttle,
    clock: systemClock,
    signal,
    onRequest: (note) => {
      requests.shopify++
      noteRequest({system: 'shopify', channel: 'graphql', records: null, ...note})
    },
  })
  return {shop: settings.shop, shopify}
}

/** An app has a bucket of its own on each shop. A static token does not name its app; it is the custom app of this shop. */
function bucketOf({shop, credentials}: ShopifySettings): {shop: string; app: string} {
  return {shop, app: credentials.kind === 'client' ? credentials.clientId : 'custom app'}
}

/** Leaves alone what refused the credential before. Then the account says how many requests it allows at once, if it is to. */
async function greet(ledger: Ledger, knocks: Remotes['knocks'], isToLearn: boolean): Promise<void> {
  await passCircuits(ledger.db, Object.values(knocks))
  if (!isToLearn) return
  try {
    await knocks.netsuite.ask()
  } catch (error) {
    await leaveAlone(ledger.db, [knocks.netsuite], error)
    throw error
  }
}

function thatWasAsked<T>(opened: T | null): T {
  if (opened === null)
    throw new ConfigError('REMOTES_NOT_OPEN', 'the command did not ask for the two systems', {hint: 'report this'})
  return opened
}

/** Closes what was opened, the latest first. */
export async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of closers) await close()
}
