import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {homedir, tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {readAll, readSettings, type Settings} from '../src/config.ts'
import {readContract} from '../src/contract.ts'
import {ConfigError} from '../src/lib/core/errors.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tieout-config-'))
  for (const name of Object.keys(process.env)) {
    if (/^(SHOPIFY_|NETSUITE_|TIEOUT_|DATABASE_URL$|SUDO_USER$)/.test(name)) vi.stubEnv(name, undefined)
  }
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, {recursive: true, force: true})
})

type Env = Readonly<Record<string, string>>

const SHOPIFY: Env = {SHOPIFY_SHOP: 'my-shop.myshopify.com', SHOPIFY_ACCESS_TOKEN: 'shpat_1'}
const NETSUITE: Env = {
  NETSUITE_ACCOUNT: '1234567_SB1',
  NETSUITE_CONSUMER_KEY: 'key',
  NETSUITE_CONSUMER_SECRET: 'secret',
  NETSUITE_TOKEN_ID: 'token',
  NETSUITE_TOKEN_SECRET: 'token-secret',
}

function envFile(values: Env): Settings {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`)
  writeFileSync(join(folder, '.env'), lines.join('\n'))
  return readSettings(folder)
}

/** The message of the one error that reading gives. */
function refusal(read: () => unknown): ConfigError {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('the settings were accepted')
}

test('settings come from .env in the working directory, and the environment wins', () => {
  const settings = envFile({...SHOPIFY, DATABASE_URL: 'postgresql://file/db'})
  vi.stubEnv('DATABASE_URL', 'postgresql://environment/db')

  expect(settings.shopify()).toEqual({
    shop: 'my-shop.myshopify.com',
    apiUrl: null,
    credentials: {kind: 'token', accessToken: 'shpat_1'},
  })
  expect(settings.databaseUrl).toBe('postgresql://file/db')
  expect(readSettings(folder).databaseUrl).toBe('postgresql://environment/db')
})

test('without settings the ledger is embedded under the home directory and the contract is tieout.yaml here', () => {
  expect(readSettings(folder)).toMatchObject({
    home: join(homedir(), '.tieout'),
    databaseUrl: null,
    contractFile: join(folder, 'tieout.yaml'),
  })
})

test('paths in the settings are relative to the working directory', () => {
  const settings = envFile({TIEOUT_HOME: 'state', TIEOUT_CONTRACT: 'shops/us.yaml'})

  expect(settings).toMatchObject({home: join(folder, 'state'), contractFile: join(folder, 'shops/us.yaml')})
})

test('an empty setting is a missing one', () => {
  const settings = envFile({...SHOPIFY, SHOPIFY_ACCESS_TOKEN: '   ', DATABASE_URL: ''})

  expect(settings.databaseUrl).toBeNull()
  expect(refusal(() => settings.shopify()).message).toContain('SHOPIFY_ACCESS_TOKEN is missing')
})

test('every missing or malformed setting of a system is named in one message', () => {
  const settings = envFile({SHOPIFY_SHOP: 'my-shop', SHOPIFY_CLIENT_ID: 'id', SHOPIFY_API_URL: 'localhost:9'})

  const error = refusal(() => settings.shopify())

  expect(error).toMatchObject({code: 'SETTINGS_INVALID', exitCode: 10})
  expect(error.message.split('\n')).toEqual([
    '3 settings are missing or malformed:',
    '  SHOPIFY_SHOP=my-shop is not a domain such as my-shop.myshopify.com',
    expect.stringContaining('SHOPIFY_ACCESS_TOKEN is missing'),
    '  SHOPIFY_API_URL is not a URL such as https://host',
  ])
})

test('a set of NetSuite credentials that is not whole is named by what it lacks', () => {
  const settings = envFile({
    NETSUITE_ACCOUNT: '1234567_sb1',
    NETSUITE_CONSUMER_KEY: 'key',
    NETSUITE_TOKEN_ID: 'token',
    NETSUITE_TOKEN_SECRET: 'secret',
    NETSUITE_CLIENT_ID: 'client',
    NETSUITE_CERTIFICATE_ID: 'certificate',
    NETSUITE_PRIVATE_KEY_FILE: 'nowhere.pem',
    NETSUITE_CONCURRENCY: '0',
  })

  const {message} = refusal(() => settings.netsuite())

  expect(message).toContain('4 settings are missing or malformed:')
  expect(message).toContain('NETSUITE_ACCOUNT=1234567_sb1 is not an account id in upper case')
  expect(message).toContain('NETSUITE_CONSUMER_SECRET is missing; it belongs to NETSUITE_CONSUMER_KEY')
  expect(message).toContain(`NETSUITE_PRIVATE_KEY_FILE=${join(folder, 'nowhere.pem')} cannot be read`)
  expect(message).toContain('NETSUITE_CONCURRENCY=0 is not a number from 1 to 999')
})

test('each set of NetSuite credentials is enough, and the private key is read from its file', () => {
  writeFileSync(join(folder, 'key.pem'), 'PRIVATE KEY')
  const oauth2 = {
    NETSUITE_ACCOUNT: '1234567',
    NETSUITE_CLIENT_ID: 'client',
    NETSUITE_CERTIFICATE_ID: 'certificate',
    NETSUITE_PRIVATE_KEY_FILE: 'key.pem',
    NETSUITE_API_URL: 'https://proxy.example.com/',
    NETSUITE_CONCURRENCY: '15',
  }

  expect(envFile(oauth2).netsuite()).toEqual({
    account: '1234567',
    apiUrl: 'https://proxy.example.com',
    tba: null,
    oauth2: {clientId: 'client', certificateId: 'certificate', privateKey: 'PRIVATE KEY'},
    concurrency: 15,
  })
  expect(envFile(NETSUITE).netsuite()).toMatchObject({
    tba: {consumerKey: 'key', consumerSecret: 'secret', tokenId: 'token', tokenSecret: 'token-secret'},
    oauth2: null,
    concurrency: null,
  })
})

test('no message repeats a secret', () => {
  const {message} = refusal(() => envFile({...NETSUITE, NETSUITE_ACCOUNT: 'x', NETSUITE_TOKEN_ID: ''}).netsuite())

  expect(message).not.toContain('secret')
})

test('the faults of both systems and of the contract stand in one message', () => {
  writeFileSync(join(folder, 'tieout.yaml'), 'version: 1\nshop: {}\n')
  const settings = envFile({SHOPIFY_SHOP: 'my-shop.myshopify.com', NETSUITE_ACCOUNT: '1234567'})

  const error = refusal(() =>
    readAll(
      () => settings.shopify(),
      () => settings.netsuite(),
      () => readContract(settings.contractFile),
    ),
  )

  expect(error).toMatchObject({code: 'SETTINGS_INVALID', exitCode: 10})
  expect(error.message).toContain('SHOPIFY_ACCESS_TOKEN is missing')
  expect(error.message).toContain('NETSUITE_CONSUMER_KEY, NETSUITE_CONSUMER_SECRET')
  expect(error.message).toContain('line 2: shop: is not a setting that Tieout knows')
})

test('a fault in one place only keeps its own code', () => {
  const error = refusal(() =>
    readAll(
      () => envFile(SHOPIFY).shopify(),
      () => readContract(join(folder, 'nowhere.yaml')),
    ),
  )

  expect(error.code).toBe('CONTRACT_MISSING')
})

test('a command without settings ends with exit code 10, says everything at once and leaves nothing behind', () => {
  const home = join(folder, 'home')
  const dev = fileURLToPath(new URL('../bin/dev.js', import.meta.url))
  const env = {PATH: process.env['PATH'], HOME: folder, TIEOUT_HOME: home}

  const {status, stderr, stdout} = spawnSync(process.execPath, [dev, 'orders:push', '--since', '2026-11-01'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })

  expect(stderr).toContain('SHOPIFY_SHOP is missing')
  expect(stderr).toContain('NETSUITE_ACCOUNT is missing')
  expect(stderr).toContain('tieout.yaml')
  expect(stderr).toContain('docs/runbooks/settings-invalid.md')
  expect(stdout).toBe('')
  expect(status).toBe(10)
  expect(existsSync(home)).toBe(false)
  expect(readdirSync(folder).filter((name) => name.endsWith('.pem'))).toEqual([])
})
