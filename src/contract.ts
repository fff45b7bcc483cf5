import {readFileSync} from 'node:fs'

import {LineCounter, parseDocument} from 'yaml'
import {z} from 'zod'

import {shop} from './contract-shop.ts'
import {zone} from './contract-values.ts'
import {ConfigError, messageOf} from './lib/core/errors.ts'
import type {ShopRules} from './lib/plan/life-types.ts'

/** Everything that people decide, for the NetSuite account and for each shop. See docs/settings.md. */
export type Contract = Readonly<{
  netsuite: Readonly<{
    apiVersion: '2025_2'
    channels: Readonly<{salesOrder: 'soap' | 'rest'; customer: 'rest'}>
    /** Zone of the account: days of transactions are read in it. */
    timeZone: string
    /** Requests that stay free for people and other integrations. */
    reserve: number
  }>
  shops: ReadonlyMap<string, ShopRules>
}>

const contract = z.strictObject({
  version: z.literal(1),
  netsuite: z.strictObject({
    api_version: z.literal('2025_2').default('2025_2'),
    channels: z
      .strictObject({
        sales_order: z.enum(['soap', 'rest']).default('soap'),
        customer: z.literal('rest').default('rest'),
      })
      .prefault({}),
    time_zone: zone,
    reserve: z.number().int().min(0).default(1),
  }),
  shops: z.record(
    z.string().regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/, 'is not a domain such as my-shop.myshopify.com'),
    shop,
  ),
})

/**
 * Reads and checks the data contract.
 * Throws ConfigError CONTRACT_MISSING, or CONTRACT_INVALID with every fault and its line in one message.
 */
export function readContract(file: string): Contract {
  const text = textOf(file)
  const lines = new LineCounter()
  const document = parseDocument(text, {lineCounter: lines, prettyErrors: false})
  if (document.errors.length > 0) {
    throw invalid(
      file,
      document.errors.map((error) => `line ${lines.linePos(error.pos[0]).line}: ${error.message}`),
    )
  }
  const parsed = contract.safeParse(document.toJS())
  if (!parsed.success) {
    const faults = flatten(parsed.error.issues)
      .map(({path, message}) => ({
        line: lineOf(document, lines, path),
        text: `${path.join('.') || 'the file'}: ${message}`,
      }))
      .toSorted((a, b) => a.line - b.line)
    throw invalid(
      file,
      faults.map(({line, text}) => (line > 0 ? `line ${line}: ${text}` : text)),
    )
  }
  const {netsuite, shops} = parsed.data
  return {
    netsuite: {
      apiVersion: netsuite.api_version,
      channels: {salesOrder: netsuite.channels.sales_order, customer: netsuite.channels.customer},
      timeZone: netsuite.time_zone,
      reserve: netsuite.reserve,
    },
    shops: new Map(Object.entries(shops)),
  }
}

type Issue = Readonly<{path: readonly PropertyKey[]; message: string}>

/** One fault a line: an unknown key under its own path, a wrong key with its real reason, a missing one as such. */
function flatten(issues: readonly z.core.$ZodIssue[]): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({path: [...issue.path, key], message: 'is not a setting that Tieout knows'}))
    }
    if (issue.code === 'invalid_key') return issue.issues.map(({message}) => ({path: issue.path, message}))
    if (issue.message.endsWith('received undefined')) return [{path: issue.path, message: 'is missing'}]
    return [{path: issue.path, message: issue.message.replace(/^Invalid/, 'invalid')}]
  })
}

/** The line of a path, or of its nearest parent that is there; 0 where nothing is. */
function lineOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as {range?: [number, number, number] | null} | undefined
    if (node?.range) return lines.linePos(node.range[0]).line
  }
  return 0
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError('CONTRACT_MISSING', `the contract ${file} cannot be read: ${messageOf(error)}`, {
      hint: 'write it from tieout.yaml.example, or name another file in TIEOUT_CONTRACT',
      cause: error,
    })
  }
}

function invalid(file: string, faults: readonly string[]): ConfigError {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`
  return new ConfigError(
    'CONTRACT_INVALID',
    [`${file} has ${count}:`, ...faults.map((fault) => `  ${fault}`)].join('\n'),
    {
      hint: 'correct the lines above; docs/settings.md describes every key',
    },
  )
}
