import {expect, test} from 'vitest'

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
