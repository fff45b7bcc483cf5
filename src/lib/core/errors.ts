type Details = Readonly<{hint: string; subject?: string | undefined; cause?: unknown}>

/**
 * The class says who acts next, the code names the cause and its runbook
 * (docs/runbooks/<code-in-lower-case>.md), the hint is that person's next step.
 */
export abstract class SyncError extends Error {
  abstract readonly exitCode: number
  readonly code: string
  readonly hint: string
  readonly subject: string | undefined

  constructor(code: string, message: string, details: Details) {
    super(message, {cause: details.cause})
    this.name = new.target.name
    this.code = code
    this.hint = details.hint
    this.subject = details.subject
  }
}

/** Nobody acts: the work is tried again, no sooner than the remote side asked. */
export class RetryableError extends SyncError {
  readonly exitCode = 3
  readonly retryAfterMs: number
  /** True when a write may have happened although its reply was lost: look before writing again. */
  readonly outcomeUnknown: boolean

  constructor(code: string, message: string, details: Details & {retryAfterMs: number; outcomeUnknown?: boolean}) {
    super(code, message, details)
    this.retryAfterMs = details.retryAfterMs
    this.outcomeUnknown = details.outcomeUnknown ?? false
  }
}

/** A person corrects the data: it was refused, and will be refused until it changes. */
export class RejectedError extends SyncError {
  readonly exitCode = 3
}

/** A person renews a credential or a permission: the whole system stops until then. */
export class CredentialError extends SyncError {
  readonly exitCode = 12
}

/** A person corrects a setting, the contract or a flag. */
export class ConfigError extends SyncError {
  readonly exitCode = 10
}

/** A person corrects what was typed. */
export class UsageError extends SyncError {
  readonly exitCode = 2
}

/** The same flow already runs somewhere; that run goes on, this one ends. */
export class AlreadyRunningError extends SyncError {
  readonly exitCode = 11
}

/** A programmer acts: something that cannot be was seen. */
export class BugError extends SyncError {
  readonly exitCode = 1
}

/** The text of anything thrown, for places that only print. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
