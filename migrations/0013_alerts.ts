// Why: a trouble is told once, and the end of it too, by whichever process comes first; what was told must outlive a crash.
import type {Knex} from 'knex'

export const alerts = {
  name: '0013_alerts',
  up: (tx: Knex) =>
    tx.raw(`
      create table alerts (
        id bigint generated always as identity primary key,
        key text not null,
        source text not null check (source in ('derived', 'raised')),
        severity text not null check (severity in ('page', 'warn', 'info')),
        code text,
        title text not null,
        effect text not null,
        next text not null,
        count integer not null check (count >= 0),
        news integer not null default 0,
        first_seen timestamptz not null default now(),
        last_seen timestamptz not null default now(),
        cleared_at timestamptz,
        resolved_at timestamptz,
        check (resolved_at is null or cleared_at is not null)
      );
      create unique index alerts_open on alerts (key) where resolved_at is null;
      create index alerts_resolved on alerts (resolved_at);
      create table alert_channels (
        name text primary key,
        claim uuid,
        claimed_until timestamptz,
        attempts integer not null default 0,
        next_at timestamptz,
        last_error text,
        last_sent_at timestamptz,
        check ((claim is null) = (claimed_until is null))
      );
      create table alert_notices (
        alert_id bigint not null,
        channel text not null,
        told_at timestamptz not null,
        told_count integer not null,
        told_news integer not null,
        told_severity text not null,
        times integer not null default 1,
        ended_at timestamptz,
        primary key (alert_id, channel)
      );
    `),
}
