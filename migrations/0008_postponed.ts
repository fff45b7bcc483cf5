// Why: the queue forgets why a job was tried again; the history of a subject must not.
import type {Knex} from 'knex'

export const postponed = {
  name: '0008_postponed',
  up: (tx: Knex) =>
    tx.raw(`
      create table postponed (
        id bigint generated always as identity primary key,
        flow text not null,
        subject text not null,
        attempt integer not null,
        code text not null,
        message text not null,
        after_ms bigint not null,
        at timestamptz not null default now()
      );
      create index postponed_subject on postponed (subject, flow);
    `),
}
