import {setTimeout as delay} from 'node:timers/promises'

import pg from 'pg'

/** How often the queue is looked at. */
const EVERY_MS = 100

/**
 * Looks at the queue from outside while the processes work, on a connection of its own that survives the server's restarts:
 * subjects of which two jobs run at once.
 */
export class QueueWatch {
  readonly together = new Set<string>()
  looks = 0
  readonly #url: string
  readonly #stop = new AbortController()
  readonly #loop: Promise<void>

  constructor(url: string) {
    this.#url = url
    this.#loop = this.#run()
  }

  async end(): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const client = new pg.Client({connectionString: this.#url})
      client.on('error', () => undefined) // told by the query that fails
      try {
        await client.connect()
        while (!this.#stop.signal.aborted) await this.#look(client)
      } catch {
        await delay(EVERY_MS) // the server is down at the moment: the schedule says so
      } finally {
        await client.end().catch(() => undefined)
      }
    }
  }

  async #look(client: pg.Client): Promise<void> {
    const {rows} = await client.query<{key: string}>(
      "select singleton_key as key from tieout_queue.job where state = 'active' group by 1 having count(*) > 1",
    )
    this.looks += 1
    for (const {key} of rows) this.together.add(key)
    await delay(EVERY_MS)
  }
}
