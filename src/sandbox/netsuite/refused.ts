import type {Failure} from './engine-types.ts'

/** Thrown inside the engine where NetSuite refuses; the engine's surface turns it into its Failure. */
export class Refused extends Error {
  readonly failure: Failure

  constructor(code: string, message: string, path?: string) {
    super(message)
    this.failure = {ok: false, code, message, ...(path === undefined ? {} : {path})}
  }
}

/** NetSuite's answer to a reference that points nowhere (or to what the role cannot see). */
export function invalidReference(field: string, key: string, path?: string): Refused {
  return new Refused('INVALID_KEY_OR_REF', `Invalid ${field.toLowerCase()} reference key ${key}.`, path)
}

export function missing(label: string, path?: string): Refused {
  return new Refused('USER_ERROR', `Please enter value(s) for: ${label}`, path)
}

export function invalidValue(field: string, value: string, path?: string): Refused {
  return new Refused(
    'INVALID_FLD_VALUE',
    `You have entered an Invalid Field Value ${value} for the following field: ${field.toLowerCase()}`,
    path,
  )
}

/** Text as in recorded answers; it does not tell which of the reasons holds. */
export function notPermitted(field: string, path?: string): Refused {
  return new Refused(
    'INSUFFICIENT_PERMISSION',
    `You do not have permissions to set a value for element ${field.toLowerCase()} due to one of the following reasons: ` +
      '1) The field is read-only; 2) An associated feature is disabled; ' +
      '3) The field is available either when a record is created or updated, but not in both cases.',
    path,
  )
}

/** Runs one operation; a refusal becomes its failure, everything else goes on as it is. */
export function settled<T>(operation: () => T): T | Failure {
  try {
    return operation()
  } catch (error) {
    if (error instanceof Refused) return error.failure
    throw error
  }
}
