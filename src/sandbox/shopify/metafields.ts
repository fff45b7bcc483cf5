import {createHash} from 'node:crypto'

import {paginate, type Connection, type PageArguments} from './connection.ts'
import {utc} from './document.ts'
import {isJson} from './json.ts'

export type Metafield = Readonly<{
  __typename: 'Metafield'
  id: string
  legacyResourceId: string
  namespace: string
  key: string
  type: string
  value: string
  jsonValue: unknown
  compareDigest: string
  createdAt: string
  updatedAt: string
  ownerType: string
  owner: () => unknown
  sizeInBytes: number
}>

/** One entry of the input of `metafieldsSet`. */
export type MetafieldInput = Readonly<{
  ownerId: string
  key: string
  value: string
  namespace?: string | null
  type?: string | null
  compareDigest?: string | null
}>

export type MetafieldError = Readonly<{field: readonly string[]; message: string; code: string; elementIndex: null}>

/** Most metafields in one call (Shopify: metafieldsSet). */
const LARGEST_SET = 25

/** Numeric id of the app, which its reserved namespace carries. */
const APP = '1001'

/** The metafields of all owners, by global id, in memory. */
export class Metafields {
  readonly #now: () => Date
  readonly #byOwner = new Map<string, Map<string, Metafield>>()
  #lastId = 22_500_000_000_000

  constructor(now: () => Date) {
    this.#now = now
  }

  find(ownerId: string, namespace: string | null | undefined, key: string): Metafield | null {
    return this.#byOwner.get(ownerId)?.get(`${namespaceOf(namespace)}.${key}`) ?? null
  }

