#!/usr/bin/env node
import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 12)) {
  const {main} = await import('./outside.js')
  await main(fileURLToPath(new URL('..', import.meta.url)))
} else {
  // An older Node starts the one that the project brings along, with the same arguments and terminal.
  const own = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
  if (existsSync(own)) {
    const {status, signal} = spawnSync(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
    })
    process.exitCode = signal ? 130 : (status ?? 1)
  } else {
    console.error(
      `tieout needs Node 22.12 or newer; this is ${process.version}. Run npm ci, which brings one along, or install it.`,
    )
    process.exitCode = 10
  }
}
