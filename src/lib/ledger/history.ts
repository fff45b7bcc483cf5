import type {Rows} from './rows.ts'
import type {Db, Flow, HistoryEntry, Subject, Tx} from './types.ts'

type Line = {at: Date; kind: HistoryEntry['kind']; summary: string; detail: unknown}

/** Lines of one subject that are read at most; the oldest first, so a cut shows as an end before its time. */
const LINES_MAX = 10_000

/** Everything the ledger knows of a subject, oldest first. */
export async function history(db: Db | Tx, flow: Flow, subject: Subject): Promise<HistoryEntry[]> {
  const slash = subject.indexOf('/')
  const {rows} = await db.raw<Rows<Line>>(HISTORY, {
    flow,
    subject,
    shop: subject.slice(0, slash),
    shopifyId: subject.slice(slash + 1),
    limit: LINES_MAX,
  })
  return rows.map(({at, kind, summary, detail}) => ({at, kind, summary, detail}))
}

const HISTORY = `
  select at, kind, summary, detail from (
    select received_at as at, 1 as rank, id, 'event' as kind,
      'arrived by ' || source || ': ' || topic || coalesce(' ' || name, '') as summary,
      json_build_object('source', source, 'deliveryId', delivery_id, 'bytes', length(body)) as detail
    from events where subject = :subject and flow = :flow
    union all
    select w.started_at, 2, w.id, 'write',
      w.outcome || ': ' || w.record_type || ' ' || w.external_id
        || coalesce(' as ' || w.system || ' ' || w.remote_id, '') || ' in ' || w.duration_ms || ' ms',
      json_build_object('runId', w.run_id, 'command', r.command, 'who', r.who, 'system', w.system, 'planHash', w.plan_hash,
        'sent', w.sent, 'reply', w.reply)
    from writes w left join runs r on r.id::text = w.run_id
    where w.subject = :subject and w.flow = :flow
    union all
    select at, 3, id, 'job',
      case when code = '' then 'given back to the queue'
        else 'tried again after ' || round(after_ms / 1000.0, 1) || ' s: ' || code || ': ' || message end,
      json_build_object('attempt', attempt, 'code', nullif(code, ''), 'message', message, 'afterMs', after_ms)
    from postponed where subject = :subject and flow = :flow
    union all
    select linked_at, 3, 0, 'link',
      'linked: ' || record_type || ' ' || external_id || ' is NetSuite ' || netsuite_id,
      json_build_object('recordType', record_type, 'externalId', external_id, 'netsuiteId', netsuite_id)
    from links where shop = :shop and shopify_id = :shopifyId
    union all
    select since, 4, id, 'parked', 'parked: ' || code || ': ' || message,
      json_build_object('code', code, 'message', message, 'hint', hint, 'attempts', attempts, 'lastSeen', last_seen,
        'owner', owner, 'note', note)
    from parked where subject = :subject and flow = :flow
    union all
    select resolved_at, 5, id, 'unparked', 'taken up again by ' || resolved_by || coalesce(': ' || note, ''),
      json_build_object('code', code, 'by', resolved_by, 'note', note)
    from parked where subject = :subject and flow = :flow and resolved_at is not null
  ) lines
  order by at, rank, id
  limit :limit`

/**
 * The subjects that a person means by a text: a subject itself, else a Shopify id ("5001", "gid://shopify/Order/5001"), else a
 * name ("#1001"; the # may be missing), else an external ID, else the id of a record in NetSuite. The first meaning with hits
 * counts. Empty when the ledger does not know it.
 */
export async function findSubjects(db: Db | Tx, text: string): Promise<Subject[]> {
  const asked = text.trim().replaceAll('\u0000', '')
  const id = /^gid:\/\/shopify\/[A-Za-z]+\/(\d+)/.exec(asked)?.[1] ?? asked
  const {rows} = await db.raw<Rows<{subject: string}>>(FIND_SUBJECTS, {asked, id})
  return rows.map((row) => row.subject)
}

const FIND_SUBJECTS = `
  with found as (
    select 1 as meaning, subject from events where subject = :asked
    union select 1, subject from parked where subject = :asked
    union select 2, subject from events where split_part(subject, '/', 2) = :id
    union select 3, subject from events where name in (:asked, '#' || :asked)
    union select 3, subject from parked where name in (:asked, '#' || :asked)
    union select 4, subject from writes where external_id = :asked
    union select 4, shop || '/' || shopify_id from links where external_id = :asked and record_type <> 'customer'
    union select 5, subject from writes where remote_id = :asked and system = 'netsuite' and record_type <> 'customer'
  )
  select subject from found where meaning = (select min(meaning) from found) order by subject limit 100`
