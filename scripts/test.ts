// Runs everything that must hold: types, lint, format, layers, dead code, then every test; ends with one line "N passed, N failed".
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

type VitestResult = Readonly<{
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numFailedTestSuites: number
}>

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

const checks: readonly Readonly<{name: string; command: string; args: readonly string[]}>[] = [
  {name: 'types', command: 'tsc', args: ['-p', 'tsconfig.json']},
  {name: 'lint', command: 'eslint', args: ['.', '--max-warnings=0']},
  {name: 'format', command: 'prettier', args: ['--check', '--log-level=warn', '.']},
  {
    name: 'layers',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'src', 'migrations'],
  },
  {name: 'dead code', command: 'knip', args: ['--no-progress']},
]

let passed = 0
let failed = 0
for (const {name, command, args} of checks) {
  const began = Date.now()
  const {status} = spawnSync(bin(command), args, {cwd: root, stdio: ['ignore', 'inherit', 'inherit']})
  const seconds = ((Date.now() - began) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${name} (${seconds} s)`)
  if (status === 0) passed += 1
  else failed += 1
}

const folder = mkdtempSync(join(tmpdir(), 'tieout-test-'))
try {
  const report = join(folder, 'vitest.json')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)]
  const {status} = spawnSync(bin('vitest'), args, {cwd: root, stdio: ['ignore', 'inherit', 'inherit']})
  const result = JSON.parse(readFileSync(report, 'utf8')) as VitestResult
  passed += result.numPassedTests
  failed += result.numFailedTests
  // A file that does not even load, or an error outside any test, fails no test of its own.
  if (status !== 0 && result.numFailedTests === 0) failed += Math.max(1, result.numFailedTestSuites)
} finally {
  rmSync(folder, {recursive: true, force: true})
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
