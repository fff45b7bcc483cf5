// Why: a value that a person changed in NetSuite is not overwritten untold: what stood there after our last write, and what was found instead.
import type {Knex} from 'knex'

export const conflicts = {
  name: '0012_conflicts',
  up: (tx: Knex) =>
    tx.raw(`
      -- What NetSuite holds by our own doing: field → marks. References and amounts as they are, customer details as fingerprints.
      -- json, not jsonb: it is only ever read and written as a whole.
      create table held_values (
        record_type text not null,
        external_id text not null,
        fields json not null,
        read_at timestamptz not null default now(),
        primary key (record_type, external_id)
      );

      create table conflicts (
        id bigint generated always as identity primary key,
        flow text not null,
        subject text not null,
        name text,
        record_type text not null,
        external_id text not null,
        netsuite_id text not null,
        field text not null,
        base text,
        held text not null,
        planned text not null,
        -- The value of a person where held is only its fingerprint; erased once it is no longer needed.
        kept text,
        is_overwritten boolean not null,
        times integer not null default 1 check (times > 0),
        detected_at timestamptz not null default now(),
        -- Of several conflicts of a field the one with the latest decides.
        seen_at timestamptz not null default clock_timestamp(),
        run_id text not null,
        state text not null default 'open' check (state in ('open', 'kept_shopify', 'kept_netsuite')),
        resolved_at timestamptz,
        resolved_by text,
        note text,
        restored_at timestamptz,
        alerted_at timestamptz,
        check ((state = 'open') = (resolved_at is null)),
        check ((resolved_at is null) = (resolved_by is null)),
        check (restored_at is null or state = 'kept_netsuite')
      );
      create unique index conflicts_open on conflicts (record_type, external_id, field, md5(held)) where state = 'open';
      create index conflicts_field on conflicts (record_type, external_id, field, seen_at);
      create index conflicts_subject on conflicts (subject, flow);
      create index conflicts_to_restore on conflicts (external_id) where state = 'kept_netsuite' and restored_at is null;
      create index conflicts_not_alerted on conflicts (id) where state = 'open' and alerted_at is null;
    `),
}
