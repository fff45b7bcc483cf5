import {spawn} from 'node:child_process'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

import {expect, inject, onTestFinished, test} from 'vitest'

import {company} from '../../src/sandbox/company.ts'
import {eventually, isGenuine, receive} from '../sandbox/shopify/receiver.ts'

const dev = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))

/** The command itself, in a process and a folder of its own. */
async function start(...flags: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'tieout-sandbox-'))
  const child = spawn(process.execPath, [dev, 'sandbox:start', '--write-config', folder, ...flags], {
    cwd: folder,
    env: {...process.env, DATABASE_URL: inject('databaseUrl')},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await rm(folder, {recursive: true, force: true})
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {folder, text: () => text, stop: () => child.kill('SIGTERM'), ended}
}

test('live orders reach a listener, signed with the secret of the .env; one that only fails loses its subscriptions', async () => {
  const listener = await receive()
  onTestFinished(() => listener.stop())
  const live = ['--traffic', '--rate', '1200', '--webhooks-to', listener.url, '--webhook-time-scale', '1000000']
  const sandbox = await start('--orders', '0', ...live)

  await eventually(() => sandbox.text().includes('Ctrl-C'), sandbox.text, 30_000)
  const arrived = [...(await listener.count(20))]
  expect(arrived.every(isGenuine)).toBe(true)
  expect(new Set(arrived.map(({topic}) => topic))).toContain('orders/create')
  const settings = await readFile(join(sandbox.folder, '.env'), 'utf8')
  expect(settings).toContain(`SHOPIFY_WEBHOOK_SECRET=${company.shopify.webhookSecret}\n`)

  listener.answer((response) => response.writeHead(500).end())
  const removed = `Shopify removed the subscription to ORDERS_CREATE: ${new URL(listener.url).href}`
  await eventually(() => sandbox.text().includes(removed), sandbox.text, 10_000)
  sandbox.stop()
  expect(await sandbox.ended).toBe(0)
})

test('an address that Shopify would not deliver to is refused by the name of the flag', async () => {
  const sandbox = await start('--orders', '0', '--webhooks-to', 'http://shop.example.com/')

  expect(await sandbox.ended).toBe(2)
  expect(sandbox.text()).toContain('--webhooks-to')
})
