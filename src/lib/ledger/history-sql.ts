/**
 * The lines of a subject's history, the newest first, each with its detail; `total` counts all of them. Times are of the
 * clock that saw the fact: the listener's, the worker's, the server's. `rank` orders what happened at the same instant.
 */
export const HISTORY = `
  with own_batches as (
    select t.id, t.attempt, t.ended, t.code, t.message, b.id as batch, b.run_id, b.started_at, b.ended_at, b.orders,
      b.requests_left_out
    from tries t join batches b on b.id = t.batch
    where t.subject = :subject and t.flow = :flow
  )
  select at, kind, what, detail, count(*) over ()::int as total from (
    select received_at as at, 1 as rank, e.id, 'event' as kind, 'arrived' as what,
      json_build_object('source', source, 'topic', topic, 'name', name, 'deliveryId', delivery_id,
        'bytes', length(body), 'who', r.who, 'command', r.command, 'host', r.host) as detail
    from events e left join runs r on source <> 'webhook' and r.id = ${runIn("split_part(delivery_id, '/', 1)")}
    where subject = :subject and flow = :flow
    union all
    select b.started_at, 2, b.id, 'job', 'taken',
      json_build_object('attempt', attempt, 'batch', batch, 'orders', orders, 'runId', run_id, 'command', r.command,
        'who', r.who, 'host', r.host, 'requestsLeftOut', requests_left_out)
    from own_batches b left join runs r on r.id = ${runIn('run_id')}
    union all
    select q.started_at, 3, q.id, 'request', 'request',
      json_build_object('batch', q.batch, 'system', system, 'channel', channel, 'operation', operation,
        'records', records, 'waitedMs', waited_ms, 'durationMs', duration_ms, 'outcome', outcome, 'requestId', request_id)
    from own_batches b join requests q on q.batch = b.batch
    union all
    select planned_at, 4, id, 'plan', 'plan',
      json_build_object('number', row_number() over own, 'externalId', external_id, 'planHash', plan_hash,
        'plan', plan, 'previous', lag(plan) over own, 'runId', run_id)
    from plans where subject = :subject and flow = :flow window own as (partition by external_id order by id)
    union all
    -- When the outcome was known: after the requests that it took, and before it was recorded.
    select greatest(w.started_at, least(w.started_at + make_interval(secs => w.duration_ms / 1000.0), w.recorded_at)),
      5, w.id, 'write', 'write',
      json_build_object('outcome', w.outcome, 'recordType', w.record_type, 'externalId', w.external_id,
        'remoteId', w.remote_id, 'startedAt', w.started_at, 'durationMs', w.duration_ms, 'runId', w.run_id,
        'command', r.command, 'who', r.who, 'host', r.host, 'system', w.system, 'planHash', w.plan_hash,
        'sent', w.sent, 'reply', w.reply)
    from writes w left join runs r on r.id = ${runIn('w.run_id')}
    where w.subject = :subject and w.flow = :flow
    union all
    select at, 6, id, 'job', case when code = '' then 'released' else 'postponed' end,
      json_build_object('attempt', attempt, 'code', nullif(code, ''), 'message', message, 'afterMs', after_ms)
    from postponed where subject = :subject and flow = :flow
    union all
    select linked_at, 6, 0, 'link', 'linked',
      json_build_object('recordType', record_type, 'externalId', external_id, 'netsuiteId', netsuite_id)
    from links where shop = :shop and shopify_id = :shopifyId
    union all
    select since, 7, p.id, 'parked', 'parked',
      json_build_object('code', coalesce(b.code, p.code), 'message', coalesce(b.message, p.message), 'hint', hint,
        'attempts', attempts, 'lastSeen', last_seen, 'owner', owner, 'note', note)
    from parked p left join own_batches b on b.ended_at = p.since and b.ended = 'parked'
    where subject = :subject and flow = :flow
    union all
    select ended_at, 7, id, 'parked', 'again', json_build_object('code', code, 'message', message, 'attempt', attempt)
    from own_batches b where ended = 'parked'
      and not exists (select 1 from parked p where p.subject = :subject and p.flow = :flow and p.since = b.ended_at)
    union all
    select resolved_at, 8, id, 'unparked', 'unparked',
      json_build_object('code', code, 'by', resolved_by, 'note', note)
    from parked where subject = :subject and flow = :flow and resolved_at is not null
    union all
    select c.detected_at, 4, c.id, 'conflict', 'conflict',
      json_build_object('id', c.id::text, 'field', field, 'base', base, 'held', held, 'planned', planned,
        'isOverwritten', is_overwritten, 'times', times, 'state', state)
    from conflicts c where subject = :subject and flow = :flow
    union all
    select resolved_at, 8, c.id, 'conflict', 'resolved',
      json_build_object('id', c.id::text, 'field', field, 'state', state, 'by', resolved_by, 'note', note)
    from conflicts c where subject = :subject and flow = :flow and resolved_at is not null
    union all
    select restored_at, 9, c.id, 'conflict', 'restored', json_build_object('id', c.id::text, 'field', field)
    from conflicts c where subject = :subject and flow = :flow and restored_at is not null
    union all
    select ended_at, 9, b.id, 'job', ended,
      json_build_object('attempt', attempt, 'batch', batch, 'arrivedAt', arrived_at,
        'fromArrivalMs', round(extract(epoch from greatest(ended_at - arrived_at, interval '0')) * 1000))
    from own_batches b cross join lateral (
      -- What came while the last good try ran may not have been read by it: the next one answers for that.
      select min(received_at) as arrived_at from events
      where subject = :subject and flow = :flow and received_at <= b.started_at and received_at > coalesce(
        (select max(started_at) from own_batches p where p.ended = 'done' and p.id < b.id), '-infinity')
    ) arrived
    where ended in ('done', 'lost')
  ) lines
  order by at desc, rank desc, id desc
  limit :limit`

/** The id of a run where the text is one; its primary key is of the type uuid. */
function runIn(text: string): string {
  return `case when ${text} ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ${text}::uuid end`
}

/** The meanings of what a person types, the closest first; see findSubjects. */
export const FIND_SUBJECTS = `
  with found as (
    select 1 as meaning, subject from events where subject = :asked
    union select 1, subject from parked where subject = :asked
    union select 2, subject from events where split_part(subject, '/', 2) in (:id, 'payout-' || :id, 'shipment-' || :id)
    union select 3, subject from events where name in (:asked, '#' || :asked)
    union select 3, subject from parked where name in (:asked, '#' || :asked)
    union select 4, subject from writes where external_id = :asked
    union select 4, shop || '/' || shopify_id from links where external_id = :asked and record_type <> 'customer'
    union select 5, subject from writes where remote_id = :asked and system = 'netsuite' and record_type <> 'customer'
  )
  select subject from found where meaning = (select min(meaning) from found) order by subject limit 100`
