// Asks for permits in many lanes at once for a while; prints when each was held, on the clock that all processes share.
import {openPermits} from '../../../../src/lib/ledger/permits.ts'
import {connectionOf} from '../../../../src/lib/ledger/connection.ts'

const [, , databaseUrl, limit, forMs, lanes] = process.argv
const permits = openPermits(connectionOf(databaseUrl ?? ''), {
  account: 'TEST',
  limit: Number(limit),
  reserve: 0,
  waitersMax: 1000,
})
const until = performance.now() + Number(forMs)
const held: [string, string][] = []

async function lane(): Promise<void> {
  while (performance.now() < until) {
    const permit = await permits.acquire('orders')
    const from = process.hrtime.bigint()
    if (held.length === 0) console.log('holding')
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 6))
    held.push([String(from), String(process.hrtime.bigint())])
    await permit.release()
  }
}

await Promise.all(Array.from({length: Number(lanes)}, lane))
await permits.close()
console.log(`held ${JSON.stringify(held)}`)
