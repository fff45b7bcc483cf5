import {dialectOf, type Dialect} from './dialect.ts'
import {AXIS, namespaceOf, type Version} from './namespaces.ts'
import {escapeText} from './text.ts'

/** The fault elements that the sandbox sends (platform.faults.xsd). */
export type FaultElement =
  | 'invalidCredentialsFault'
  | 'insufficientPermissionFault'
  | 'exceededConcurrentRequestLimitFault'
  | 'exceededRecordCountFault'
  | 'exceededRequestSizeFault'
  | 'invalidVersionFault'
  | 'unexpectedErrorFault'

/** A refusal of the whole request. The server answers HTTP 500 with it. */
export class SoapFault extends Error {
  readonly faultCode: string
  readonly detail: Readonly<{element: FaultElement; code: string}> | undefined

  /**
   * `faultCode` as it is written, e.g. "soapenv:Server.userException". Without `detail` the fault comes from Axis,
   * before NetSuite saw the message.
   */
  constructor(message: string, faultCode: string, detail?: Readonly<{element: FaultElement; code: string}>) {
    super(message)
    this.name = 'SoapFault'
    this.faultCode = faultCode
    this.detail = detail
  }
}

export type Answer = Readonly<{status: number; body: string}>

/** A refusal by NetSuite with its fault element and one of the codes of FaultCodeType (platform.faultTypes.xsd). */
export function refusal(element: FaultElement, code: string, message: string): SoapFault {
  return new SoapFault(message, 'soapenv:Server.userException', {element, code})
}

/** What Axis says about a message that it cannot turn into objects. Its exact words are UNVERIFIED. */
export function unreadable(message: string): SoapFault {
  return new SoapFault(message, 'soapenv:Server.userException')
}

/**
 * The reason for a refused login is never in the answer, only in the Login Audit Trail (NetSuite help
 * subsect_156935170194).
 */
export function loginFault(): SoapFault {
  return refusal('invalidCredentialsFault', 'INVALID_LOGIN_CREDENTIALS', 'Invalid login attempt.')
}

/** A fault as an HTTP answer. `hostname` is the element that Axis adds to each. */
export function faultAnswer(fault: SoapFault, dialect: Dialect): Answer {
  const text = escapeText(fault.message)
  const detail = fault.detail === undefined ? '' : detailText(fault.detail, text, dialect)
  const body =
    `<?xml version="1.0" encoding="UTF-8"?>` +
    `<soapenv:Envelope${dialect.envelope}><soapenv:Body><soapenv:Fault>` +
    `<faultcode>${fault.faultCode}</faultcode><faultstring>${text}</faultstring>` +
    `<detail>${detail}<axis:hostname xmlns:axis="${AXIS}">sandbox.tieout.local</axis:hostname></detail>` +
    `</soapenv:Fault></soapenv:Body></soapenv:Envelope>`
  return {status: 500, body}
}

function detailText(detail: NonNullable<SoapFault['detail']>, text: string, dialect: Dialect): string {
  const p = dialect.prefix.faults
  const xmlns = ` xmlns:${p.slice(0, -1)}="${namespaceOf('faults', dialect.version)}"`
  return (
    `<${p}${detail.element}${xmlns}><${p}code>${detail.code}</${p}code>` +
    `<${p}message>${text}</${p}message></${p}${detail.element}>`
  )
}

/** The answer to a request over the account's limit (NetSuite help bridgehead_1525252812). The words are UNVERIFIED. */
export function concurrencyFault(version: Version): Answer {
  const fault = refusal(
    'exceededConcurrentRequestLimitFault',
    'WS_REQUEST_BLOCKED',
    'The maximum number of concurrent requests has been exceeded. Request blocked.',
  )
  return faultAnswer(fault, dialectOf(version))
}
