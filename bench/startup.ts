// How long `tieout --version` takes against Node with nothing but @oclif/core loaded, which is the least a command line on it can take.
import {spawnSync} from 'node:child_process'
import {fileURLToPath} from 'node:url'

import {median, print} from './figures.ts'

const run = fileURLToPath(new URL('../bin/run.js', import.meta.url))
const cwd = fileURLToPath(new URL('..', import.meta.url))
const RUNS = 15
/** `--version` may take this many times what Node with oclif core alone takes. */
const LIMIT = 2.5

function time(args: readonly string[]): number {
  const began = performance.now()
  const {status} = spawnSync(process.execPath, args, {cwd, stdio: 'ignore'})
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`)
  return performance.now() - began
}

const commands = {
  bare: ['-e', '0'],
  core: ['--input-type=module', '-e', "import('@oclif/core')"],
  version: [run, '--version'],
  help: [run, 'orders:push', '--help'],
} as const
const times: Record<keyof typeof commands, number[]> = {bare: [], core: [], version: [], help: []}
// In turn, so that a slow moment of the machine falls on all of them.
for (let i = 0; i <= RUNS; i++) {
  for (const [name, args] of Object.entries(commands) as [keyof typeof commands, readonly string[]][]) {
    const took = time(args)
    if (i > 0) times[name].push(took)
  }
}

const floor = median(times.core)
print('start-up', [
  ['node -e 0', `${median(times.bare).toFixed(0)} ms`, ''],
  ['node with @oclif/core', `${floor.toFixed(0)} ms`, '1.00'],
  ['tieout --version', `${median(times.version).toFixed(0)} ms`, (median(times.version) / floor).toFixed(2)],
  ['tieout orders:push --help', `${median(times.help).toFixed(0)} ms`, (median(times.help) / floor).toFixed(2)],
])
if (median(times.version) / floor > LIMIT) process.exitCode = 1
