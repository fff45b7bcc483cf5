// Why: what arrived must be on disk before it is acknowledged, once for each delivery, as the bytes that came.
import type {Knex} from 'knex'

export const events = {
  name: '0001_events',
  up: (tx: Knex) =>
    tx.raw(`
      create table events (
        id bigint generated always as identity primary key,
        source text not null check (source in ('webhook', 'sweep', 'hand', 'backfill')),
        delivery_id text not null,
        flow text not null,
        subject text not null,
        name text,
        topic text not null,
        body bytea not null,
        received_at timestamptz not null,
        recorded_at timestamptz not null default now(),
        unique (source, delivery_id)
      );
      create index events_subject on events (subject, flow, received_at);
      create index events_shopify_id on events (split_part(subject, '/', 2));
      create index events_name on events (name) where name is not null;
    `),
}
