// Why: who asks at night why an order was late must see each request made for it, what it waited for, and which process asked.
import type {Knex} from 'knex'

export const requests = {
  name: '0014_requests',
  up: (tx: Knex) =>
    // Orders go in batches, and a request serves all orders of its batch: it is kept once, and the tries name the orders.
    tx.raw(`
      create table batches (
        id bigint generated always as identity primary key,
        run_id text not null,
        started_at timestamptz not null,
        ended_at timestamptz not null default now(),
        orders integer not null check (orders > 0),
        requests_left_out integer not null check (requests_left_out >= 0)
      );

      create table tries (
        id bigint generated always as identity primary key,
        batch bigint not null,
        flow text not null,
        subject text not null,
        attempt integer not null check (attempt > 0),
        ended text not null check (ended in ('done', 'retry', 'parked', 'released', 'lost')),
        code text,
        message text
      );
      create index tries_subject on tries (subject, flow, id);

      create table requests (
        id bigint generated always as identity primary key,
        batch bigint not null,
        system text not null check (system in ('netsuite', 'shopify')),
        channel text not null,
        operation text not null,
        records integer,
        started_at timestamptz not null,
        duration_ms integer not null check (duration_ms >= 0),
        waited_ms integer not null check (waited_ms >= 0),
        outcome text not null,
        request_id text
      );
      create index requests_batch on requests (batch);

      create trigger batches_append_only before update or delete on batches for each row execute function refuse_change();
      create trigger batches_not_emptied before truncate on batches for each statement execute function refuse_change();
      create trigger tries_append_only before update or delete on tries for each row execute function refuse_change();
      create trigger tries_not_emptied before truncate on tries for each statement execute function refuse_change();
      create trigger requests_append_only before update or delete on requests for each row execute function refuse_change();
      create trigger requests_not_emptied before truncate on requests for each statement execute function refuse_change();

      alter table runs add column host text;
    `),
}
