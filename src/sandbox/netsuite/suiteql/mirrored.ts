import {setTimeout as wait} from 'node:timers/promises'

import type pg from 'pg'

import type {EngineParts} from '../engine-parts.ts'
import {isAway, type Database} from './database.ts'
import {Mirror} from './mirror.ts'

/** How long a query waits for a server that is away, which is longer than a restart takes. */
const PATIENCE_MS = 15_000
const RETRY_MS = 100

type Use<T> = (at: Readonly<{mirror: Mirror; pool: pg.Pool}>) => Promise<T>

/**
 * The mirror and its database. What the mirror holds are copies, so after the server was away they are made anew: the
 * account that the sandbox plays does not depend on the Postgres it borrows.
 */
export class Mirrored {
  readonly #mirror: Mirror
  readonly #open: () => Promise<Database>
  #database: Database
  #moving: Promise<void> | null = null

  constructor(parts: EngineParts, database: Database, open: () => Promise<Database>, lagMs: number) {
    this.#mirror = new Mirror(parts, database.pool, lagMs)
    this.#database = database
    this.#open = open
  }

  /** Does something that may be repeated. Rejects when the server stays away, and with whatever else goes wrong. */
  async use<T>(work: Use<T>): Promise<T> {
    const until = performance.now() + PATIENCE_MS
    for (;;) {
      let used = this.#database
      try {
        if (used.isLost()) await this.#move()
        used = this.#database
        return await work({mirror: this.#mirror, pool: used.pool})
      } catch (error) {
        // The tables of a database that was given up meanwhile are gone, which no error says.
        const isGivenUp = used.isLost() || used !== this.#database
        if ((!isAway(error) && !isGivenUp) || performance.now() > until) throw error
        await wait(RETRY_MS)
      }
    }
  }

  async close(): Promise<void> {
    await this.#database.close()
  }

  /** Goes on in a new schema; several that ask at once move together. */
  #move(): Promise<void> {
    this.#moving ??= this.#moved().finally(() => (this.#moving = null))
    return this.#moving
  }

  async #moved(): Promise<void> {
    const [old, fresh] = [this.#database, await this.#open()]
    this.#database = fresh
    this.#mirror.moveTo(fresh.pool)
    await old.close()
  }
}
