// Why: one limit and one line of waiting for all processes; a process that died keeps its requests counted for a while.
import type {Knex} from 'knex'

export const permits = {
  name: '0010_permits',
  up: (tx: Knex) =>
    tx.raw(`
      create table permit_sessions (
        account text not null,
        session integer not null,
        held integer not null check (held >= 0),
        slots integer not null check (slots >= 1),
        reserve integer not null,
        turns timestamptz[] not null,
        rest_ms integer not null,
        rest_until timestamptz,
        primary key (account, session)
      ) with (fillfactor = 50);
      create table permit_limits (
        account text primary key,
        learned integer check (learned >= 1),
        shrunk_to integer check (shrunk_to >= 1),
        shrunk_at timestamptz,
        check ((shrunk_to is null) = (shrunk_at is null))
      );
    `),
}
