import {resolve} from 'node:path'

import {readSettings} from './config.ts'
import {ConfigError, messageOf, UsageError} from './lib/core/errors.ts'
import {startEmbedded} from './lib/ledger/embedded.ts'
import {orderFaults} from './sandbox/faults.ts'
import {minuteLine} from './sandbox/minute.ts'
import {startSandbox, type Sandbox, type SandboxOptions} from './sandbox/start.ts'

type Flags = Readonly<{
  seed: number
  orders: number
  days?: number | undefined
  awkward: boolean
  latency: number
  concurrency: number
  suitetax: boolean
  books: boolean
  traffic: boolean
  rate?: number | undefined
  'webhooks-to'?: URL | undefined
  'webhook-time-scale': number
  faults?: string | undefined
  'shopify-port': number
  'netsuite-port': number
  folder: string | null
}>

/** Output: what was asked for, and what happens meanwhile. */
type Speech = Readonly<{print: (text: string) => void; note: (text: string) => void}>

const ORDERS_PER_MINUTE = 30
const DAYS = 7
const MINUTE_MS = 60_000

/** Runs the sandbox until the signal. Its Postgres is the ledger's server, with a schema of its own. */
export async function runSandbox(flags: Flags, signal: AbortSignal, {print, note}: Speech): Promise<void> {
  const settings = readSettings()
  const home = flags.folder === null ? settings.home : resolve(flags.folder, '.tieout')
  const databaseUrl = settings.databaseUrl ?? (await startEmbedded(home)).url
  const folder = flags.folder === null ? null : resolve(flags.folder)
  const written = folder === null ? null : {folder, home, databaseUrl: settings.databaseUrl}
  const sandbox = await start(flags, databaseUrl, written, note)
  const minutes = isLive(flags) ? tellEachMinute(sandbox, note) : undefined
  try {
    if (flags.faults !== undefined) await asked('--faults', () => orderFaults(flags.faults ?? '', sandbox))
    const to = flags['webhooks-to']?.href
    if (to !== undefined) await asked('--webhooks-to', () => sandbox.subscribe(to))
    if (flags.traffic) sandbox.play(flags.rate ?? ORDERS_PER_MINUTE)
    print(
      `Shopify  ${sandbox.shopifyUrl}  ${flags.orders} orders\nNetSuite ${sandbox.netsuiteUrl}  ${flags.concurrency} requests at once`,
    )
    if (folder !== null) print(`Configuration: ${folder}/.env and ${folder}/tieout.yaml; run tieout in that folder.`)
    print('Ctrl-C stops both; what they hold is gone then.')
    await new Promise<void>((done) => {
      if (signal.aborted) done()
      else signal.addEventListener('abort', () => done(), {once: true})
    })
  } finally {
    clearInterval(minutes)
    await sandbox.stop()
  }
}

function isLive(flags: Flags): boolean {
  return flags.traffic || flags['webhooks-to'] !== undefined
}

function tellEachMinute(sandbox: Sandbox, note: Speech['note']): NodeJS.Timeout {
  let before = sandbox.played()
  return setInterval(() => {
    const now = sandbox.played()
    note(minuteLine(before, now))
    before = now
  }, MINUTE_MS)
}

async function start(
  flags: Flags,
  databaseUrl: string,
  writeConfig: SandboxOptions['writeConfig'],
  note: Speech['note'],
): Promise<Sandbox> {
  try {
    return await startSandbox({
      ...flags,
      days: flags.days ?? DAYS,
      playsDays: flags.traffic && flags.days !== undefined,
      latencyMs: flags.latency,
      suiteTax: flags.suitetax,
      shopifyPort: flags['shopify-port'],
      netsuitePort: flags['netsuite-port'],
      databaseUrl,
      writeConfig,
      webhooks: {
        timeScale: flags['webhook-time-scale'],
        onRemoved: ({topic, uri}) => note(`Shopify removed the subscription to ${topic}: ${uri} failed too often`),
      },
    })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!CANNOT_START.has(code)) throw error
    throw new ConfigError('SANDBOX_NOT_STARTED', `the sandbox cannot start: ${messageOf(error)}`, {
      hint: 'give free ports to --shopify-port and --netsuite-port, and a writable folder to --write-config',
      cause: error,
    })
  }
}

/** A port that is taken or forbidden; a folder that cannot be written. */
const CANNOT_START = new Set(['EADDRINUSE', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC'])

/** What the sandbox cannot make sense of is the fault of the flag. */
async function asked(flag: string, work: () => Promise<void> | void): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw new UsageError('FLAGS_INVALID', `${flag}: ${messageOf(error)}`, {
      hint: 'docs/sandbox.md says what the sandbox takes',
      cause: error,
    })
  }
}
