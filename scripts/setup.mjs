// Makes a bare clone ready: installs the locked packages and builds, each only when it is not up to date.
// Runs on any Node since 20 and on nothing but its standard library, because it is what brings the rest.
import {spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamps = join(root, 'node_modules', '.cache', 'tieout')

function files(folder) {
  return readdirSync(join(root, folder), {withFileTypes: true, recursive: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}

function hash(paths) {
  const digest = createHash('sha256')
  for (const path of paths.sort()) digest.update(path).update(readFileSync(path))
  return digest.digest('hex')
}

function upToDate(name, digest, product) {
  const stamp = join(stamps, name)
  return existsSync(product) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest
}

function remember(name, digest) {
  mkdirSync(stamps, {recursive: true})
  writeFileSync(join(stamps, name), digest)
}

function run(title, command, args) {
  process.stderr.write(`${title} …\n`)
  const began = Date.now()
  const {status, signal} = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    process.stderr.write(`${title} failed (${signal ?? `exit ${status}`}).\n`)
    process.exit(status ?? 130)
  }
  process.stderr.write(`${title}: ${((Date.now() - began) / 1000).toFixed(1)} s\n`)
}

const locked = hash([join(root, 'package.json'), join(root, 'package-lock.json')])
const runtime = join(root, 'node_modules', 'node', 'bin', 'node')
if (!upToDate('installed', locked, runtime)) {
  run('installing packages', 'npm', ['ci', '--loglevel=error', '--no-fund', '--no-audit'])
  remember('installed', locked)
}

const sources = [
  ...files('src'),
  ...files('migrations'),
  join(root, 'tsconfig.json'),
  join(root, 'tsconfig.build.json'),
  join(root, 'package.json'),
  join(root, 'scripts', 'build.ts'),
]
const source = hash(sources.filter((path) => statSync(path).isFile()))
if (!upToDate('built', source, join(root, 'oclif.manifest.json'))) {
  run('building', 'npm', ['run', '--silent', 'build'])
  remember('built', source)
}
