import {resolve} from 'node:path'

import {readSettings} from './config.ts'
import {ConfigError, messageOf, UsageError} from './lib/core/errors.ts'
import {startEmbedded} from './lib/ledger/embedded.ts'
import {orderFaults} from './sandbox/faults.ts'
import {startSandbox, type Sandbox} from './sandbox/start.ts'

type Flags = Readonly<{
  seed: number
  orders: number
  days: number
  awkward: boolean
  latency: number
  concurrency: number
  suitetax: boolean
  faults?: string | undefined
  'shopify-port': number
  'netsuite-port': number
  folder: string | null
}>

/** Runs the sandbox until the signal. Its Postgres is the ledger's server, with a schema of its own. */
export async function runSandbox(flags: Flags, signal: AbortSignal, print: (text: string) => void): Promise<void> {
  const settings = readSettings()
  const home = flags.folder === null ? settings.home : resolve(flags.folder, '.tieout')
  const databaseUrl = settings.databaseUrl ?? (await startEmbedded(home)).url
  const folder = flags.folder === null ? null : resolve(flags.folder)
  const sandbox = await start(flags, folder, home, databaseUrl, settings.databaseUrl)
  try {
    if (flags.faults !== undefined) await order(flags.faults, sandbox)
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
    await sandbox.stop()
  }
}

async function start(
  flags: Flags,
  folder: string | null,
  home: string,
  databaseUrl: string,
  named: string | null,
): Promise<Sandbox> {
  try {
    return await startSandbox({
      ...flags,
      latencyMs: flags.latency,
      suiteTax: flags.suitetax,
      shopifyPort: flags['shopify-port'],
      netsuitePort: flags['netsuite-port'],
      databaseUrl,
      writeConfig: folder === null ? null : {folder, home, databaseUrl: named},
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

async function order(faults: string, sandbox: Sandbox): Promise<void> {
  try {
    await orderFaults(faults, sandbox)
  } catch (error) {
    throw new UsageError('FLAGS_INVALID', `--faults: ${messageOf(error)}`, {
      hint: 'docs/sandbox.md names the faults',
      cause: error,
    })
  }
}
