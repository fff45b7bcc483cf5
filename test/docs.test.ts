import {existsSync, globSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const text = (file: string) => readFileSync(join(root, file), 'utf8')
const files = (pattern: string) => globSync(pattern, {cwd: root}).toSorted()

type Coded = Readonly<{code: string; class: string}>

/** Every error code of the product with its class; codes under which something is parked without an error have none. */
function codesInSource(): Map<string, Coded> {
  const codes = new Map<string, Coded>()
  for (const file of files('src/**/*.ts').filter((name) => !name.startsWith('src/sandbox/'))) {
    const source = text(file)
    for (const [, name = '', code = ''] of source.matchAll(/new ([A-Z][A-Za-z]+Error)\(\s*'([A-Z0-9_]+)'/g)) {
      codes.set(code, {code, class: name})
    }
    if (!/^src\/lib\/(ops|ledger)\//.test(file)) continue
    for (const [, code = ''] of source.matchAll(/\bcode: '([A-Z]+_[A-Z_]+)'/g)) {
      if (!codes.has(code)) codes.set(code, {code, class: '–'})
    }
  }
  return codes
}

const pageOf = (code: string) => `${code.toLowerCase().replaceAll('_', '-')}.md`

/** Rows of the index: | [`CODE`](page) | class | who acts | */
function indexRows(): Map<string, Readonly<{page: string; class: string; who: string}>> {
  const rows = text('docs/runbooks/README.md').matchAll(/^\| \[`([A-Z0-9_]+)`\]\(([^)]+)\) \| ([^|]+) \| ([^|]+) \|$/gm)
  return new Map(
    [...rows].map(([, code = '', page = '', kind = '', who = '']) => [
      code,
      {page, class: kind.trim().replaceAll('`', ''), who: who.trim()},
    ]),
  )
}

test('every error code has a runbook, and every runbook is of a code that exists', () => {
  const pages = files('docs/runbooks/*.md')
    .map((file) => file.replace('docs/runbooks/', ''))
    .filter((name) => name !== 'README.md')

  expect(pages).toEqual([...codesInSource().keys()].map(pageOf).toSorted())
})

test('the index of the runbooks names every code once, with its class, its page and who acts', () => {
  const index = indexRows()

  const expected = [...codesInSource().values()].map(({code, class: kind}) => [code, kind, pageOf(code)])
  const found = [...index].map(([code, row]) => [code, row.class, row.page])
  expect(found.toSorted()).toEqual(expected.toSorted())
  expect([...index.values()].every(({who}) => who !== '')).toBe(true)
})

test.each(files('docs/runbooks/*.md').filter((file) => !file.endsWith('README.md')))(
  '%s begins with its code and is short enough to be read at night',
  (file) => {
    const lines = text(file).trim().split('\n')

    expect(lines[0]).toMatch(/^# [A-Z0-9_]+$/)
    expect(pageOf(lines[0]?.slice(2) ?? '')).toBe(file.replace('docs/runbooks/', ''))
    expect(lines.length).toBeGreaterThanOrEqual(8)
    expect(lines.length).toBeLessThanOrEqual(24)
  },
)

const commands = files('src/commands/**/*.ts').map((file) =>
  file.replace('src/commands/', '').replace('.ts', '').replaceAll('/', ':'),
)

test('the JSON output of every command is described', () => {
  const described = text('docs/json-output.md')

  expect(commands.filter((id) => !new RegExp(`^## .*\\b${id}\\b`, 'm').test(described))).toEqual([])
})

type Shown = Readonly<{page: string; id: string; flags: readonly string[]}>

/** What pages and examples tell people to type. */
function shownCommands(): Shown[] {
  const pages = [
    'README.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'crontab.example',
    'tieout.yaml.example',
    '.env.example',
  ]
  return [...pages.filter((file) => existsSync(join(root, file))), ...files('docs/**/*.md')].flatMap((page) =>
    [...text(page).matchAll(/\btieout ([a-z]+:[a-z]+|doctor|status|reconcile)\b([^`\n|;]*)/g)].map(
      ([, id = '', rest = '']) => ({page, id, flags: [...rest.matchAll(/ --([a-z-]+)/g)].map(([, flag = '']) => flag)}),
    ),
  )
}

test('every command that a page or an example shows exists, with its flags', () => {
  const shown = shownCommands()

  expect(shown.filter(({id}) => !commands.includes(id))).toEqual([])
  const everywhere = new Set(['json', 'quiet', 'help'])
  const unknown = shown.flatMap(({page, id, flags}) => {
    const source = text(`src/commands/${id.replaceAll(':', '/')}.ts`)
    return flags
      .filter((flag) => !everywhere.has(flag) && !new RegExp(`^ +'?${flag}'?: Flags`, 'm').test(source))
      .map((flag) => `${page}: tieout ${id} --${flag}`)
  })
  expect(unknown).toEqual([])
  expect(shown.length).toBeGreaterThan(50)
})

test('every setting that the program reads is described and stands in the example', () => {
  const source = `${text('src/config.ts')}${text('src/alert-settings.ts')}`
  const names = [...source.matchAll(/'((?:SHOPIFY|NETSUITE|TIEOUT|DATABASE|ALERT)_[A-Z_0-9]+)'/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'SETTINGS_INVALID')

  expect(names.length).toBeGreaterThan(10)
  for (const place of ['docs/settings.md', '.env.example']) {
    expect([place, names.filter((name) => !text(place).includes(name))]).toEqual([place, []])
  }
})

test('every key of the example contract is described', () => {
  const keys = [...text('tieout.yaml.example').matchAll(/^ *(?:# +)?([a-z]+(?:_[a-z]+)*):(?= |$)/gm)].map(
    ([, key = '']) => key,
  )
  const described = text('docs/settings.md')

  expect(keys.length).toBeGreaterThan(30)
  expect([...new Set(keys)].filter((key) => !new RegExp(`[\`.]${key}[\`:.]`).test(described))).toEqual([])
})

test('no page links to a file that is not there', () => {
  const pages = [...files('*.md'), ...files('docs/**/*.md')]
  const broken = pages.flatMap((page) =>
    [...text(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page} → ${target}`),
  )

  expect(broken).toEqual([])
})
