/**
 * receive() for webhooks as one statement: record, leave out what a person set aside, queue the rest. It is on disk when it
 * returns, also where the server's own setting would answer before. Gives the deliveries that were new, one a line, and the queues
 * whose workers are to be woken. They are woken by a statement of its own: a transaction that notifies holds a lock of the
 * whole server until it is on disk (PostgreSQL's async.c, PreCommit_Notify), so that no two would commit side by side.
 */
export const RECORD = (own: string, queue: string) => `
  with arrived as (
    select a.*, substring($1::bytea from a.place for a.size) as body
    from unnest($2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])
      as a (place, size, delivery_id, flow, subject, name, topic, received_at)
  ), recorded as (
    insert into ${own}.events (source, delivery_id, flow, subject, name, topic, body, received_at)
    select 'webhook', delivery_id, flow, subject, name, topic, body, received_at from arrived
    on conflict (source, delivery_id) do nothing
    returning delivery_id, flow, subject, name
  ), fresh as (
    select distinct on (r.flow, r.subject) r.flow, r.subject, r.name
    from recorded r
    where not exists (
      select 1 from ${own}.parked p where p.flow = r.flow and p.subject = r.subject and p.by_hand and p.resolved_at is null
    )
    order by r.flow, r.subject, r.name nulls last
  ), ${QUEUED(queue)}
  ), durable as (
    select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'
  )
  select string_agg(delivery_id, E'\\n') as recorded, (
    select string_agg(q.name, E'\\n') from ${queue}.queue q where q.notify and q.name in (select name from queued)
  ) as queues
  from recorded
  where (select count(*) from durable) >= 0`

/**
 * Queues the subjects of `fresh`: raises what waits behind live orders, and inserts the rest as pg-boss's insert does (its
 * plans.js, insertJobs).
 */
const QUEUED = (queue: string) => `waiting as (
    select j.id, j.name, j.singleton_key, j.priority
    from ${queue}.job j join fresh f on j.name = f.flow and j.singleton_key = f.subject
    where j.state < 'active'
  ), behind as (
    select id, name from ${queue}.job
    where (name, id) in (select name, id from waiting where priority < 0) and state < 'active'
    order by id for update skip locked
  ), raised as (
    update ${queue}.job j set priority = 0 from behind b where j.name = b.name and j.id = b.id
  ), queued as (
    insert into ${queue}.job (
      id, name, data, priority, start_after, created_on, singleton_key, expire_seconds, deletion_seconds, keep_until,
      retry_limit, retry_delay, retry_backoff, retry_delay_max, policy, dead_letter, heartbeat_seconds,
      blocked, blocking, pending_dependencies
    )
    select
      gen_random_uuid(), q.name, jsonb_build_object('subject', f.subject, 'name', f.name), 0, at.now, at.now, f.subject,
      q.expire_seconds, q.deletion_seconds, at.now + q.retention_seconds * interval '1 s',
      q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max, q.policy, q.dead_letter, q.heartbeat_seconds,
      false, false, 0
    from fresh f
      join ${queue}.queue q on q.name = f.flow
      cross join (select ${queue}.job_now() as now) at
    where not exists (select 1 from waiting w where w.name = f.flow and w.singleton_key = f.subject)
    order by f.subject collate "C"
    on conflict do nothing
    returning name`
