import {spawn} from 'node:child_process'
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {world, type World} from '../support/world.ts'

const run = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const manifest = JSON.parse(readFileSync(new URL('../../oclif.manifest.json', import.meta.url), 'utf8')) as {
  commands: Record<string, {summary: string; examples?: string[]; args: object}>
}

/** Every example of the help as it is typed, those that change the least first. */
const examples = Object.entries(manifest.commands).flatMap(([id, {examples = []}]) =>
  examples.map((text) => ({id, line: text.replace('<%= config.bin %>', 'tieout').replace('<%= command.id %>', id)})),
)

/** What the examples name: tieout itself, programs that may be missing on a machine, and a list of orders. */
function furnish(shop: World): string {
  const bin = join(shop.folder, 'bin')
  mkdirSync(bin)
  for (const [name, script] of [
    ['tieout', `exec '${process.execPath}' '${run}' "$@"`],
    ['psql', 'exit 0'],
    ['jq', 'cat > /dev/null'],
  ] as const) {
    // prettier-ignore
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  writeFileSync(join(shop.folder, 'orders.txt'), '#1001\n5001\n')
  return bin
}

function shell(shop: World, line: string, bin: string): Promise<{stdout: string; stderr: string}> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(SHOPIFY|NETSUITE|TIEOUT)_|^DATABASE_URL$/.test(name),
  )
  // The address that webhooks:register makes its subscriptions for is a setting of the machine.
  const TIEOUT_WEBHOOK_URL = 'https://hooks.example.com/webhooks/shopify'
  const PATH = `${bin}:${process.env.PATH ?? ''}`
  const env = {...Object.fromEntries(inherited), NODE_ENV: 'production', TIEOUT_WEBHOOK_URL, PATH}
  const child = spawn('sh', ['-c', line], {cwd: shop.folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true})
  let [stdout, stderr] = ['', '']
  // A server ends by Ctrl-C, once it has said that it runs.
  const interrupt = () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGINT')
  }
  const patience = setTimeout(interrupt, 6_000)
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    if (stdout.includes('Ctrl-C')) interrupt()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    if (/Ctrl-C|listen|"working"/i.test(stderr)) interrupt()
  })
  child.on('close', () => clearTimeout(patience))
  return new Promise((resolve) => child.on('close', () => resolve({stdout, stderr})))
}

test('every command has examples, and its summary is a fragment that fits in a list', () => {
  const ours = Object.entries(manifest.commands).filter(([id]) => !/^(help|autocomplete)/.test(id))

  expect(ours.filter(([, {examples = []}]) => examples.length === 0).map(([id]) => id)).toEqual([])
  expect(ours.filter(([, {summary}]) => !/^[a-z].*[^.]$/.test(summary)).map(([id]) => id)).toEqual([])
})

test('every example of every help can be typed as it stands', {timeout: 240_000}, async () => {
  const shop = await world({orders: 6, days: 2})
  const [model] = (await shop.documents()).filter((order) => !order.test)
  await shop.postOrders([{...model, id: 5001, name: '#5001', admin_graphql_api_id: 'gid://shopify/Order/5001'}], true)
  const bin = furnish(shop)
  const pushed = await shop.tieout('orders:push', '#1001', '5001', '#1002')
  expect(pushed.code, pushed.stderr).toBe(0)
  const wrong: string[] = []
  const queue = [
    ...examples.filter(({id}) => id !== 'sandbox:start'),
    ...examples.filter(({id}) => id === 'sandbox:start'),
  ]

  const lane = async () => {
    for (let example = queue.shift(); example !== undefined; example = queue.shift()) {
      const {stdout, stderr} = await shell(shop, example.line, bin)
      const text = stdout + stderr
      // The numbers of conflicts are those of a list that is empty here.
      if (
        /FLAGS_INVALID|NOTHING_CHOSEN|(?<!CONFLICT)_UNKNOWN"?:|ORDER_UNKNOWN|NOT_IN_LEDGER|UNEXPECTED|syntax/i.test(
          text,
        )
      )
        wrong.push(`${example.line}\n${text.slice(0, 300)}`)
    }
  }
  await Promise.all([lane(), lane()])

  expect(examples.length).toBeGreaterThan(20)
  expect(wrong).toEqual([])
})
