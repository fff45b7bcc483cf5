/**
 * Statements on pg-boss's job table for what its functions do not offer: choosing jobs by subject, and looking at them.
 * They keep its rules for a `stately` queue: states created/retry → active → completed, one row a key and state (index job_i3),
 * and each claim of a job that was started before raises retry_count, which names the attempt. Times are the server's.
 */

/** What waits of these subjects is raised to the hint's priority and, for an urgent one, pulled forward. Gives its subjects. */
export const RAISE = (schema: string) => `
  with hint as (
    select * from unnest(?::text[], ?::int[], ?::boolean[]) as h (subject, priority, urgent)
  ), waiting as (
    select j.id, j.singleton_key, h.priority, h.urgent
    from ${schema}.job j join hint h on h.subject = j.singleton_key
    where j.name = ? and j.state < 'active'
  ), chosen as (
    select j.id from ${schema}.job j join waiting w on w.id = j.id
    where j.name = ? and j.state < 'active' and (j.priority < w.priority or (w.urgent and j.start_after > now()))
    order by j.id for update of j skip locked
  ), raised as (
    update ${schema}.job j set
      priority = greatest(j.priority, w.priority),
      start_after = case when w.urgent then least(j.start_after, now()) else j.start_after end
    from waiting w where j.name = ? and j.id = w.id and j.id in (select id from chosen)
  )
  select distinct singleton_key as subject from waiting`

/** pg-boss's own fetch, limited to some subjects. */
export const FETCH_SUBJECTS = (schema: string) => `
  with next as (
    select j.id, j.singleton_key
    from ${schema}.job j
    where j.name = ? and j.state < 'active' and not j.blocked and j.start_after <= now() and j.singleton_key = any(?::text[])
      and not exists (
        select 1 from ${schema}.job a where a.name = j.name and a.state = 'active' and a.singleton_key = j.singleton_key
      )
    order by j.priority desc, j.created_on
    limit ?
    for update of j skip locked
  ), one_each as (
    select id, row_number() over (partition by singleton_key) as n from next
  )
  update ${schema}.job j set
    state = 'active',
    started_on = now(),
    heartbeat_on = now(),
    retry_count = case when j.started_on is not null then j.retry_count + 1 else j.retry_count end
  from one_each
  where j.name = ? and j.id = one_each.id and one_each.n = 1
  returning j.id, j.data, j.retry_count as "retryCount"`

/**
 * After fail(): when each of these jobs may run again, and why it waits. One that was given back untouched is as if it had not
 * been started: its next claim is the same attempt.
 */
export const POSTPONE = (schema: string) => `
  update ${schema}.job j set
    start_after = now() + make_interval(secs => p.seconds), output = p.output::jsonb,
    started_on = case when p.untouched then null else j.started_on end
  from unnest(?::uuid[], ?::float8[], ?::text[], ?::boolean[]) as p (id, seconds, output, untouched)
  where j.name = ? and j.id = p.id and j.state = 'retry'`

/** A hint that came while the job ran is covered by the job's own next try: one row waits for a subject. */
export const MERGE = (schema: string) => `
  delete from ${schema}.job c using ${schema}.job r
  where c.name = ? and c.state = 'created' and c.singleton_key = any(?::text[])
    and r.name = c.name and r.state = 'retry' and r.singleton_key = c.singleton_key`

/** Takes waiting jobs out of the queue. */
export const WITHDRAW = (schema: string) => `
  update ${schema}.job set state = 'cancelled', completed_on = now()
  where name = ? and state < 'active' and singleton_key = any(?::text[])`

export const COUNT = (schema: string) => `
  select
    count(*) filter (where state = 'created')::int as waiting,
    count(*) filter (where state = 'active')::int as running,
    count(*) filter (where state = 'retry')::int as retrying
  from ${schema}.job where name = ? and state <= 'active'`

export const LIST = (schema: string) => `
  select id, data, retry_count as "retryCount", state::text as state, start_after as "dueAt"
  from ${schema}.job
  where name = ? and state <= 'active' and (?::text is null or state::text = ?::text)
  order by state desc, start_after, created_on
  limit ?`

/** Subjects among these that wait or run; all of the flow for null. */
export const OPEN_COUNT = (schema: string) => `
  select count(distinct singleton_key)::int as open
  from ${schema}.job where name = ? and state <= 'active' and (?::text[] is null or singleton_key = any(?::text[]))`

/** Since when the job that has waited longest could have been taken. */
export const OLDEST_DUE = (schema: string) => `
  select min(start_after) as due from ${schema}.job
  where name = ? and state < 'active' and not blocked and start_after <= now()`

/**
 * When the next job may be fetched. One that runs here, or that was asked for by subject, ends soon or not: look again
 * shortly. One that runs elsewhere counts once its worker has been silent for half of its time.
 */
export const NEXT_DUE = (schema: string) => `
  select min(case
      when state < 'active' then start_after
      when id = any(?::uuid[]) or ?::text[] is not null then now() + interval '250 ms'
      else heartbeat_on + make_interval(secs => heartbeat_seconds)
    end) as due
  from ${schema}.job
  where name = ? and state <= 'active' and not blocked and (?::text[] is null or singleton_key = any(?::text[]))
    and (state < 'active' or id = any(?::uuid[]) or ?::text[] is not null
      or heartbeat_on + make_interval(secs => heartbeat_seconds / 2.0) < now())`
