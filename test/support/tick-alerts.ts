// One tick of the alerts in a process of its own, at the word; says "ready" before and "done" after.
import {systemClock} from '../../src/lib/core/clock.ts'
import {openLedger} from '../../src/lib/ledger/open.ts'
import {openChannels} from '../../src/lib/ops/alerts/channels.ts'
import {tendAlerts} from '../../src/lib/ops/alerts/tend.ts'

const [, , databaseUrl, url = '', at = '0'] = process.argv
const ledger = await openLedger({home: '/nonexistent', databaseUrl})
const channels = openChannels({slack: {url}, email: null, lagMinutes: 15})
console.log('ready')
await systemClock.sleep(Math.max(0, Number(at) - Date.now()))
const deps = {ledger, channels, rules: {lagMinutes: 15}, clock: systemClock, log: (line: string) => console.log(line)}
await tendAlerts(deps, new AbortController().signal)
await ledger.close()
console.log('done')
