// Why: a sweep goes on where the last finished one ended, and never starts earlier than it has been.
import type {Knex} from 'knex'

export const cursors = {
  name: '0005_cursors',
  up: (tx: Knex) =>
    tx.raw(`
      create table cursors (
        name text primary key,
        position timestamptz not null,
        moved_at timestamptz not null default now()
      );
    `),
}
