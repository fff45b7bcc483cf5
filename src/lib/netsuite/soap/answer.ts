import {messageOf} from '../../core/errors.ts'
import {answerMalformed, errorOf} from '../faults.ts'
import type {HttpAnswer} from '../http.ts'
import type {Operation} from './wsdl.ts'
import {childOf, descendantOf, childText, parseXml, type XmlElement} from './xml.ts'

/** The response element of an operation, and the id under which NetSuite logged the request. */
export type SoapAnswer = Readonly<{response: XmlElement; requestId: string | null}>

export type SoapCall = Readonly<{operation: Operation; write: boolean; records: number; subject?: string | undefined}>

/**
 * Reads the envelope of an answer. Throws what a fault means (see faults.ts), or RetryableError
 * NETSUITE_ANSWER_MALFORMED where the answer is no SOAP answer to this operation; after a write its outcome is then
 * unknown.
 */
export function readAnswer(answer: HttpAnswer, call: SoapCall): SoapAnswer {
  const envelope = parse(answer, call)
  const body = childOf(envelope, 'Body')
  const fault = childOf(body, 'Fault')
  if (fault !== undefined) throw faultOf(fault, answer.status, call)
  const response = childOf(body, `${call.operation}Response`)
  if (response === undefined) throw answerMalformed(call.operation, call.write, `no ${call.operation}Response in it`)
  const header = childOf(envelope, 'Header')
  return {response, requestId: header === undefined ? null : (descendantOf(header, 'nsId')?.text ?? null)}
}

function parse(answer: HttpAnswer, call: SoapCall): XmlElement {
  let why: string
  try {
    const document = parseXml(answer.body)
    if (document.name === 'Envelope') return document
    why = `it is <${document.name}>, not a SOAP envelope`
  } catch (cause) {
    why = messageOf(cause)
  }
  // A status that says enough by itself (429, 401, 502 …) decides; a page in HTML with status 200 does not.
  if (answer.status >= 400) {
    const {operation, write, subject} = call
    const httpStatus = answer.status === 500 ? null : answer.status
    if (httpStatus !== null && httpStatus !== 404) {
      throw errorOf({operation, write, subject, httpStatus, faultName: null, code: null, message: why})
    }
  }
  throw answerMalformed(call.operation, call.write, `HTTP ${answer.status}, ${why}`)
}

function faultOf(fault: XmlElement, httpStatus: number, call: SoapCall) {
  const named = childOf(fault, 'detail')?.children.find((child) => child.name.endsWith('Fault'))
  const message = childText(named, 'message') ?? childText(fault, 'faultstring') ?? ''
  const {operation, write, subject} = call
  return errorOf({
    operation,
    write,
    subject,
    // SOAP 1.1 sends every fault with status 500, so the status says nothing.
    httpStatus: httpStatus === 500 ? null : httpStatus,
    faultName: named?.name ?? null,
    code: childText(named, 'code') ?? (named === undefined ? codeIn(message) : null),
    message,
  })
}

/**
 * A fault without detail: the login message stands in the fault string only. Anything else has no code and is not
 * retried.
 */
function codeIn(message: string): string {
  return /invalid login|ambiguous authentication/i.test(message) ? 'INVALID_LOGIN' : 'SOAP_FAULT'
}
