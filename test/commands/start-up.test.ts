import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

import {afterAll, beforeAll, describe, expect, test} from 'vitest'

const run = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const recorder = fileURLToPath(new URL('../support/record-modules.mjs', import.meta.url))
const manifest = JSON.parse(readFileSync(new URL('../../oclif.manifest.json', import.meta.url), 'utf8')) as {
  commands: Record<string, unknown>
}
const HEAVY = ['soap', 'knex', 'got', 'pg', 'pg-boss', 'zod', 'graphql', 'luxon', 'bottleneck']

let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tieout-modules-'))))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

function packagesOf(args: readonly string[]): string[] {
  const record = join(folder, 'packages')
  const env = {...process.env, RECORD_FILE: record, NODE_ENV: 'production'}
  const {status, stderr} = spawnSync(process.execPath, ['--import', recorder, run, ...args], {env, encoding: 'utf8'})
  expect(stderr).not.toMatch(/Error/)
  expect(status).toBe(0)
  return readFileSync(record, 'utf8').split('\n')
}

describe('a command loads its heavy libraries when it runs, not when it starts', () => {
  test.each([['--version'], ['--help']])('tieout %s', (flag) => {
    expect(packagesOf([flag]).filter((name) => HEAVY.includes(name))).toEqual([])
  })

  test.each(Object.keys(manifest.commands))('tieout %s --help', (id) => {
    const packages = packagesOf([id, '--help'])
    expect(packages).toContain('@oclif/core')
    expect(packages.filter((name) => HEAVY.includes(name))).toEqual([])
  })
})
