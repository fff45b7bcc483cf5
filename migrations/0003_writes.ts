// Why: every attempt to change the other system stays on record; what happened is never edited.
import type {Knex} from 'knex'

export const writes = {
  name: '0003_writes',
  up: (tx: Knex) =>
    // json, not jsonb: it keeps what was sent letter by letter, U+0000 too, which jsonb refuses.
    tx.raw(`
      create table writes (
        id bigint generated always as identity primary key,
        flow text not null,
        subject text not null,
        run_id text not null,
        system text not null check (system in ('netsuite', 'shopify')),
        record_type text not null,
        external_id text not null,
        remote_id text,
        outcome text not null check (
          outcome in ('written', 'adopted', 'updated', 'unchanged', 'rejected', 'unknown', 'skipped')
        ),
        plan_hash text not null,
        sent json,
        reply json,
        started_at timestamptz not null,
        duration_ms integer not null check (duration_ms >= 0),
        recorded_at timestamptz not null default now()
      );
      create index writes_subject on writes (subject, flow, id);
      create index writes_external_id on writes (record_type, external_id, id desc);
      create index writes_remote_id on writes (remote_id) where remote_id is not null;
      create index writes_run on writes (run_id);
      create index writes_recorded_at on writes (recorded_at);

      create function refuse_change() returns trigger language plpgsql as $$
        begin
          raise exception 'table % is append-only: % refused', tg_table_name, lower(tg_op) using errcode = '2F002';
        end
      $$;
      create trigger writes_append_only before update or delete on writes for each row execute function refuse_change();
      create trigger writes_not_emptied before truncate on writes for each statement execute function refuse_change();
    `),
}
