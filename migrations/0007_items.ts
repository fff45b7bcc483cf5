// Why: SKUs resolve to items of NetSuite without a request each; a SKU may belong to several items, which is for plan to judge.
import type {Knex} from 'knex'

export const items = {
  name: '0007_items',
  up: (tx: Knex) =>
    tx.raw(`
      create table items (
        sku text not null,
        netsuite_id text not null,
        item_type text not null,
        is_inactive boolean not null,
        read_at timestamptz not null,
        primary key (sku, netsuite_id)
      );
      create index items_netsuite_id on items (netsuite_id);
    `),
}
