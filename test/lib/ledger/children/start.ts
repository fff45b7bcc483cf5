import {startEmbedded} from '../../../../src/lib/ledger/embedded.ts'

console.log(JSON.stringify(await startEmbedded(process.argv[2] ?? '')))
