import pg from 'pg'

import type {Held} from './check-records.ts'
import type {Witnessed} from './relay.ts'

/** What the checker reads of the ledger, by SQL of its own. */
type Tables = Readonly<{
  deliveries: readonly string[]
  unsettled: readonly string[]
  open: readonly string[]
  parked: readonly Readonly<{subject: string; code: string; message: string}>[]
  links: readonly Readonly<{external_id: string; netsuite_id: string}>[]
}>

export async function readLedger(url: string): Promise<Tables> {
  const client = new pg.Client({connectionString: url})
  await client.connect()
  const column = async (sql: string) => (await client.query<{value: string}>(sql)).rows.map(({value}) => value)
  try {
    return {
      deliveries: await column("select delivery_id as value from tieout.events where source = 'webhook'"),
      // Told of, and neither written, linked, parked nor left out by a rule.
      unsettled: await column(`
        select distinct e.subject as value from tieout.events e
        where e.flow = 'orders'
          and not exists (select 1 from tieout.writes w where w.flow = e.flow and w.subject = e.subject)
          and not exists (select 1 from tieout.parked p where p.flow = e.flow and p.subject = e.subject)`),
      open: await column(
        "select singleton_key || ' ' || state as value from tieout_queue.job where state < 'completed' limit 50",
      ),
      parked: (
        await client.query<Tables['parked'][number]>(
          'select subject, code, message from tieout.parked where resolved_at is null',
        )
      ).rows,
      links: (
        await client.query<Tables['links'][number]>(
          "select external_id, netsuite_id from tieout.links where record_type = 'salesOrder'",
        )
      ).rows,
    }
  } finally {
    await client.end()
  }
}

/** Every event accounted for, nothing parked that only had to wait, nothing left in the queue. */
export function checkLedger(
  tables: Tables,
  seen: ReadonlyMap<string, Witnessed>,
  deleted: ReadonlySet<string>,
  salesOrders: readonly Held[],
): string[] {
  const {deliveries, unsettled, open, parked, links} = tables
  const recorded = new Set(deliveries)
  const held = new Map(salesOrders.map((record) => [record.externalId, record.id]))
  const broken: string[] = []
  if (recorded.size < deliveries.length) broken.push('a delivery stands twice in events')
  for (const [id, {topic, shopifyId, isGenuine, acknowledged}] of seen) {
    const what = `delivery ${id} (${topic}, order ${shopifyId})`
    if (!isGenuine && acknowledged > 0) broken.push(`${what} was forged, and acknowledged`)
    if (!isGenuine && recorded.has(id)) broken.push(`${what} was forged, and recorded`)
    if (isGenuine && acknowledged > 0 && !recorded.has(id)) broken.push(`${what} was acknowledged, and is not recorded`)
  }
  for (const id of recorded) if (!seen.has(id)) broken.push(`delivery ${id} is recorded, and was never sent`)
  for (const subject of unsettled) broken.push(`${subject} was told of, and nothing came of it`)
  for (const job of open) broken.push(`${job} is still in the queue`)
  for (const {subject, code, message} of parked) {
    if (code !== 'ORDER_DELETED' || !deleted.has(subject.split('/')[1] ?? ''))
      broken.push(`${subject} is parked: ${code}: ${message}`)
  }
  for (const {external_id, netsuite_id} of links) {
    const found = held.get(external_id)
    if (found !== netsuite_id)
      broken.push(`${external_id} is linked to ${netsuite_id}, NetSuite holds it as ${String(found)}`)
  }
  return broken
}
