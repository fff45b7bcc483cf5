import {getDirectiveValues, GraphQLError, type GraphQLResolveInfo} from 'graphql'

type Attempt = Readonly<{parameters: string; at: number; answer: unknown}>

/** How long a key is remembered (Shopify: implementing idempotency). */
const KEPT_MS = 86_400_000

/** What was answered to mutations with an idempotency key. */
export class Idempotency {
  readonly #attempts = new Map<string, Attempt>()
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  /**
   * Runs a mutation once for its key. The same key with the same parameters is answered again, with others it is refused
   * through `mismatch`. Throws what Shopify answers where the directive is missing.
   */
  run<A>(info: GraphQLResolveInfo, parameters: unknown, work: () => A, mismatch: (message: string) => A): A {
    const key = keyOf(info)
    const given = JSON.stringify(parameters)
    const now = this.#now().getTime()
    const held = this.#attempts.get(key)
    if (held !== undefined && now - held.at < KEPT_MS) {
      if (held.parameters === given) return held.answer as A
      return mismatch('The same idempotency key cannot be used with different operation parameters.')
    }
    const answer = work()
    this.#attempts.set(key, {parameters: given, at: now, answer})
    return answer
  }

  clear(): void {
    this.#attempts.clear()
  }
}

function keyOf({schema, fieldNodes, variableValues}: GraphQLResolveInfo): string {
  const directive = schema.getDirective('idempotent')
  const [node] = fieldNodes
  const values = directive && node ? getDirectiveValues(directive, node, variableValues) : undefined
  if (typeof values?.key === 'string' && values.key !== '') return values.key
  throw new GraphQLError('The @idempotent directive is required for this mutation but was not provided.', {
    extensions: {code: 'BAD_REQUEST'},
  })
}
