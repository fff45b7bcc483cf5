// Runs every benchmark, one after the other, and names the machine. Each prints ratios measured in one run; one that misses its bound fails.
import {spawnSync} from 'node:child_process'
import {readdirSync} from 'node:fs'
import {cpus, totalmem} from 'node:os'
import {fileURLToPath} from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const notBenchmarks = new Set(['run.ts', 'figures.ts'])
const wanted = process.argv.slice(2)
const [cpu] = cpus()
console.log(
  `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
)

const missed: string[] = []
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !notBenchmarks.has(name))
  .toSorted()) {
  const name = file.replace(/\.ts$/, '')
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const {status} = spawnSync(process.execPath, [`${folder}${file}`], {stdio: ['ignore', 'inherit', 'inherit']})
  if (status !== 0) missed.push(name)
}
if (missed.length > 0) console.log(`\nmissed their bounds: ${missed.join(', ')}`)
process.exitCode = missed.length > 0 ? 1 : 0
