import pg from 'pg'

/** One slot is regained after each of these. */
export const REGAIN_MS = 10_000
/** Requests that are in flight together are refused together: one refusal within this time counts. */
const TOGETHER_MS = 1000

/** What a session tells, all at once. */
export type Told = Readonly<{
  /** Permits in use by requests now. */
  inUse: number
  /** Permits given back since the last time. */
  freed: number
  /** Of those, permits whose request was cut off and may still run at the account. */
  cut: number
  /** Requests that the account allows at once, as far as this session knows, without the reserve. */
  slots: number
  /** Requests that stay free for others; with it the limit that another session learnt lowers ours at once. */
  reserve: number
  /** How long each waiting request has waited, most urgent first, in milliseconds; negative for one whose turn is later. */
  agesMs: readonly number[]
  /** How long the requests of this session may still run after it died. */
  restMs: number
  /** The account refused for concurrency. */
  refused: boolean
  /** The account said what it allows. */
  learned: number | null
  /** The session says goodbye. */
  closing: boolean
}>

/** What it learns. Counts are of permits; `othersAgeMs` is how long the most urgent request of another session has waited. */
export type Learnt = Readonly<{
  held: number
  slots: number
  busy: number
  learned: number | null
  othersAgeMs: number | null
}>

/** `session` is a random number; `replaces` the session that this process had before its connection broke. */
export type SessionKey = Readonly<{schema: string; account: string; session: number; replaces: number | null}>

/** The lock by which others see that a session lives: held as long as its connection. */
export const LIVES = "hashtext('tieout permit session')"

/** The channel on which a session is told that it got permits. */
export function channelOf(session: number): string {
  return `tieout_permits_${session}`
}

/**
 * The statements of one exchange between a session and all others of its account, sent as one message and so one transaction
 * (Postgres, "Multiple Statements in a Simple Query"); the last of them answers. They run one session after the other,
 * under a lock, so what each sees is what is.
 */
export function exchange(key: SessionKey, told: Told): string {
  const account = pg.escapeLiteral(key.account)
  const lock = pg.escapeLiteral(`${key.schema} ${key.account}`)
  return [
    'set local synchronous_commit = off',
    `set local search_path = ${pg.escapeIdentifier(key.schema)}`,
    `select pg_advisory_xact_lock(hashtext('tieout permits'), hashtext(${lock}))`,
    ...buried(account, key),
    ...limited(account, told),
    ...stated(account, key, told),
    granted(account, key.session),
    answer(account, key.session),
  ].join(';\n')
}

/** Who can take the lock of another session knows that it is dead. What it had in flight counts until its rest is over. */
function buried(account: string, {session, replaces}: SessionKey): string[] {
  const isDead = `pg_try_advisory_xact_lock_shared(${LIVES}, session)`
  return [
    ...(replaces === null
      ? []
      : [`delete from permit_sessions where account = ${account} and session = ${replaces} and ${isDead}`]),
    `update permit_sessions set turns = '{}', rest_until = ${later('rest_ms')}
     where account = ${account} and case when rest_until is null and session <> ${session} then ${isDead} else false end`,
    `delete from permit_sessions where account = ${account} and rest_until is not null
       and (held = 0 or rest_until <= clock_timestamp())`,
  ]
}

function limited(account: string, {slots, refused, learned}: Told): string[] {
  const half = (present: string) => `greatest(1, ${present} / 2), clock_timestamp()`
  return [
    ...(learned === null
      ? []
      : [
          `insert into permit_limits (account, learned) values (${account}, ${learned})
           on conflict (account) do update set learned = excluded.learned`,
        ]),
    ...(refused
      ? [
          `insert into permit_limits as l (account, shrunk_to, shrunk_at) values (${account}, ${half(String(slots))})
           on conflict (account) do update set (shrunk_to, shrunk_at) = (${half(`least(${slots}, ${REGAINED})`)})
           where l.shrunk_at is null or l.shrunk_at < ${later(String(-TOGETHER_MS))}`,
        ]
      : []),
  ]
}

/** The slots that a refusal left, and those that time gave back since; null where none was refused. */
const REGAINED = `l.shrunk_to + floor(extract(epoch from clock_timestamp() - l.shrunk_at) * 1000 / ${REGAIN_MS})::int`

/** What session s may use of the account now. A null is no bound: least() passes over it, and so would greatest(). */
const ALLOWED = `least(s.slots, case when l.learned is not null then greatest(1, l.learned - s.reserve) end, ${REGAINED})`

function stated(account: string, {session}: SessionKey, told: Told): string[] {
  const turns = told.agesMs.map((ageMs) => later(String(-Math.round(ageMs)))).join(', ')
  return [
    ...(told.cut === 0
      ? []
      : [
          `insert into permit_sessions values (${account}, -floor(random() * 2147483647)::int - 1, ${told.cut}, 1, 0, '{}',
             ${told.restMs}, ${later(String(told.restMs))})`,
        ]),
    told.closing && told.inUse === 0
      ? `delete from permit_sessions where account = ${account} and session = ${session}`
      : `insert into permit_sessions as s (account, session, held, slots, reserve, turns, rest_ms)
         values (${account}, ${session}, ${told.inUse}, ${told.slots}, ${told.reserve}, array[${turns}]::timestamptz[],
           ${told.restMs})
         on conflict (account, session) do update set held = greatest(0, s.held - ${told.freed}), slots = excluded.slots,
           reserve = excluded.reserve, turns = excluded.turns,
           rest_ms = excluded.rest_ms, rest_until = null`,
  ]
}

/**
 * Gives what is free to those whose turn is first, whatever process they are in, and tells them.
 * A grant must survive a crash of the server, or the request would go uncounted: only here the commit waits for the disk.
 */
function granted(account: string, session: number): string {
  return `with present as (
      select coalesce(sum(held), 0)::int as busy from permit_sessions where account = ${account}
    ), line as (
      select s.session, ${ALLOWED} as slots,
        busy + row_number() over (order by turn, s.session) as place
      from present, permit_sessions s cross join unnest(s.turns) as turn left join permit_limits l on l.account = s.account
      where s.account = ${account} and ${ALLOWED} > busy
    ), won as (
      select session, count(*)::int as n from line where place <= slots group by session
    ), given as (
      update permit_sessions s set held = held + n, turns = turns[n + 1:] from won
      where s.account = ${account} and s.session = won.session returning s.session
    )
    select set_config('synchronous_commit', 'on', true),
      case when session <> ${session} then pg_notify('${channelOf(0).slice(0, -1)}' || session, '')::text end from given`
}

function answer(account: string, session: number): string {
  return `select coalesce(s.held, 0) as held, ${ALLOWED} as slots, l.learned,
      (select coalesce(sum(held), 0)::int from permit_sessions where account = ${account}) as busy,
      (select (extract(epoch from clock_timestamp() - min(turn)) * 1000)::int from permit_sessions o, unnest(o.turns) as turn
       where o.account = ${account} and o.session <> ${session}) as "othersAgeMs"
    from (select ${account} as account) as a left join permit_limits l using (account)
      left join permit_sessions s on s.account = a.account and s.session = ${session}`
}

function later(ms: string): string {
  return `clock_timestamp() + (${ms}) * interval '1 millisecond'`
}
