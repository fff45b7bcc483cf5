import {resolve} from 'node:path'

import {readSettings} from './config.ts'
import {startEmbedded} from './lib/ledger/embedded.ts'
import {orderFaults} from './sandbox/faults.ts'
import {startSandbox} from './sandbox/start.ts'

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
  const sandbox = await startSandbox({
    ...flags,
    latencyMs: flags.latency,
    suiteTax: flags.suitetax,
    shopifyPort: flags['shopify-port'],
    netsuitePort: flags['netsuite-port'],
    databaseUrl,
    writeConfig: folder === null ? null : {folder, home, databaseUrl: settings.databaseUrl},
  })
  if (flags.faults !== undefined) await orderFaults(flags.faults, sandbox)
  print(
    `Shopify  ${sandbox.shopifyUrl}  ${flags.orders} orders\nNetSuite ${sandbox.netsuiteUrl}  ${flags.concurrency} requests at once`,
  )
  if (folder !== null) print(`Configuration: ${folder}/.env and ${folder}/tieout.yaml; run tieout in that folder.`)
  print('Ctrl-C stops both; what they hold is gone then.')
  await new Promise<void>((done) => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), {once: true})
  })
  await sandbox.stop()
}
