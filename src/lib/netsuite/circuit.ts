import {CredentialError} from '../core/errors.ts'

export type Circuit = Readonly<{
  /** Runs work under a credential, once it is known to be good; throws the refusal where there was one. */
  guard<T>(credential: string, work: () => Promise<T>): Promise<T>
}>

/**
 * Five refused logins lock the user of an integration for 30 minutes (NetSuite help, login audit trail:
 * temporary_locked). So the first use of a credential goes alone while the others wait for it, and after one refused
 * login nothing more is sent to the account by this process. A missing permission is no such refusal: it concerns one
 * question, and locks nobody.
 */
export function createCircuit(): Circuit {
  const proven = new Set<string>()
  const trials = new Map<string, Promise<unknown>>()
  let refusal: CredentialError | undefined

  async function watched<T>(credential: string, work: () => Promise<T>): Promise<T> {
    try {
      const value = await work()
      proven.add(credential)
      return value
    } catch (error) {
      if (error instanceof CredentialError && error.code === 'NETSUITE_LOGIN_REFUSED') refusal ??= error
      throw error
    }
  }

  return {
    async guard(credential, work) {
      for (;;) {
        if (refusal !== undefined) throw refusal
        if (proven.has(credential)) return watched(credential, work)
        const trial = trials.get(credential)
        if (trial === undefined) break
        await trial
      }
      const first = watched(credential, work)
      // The waiting ones only need to know that it ended; how it ended is in `proven` or `refusal`.
      trials.set(
        credential,
        first.then(
          () => true,
          () => false,
        ),
      )
      try {
        return await first
      } finally {
        trials.delete(credential)
      }
    },
  }
}
