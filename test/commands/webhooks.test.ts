import {spawn, type ChildProcessByStdio} from 'node:child_process'
import {createServer} from 'node:net'
import {createInterface} from 'node:readline'
import type {Readable} from 'node:stream'
import {tmpdir} from 'node:os'
import {fileURLToPath} from 'node:url'

import {expect, onTestFinished, test} from 'vitest'

import {runOn} from '../support/postgres.ts'
import {freshDatabase} from '../support/fresh-ledger.ts'
import {order, post, SECRET, SHOP} from '../lib/ops/listener/sender.ts'

const dev = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))

type Command = Readonly<{
  process: ChildProcessByStdio<null, Readable, Readable>
  /** Where it listens; rejects when it ends before. */
  url: Promise<string>
  ended: Promise<{code: number | null; stdout: string; stderr: string}>
}>

/** The command itself, in a process of its own. */
function listen(settings: Record<string, string | undefined>, ...flags: string[]): Command {
  const env = {...process.env, SHOPIFY_SHOP: SHOP, SHOPIFY_WEBHOOK_SECRET: SECRET, ...settings}
  const child = spawn(process.execPath, [dev, 'webhooks:listen', '--no-work', ...flags], {
    cwd: tmpdir(),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const out: string[] = []
  const err: string[] = []
  child.stdout.on('data', (chunk: Buffer) => void out.push(chunk.toString()))
  const ended = new Promise<{code: number | null; stdout: string; stderr: string}>((resolve) =>
    child.once('close', (code) => resolve({code, stdout: out.join(''), stderr: err.join('\n')})),
  )
  const url = new Promise<string>((resolve, reject) => {
    createInterface({input: child.stderr}).on('line', (line) => {
      err.push(line)
      const found = /"event":"listening","url":"([^"]+)"/.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('close', () => reject(new Error(err.join('\n'))))
  })
  url.catch(() => undefined) // a test that waits for the end asks for no address
  return {process: child, url, ended}
}

test('what was acknowledged before kill -9 is in the ledger, each with its order queued', async () => {
  const databaseUrl = await freshDatabase({migrated: true})
  const command = listen({DATABASE_URL: databaseUrl}, '--port', '0')
  const url = await command.url
  const acknowledged: number[] = []
  let n = 0
  let isDown = false
  const sender = async () => {
    while (!isDown) {
      const id = ++n
      try {
        const {status} = await post(url, {body: order(id), headers: {'x-shopify-webhook-id': `d${id}`}})
        if (status === 200) acknowledged.push(id)
      } catch {
        isDown = true // the process is gone
      }
      if (acknowledged.length >= 400) command.process.kill('SIGKILL')
    }
  }

  await Promise.all(Array.from({length: 24}, sender))

  const rows = await runOn<{subject: string}>(databaseUrl, 'select subject from tieout.events')
  const jobs = await runOn<{subject: string}>(databaseUrl, 'select singleton_key as subject from tieout_queue.job')
  const [kept, queued] = [rows, jobs].map((found) => new Set(found.map(({subject}) => subject)))
  expect(acknowledged.length).toBeGreaterThanOrEqual(400)
  expect(acknowledged.filter((id) => !kept?.has(`${SHOP}/${id}`))).toEqual([])
  expect(queued).toEqual(kept)
  expect((await command.ended).code).toBe(null)
})

test('SIGTERM under load ends it with 0 and its totals; every sender has an answer or can tell that it has none', async () => {
  const databaseUrl = await freshDatabase({migrated: true})
  const command = listen({DATABASE_URL: databaseUrl}, '--port', '0', '--json')
  const url = await command.url
  const statuses: number[] = []
  let n = 0
  let isDown = false
  const sender = async () => {
    while (!isDown) {
      try {
        statuses.push((await post(url, {body: order(++n)})).status)
      } catch {
        isDown = true
      }
      if (statuses.length === 200) command.process.kill('SIGTERM')
    }
  }
  await Promise.all(Array.from({length: 8}, sender))

  const {code, stdout} = await command.ended
  expect(code).toBe(0)
  expect(new Set(statuses)).toEqual(new Set([200]))
  const [row] = await runOn<{count: string}>(databaseUrl, 'select count(*) from tieout.events')
  expect(JSON.parse(stdout)).toMatchObject({recorded: Number(row?.count), seen: 0})
  expect(Number(row?.count)).toBeGreaterThanOrEqual(statuses.length)
})

test('a missing secret and a port that is taken are told with what to do, and exit code 10', async () => {
  const databaseUrl = await freshDatabase({migrated: true})
  const holder = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => holder.once('listening', resolve))
  onTestFinished(() => void holder.close())
  const taken = (holder.address() as {port: number}).port

  const [unset, busy] = await Promise.all([
    listen({DATABASE_URL: databaseUrl, SHOPIFY_WEBHOOK_SECRET: '', SHOPIFY_CLIENT_SECRET: ''}).ended,
    listen({DATABASE_URL: databaseUrl}, '--port', String(taken)).ended,
  ])

  expect([unset.code, busy.code]).toEqual([10, 10])
  expect(unset.stderr).toContain('SHOPIFY_WEBHOOK_SECRET is missing')
  expect(busy.stderr).toMatch(/LISTEN_REFUSED|EADDRINUSE/)
})
