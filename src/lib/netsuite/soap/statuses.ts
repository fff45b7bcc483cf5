import {answerMalformed, errorOf, saysDuplicate} from '../faults.ts'
import type {WriteStatus} from '../types.ts'
import type {SoapAnswer, SoapCall} from './answer.ts'
import {childOf, childrenOf, childText, type XmlElement} from './xml.ts'

type Detail = Readonly<{type: string; code: string; message: string; afterSubmitFailed: boolean}>

function detailsOf(status: XmlElement | undefined): Detail[] {
  return childrenOf(status, 'statusDetail').map((detail) => ({
    type: detail.attributes.get('type') ?? 'ERROR',
    code: childText(detail, 'code') ?? '',
    message: childText(detail, 'message') ?? '',
    afterSubmitFailed: childText(detail, 'afterSubmitFailed')?.trim() === 'true',
  }))
}

function isSuccess(status: XmlElement | undefined): boolean {
  return status?.attributes.get('isSuccess') === 'true'
}

/**
 * What became of each record of a write, in the order of the question. Not "isSuccess" but saved: where a script
 * failed after the record was stored (afterSubmitFailed) it is there, and what went wrong is a warning (NetSuite help
 * section_N3536574). Throws what the refusal of the whole list means, and RetryableError NETSUITE_ANSWER_MALFORMED
 * (outcome unknown) when the answer does not speak of every record.
 */
export function writeStatuses(answer: SoapAnswer, call: SoapCall): WriteStatus[] {
  const list = childOf(answer.response, 'writeResponseList')
  const responses =
    list === undefined ? childrenOf(answer.response, 'writeResponse') : childrenOf(list, 'writeResponse')
  if (responses.length === 0) throwRefusal(childOf(list, 'status'), call)
  if (responses.length !== call.records) {
    throw answerMalformed(call.operation, call.write, `${responses.length} statuses for ${call.records} records`)
  }
  return responses.map((response) => statusOf(response, answer.requestId, call))
}

function statusOf(response: XmlElement, requestId: string | null, call: SoapCall): WriteStatus {
  const status = childOf(response, 'status')
  const details = detailsOf(status)
  if (isSuccess(status) || details.some((detail) => detail.afterSubmitFailed)) {
    const id = childOf(response, 'baseRef')?.attributes.get('internalId')
    if (id === undefined) throw answerMalformed(call.operation, call.write, 'a saved record has no internal id')
    return {outcome: 'saved', id, warnings: details.map(({code, message}) => `${code}: ${message}`), requestId}
  }
  const errors = details.filter((detail) => detail.type === 'ERROR')
  const {code, message} = errors[0] ?? details[0] ?? {code: '', message: 'no reason given'}
  if (saysDuplicate(code, message)) return {outcome: 'duplicate', requestId}
  const texts = errors.length > 1 ? errors.map((error) => error.message).join('; ') : message
  return {outcome: 'refused', code, message: texts, requestId}
}

/**
 * The element that holds a successful result, or the error that its status means. A warning counts as one where
 * `strict`.
 */
export function resultOf(answer: SoapAnswer, name: string, call: SoapCall, strict = false): XmlElement {
  const result = childOf(answer.response, name)
  if (result === undefined) throw answerMalformed(call.operation, call.write, `no ${name} in it`)
  const status = childOf(result, 'status')
  const hasWarning = detailsOf(status).some((detail) => detail.type === 'WARN')
  if (isSuccess(status) && !(strict && hasWarning)) return result
  throwRefusal(status, call)
  throw answerMalformed(call.operation, call.write, 'it is refused without a reason')
}

function throwRefusal(status: XmlElement | undefined, call: SoapCall): void {
  const [detail] = detailsOf(status)
  if (detail === undefined) return
  throw errorOf({
    operation: call.operation,
    write: call.write,
    subject: call.subject,
    httpStatus: null,
    faultName: null,
    code: detail.code,
    message: detail.message,
  })
}

/** Codes with which NetSuite says that nothing is found under a key. */
const ABSENT = new Set(['RCRD_DSNT_EXIST', 'INVALID_KEY_OR_REF'])

/** The records of a read, in the order of the question; null where there is none. */
export function readRecords(answer: SoapAnswer, call: SoapCall): (XmlElement | null)[] {
  const list = childOf(answer.response, 'readResponseList') ?? answer.response
  const responses = childrenOf(list, 'readResponse')
  if (responses.length === 0) throwRefusal(childOf(list, 'status'), call)
  if (responses.length !== call.records) {
    throw answerMalformed(call.operation, call.write, `${responses.length} records for ${call.records} asked`)
  }
  return responses.map((response) => {
    const status = childOf(response, 'status')
    const record = childOf(response, 'record')
    if (isSuccess(status) && record !== undefined) return record
    const [detail] = detailsOf(status)
    if (detail !== undefined && ABSENT.has(detail.code)) return null
    throwRefusal(status, call)
    throw answerMalformed(call.operation, call.write, 'a record is neither there nor refused')
  })
}
