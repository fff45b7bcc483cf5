import {RejectedError} from './errors.ts'

/**
 * The number at the end of a Shopify global id: "gid://shopify/Order/5001?x=1" → "5001".
 * Ids are text everywhere; a JavaScript number would round the long ones.
 */
export function legacyId(gid: string): string {
  const match = /^gid:\/\/shopify\/[A-Za-z]+\/(\d+)/.exec(gid)
  if (match?.[1] === undefined) {
    throw new RejectedError('SHOPIFY_ID_MALFORMED', `${JSON.stringify(gid)} is not a Shopify id`, {
      hint: 'give a number, a gid://shopify/… or a name such as #1001',
    })
  }
  return match[1]
}

/** "gid://shopify/Order/5001" from "5001". */
export function gid(kind: string, id: string): string {
  return `gid://shopify/${kind}/${id}`
}

/**
 * The external IDs under which facts of Shopify stand in NetSuite. One value per record group
 * (all transactions share one space, all entities another), so each begins with its kind.
 */
export const externalId = {
  order: (id: string) => `SHOPIFY:ORDER:${id}`,
  customer: (id: string) => `SHOPIFY:CUSTOMER:${id}`,
  company: (id: string) => `SHOPIFY:COMPANY:${id}`,
  guest: (hash: string) => `SHOPIFY:GUEST:${hash}`,
} as const
