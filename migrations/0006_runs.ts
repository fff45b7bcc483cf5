// Why: who ran what, when, with which flags and what came of it; a run without an end was killed or still runs.
import type {Knex} from 'knex'

export const runs = {
  name: '0006_runs',
  up: (tx: Knex) =>
    tx.raw(`
      create table runs (
        id uuid primary key,
        command text not null,
        flags json not null,
        who text not null,
        started_at timestamptz not null default now(),
        ended_at timestamptz,
        outcome text,
        counts json,
        check ((ended_at is null) = (outcome is null))
      );
      create index runs_command on runs (command, started_at desc);
    `),
}
