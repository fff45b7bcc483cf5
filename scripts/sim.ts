// Runs the simulation: npm run sim -- --seed 1 --orders 500 --processes 3. docs/simulation.md tells what it proves.
import {parseArgs} from 'node:util'
import {dirname} from 'node:path'
import {fileURLToPath} from 'node:url'

import {mutate} from '../test/simulation/run/mutations.ts'
import {isBuilt, readFaults, type Options} from '../test/simulation/run/options.ts'
import {MONTH_FAULTS, simulateMonth} from '../test/simulation/run/month.ts'
import {simulate} from '../test/simulation/run/simulate.ts'
import {soak} from '../test/simulation/run/soak.ts'
import {isGood} from '../test/simulation/run/verdict.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (text: string) => void process.stdout.write(`${text}\n`)

const USAGE = `npm run sim -- [--seed S] [--orders N] [--books] [--faults list] [--processes P] [--limit L] [--keep]
npm run sim -- --month [--seed S] [--orders N] [--days D] …
npm run sim:soak -- [--seeds K] [--seed first] [--orders N] …
npm run sim -- --mutations`

function flags() {
  return parseArgs({
    options: {
      seed: {type: 'string', default: '1'},
      orders: {type: 'string'},
      faults: {type: 'string'},
      books: {type: 'boolean', default: false},
      month: {type: 'boolean', default: false},
      days: {type: 'string'},
      processes: {type: 'string', default: '3'},
      limit: {type: 'string', default: '5'},
      seeds: {type: 'string', default: '20'},
      keep: {type: 'boolean', default: false},
      soak: {type: 'boolean', default: false},
      mutations: {type: 'boolean', default: false},
    },
  }).values
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`--${name} is a whole number from ${least}`)
  return value
}

type Asked = Readonly<{what: 'run' | 'month' | 'soak' | 'mutations'; options: Options; seeds: number}>

/** Throws RangeError or TypeError that names what is wrong with the flags. */
function asked(): Asked {
  const given = flags()
  const orders = whole('orders', given.orders ?? (given.month ? '3000' : given.soak ? '200' : '500'), 1)
  // A shop of few orders need not live as long.
  const days = whole('days', given.days ?? (orders < 1000 ? '14' : '30'), 1)
  const options = {
    seed: whole('seed', given.seed, 0),
    orders,
    faults: readFaults(given.faults ?? (given.month ? MONTH_FAULTS.join() : 'all')),
    processes: whole('processes', given.processes, 1),
    limit: whole('limit', given.limit, 1),
    books: given.books,
    ...(given.month ? {days} : {}),
    program: root,
    source: !isBuilt(root),
    keep: given.keep,
    say,
  }
  const what = given.month ? 'month' : given.mutations ? 'mutations' : given.soak ? 'soak' : 'run'
  return {what, options, seeds: whole('seeds', given.seeds, 1)}
}

async function run({what, options, seeds}: Asked, signal: AbortSignal): Promise<boolean> {
  if (what === 'mutations') return mutate(options, signal)
  if (what === 'soak') {
    const hasPassed = await soak(options, seeds, signal)
    return (await mutate(options, signal)) && hasPassed
  }
  const outcome = await (what === 'month' ? simulateMonth : simulate)(options, signal)
  say(outcome.line)
  return isGood(outcome.verdict)
}

/** Gives the exit code: 0 all is well, 1 it is not, 2 usage, 130 interrupted. */
async function main(signal: AbortSignal): Promise<number> {
  let request: Asked
  try {
    request = asked()
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
    return 2
  }
  try {
    return (await run(request, signal)) ? 0 : 1
  } catch (error) {
    if (signal.aborted) return 130
    say(`seed ${request.options.seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    return 1
  }
}

const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort(new Error('interrupted')))
process.exitCode = await main(interrupted.signal)
