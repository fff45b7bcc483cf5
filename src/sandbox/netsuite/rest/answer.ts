import type {Failure} from '../engine-types.ts'

export type RestAnswer = Readonly<{
  status: number
  headers?: Readonly<Record<string, string>>
  /** JSON; absent: no body. */
  body?: unknown
  /** Content type in place of the service's own. */
  contentType?: string
}>

/** Titles and sections of RFC 9110 as NetSuite's error bodies name them (NetSuite help section_156570709583). */
const TITLES: Readonly<Record<number, readonly [title: string, section: string]>> = {
  400: ['Bad Request', '15.5.1'],
  401: ['Unauthorized', '15.5.2'],
  403: ['Forbidden', '15.5.4'],
  404: ['Not Found', '15.5.5'],
  405: ['Method Not Allowed', '15.5.6'],
  415: ['Unsupported Media Type', '15.5.16'],
  // The title of a refusal for concurrency stays "Bad Request".
  429: ['Bad Request', '15.5.1'],
  500: ['Internal Server Error', '15.6.1'],
}

export type ErrorPlace = Readonly<{
  errorPath?: string
  errorQueryParam?: string
  errorHeader?: string
  errorUrl?: string
}>

export function errorAnswer(status: number, code: string, detail: string, place: ErrorPlace = {}): RestAnswer {
  const [title, section] = TITLES[status] ?? ['Error', '15']
  const where = Object.fromEntries(Object.entries(place).map(([name, value]) => [`o:${name}`, value]))
  return {
    status,
    contentType: 'application/vnd.oracle.resource+json; type=error; charset=UTF-8',
    body: {
      type: `https://www.rfc-editor.org/rfc/rfc9110.html#section-${section}`,
      title,
      status,
      'o:errorDetails': [{detail, ...where, 'o:errorCode': code}],
    },
  }
}

export function unauthorized(account: string, bearer: boolean): RestAnswer {
  const detail =
    'Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > ' +
    'User Management > View Login Audit Trail.'
  // Shape of the header: NetSuite help subsect_158521885412.
  const challenge = `Bearer realm="${account}", error="invalid_token", error_description="Invalid login attempt."`
  return {...errorAnswer(401, 'INVALID_LOGIN', detail), headers: bearer ? {'www-authenticate': challenge} : {}}
}

export function concurrencyAnswer(): RestAnswer {
  return errorAnswer(429, 'CONCURRENCY_LIMIT_EXCEEDED', 'Concurrent request limit exceeded. Request blocked.')
}

export function notFound(detail: string): RestAnswer {
  return errorAnswer(404, 'NOT_FOUND', detail)
}

/** A refusal of the engine in the REST service's words. */
export function failureAnswer({code, message, path}: Failure): RestAnswer {
  const place = path === undefined ? {} : {errorPath: path}
  const accessing = (text: string): string => `Error while accessing a resource. ${text}`
  switch (code) {
    case 'RCRD_DSNT_EXIST':
      return errorAnswer(404, 'NONEXISTENT_ID', 'Record does not exist.')
    case 'INVALID_RCRD_TYPE':
      return notFound(message)
    case 'UNEXPECTED_ERROR':
      return errorAnswer(500, 'UNEXPECTED_ERROR', message)
    // What REST says to an external id that is taken is not documented; this follows what it says to a taken name: UNVERIFIED.
    case 'DUP_RCRD':
      return errorAnswer(400, 'USER_ERROR', accessing('This record already exists.'), place)
    case 'DUP_ENTITY':
    case 'UNIQUE_CUST_ID_REQD':
      return errorAnswer(400, 'USER_ERROR', accessing('This entity already exists.'), place)
    case 'INVALID_KEY_OR_REF':
      return errorAnswer(400, 'USER_ERROR', accessing(asFieldValue(message)), place)
    case 'INVALID_FLD':
    case 'INVALID_FLD_VALUE':
      return errorAnswer(400, 'INVALID_CONTENT', accessing(message), place)
    case 'INSUFFICIENT_PERMISSION': {
      const role = message.startsWith('Permission Violation')
      const text = role ? 'Your current role does not have permission to perform this action.' : message
      return errorAnswer(400, 'USER_ERROR', accessing(text), place)
    }
    case 'RCRD_HAS_BEEN_CHANGED':
      return errorAnswer(400, code, message)
    default:
      return errorAnswer(400, 'USER_ERROR', accessing(message), place)
  }
}

/** "Invalid item reference key 9." is SOAP's wording; REST speaks of field values. */
function asFieldValue(message: string): string {
  const match = /^Invalid (.+) reference key (.*)\.$/.exec(message)
  if (match === null) return message
  const [, field = '', key = ''] = match
  return `You have entered an Invalid Field Value ${key} for the following field: ${field}`
}
