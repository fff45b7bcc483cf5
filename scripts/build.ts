// Compiles src/ and migrations/ to dist/, copies the files that are read at run time, and writes the manifest of commands.
import {spawnSync} from 'node:child_process'
import {cpSync, globSync, rmSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

function run(command: string, args: readonly string[]): void {
  const {status} = spawnSync(command, args, {cwd: root, stdio: ['ignore', 2, 2]})
  if (status !== 0) throw new Error(`${command} ended with ${status}`)
}

rmSync(join(root, 'dist'), {recursive: true, force: true})
run(bin('tsc'), ['-p', 'tsconfig.build.json', '--incremental', 'false'])
for (const file of globSync('src/**/*.{graphql,wsdl}', {cwd: root})) cpSync(join(root, file), join(root, 'dist', file))
run(bin('oclif'), ['manifest'])
