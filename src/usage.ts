import {Errors, type Interfaces} from '@oclif/core'

import {UsageError} from './lib/core/errors.ts'

type Definition = {required?: boolean; options?: unknown; multiple?: boolean; description?: string}
type Definitions = Record<string, Definition>
type Options = Readonly<{args?: unknown; flags?: unknown; baseFlags?: unknown}>
type Attempt<T> = (options: Options, argv: string[]) => Promise<T>
type ParseError = Error & Readonly<{args?: unknown; flags?: unknown}>

/** A command line has no more faults than this, or the rest are not told. */
const FAULTS_MAX = 20

/**
 * Parses a command line. The parser of oclif stops at the first fault; here what it stumbled over is taken away and the rest
 * parsed again, so that one message names every fault. Throws UsageError FLAGS_INVALID.
 */
export async function parseAll<T>(
  attempt: Attempt<T>,
  options: Options,
  argv: readonly string[],
  id: string,
): Promise<T> {
  const faults: string[] = []
  let left: Options = options
  let words = [...argv]
  for (;;) {
    try {
      const parsed = await attempt(left, words)
      if (faults.length === 0) return parsed
      break
    } catch (error) {
      if (!(error instanceof Errors.CLIError)) throw error
      const fault = faultOf(error, left, words)
      faults.push(...fault.texts)
      if (fault.isLast || faults.length >= FAULTS_MAX) break
      left = fault.options
      words = fault.words
    }
  }
  throw new UsageError('FLAGS_INVALID', faults.join('\n'), {hint: `tieout ${id} --help shows what it takes`})
}

type Fault = Readonly<{texts: string[]; options: Options; words: string[]; isLast: boolean}>

/** The fault in words, and the command line without it. */
function faultOf(error: ParseError, options: Options, words: readonly string[]): Fault {
  const message = error.message.replace('\nSee more help with --help', '').replaceAll(/\s*\n\s*/g, ' ')
  const rest = {options, words: [...words], isLast: false}
  if (message.startsWith('Nonexistent flag')) {
    const unknown = error.flags as string[]
    const isUnknown = (word: string) => unknown.some((flag) => word === flag || word.startsWith(`${flag}=`))
    return {
      ...rest,
      texts: unknown.map((flag) => `${flag} is no flag of it`),
      words: words.filter((word) => !isUnknown(word)),
    }
  }
  if (message.startsWith('Unexpected argument')) {
    const extra = error.args as string[]
    const texts = extra.map((word) => `${JSON.stringify(word)} is one argument too many`)
    return {...rest, texts, words: words.filter((word) => !extra.includes(word))}
  }
  if (message.startsWith('Missing')) {
    const missing = error.args as Interfaces.Arg<unknown>[]
    const texts = missing.map(
      (arg) => `${arg.name.toUpperCase()} is missing: ${arg.description ?? 'an argument'}${choices(arg)}`,
    )
    return {...rest, texts, options: {...options, args: eased(options.args, {required: false})}}
  }
  if (message.startsWith('The following error')) {
    const required = [...message.matchAll(/Missing required flag (\S+)/g)].map(
      ([, flag = '']) => `--${flag} is missing`,
    )
    return {...rest, texts: required.length > 0 ? required : [message], isLast: true}
  }
  return ofValue(message, options, words)
}

/** A flag or an argument whose value is not of the kind that it takes. */
function ofValue(message: string, options: Options, words: readonly string[]): Fault {
  const rest = {options, words: [...words], isLast: false}
  const valueless = /^Flag --(\S+) expects a value/.exec(message)?.[1]
  if (valueless !== undefined)
    return {...rest, texts: [`--${valueless} has no value`], words: words.filter((word) => word !== `--${valueless}`)}
  const parsing = /^Parsing --(\S+) (.*)$/.exec(message) ?? /^Expected --([^\s=]+)=(.*)$/.exec(message)
  if (parsing?.[1] !== undefined) {
    const name = parsing[1]
    const texts = [`--${name}: ${(parsing[2] ?? '').replace(/^Expected/, 'expected')}`]
    // The value stands in the line still, but is taken as it is.
    const asIs = {parse: async (input: unknown) => input, options: undefined}
    const flags = options.flags as Record<string, object>
    return {...rest, texts, options: {...options, flags: {...flags, [name]: {...flags[name], ...asIs}}}}
  }
  const choice = /^Expected (.*) to be one of: (.*)$/.exec(message)
  if (choice !== null)
    return {
      ...rest,
      texts: [`${JSON.stringify(choice[1])} is none of: ${choice[2] ?? ''}`],
      options: {...options, args: eased(options.args, {options: undefined})},
    }
  return {...rest, texts: [message], isLast: true}
}

function eased(definitions: unknown, change: object): Record<string, object> {
  return Object.fromEntries(
    Object.entries((definitions ?? {}) as Definitions).map(([name, definition]) => [name, {...definition, ...change}]),
  )
}

function choices(arg: Interfaces.Arg<unknown>): string {
  return arg.options === undefined ? '' : ` (${arg.options.join(', ')})`
}
