import {generateOrders} from '../../../src/sandbox/orders/generate.ts'
import {playTraffic} from '../../../src/sandbox/orders/traffic.ts'
import {seededRandom, type Random} from './random.ts'
import type {Options} from './options.ts'

export type Document = Readonly<Record<string, unknown>>

/** What a customer or the merchant does, at a moment of the run. `document` null: the order is deleted. */
export type Step = Readonly<{
  atMs: number
  what: 'backlog' | 'placed' | 'changed' | 'corrected' | 'deleted'
  documents: readonly Document[]
  id: string
}>

/** A run has two parts: the rush, in which the orders are placed, and the days after, when NetSuite has them and they change. */
export type Part = 'rush' | 'after'

const LATEST_CHANGE_MS = 6000

/** How long a part lasts: long enough for faults to strike, short enough that nobody waits. */
export function windowMs({orders}: Pick<Options, 'orders'>, part: Part): number {
  return part === 'rush' ? 4000 + Math.min(60_000, orders * 60) : 2500 + Math.min(10_000, orders * 12)
}

/**
 * The orders of a run: a third stands in the shop when it begins (orders of the last days in every state, told all at once),
 * the others are placed one after another. Of these some are edited or cancelled, get another address or note, or are
 * deleted: half of them in the rush, some before and some after NetSuite has them, the others when it has.
 */
export async function storyOf(options: Options, now: Date): Promise<Record<Part, Step[]>> {
  const random = seededRandom(options.seed)
  const [rushMs, afterMs] = [windowMs(options, 'rush'), windowMs(options, 'after')]
  const count = Math.floor(options.orders / 3)
  const from = new Date(now.getTime() - 5 * 86_400_000)
  const backlog = [...generateOrders({seed: options.seed, count, from, to: now})]
  const versions = Map.groupBy(await placed(options, backlog, now), (document) => String(document['id']))
  const rush: Step[] = [{atMs: 0, what: 'backlog', documents: backlog, id: ''}]
  const after: Step[] = []
  const pace = rushMs / Math.max(1, versions.size)
  for (const [i, [id, [first, ...more]]] of [...versions].entries()) {
    if (first === undefined) continue
    let atMs = Math.round((i + random.next()) * pace)
    rush.push({atMs, what: 'placed', documents: [first], id})
    const isLate = random.chance(0.5)
    if (isLate) atMs = 0
    for (const step of [...more.map(changed), ...later(options, more.at(-1) ?? first, random)]) {
      atMs += random.between(isLate ? 0 : 100, isLate ? afterMs / 2 : LATEST_CHANGE_MS)
      ;(isLate ? after : rush).push({...step, atMs, id})
    }
  }
  return {rush: inOrder(rush, rushMs), after: inOrder(after, afterMs)}
}

function inOrder(steps: readonly Step[], window: number): Step[] {
  return steps.map((step) => ({...step, atMs: Math.min(step.atMs, window)})).toSorted((a, b) => a.atMs - b.atMs)
}

type Happening = Pick<Step, 'what' | 'documents'>

function changed(document: Document): Happening {
  return {what: 'changed', documents: [document]}
}

/** Every version of every order that is placed, in the order of their happening. */
async function placed(options: Options, backlog: readonly Document[], now: Date): Promise<Document[]> {
  const {faults, orders, seed} = options
  const versions: Document[] = []
  const held = backlog.map((document) => ({id: String(document['id']), document}))
  const store = {
    all: () => [...held, ...versions.map((document) => ({id: String(document['id']), document}))],
    put: (document: Document) => void versions.push(document),
  }
  await playTraffic(
    store,
    {
      // As fast as it goes: only the order of what happens counts here.
      ordersPerMinute: 1e9,
      seed,
      edits: faults.has('edits') ? 0.2 : 0,
      cancellations: faults.has('cancellations') ? 0.1 : 0,
      orders: orders - backlog.length,
      now: () => now,
    },
    new AbortController().signal,
  )
  return versions
}

/** A correction of address and note, or the deletion, that comes after the last version of an order. */
function later({faults}: Options, last: Document, random: Random): Happening[] {
  if (last['cancelled_at'] !== null) return []
  if (faults.has('edits') && random.chance(0.1)) return [{what: 'corrected', documents: [corrected(last, random)]}]
  return faults.has('deletions') && random.chance(0.02) ? [{what: 'deleted', documents: []}] : []
}

function corrected(document: Document, random: Random): Document {
  const address = document['shipping_address'] as Document | null
  const note = `ring twice, ${random.between(1, 999)}`
  if (address === null || address === undefined) return {...document, note}
  return {...document, note, shipping_address: {...address, address1: `${random.between(1, 400)} New Street`}}
}
