// Asks for permits in many lanes at once for a while; prints when each was held, on the clock that all processes share.
import {connectionOf} from '../../../../src/lib/ledger/connection.ts'
import type {PermitLane} from '../../../../src/lib/ledger/permit-line.ts'
import {openPermits} from '../../../../src/lib/ledger/permits.ts'

const [, , databaseUrl, limit, forMs, lanes, lane = 'orders', holdMs = '6', reserve = '0'] = process.argv
const permits = openPermits(
  {connection: connectionOf(databaseUrl ?? ''), schemas: {own: 'tieout', queue: 'tieout_queue'}},
  {account: 'TEST', limit: Number(limit), isTold: true, reserve: Number(reserve), waitersMax: 1000},
)
const until = performance.now() + Number(forMs)
const held: [string, string, number][] = []

async function work(): Promise<void> {
  while (performance.now() < until) {
    const permit = await permits.acquire(lane as PermitLane)
    const from = process.hrtime.bigint()
    if (held.length === 0) console.log('holding')
    await new Promise((resolve) => setTimeout(resolve, Math.random() * Number(holdMs)))
    held.push([String(from), String(process.hrtime.bigint()), permit.waitedMs])
    await permit.release()
  }
}

await Promise.all(Array.from({length: Number(lanes)}, work))
await permits.close()
console.log(`held ${JSON.stringify(held)}`)