  /** All of an owner, in the order in which they were first set. */
  of(ownerId: string): readonly Metafield[] {
    return [...(this.#byOwner.get(ownerId)?.values() ?? [])]
  }

  page(
    ownerId: string,
    given: PageArguments & Readonly<{namespace?: string | null; keys?: readonly string[] | null}>,
  ): Connection<Metafield> {
    const all = this.of(ownerId).filter(
      (one) =>
        (isAbsent(given.namespace) || one.namespace === namespaceOf(given.namespace)) &&
        (isAbsent(given.keys) || given.keys.includes(one.key) || given.keys.includes(`${one.namespace}.${one.key}`)),
    )
    return paginate(
      all,
      given,
      (one) => ({value: 0, id: one.legacyResourceId}),
      (one) => one,
    )
  }

  /**
   * Sets all or none. `ownerOf` gives the owner, null where there is none; it is not called before the inputs are valid.
   */
  set(
    inputs: readonly MetafieldInput[],
    ownerOf: (id: string) => unknown,
  ): Readonly<{metafields: readonly Metafield[] | null; errors: readonly MetafieldError[]}> {
    const errors = this.#check(inputs, ownerOf)
    if (errors.length > 0) return {metafields: null, errors}
    return {metafields: inputs.map((input) => this.#write(input, () => ownerOf(input.ownerId))), errors}
  }

  clear(): void {
    this.#byOwner.clear()
  }

  #check(inputs: readonly MetafieldInput[], ownerOf: (id: string) => unknown): MetafieldError[] {
    if (inputs.length > LARGEST_SET) {
      const message = `Exceeded the maximum metafields input limit of ${LARGEST_SET}.`
      return [{field: ['metafields'], message, code: 'LESS_THAN_OR_EQUAL_TO', elementIndex: null}]
    }
    return inputs.flatMap((input, i) => {
      const fault =
        faultOf(input, this.find(input.ownerId, input.namespace, input.key)) ??
        (ownerOf(input.ownerId) === null ? (['ownerId', 'Owner does not exist.', 'INVALID_VALUE'] as const) : null)
      if (fault === null) return []
      const [field, message, code] = fault
      return [{field: ['metafields', String(i), field], message, code, elementIndex: null}]
    })
  }

  #write(input: MetafieldInput, owner: () => unknown): Metafield {
    const held = this.find(input.ownerId, input.namespace, input.key)
    const now = utc(this.#now())
    if (held === null) this.#lastId += 1
    const id = held?.legacyResourceId ?? String(this.#lastId)
    const type = input.type ?? held?.type ?? 'single_line_text_field'
    const metafield: Metafield = {
      __typename: 'Metafield',
      id: `gid://shopify/Metafield/${id}`,
      legacyResourceId: id,
      namespace: namespaceOf(input.namespace),
      key: input.key,
      type,
      value: input.value,
      jsonValue: type === 'json' || type.startsWith('number_') ? JSON.parse(input.value) : input.value,
      compareDigest: digest(input.value),
      createdAt: held?.createdAt ?? now,
      updatedAt: now,
      ownerType: (/^gid:\/\/shopify\/(\w+)\//.exec(input.ownerId)?.[1] ?? '').toUpperCase(),
      owner,
      sizeInBytes: Buffer.byteLength(input.value),
    }
    const all = this.#byOwner.get(input.ownerId) ?? new Map<string, Metafield>()
    this.#byOwner.set(input.ownerId, all.set(`${metafield.namespace}.${input.key}`, metafield))
    return metafield
  }
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

function namespaceOf(given: string | null | undefined): string {
  return (given ?? '$app').replace(/^\$app(?=$|:)/, `app--${APP}`).replace(`app--${APP}:`, `app--${APP}--`)
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex')
}

/** Checks of a value by its type; types that are not here are refused. */
const VALUES: ReadonlyMap<string, (value: string) => boolean> = new Map(
  Object.entries({
    single_line_text_field: (value) => !/[\n\r]/.test(value),
    multi_line_text_field: () => true,
    id: (value) => !/[\n\r]/.test(value),
    number_integer: (value) => /^-?\d+$/.test(value),
    number_decimal: (value) => /^-?\d+(\.\d+)?$/.test(value),
    boolean: (value) => value === 'true' || value === 'false',
    date: (value) => /^\d{4}-\d\d-\d\d$/.test(value),
    date_time: (value) => !Number.isNaN(Date.parse(value)),
    url: (value) => URL.canParse(value),
    json: isJsonText,
  }),
)

function isJsonText(value: string): boolean {
  try {
    return isJson(JSON.parse(value)) || value.trim().startsWith('[')
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

type Fault = readonly [field: string, message: string, code: string]

/** The first rule that an input breaks (Shopify: MetafieldsSetInput). */
function faultOf(input: MetafieldInput, held: Metafield | null): Fault | null {
  const {key, value} = input
  const namespace = namespaceOf(input.namespace)
  const type = input.type ?? held?.type ?? null
  if (key.length < 2) return ['key', 'Key is too short (minimum is 2 characters)', 'TOO_SHORT']
  if (key.length > 64) return ['key', 'Key is too long (maximum is 64 characters)', 'TOO_LONG']
  if (namespace.length < 3) return ['namespace', 'Namespace is too short (minimum is 3 characters)', 'TOO_SHORT']
  if (namespace.length > 255) return ['namespace', 'Namespace is too long (maximum is 255 characters)', 'TOO_LONG']
  if (!/^[\w-]+$/.test(key)) return ['key', 'Key contains one or more invalid characters.', 'INVALID']
  if (!/^[\w-]+$/.test(namespace)) return ['namespace', 'Namespace contains one or more invalid characters.', 'INVALID']
  if (value === '') return ['value', 'Value may not be empty', 'BLANK']
  if (type === null) return ['type', "Type can't be blank", 'BLANK']
  if (held !== null && held.type !== type) return ['type', `Type must be ${held.type}`, 'INVALID_TYPE']
  const check = VALUES.get(type)
  if (check === undefined) return ['type', `Type ${type} is not a supported type`, 'INVALID_TYPE']
  if (!check(value)) return ['value', `Value is not a valid ${type}`, 'INVALID_VALUE']
  if (!isAbsent(input.compareDigest) && input.compareDigest !== (held?.compareDigest ?? '')) {
    return [
      'compareDigest',
      'The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.',
      'STALE_OBJECT',
    ]
  }
  return null
}
