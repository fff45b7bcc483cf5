import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

import {afterAll, beforeAll, describe, expect, test} from 'vitest'

const run = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tieout-usage-'))))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

/** A folder without settings, whose ledger would be made by the first command that opens it. */
function tieout(...args: string[]) {
  const env = {PATH: process.env.PATH, HOME: folder, TIEOUT_HOME: join(folder, 'home'), NODE_ENV: 'production'}
  const {status, stdout, stderr} = spawnSync(process.execPath, [run, ...args], {cwd: folder, env, encoding: 'utf8'})
  return {code: status, stdout, stderr}
}

function error(stdout: string): {code: string; message: string; hint: string} {
  return (JSON.parse(stdout) as {error: {code: string; message: string; hint: string}}).error
}

describe('what was typed wrongly ends with 2, in one message, and no ledger is begun for it', () => {
  test.each([
    [['nonsense'], /"nonsense" is no command/],
    [['orders', 'psh'], /"orders:psh" is no command/],
    [
      ['orders:push', '--bogus', '--limit', 'abc', '--since'],
      /--since has no value[^]*--limit: expected an integer[^]*--bogus/,
    ],
    [['orders:push', '--limit', '0', '--quiet'], /--limit: expected an integer greater than or equal to 1/],
    [
      ['orders:push', '--since', 'soon', '--until', '2026-13-01', 'x'],
      /"x" is no order[^]*exclude[^]*--since soon[^]*--until 2026-13-01/,
    ],
    [['orders:show'], /ORDER is missing/],
    [['orders:show', '1', '2', '3'], /"2" is one argument too many[^]*"3"/],
    [['jobs:park'], /ORDER is missing[^]*--note is missing/],
    [['reconcile', 'everything', '--from'], /--from has no value[^]*"everything" is none of: orders/],
    [['reconcile', 'orders', '--from', '2026-02-30', '--to', 'now'], /--from 2026-02-30[^]*--to now/],
  ])('tieout %j', (args, expected) => {
    const text = tieout(...args)
    const json = tieout(...args, '--json')

    expect(text.code).toBe(2)
    expect(text.stdout).toBe('')
    expect(text.stderr).toMatch(expected)
    expect(text.stderr).toMatch(/\n {2}Next: /)
    expect(json).toMatchObject({code: 2, stderr: ''})
    expect(error(json.stdout).message + error(json.stdout).hint).toMatch(expected)
    expect(existsSync(join(folder, 'home'))).toBe(false)
  })

  test('an empty list on stdin chooses nothing, instead of everything', () => {
    const ran = spawnSync(process.execPath, [run, 'orders:push', '-'], {cwd: folder, input: '\n \n', encoding: 'utf8'})

    expect(ran.status).toBe(2)
    expect(ran.stderr).toMatch(/NOTHING_CHOSEN/)
  })
})

describe('settings that are missing or wrong', () => {
  test.each([[['orders:push']], [['orders:show', '1']], [['reconcile', 'orders']]])(
    'tieout %j names all of them at once, ends with 10 and opens nothing',
    (args) => {
      const {code, stdout, stderr} = tieout(...args)

      expect(code).toBe(10)
      expect(stdout).toBe('')
      expect(stderr).toMatch(/SHOPIFY_SHOP[^]*SHOPIFY_ACCESS_TOKEN[^]*NETSUITE_ACCOUNT[^]*tieout\.yaml/)
      expect(existsSync(join(folder, 'home'))).toBe(false)
    },
  )
})

describe('a newcomer finds the way', () => {
  test('tieout alone lists topics and commands', () => {
    const {code, stdout} = tieout()

    expect(code).toBe(0)
    expect(stdout).toMatch(/USAGE[^]*TOPICS[^]*orders +send orders[^]*COMMANDS[^]*doctor[^]*status/)
  })

  test('a topic lists its commands, and two words mean the same as one with a colon', () => {
    expect(tieout('jobs').stdout).toMatch(/jobs:list[^]*jobs:park[^]*jobs:retry[^]*jobs:show/)
    expect(tieout('jobs', 'list', '--help').stdout).toBe(tieout('jobs:list', '--help').stdout)
  })
})
