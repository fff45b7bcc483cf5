import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {FAULTS, isBuilt} from './run/options.ts'
import {simulate} from './run/simulate.ts'

const program = fileURLToPath(new URL('../..', import.meta.url))

test(
  'through every kind of fault, each order becomes one sales order of the same total',
  {timeout: 300_000},
  async () => {
    const said: string[] = []
    const options = {seed: 11, orders: 40, faults: new Set(FAULTS), processes: 2, limit: 5, program, source: !isBuilt(program), keep: false, say: (text: string) => void said.push(text)} // prettier-ignore

    const outcome = await simulate(options, new AbortController().signal)

    const {lost, duplicated, differences, broken} = outcome.verdict
    expect({lost, duplicated, differences, broken}, said.join('\n')).toEqual({lost: [], duplicated: [], differences: [], broken: []}) // prettier-ignore
    expect(outcome.line).toBe('seed 11: 40 orders, 0 lost, 0 duplicated, 0.00 difference, 0 refusals')
  },
)
