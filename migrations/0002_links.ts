// Why: a fact of Shopify has at most one record in NetSuite; the pair is unique from whichever side one looks.
import type {Knex} from 'knex'

export const links = {
  name: '0002_links',
  up: (tx: Knex) =>
    // A customer of NetSuite may stand for several buyers (a guest and an account, two shops): there the way back is not unique.
    tx.raw(`
      create table links (
        record_type text not null,
        shop text not null,
        shopify_id text not null,
        external_id text not null,
        netsuite_id text not null,
        linked_at timestamptz not null default now(),
        primary key (record_type, shop, shopify_id),
        unique (record_type, external_id)
      );
      create unique index links_netsuite_id on links (record_type, netsuite_id) where record_type <> 'customer';
      create index links_customer on links (netsuite_id) where record_type = 'customer';
    `),
}
