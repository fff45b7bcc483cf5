import {expect, onTestFinished, test} from 'vitest'

import {createSpare} from '../../../src/lib/ledger/permit-spare.ts'
import {openPermits} from '../../../src/lib/ledger/permits.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

test('a permit that nobody uses in time is given back, once', async () => {
  const given: number[] = []
  const spare = createSpare((count) => void given.push(count))
  spare.keep()
  spare.keep()
  expect([spare.take(), spare.count()]).toEqual([true, 1])
  await pause(60)
  expect([given, spare.count(), spare.take()]).toEqual([[1], 0, false])

  spare.keep()
  expect(spare.take()).toBe(true)
  spare.keep()
  spare.drop()
  await pause(60)
  expect(given).toEqual([1])
})

test('a process that makes one request after another without a pause does not keep the only permit from another', async () => {
  const ledger = await freshLedger()
  const options = {account: 'TSTDRV1', limit: 1, isTold: true, reserve: 0, waitersMax: 10}
  const [busy, other] = [openPermits(ledger, options), openPermits(ledger, options)] as const
  onTestFinished(async () => void (await Promise.all([busy.close(), other.close()])))
  let [isOver, requests] = [false, 0]
  const loop = (async () => {
    while (!isOver) {
      const permit = await busy.acquire('orders')
      requests += 1
      await pause(3)
      await permit.release()
    }
  })()
  await pause(200)

  const permit = await other.acquire('orders')
  const atOnce = busy.stats().inFlight
  await permit.release()
  isOver = true
  await loop

  expect(permit.waitedMs).toBeLessThan(3000)
  expect(atOnce).toBe(0)
  expect(requests).toBeGreaterThan(10)
})
