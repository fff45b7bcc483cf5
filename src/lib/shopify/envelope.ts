import {z, type ZodError} from 'zod'

import {RejectedError} from '../core/errors.ts'
import {type Asked, graphqlFault, malformed, readErrors, statusFault, unreadable} from './faults.ts'
import type {Bucket} from './throttle.ts'
import type {Cost, Document, Reply} from './transport-types.ts'

const envelope = z.object({
  data: z.unknown().optional(),
  errors: z.unknown().optional(),
  extensions: z
    .object({
      cost: z
        .object({
          requestedQueryCost: z.number(),
          actualQueryCost: z.number().nullable(),
          throttleStatus: z.object({
            maximumAvailable: z.number().positive(),
            currentlyAvailable: z.number(),
            restoreRate: z.number().positive(),
          }),
        })
        .optional(),
      search: z
        .array(z.object({warnings: z.array(z.object({field: z.string(), message: z.string()})).optional()}))
        .optional(),
    })
    .optional(),
})

export type Envelope = z.infer<typeof envelope>

/** Opens an answer. Throws for any HTTP status but 200, for what is no JSON, and for JSON without the API's frame. */
export function openReply(reply: Reply, asked: Asked): Envelope {
  if (reply.status !== 200) throw statusFault(reply, asked)
  const parsed = envelope.safeParse(readJson(reply, asked))
  if (!parsed.success) throw malformedBy(asked.operation, parsed.error)
  return parsed.data
}

function readJson(reply: Reply, asked: Asked): unknown {
  try {
    return JSON.parse(reply.body)
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable(reply, asked)
    throw error
  }
}

/** The points of a request and the bucket after it; both null where the answer has none (MAX_COST_EXCEEDED). */
export function costOf({extensions}: Envelope): {cost: Cost | null; bucket: Bucket | null} {
  const cost = extensions?.cost
  if (cost === undefined) return {cost: null, bucket: null}
  return {cost: {requested: cost.requestedQueryCost, actual: cost.actualQueryCost}, bucket: cost.throttleStatus}
}

/**
 * The data of an answer in the shape of its document. Any error in it throws, also beside data: half an answer is none.
 * A filter that Shopify did not understand throws too; Shopify itself answers with an unfiltered list and a warning.
 */
export function dataOf<T>(opened: Envelope, document: Document<T>): T {
  const errors = readErrors(opened.errors)
  if (errors.length > 0) throw graphqlFault(errors, document, throttleWaitMs(opened))
  const warnings = (opened.extensions?.search ?? []).flatMap((search) => search.warnings ?? [])
  if (warnings.length > 0) throw ignoredFilter(document.operation, warnings)
  const parsed = document.answer.safeParse(opened.data)
  if (!parsed.success) throw malformedBy(document.operation, parsed.error)
  return parsed.data
}

/** (requested − available) / rate, as shopify.dev "Shopify API limits" states it; at least a little. */
function throttleWaitMs(opened: Envelope): number {
  const cost = opened.extensions?.cost
  if (cost === undefined) return 1000
  const {currentlyAvailable, restoreRate} = cost.throttleStatus
  return Math.max(50, Math.ceil(((cost.requestedQueryCost - currentlyAvailable) / restoreRate) * 1000))
}

function ignoredFilter(operation: string, warnings: readonly {field: string; message: string}[]): RejectedError {
  const said = warnings.map((warning) => `${warning.field}: ${warning.message}`).join('; ')
  return new RejectedError('SHOPIFY_FILTER_IGNORED', `${operation}: Shopify ignored a part of the filter: ${said}`, {
    hint: 'correct the filter; without it the list would be wrong in silence',
  })
}

/** The first issue of a shape that does not fit, with its path. */
export function malformedBy(operation: string, error: ZodError, subject?: string): RejectedError {
  const [first] = error.issues
  return malformed(operation, first?.path.map(String).join('.') || 'its root', first?.message ?? 'unknown', subject)
}
