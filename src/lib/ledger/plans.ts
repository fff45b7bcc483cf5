import {storable} from './rows.ts'
import type {KeptPlan} from './types.ts'

/**
 * Keeps plans, each only where it differs from the last one kept of its external ID: a row is a change, not an attempt.
 * Two workers never have one subject at a time, so nothing comes in between. Takes the values of `planValues`.
 */
export const ADD_PLANS = `
  insert into plans (flow, subject, run_id, external_id, plan_hash, plan, planned_at)
  select p.flow, p.subject, p.run_id, p.external_id, p.plan_hash, p.plan::jsonb, p.planned_at
  from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
    as p (flow, subject, run_id, external_id, plan_hash, plan, planned_at)
  where p.plan_hash is distinct from (
    select last.plan_hash from plans last where last.external_id = p.external_id order by last.id desc limit 1
  )`

export function planValues(plans: readonly KeptPlan[]): string[][] {
  return [
    plans.map((plan) => plan.flow),
    plans.map((plan) => plan.subject),
    plans.map((plan) => plan.runId),
    plans.map((plan) => storable(plan.externalId)),
    plans.map((plan) => plan.planHash),
    plans.map((plan) => textOf(plan.document)),
    plans.map((plan) => plan.plannedAt.toISOString()),
  ]
}

/** jsonb takes no U+0000, nor a lone surrogate. */
function textOf(document: KeptPlan['document']): string {
  return JSON.stringify(document, (_, value: unknown) => (typeof value === 'string' ? storable(value) : value))
}
