import {ConfigError, CredentialError, RejectedError, RetryableError, type SyncError} from '../core/errors.ts'

type Details = Readonly<{subject: string | undefined; write: boolean}>
/**
 * One row of the table: any of these codes (or fault elements, or HTTP statuses) with a matching text means this
 * error.
 */
export type Row = Readonly<{
  codes: readonly string[]
  http?: readonly number[]
  /** The message must match too. */
  text?: RegExp
  error: (message: string, details: Details) => SyncError
}>

const rejected = (make: (message: string, subject: string | undefined) => RejectedError): Row['error'] => {
  return (message, {subject}) => make(message, subject)
}

/**
 * What each refusal of NetSuite means for us: the first row whose code (or fault element, or HTTP status) and text
 * match. Sources: NetSuite help section_N3536574 (status), section_156570709583 (REST), bridgehead_1525252812
 * (concurrency), the fault types and StatusDetailCodeType of its schema. A code that has no row is not retryable.
 */
export const rows: readonly Row[] = [
  {
    codes: [
      'WS_REQUEST_BLOCKED', 'WS_CONCUR_SESSION_DISALLWD', 'CONCURRENCY_LIMIT_EXCEEDED', 'SSS_REQUEST_LIMIT_EXCEEDED',
      'exceededConcurrentRequestLimitFault', 'exceededRequestLimitFault', 'exceededUsageLimitFault',
    ], // prettier-ignore
    http: [429],
    error: (message, {subject}) =>
      new RetryableError('NETSUITE_BUSY', message, {
        subject,
        retryAfterMs: 1000,
        hint: 'the account handles no more requests at once; lower NETSUITE_CONCURRENCY if this is frequent',
      }),
  },
  {
    codes: [
      'INVALID_LOGIN', 'INVALID_LOGIN_ATTEMPT', 'INVALID_LOGIN_CREDENTIALS', 'LOGIN_DISABLED', 'WS_LOG_IN_REQD',
      'PSWD_REQD', 'EMAIL_ADDRS_REQD', 'INVALID_ACCT', 'INVALID_ROLE', 'ROLE_REQUIRED', 'invalidCredentialsFault', 'invalidAccountFault',
      'invalid_grant', 'invalid_client', 'unauthorized_client', 'invalid_request', 'invalid_token', 'access_denied',
    ], // prettier-ignore
    http: [401],
    error: loginRefused,
  },
  {
    codes: ['USER_ERROR', 'UNEXPECTED_ERROR'],
    text: /invalid login attempt|ambiguous authentication/i,
    error: loginRefused,
  },
  {
    codes: ['INSUFFICIENT_PERMISSION', 'USER_ERROR'],
    text: /permissions? to set a value for element/i,
    error: rejected(
      (message, subject) =>
        new RejectedError('NETSUITE_FIELD_REFUSED', message, {
          subject,
          hint: 'show the field on the form of the integration role, or switch on the feature that it belongs to',
        }),
    ),
  },
  {
    codes: [
      'INSUFFICIENT_PERMISSION', 'WS_FEATURE_REQD', 'WS_PERMISSION_REQD', 'OI_FEATURE_REQD', 'OI_PERMISSION_REQD',
      'insufficientPermissionFault',
    ], // prettier-ignore
    http: [403],
    error: permissionMissing,
  },
  {codes: ['USER_ERROR'], text: /does not have permission to perform this action/i, error: permissionMissing},
  {
    codes: ['RCRD_HAS_BEEN_CHANGED'],
    error: (message, {subject}) =>
      new RetryableError('NETSUITE_RECORD_CHANGED', message, {
        subject,
        retryAfterMs: 500,
        hint: 'somebody saved the record at the same moment; it is read again and compared anew',
      }),
  },
  {codes: ['RCRD_LOCKED_BY_WF'], error: recordLocked},
  {codes: ['USER_ERROR'], text: /locked by a user defined workflow/i, error: recordLocked},
  {
    codes: ['ACCT_TEMP_UNAVAILABLE', 'SESSION_TIMED_OUT', 'invalidSessionFault'],
    error: (message, {subject}) => unavailable(message, subject, false),
  },
  {codes: [], http: [502, 503, 504], error: (message, {subject, write}) => unavailable(message, subject, write)},
  {
    codes: ['invalidVersionFault', 'INVALID_WS_VERSION', 'UNSUPPORTED_WS_VERSION'],
    error: (message) =>
      new ConfigError('NETSUITE_VERSION_REFUSED', message, {
        hint: 'this SOAP endpoint version is no longer offered; set the channel of the record type to rest',
      }),
  },
  {
    codes: ['MAX_RCRDS_EXCEEDED', 'exceededRecordCountFault', 'exceededRequestSizeFault'],
    http: [413],
    error: rejected(
      (message, subject) =>
        new RejectedError('NETSUITE_MESSAGE_TOO_LARGE', message, {
          subject,
          hint: 'a single record is larger than NetSuite takes in one message; shorten its texts or its lines',
        }),
    ),
  },
  {
    codes: ['INVALID_KEY_OR_REF'],
    error: rejected(
      (message, subject) =>
        new RejectedError('NETSUITE_REFERENCE_INVALID', message, {
          subject,
          hint: 'the id is unknown, inactive, of another subsidiary or hidden from the role; compare tieout.yaml',
        }),
    ),
  },
  {
    codes: ['USER_ERROR', 'INVALID_CONTENT', 'INVALID_FLD_VALUE'],
    text: /invalid field value|invalid reference/i,
    error: valueInvalid,
  },
  {codes: ['INVALID_FLD_VALUE', 'NETSUITE_VALUE_INVALID'], error: valueInvalid},
  {
    // Refused before it was sent; see records/text.ts.
    codes: ['TEXT_NOT_SENDABLE'],
    error: rejected((message, subject) => {
      const hint = 'remove the character from the field in Shopify, then retry the order'
      return new RejectedError('TEXT_NOT_SENDABLE', message, {subject, hint})
    }),
  },
  {
    codes: ['USER_ERROR', 'MISSING_REQD_FLD', 'INVALID_CONTENT'],
    text: /please enter (a )?value|missing a? ?required|mandatory/i,
    error: rejected(
      (message, subject) =>
        new RejectedError('NETSUITE_FIELD_MISSING', message, {
          subject,
          hint: 'a field became mandatory in NetSuite; make it optional for the integration role or map a value to it',
        }),
    ),
  },
  {
    codes: ['DUP_ENTITY', 'UNIQUE_CUST_ID_REQD'],
    error: nameTaken,
  },
  {codes: ['USER_ERROR'], text: /this entity already exists/i, error: nameTaken},
  {codes: ['TRAN_PERIOD_CLOSED', 'TRAN_PRD_CLOSED', 'INVALID_ACCT_PRD'], error: periodClosed},
  {codes: ['USER_ERROR'], text: /not within the date range of your accounting period/i, error: periodClosed},
  {
    codes: ['RCRD_DSNT_EXIST', 'NONEXISTENT_ID'],
    error: rejected(
      (message, subject) =>
        new RejectedError('NETSUITE_RECORD_GONE', message, {
          subject,
          hint: 'the record was deleted in NetSuite; look at its deleted records, then push the order again',
        }),
    ),
  },
  {
    codes: ['SSS_MISSING_REQD_ARGUMENT', 'SSS_USAGE_LIMIT_EXCEEDED', 'SSS_TIME_LIMIT_EXCEEDED'],
    error: rejected(
      (message, subject) =>
        new RejectedError('NETSUITE_SCRIPT_FAILED', message, {
          subject,
          hint: 'a script of the account failed on this record; its execution log in NetSuite names the line',
        }),
    ),
  },
  {codes: ['UNEXPECTED_ERROR', 'unexpectedErrorFault'], http: [500], error: unexpected},
]

