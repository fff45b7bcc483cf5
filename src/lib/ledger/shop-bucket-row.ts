import {orLost} from './connection.ts'
import type {Ledger} from './open.ts'
import type {Rows} from './rows.ts'

/** Shopify's leaky bucket as an answer reports it, in cost points and points a second (shopify.dev, "Shopify API limits"). */
export type Bucket = Readonly<{maximumAvailable: number; currentlyAvailable: number; restoreRate: number}>

/** The row of the bucket now; `level` below zero: reserved, but not there yet. */
type Level = Readonly<{level: number; maximum: number; restoreRate: number}>

/** The one row that all processes keep for an app and a shop; null: there is none yet. Each call is one statement. */
export type BucketRow = Readonly<{
  /** Takes the points, there or not. */
  take(cost: number): Promise<Level | null>
  look(): Promise<Level | null>
  /** Gives points back, and learns what Shopify said. It is believed where it is lower: others may use the app, too. */
  giveBack(points: number, told: Bucket | null): Promise<void>
}>

/** The level of b now: what it was, and what time restored since. */
const LEVEL = 'least(b.maximum, b.level + b.restore_rate * greatest(0, extract(epoch from clock_timestamp() - b.at)))'
const BOUNDS = 'b.maximum, b.restore_rate as "restoreRate"'

/** Every call throws RetryableError DATABASE_LOST where the connection breaks. */
export function bucketRow({db, connection}: Pick<Ledger, 'db' | 'connection'>, shop: string, app: string): BucketRow {
  const ask = async (sql: string, values: readonly (string | number)[]): Promise<Level | null> => {
    const {rows} = await orLost(connection, async () => db.raw<Rows<Level>>(sql, [...values]))
    return rows[0] ?? null
  }
  return {
    take: (cost) =>
      ask(
        `update shop_buckets b set level = ${LEVEL} - least(?::float8, b.maximum), at = clock_timestamp()
         where shop = ? and app = ? returning b.level, ${BOUNDS}`,
        [cost, shop, app],
      ),
    look: () => ask(`select ${LEVEL} as level, ${BOUNDS} from shop_buckets b where shop = ? and app = ?`, [shop, app]),
    async giveBack(points, told) {
      if (told === null) {
        await ask(
          `update shop_buckets b set level = ${LEVEL} + ?::float8, at = clock_timestamp() where shop = ? and app = ?`,
          [points, shop, app],
        )
        return
      }
      await ask(
        `insert into shop_buckets as b (shop, app, maximum, restore_rate, level, at)
         values (?, ?, ?::float8, ?::float8, ?::float8, clock_timestamp())
         on conflict (shop, app) do update set level = least(${LEVEL} + ?::float8, excluded.level),
           maximum = excluded.maximum, restore_rate = excluded.restore_rate, at = clock_timestamp()`,
        [shop, app, told.maximumAvailable, told.restoreRate, told.currentlyAvailable, points],
      )
    },
  }
}
