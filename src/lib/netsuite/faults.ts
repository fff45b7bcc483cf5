import {RejectedError, RetryableError, type SyncError} from '../core/errors.ts'
import {rows, type Row} from './fault-table.ts'
import type {WriteStatus} from './types.ts'

/** A refusal in one form, whatever channel it came through. */
export type RemoteFault = Readonly<{
  operation: string
  /** True where the request would have changed something. */
  write: boolean
  httpStatus: number | null
  /** The SOAP fault element or OAuth error, e.g. "invalidCredentialsFault". */
  faultName: string | null
  /** NetSuite's own code, e.g. "INVALID_KEY_OR_REF". */
  code: string | null
  message: string
  subject?: string | undefined
}>

function matches(row: Row, fault: RemoteFault): boolean {
  const byCode =
    (fault.code !== null && row.codes.includes(fault.code)) ||
    (fault.faultName !== null && row.codes.includes(fault.faultName)) ||
    (fault.httpStatus !== null && row.http?.includes(fault.httpStatus) === true)
  return byCode && (row.text?.test(fault.message) ?? true)
}

/** The error that a refusal means: who acts next, and whether the write may have happened. Never throws. */
export function errorOf(fault: RemoteFault): SyncError {
  const code = fault.code ?? fault.faultName ?? (fault.httpStatus === null ? 'no code' : `HTTP ${fault.httpStatus}`)
  const message = `NetSuite refused ${fault.operation}: ${fault.message.trim() || 'no text'} (${code})`
  const row = rows.find((candidate) => matches(candidate, fault))
  if (row !== undefined) return row.error(message, {subject: fault.subject, write: fault.write})
  return new RejectedError('NETSUITE_REFUSED', message, {
    subject: fault.subject,
    hint: 'the text is NetSuite’s own; correct the order, the mapping or the account, then retry the order',
  })
}

/** The error behind a refused write of one record, for the caller that settles that record. */
export function errorOfStatus(status: Extract<WriteStatus, {outcome: 'refused'}>, subject: string): SyncError {
  const {code, message} = status
  return errorOf({operation: 'the record', write: true, httpStatus: null, faultName: null, code, message, subject})
}

/** A refusal of one record that was thrown, as that record's status: the records beside it go on. */
export function statusOfRejected(error: RejectedError, requestId: string | null = null): WriteStatus {
  return {outcome: 'refused', code: error.code, message: error.message, requestId}
}

const OF_ONE_RECORD = new Set(['NETSUITE_RECORD_CHANGED', 'NETSUITE_RECORD_LOCKED'])

/** Whether an error speaks of the record that was sent, and not of the message, the credential or the system. */
export function concernsOneRecord(error: SyncError): boolean {
  return error instanceof RejectedError || OF_ONE_RECORD.has(error.code)
}

/** Whether a refusal says that the external ID is taken already (which writes it once, whoever wrote it). */
export function saysDuplicate(code: string, message: string): boolean {
  return code === 'DUP_RCRD' || (/external ?id/i.test(message) && /already (exists|in use)/i.test(message))
}

/** An answer that is no answer: HTML of a proxy, half a message, something else than the protocol says. */
export function answerMalformed(operation: string, write: boolean, why: string, cause?: unknown): RetryableError {
  return new RetryableError('NETSUITE_ANSWER_MALFORMED', `the answer to ${operation} cannot be read: ${why}`, {
    retryAfterMs: 5000,
    outcomeUnknown: write,
    hint: 'a proxy, a maintenance page or a cut connection; the record is looked up before it is written again',
    cause,
  })
}
