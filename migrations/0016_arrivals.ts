// Why: what arrived in a time is asked for (webhooks:list, webhooks:replay) in a table that only grows; a BRIN index finds it and costs the intake next to nothing.
import type {Knex} from 'knex'

export const arrivals = {
  name: '0016_arrivals',
  up: (tx: Knex) => tx.raw('create index events_arrived on events using brin (received_at) with (autosummarize = on)'),
}