function loginRefused(message: string): CredentialError {
  return new CredentialError('NETSUITE_LOGIN_REFUSED', message, {
    hint: 'the Login Audit Trail in NetSuite has the reason; five failures lock the user for 30 minutes',
  })
}

function permissionMissing(message: string): CredentialError {
  return new CredentialError('NETSUITE_PERMISSION_MISSING', message, {
    hint: 'add the permission (or the feature) to the role of the integration in NetSuite, then run doctor',
  })
}

function recordLocked(message: string, {subject}: Details): RetryableError {
  return new RetryableError('NETSUITE_RECORD_LOCKED', message, {
    subject,
    retryAfterMs: 60_000,
    hint: 'a workflow of the account holds the record; it is tried again later',
  })
}

function unavailable(message: string, subject: string | undefined, outcomeUnknown: boolean): RetryableError {
  return new RetryableError('NETSUITE_UNAVAILABLE', message, {
    subject,
    retryAfterMs: 30_000,
    outcomeUnknown,
    hint: 'NetSuite is in maintenance or unreachable; see status.netsuite.com',
  })
}

function valueInvalid(message: string, {subject}: Details): RejectedError {
  return new RejectedError('NETSUITE_VALUE_INVALID', message, {
    subject,
    hint: 'the message names the field; compare its value with tieout.yaml and with the list in NetSuite',
  })
}

function nameTaken(message: string, {subject}: Details): RejectedError {
  return new RejectedError('NETSUITE_NAME_TAKEN', message, {
    subject,
    hint: 'another customer has this name; add a match rule that finds it, or auto-number customers in NetSuite',
  })
}

function periodClosed(message: string, {subject}: Details): RejectedError {
  return new RejectedError('NETSUITE_PERIOD_CLOSED', message, {
    subject,
    hint: 'the accounting period of that date is closed; finance reopens it or moves the date',
  })
}

function unexpected(message: string, {subject, write}: Details): RetryableError {
  return new RetryableError('NETSUITE_UNEXPECTED_ERROR', message, {
    subject,
    retryAfterMs: 5000,
    outcomeUnknown: write,
    hint: 'give the error id to NetSuite support if it stays; the record is looked up before it is written again',
  })
}
