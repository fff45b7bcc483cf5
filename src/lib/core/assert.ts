import {BugError} from './errors.ts'

/** States what must be true; a violation is a bug of ours, never a wrong input. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BugError('INVARIANT_BROKEN', message, {hint: 'report this with the output of orders:trace'})
}

/** The value, where it cannot be missing. */
export function present<T>(value: T | null | undefined, what: string): T {
  assert(value !== null && value !== undefined, `${what} is missing`)
  return value
}
