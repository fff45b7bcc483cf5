// Why: what an order was to become, and how that changed, must be told long after Shopify forgot; no customer detail is in it.
import type {Knex} from 'knex'

export const plans = {
  name: '0015_plans',
  up: (tx: Knex) =>
    tx.raw(`
      create table plans (
        id bigint generated always as identity primary key,
        flow text not null,
        subject text not null,
        run_id text not null,
        external_id text not null,
        plan_hash text not null,
        plan jsonb not null,
        planned_at timestamptz not null,
        recorded_at timestamptz not null default now()
      );
      create index plans_external_id on plans (external_id, id desc);
      create index plans_subject on plans (subject, flow, id);

      create trigger plans_append_only before update or delete on plans for each row execute function refuse_change();
      create trigger plans_not_emptied before truncate on plans for each statement execute function refuse_change();
    `),
}
