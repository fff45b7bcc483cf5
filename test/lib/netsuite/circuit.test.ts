import {describe, expect, test} from 'vitest'

import {CredentialError, RetryableError} from '../../../src/lib/core/errors.ts'
import {createCircuit} from '../../../src/lib/netsuite/circuit.ts'

const refusal = () => new CredentialError('NETSUITE_LOGIN_REFUSED', 'Invalid login attempt.', {hint: ''})
const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 5))

test('ten requests at once under a dead credential: one is refused, nine are never sent', async () => {
  const circuit = createCircuit()
  let sent = 0
  const use = () =>
    circuit.guard('soap', async () => {
      sent += 1
      await pause()
      throw refusal()
    })

  const ended = await Promise.allSettled(Array.from({length: 10}, use))

  expect(sent).toBe(1)
  expect(ended.every((one) => one.status === 'rejected' && one.reason instanceof CredentialError)).toBe(true)
  await expect(circuit.guard('rest', () => Promise.resolve('sent'))).rejects.toMatchObject({
    code: 'NETSUITE_LOGIN_REFUSED',
  })
})

test('a credential that has proved good is used side by side', async () => {
  const circuit = createCircuit()
  let now = 0
  let most = 0
  const use = () =>
    circuit.guard('soap', async () => {
      most = Math.max(most, ++now)
      await pause()
      now -= 1
    })
  await use()

  await Promise.all(Array.from({length: 4}, use))

  expect(most).toBe(4)
})

test('a passing fault of the first use lets the next one try, and closes nothing', async () => {
  const circuit = createCircuit()
  let sent = 0
  const use = () =>
    circuit.guard('soap', async () => {
      sent += 1
      await pause()
      if (sent === 1) throw new RetryableError('NETSUITE_BUSY', 'busy', {hint: '', retryAfterMs: 1})
      return 'ok'
    })

  const [first, second] = await Promise.allSettled([use(), use()])

  expect(first.status).toBe('rejected')
  expect(second).toEqual({status: 'fulfilled', value: 'ok'})
})

describe('a refused login of a credential that worked a moment ago, beside other requests', () => {
  const crowd = async (refuse: (n: number) => boolean) => {
    const log: string[] = []
    let [inFlight, sent, overruns] = [0, 0, 0]
    const circuit = createCircuit({holdMs: 40, onOverrun: () => void overruns++})
    await circuit.guard('soap', () => Promise.resolve())
    const use = () =>
      circuit.guard('soap', async () => {
        const n = ++sent
        inFlight += 1
        log.push(`${n}:${inFlight}`)
        await pause()
        inFlight -= 1
        if (refuse(n)) throw refusal()
        return 'ok'
      })
    const ended = await Promise.allSettled(Array.from({length: 5}, use))
    return {ended, log, overruns, sent, use}
  }

  test('may be an overrun: everything waits, one goes alone, and when it passes all are sent again', async () => {
    const {ended, log, overruns} = await crowd((n) => n >= 3 && n <= 5)

    expect(ended.map(({status}) => status)).toEqual(Array.from({length: 5}, () => 'fulfilled'))
    expect(overruns).toBe(1)
    expect(log[5]).toBe('6:1')
    expect(log).toHaveLength(8)
  })

  test('is a dead credential when the lonely one is refused as well: then nothing more is sent', async () => {
    const {ended, sent, use} = await crowd(() => true)

    expect(ended.every((one) => one.status === 'rejected' && one.reason instanceof CredentialError)).toBe(true)
    expect(sent).toBe(6)
    await expect(use()).rejects.toMatchObject({code: 'NETSUITE_LOGIN_REFUSED'})
  })

  test('is busy where it is refused again and again while the lonely ones pass', async () => {
    const {ended} = await crowd((n) => n <= 5 || (n > 6 && n <= 10) || (n > 11 && n <= 14))

    const codes = ended.map((one) => (one.status === 'rejected' ? (one.reason as {code: string}).code : 'ok'))
    expect(new Set(codes)).toEqual(new Set(['ok', 'NETSUITE_BUSY']))
  })
})

test('a refused login with nobody beside it is a dead credential at once', async () => {
  const circuit = createCircuit({holdMs: 40})
  await circuit.guard('soap', () => Promise.resolve())
  let sent = 0
  const use = () => circuit.guard('soap', () => (sent++, Promise.reject(refusal())))

  await expect(use()).rejects.toBeInstanceOf(CredentialError)
  await expect(use()).rejects.toBeInstanceOf(CredentialError)

  expect(sent).toBe(1)
})

test('forgiven, the next request goes alone, and its end decides for the others', async () => {
  const circuit = createCircuit()
  await expect(circuit.guard('soap', () => Promise.reject(refusal()))).rejects.toBeInstanceOf(CredentialError)
  let sent = 0
  const use = (isGood: boolean) => () =>
    circuit.guard('soap', async () => {
      sent += 1
      await pause()
      if (!isGood) throw refusal()
    })

  circuit.forgive()
  const bad = await Promise.allSettled(Array.from({length: 4}, use(false)))
  expect([sent, bad.every(({status}) => status === 'rejected')]).toEqual([1, true])
  circuit.forgive()
  const good = await Promise.allSettled(Array.from({length: 4}, use(true)))

  expect([sent, good.every(({status}) => status === 'fulfilled')]).toEqual([5, true])
})

test('what another process has met is not met again; whoever forgives asks all the same', async () => {
  let [sent, isKnown] = [0, true]
  const circuit = createCircuit({leftAlone: () => Promise.resolve(isKnown ? refusal() : null)})
  const use = () => circuit.guard('soap', () => Promise.resolve(++sent))

  await expect(use()).rejects.toBeInstanceOf(CredentialError)
  await expect(use()).rejects.toBeInstanceOf(CredentialError)
  expect(sent).toBe(0)
  circuit.forgive()
  expect(await use()).toBe(1)
  isKnown = false
  expect(await use()).toBe(2)
})

test('of several processes that doubt a credential at once, one knocks for all', async () => {
  let [sent, known]: [number, CredentialError | null] = [0, null]
  const processes = Array.from({length: 5}, () => createCircuit({holdMs: 150, leftAlone: () => Promise.resolve(known)}))
  for (const circuit of processes) await circuit.guard('soap', () => Promise.resolve())

  await Promise.allSettled(
    processes.flatMap((circuit) =>
      Array.from({length: 2}, async () => {
        try {
          await circuit.guard('soap', async () => {
            sent += 1
            await pause()
            throw refusal()
          })
        } catch (error) {
          known ??= error as CredentialError // as the ledger keeps it
        }
      }),
    ),
  )

  // Two of each were in flight when the credential died; after that a few at most, where their waits ended together.
  expect(sent).toBeLessThan(10 + 4)
})
