import {openLedger} from '../../../../src/lib/ledger/open.ts'

const ledger = await openLedger({home: '/nonexistent', databaseUrl: process.argv[2]})
await ledger.close()
console.log(JSON.stringify(ledger.migrated))
