import {onTestFinished} from 'vitest'

import {connectionOf} from '../../src/lib/ledger/connection.ts'
import type {PermitOptions, PermitPool} from '../../src/lib/ledger/permit-types.ts'
import {openPermits} from '../../src/lib/ledger/permits.ts'
import {freshDatabase} from './fresh-ledger.ts'

type Change = Partial<PermitOptions> & {url?: string}

/** Permits of the account TEST as a process has them; with `url` as another process of that ledger has. */
export async function pool(limit: number, change: Change = {}): Promise<PermitPool & {url: string}> {
  const {url = await freshDatabase({migrated: true}), ...options} = change
  const ledger = {connection: connectionOf(url), schemas: {own: 'tieout', queue: 'tieout_queue'}}
  const permits = openPermits(ledger, {
    account: 'TEST',
    limit,
    isTold: true,
    reserve: 0,
    waitersMax: 100,
    ...options,
  })
  onTestFinished(() => permits.close())
  return Object.assign(permits, {url})
}

/** Several permits at once. */
export async function acquire(permits: PermitPool, count: number) {
  return Promise.all(Array.from({length: count}, () => permits.acquire('orders')))
}

/** True when it has not happened after this long. */
export async function waits(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timeout = new Promise((resolve) => setTimeout(() => resolve('waits'), ms))
  return (await Promise.race([promise, timeout])) === 'waits'
}
