// Takes jobs and sits on them, alive, until it is killed.
import {openLedger} from '../../../../src/lib/ledger/open.ts'

const [, , databaseUrl, count] = process.argv
const ledger = await openLedger({home: '/nonexistent', databaseUrl, monitorSeconds: 1})
const jobs = await ledger.queue.fetch('orders', Number(count))
console.log(`took ${JSON.stringify(jobs.map((job) => job.subject))}`)
setInterval(() => undefined, 1000)
