// Why: a refused credential stops its system in all processes at once, and one of them asks again; a queued job wakes a worker.
import type {Knex} from 'knex'

export const circuits = {
  name: '0009_circuits',
  up: (tx: Knex) =>
    tx.raw(`
      create table circuits (
        system text primary key,
        fingerprint text not null,
        code text not null,
        message text not null,
        hint text not null,
        opened_at timestamptz not null default now(),
        probes integer not null default 0,
        next_probe_at timestamptz not null
      );
      create function circuits_changed() returns trigger language plpgsql as $$
        begin
          perform pg_notify('tieout_circuits', tg_table_schema);
          return null;
        end
      $$;
      create trigger circuits_changed after insert or update or delete on circuits
        for each statement execute function circuits_changed();
      do $$
        begin
          -- A ledger that is older than this already has its queue; in a new one the queue is made with it.
          if to_regclass(current_schema() || '_queue.queue') is not null then
            execute format('update %I.queue set notify = true', current_schema() || '_queue');
          end if;
        end
      $$;
    `),
}
