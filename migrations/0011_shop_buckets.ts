// Why: all processes draw from Shopify's one bucket of an app and a shop, so its level must be known to all.
import type {Knex} from 'knex'

export const shopBuckets = {
  name: '0011_shop_buckets',
  up: (tx: Knex) =>
    tx.raw(`
      create table shop_buckets (
        shop text not null,
        app text not null,
        maximum double precision not null check (maximum > 0),
        restore_rate double precision not null check (restore_rate > 0),
        level double precision not null,
        at timestamptz not null,
        primary key (shop, app)
      ) with (fillfactor = 50);
    `),
}
