// Calls a server in many lanes at once for a while, each call with a permit.
import {connectionOf} from '../../../../src/lib/ledger/connection.ts'
import {openPermits} from '../../../../src/lib/ledger/permits.ts'

const [, , databaseUrl, limit, forMs, lanes, server = ''] = process.argv
const permits = openPermits(
  {connection: connectionOf(databaseUrl ?? ''), schemas: {own: 'tieout', queue: 'tieout_queue'}},
  {account: 'TEST', limit: Number(limit), isTold: true, reserve: 0, waitersMax: 1000},
)
const until = performance.now() + Number(forMs)

async function work(): Promise<void> {
  while (performance.now() < until) {
    const permit = await permits.acquire('orders')
    const answer = fetch(server)
    console.log('calling')
    await (await answer).text()
    await permit.release()
  }
}

await Promise.all(Array.from({length: Number(lanes)}, work))
await permits.close()
