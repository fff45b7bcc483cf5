/**
 * What SOAP costs a process that already talks to NetSuite by REST: time until a client is ready to send, and memory.
 * Figures are of fresh processes; the bounds are 100 ms and 25 MB.
 * Run: node bench/soap-ready.ts
 */
import {execFile} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'

import {median, print} from './figures.ts'

const RUNS = 7
const LIMIT_MS = 100
const LIMIT_MB = 25

type Figures = Readonly<{ms: number; rssMb: number}>

/** The body of one measured process. `soap` opens the channel, which loads the package and builds the client. */
async function measure(withSoap: boolean): Promise<Figures> {
  const {createHttp} = await import('../src/lib/netsuite/http.ts')
  const {createGovernor} = await import('../src/lib/netsuite/governor.ts')
  const {hostsOf} = await import('../src/lib/netsuite/hosts.ts')
  const {systemClock} = await import('../src/lib/core/clock.ts')
  await import('../src/lib/netsuite/client.ts')
  await import('undici')
  const governor = createGovernor({
    permits: {
      acquire: () => Promise.resolve({waitedMs: 0, release: () => Promise.resolve()}),
      refused: () => undefined,
    },
    clock: systemClock,
    lane: 'orders',
  })
  const http = createHttp(1_000_000)
  const startMs = performance.now()
  if (withSoap) {
    const {openChannel} = await import('../src/lib/netsuite/soap/channel.ts')
    await openChannel(
      {
        apiVersion: '2025_2',
        hosts: hostsOf('1234567', '2025_2'),
        credential: {consumerKey: 'a', consumerSecret: 'b', tokenId: 'c', tokenSecret: 'd'},
        timeouts: {baseMs: 1000, perRecordMs: 0},
        timeZone: 'UTC',
        listSize: 50,
        rules: {lineKey: null, priceLevel: '-1'},
      },
      {http, governor, clock: systemClock},
    )
  }
  return {ms: performance.now() - startMs, rssMb: process.memoryUsage().rss / 1e6}
}

async function inFreshProcess(kind: 'with' | 'without'): Promise<Figures> {
  const {stdout} = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), kind])
  return JSON.parse(stdout) as Figures
}

async function compare(): Promise<void> {
  const runs: {with: Figures; without: Figures}[] = []
  // Taken in turns, so that a busy machine slows both alike.
  for (let i = 0; i < RUNS; i++)
    runs.push({without: await inFreshProcess('without'), with: await inFreshProcess('with')})
  const times = runs.map((run) => run.with.ms)
  // Other work on the machine only ever adds time, so the quickest run is the nearest to what it takes.
  const ms = Math.min(...times)
  const [without, withSoap] = [median(runs.map((run) => run.without.rssMb)), median(runs.map((run) => run.with.rssMb))]
  const more = withSoap - without
  const verdict = (figure: number, bound: number) =>
    `${(figure / bound).toFixed(2)} of the bound, ${figure < bound ? 'met' : 'MISSED'}`
  print('SOAP client, over a process that has the REST client', [
    [`ready, quickest of ${RUNS}`, `${ms.toFixed(0)} ms`, verdict(ms, LIMIT_MS)],
    ['ready, median', `${median(times).toFixed(0)} ms`, ''],
    ['memory without it', `${without.toFixed(1)} MB`, '1.00'],
    ['memory with it', `${withSoap.toFixed(1)} MB`, (withSoap / without).toFixed(2)],
    ['memory that it adds', `${more.toFixed(1)} MB`, verdict(more, LIMIT_MB)],
  ])
}

const kind = process.argv[2]
if (kind === undefined) await compare()
else console.log(JSON.stringify(await measure(kind === 'with')))
