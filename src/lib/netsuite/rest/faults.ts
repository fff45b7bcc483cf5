import {ConfigError, type SyncError} from '../../core/errors.ts'
import {answerMalformed, errorOf} from '../faults.ts'
import type {HttpAnswer} from '../http.ts'
import type {RestDetail} from './detail.ts'

type Asked = Readonly<{operation: string; write: boolean; url: string; subject?: string | undefined}>

/** The error that an answer of REST (or of the token endpoint) other than success means. */
export function restFault(answer: HttpAnswer, detail: RestDetail | null, asked: Asked): SyncError {
  const {operation, write, subject} = asked
  if (detail !== null) {
    return errorOf({operation, write, subject, httpStatus: answer.status, faultName: null, ...detail})
  }
  if ((answer.status >= 300 && answer.status < 400) || answer.status === 404) return wrongAddress(answer, asked)
  // Without words of NetSuite the status decides, except 500 and 400, which a proxy may give as well.
  if (answer.status >= 400 && answer.status !== 500 && answer.status !== 400) {
    const message = answer.body.slice(0, 200)
    return errorOf({operation, write, subject, httpStatus: answer.status, faultName: null, code: null, message})
  }
  return answerMalformed(operation, write, `HTTP ${answer.status} without an error of NetSuite`)
}

function wrongAddress(answer: HttpAnswer, {operation, url}: Asked): ConfigError {
  const {host} = new URL(url)
  return new ConfigError('NETSUITE_ADDRESS_WRONG', `${host} answers ${operation} with HTTP ${answer.status}`, {
    hint: 'check NETSUITE_ACCOUNT and NETSUITE_API_URL: this host does not serve the account',
  })
}
