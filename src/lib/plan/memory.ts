import {createHash} from 'node:crypto'

import type {Field} from './field.ts'
import {normal} from './normal.ts'

/**
 * What is known of one field of a record that NetSuite holds, as marks (markOf): `held` is every value that may stand
 * there by our own writing or that was recorded already; any other is a person's. `planned` is the planned value where
 * NetSuite made another one of it (a state by its full name), or where it could not be read.
 */
export type Known = Readonly<{held: readonly string[]; planned?: string | undefined}>

/** The latest conflict of a field, and what a person decided about it. `planned` and `held` are marks. */
export type Ruling = Readonly<{
  state: 'open' | 'kept_shopify' | 'kept_netsuite'
  planned: string
  held: string
  /** The value that a person had entered, where `held` does not show it, until it stands in NetSuite again. */
  kept: string | null
  /** True once the value that was kept stands in NetSuite again: from then on the field is left as it is there. */
  isRestored: boolean
}>

/** What is remembered of a record. `fields` is null where Tieout has not yet written or compared it. */
export type Memory = Readonly<{
  externalId: string
  fields: Readonly<Record<string, Known>> | null
  rulings: ReadonlyMap<string, Ruling>
}>

/** How a value is remembered: as itself, or as a fingerprint where it may name a person. Equal marks, equal values. */
export function markOf(externalId: string, {name, kind}: Pick<Field, 'name' | 'kind'>, value: string | null): string {
  const text = normal(kind, value)
  if (text === '' || !isPersonal(name)) return text
  // With the record's own ID, so that one mark does not show that two orders have the same address.
  const hash = createHash('sha256').update(`${externalId}\u0000${name}\u0000${text}`).digest('base64url')
  return `~${hash.slice(0, 16)}`
}

/** True for fields that may hold details of a customer: the ledger keeps amounts and references only. */
export function isPersonal(name: string): boolean {
  return /^(memo|email|otherRefNum|billingAddress|shippingAddress)\b|^lines\..*\.description$/.test(name)
}

/** Fields that decide what is owed or shipped. With another value of NetSuite there, the order would not tie out. */
export function decidesMoney(name: string): boolean {
  return !/^(entity|tranDate|otherRefNum|memo|email|terms|shipMethod)$|^(billingAddress|shippingAddress|customFields)\.|^lines\..*\.(description|location)$/.test(name) // prettier-ignore
}

/**
 * The value that a person decided to keep in NetSuite, as long as Shopify's is the one that was refused. It is put back once;
 * where someone has entered another one there meanwhile, that one stays.
 */
export type Pin = Readonly<{value: string | null}>

export function pinOf(field: Field, memory: Memory): Pin | null {
  const ruling = memory.rulings.get(field.name)
  if (ruling?.state !== 'kept_netsuite' || decidesMoney(field.name) || field.kind === 'unread') return null
  if (ruling.planned !== markOf(memory.externalId, field, field.planned)) return null
  const known = memory.fields?.[field.name]
  const isNewer = known !== undefined && !known.held.includes(markOf(memory.externalId, field, field.held))
  if (ruling.isRestored || isNewer) return {value: field.held}
  if (!ruling.held.startsWith('~')) return {value: ruling.held === '' ? null : ruling.held}
  return {value: ruling.kept ?? field.held}
}

/** True where NetSuite holds what it made of this planned value when it was written: to write it again changes nothing. */
export function isAsWritten(field: Field, memory: Memory): boolean {
  const known = memory.fields?.[field.name]
  if (known?.planned === undefined || known.planned !== markOf(memory.externalId, field, field.planned)) return false
  if (field.kind === 'unread') return true
  const held = markOf(memory.externalId, field, field.held)
  return isPersonal(field.name) && known.held.length === 1 && known.held[0] === held
}
