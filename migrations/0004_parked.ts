// Why: what waits for a person waits here until someone acts, whatever the queue forgets; settled ones stay as history.
import type {Knex} from 'knex'

export const parked = {
  name: '0004_parked',
  up: (tx: Knex) =>
    tx.raw(`
      create table parked (
        id bigint generated always as identity primary key,
        flow text not null,
        subject text not null,
        name text,
        code text not null,
        message text not null,
        hint text not null,
        since timestamptz not null default now(),
        last_seen timestamptz not null default now(),
        attempts integer not null check (attempts >= 0),
        owner text,
        note text,
        by_hand boolean not null default false,
        resolved_at timestamptz,
        resolved_by text,
        check ((resolved_at is null) = (resolved_by is null))
      );
      create unique index parked_open on parked (flow, subject) where resolved_at is null;
      create index parked_subject on parked (subject, flow);
      create index parked_code on parked (flow, code, since) where resolved_at is null;
      create index parked_name on parked (name) where name is not null;
    `),
}
