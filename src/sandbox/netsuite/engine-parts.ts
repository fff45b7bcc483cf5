import type {Clock} from './clock.ts'
import type {Faults} from './faults.ts'
import type {Books} from './ledger/books.ts'
import type {Inventory} from './rules/inventory.ts'
import type {State} from './state.ts'

export type EngineOptions = Readonly<{
  timeZone: string
  now: () => Date
  suiteTax: boolean
  concurrency: number
  /** Customers belong to subsidiaries. */
  oneWorld: boolean
  /** Every customer may use every currency of the company. */
  allCurrencies: boolean
  /** Customers are identified by their names (no auto-generated numbers). */
  uniqueNames: boolean
  /** Uniform in [0, 1), from the sandbox's seed. */
  random: () => number
}>

/** What the engine consists of; the server, the seed and SuiteQL need its inside. */
export type EngineParts = Readonly<{
  state: State
  inventory: Inventory
  books: Books
  faults: Faults
  clock: Clock
  options: EngineOptions
}>
