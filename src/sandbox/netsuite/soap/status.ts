import type {Failure, WriteOutcome} from '../engine-types.ts'
import type {Dialect} from './dialect.ts'
import {encodeRef} from './encode.ts'
import {escapeText} from './text.ts'
import type {RefValue} from './values.ts'

/** One statusDetail (platform.core.xsd, StatusDetail). */
export type Detail = Readonly<{
  type: 'ERROR' | 'WARN' | 'INFO'
  code: string
  message: string
  afterSubmitFailed?: boolean | undefined
}>

/** A `status` element. `declared` is false where an ancestor already declares the core namespace. */
export function statusXml(isSuccess: boolean, details: readonly Detail[], dialect: Dialect, declared = true): string {
  const p = dialect.prefix.core
  const xmlns = declared ? dialect.declare.core : ''
  const body = details.map((detail) => detailXml(detail, p)).join('')
  const start = `<${p}status isSuccess="${isSuccess}"${xmlns}`
  return body === '' ? `${start}/>` : `${start}>${body}</${p}status>`
}

function detailXml(detail: Detail, p: string): string {
  const after = detail.afterSubmitFailed === true ? `<${p}afterSubmitFailed>true</${p}afterSubmitFailed>` : ''
  return (
    `<${p}statusDetail type="${detail.type}"><${p}code>${escapeText(detail.code)}</${p}code>` +
    `<${p}message>${escapeText(detail.message)}</${p}message>${after}</${p}statusDetail>`
  )
}

export function failureStatus(failure: Failure, dialect: Dialect, declared = true): string {
  return statusXml(false, [failureDetail(failure)], dialect, declared)
}

function failureDetail({code, message, afterSubmitFailed}: Failure): Detail {
  return {type: 'ERROR', code, message, afterSubmitFailed}
}

/**
 * A `writeResponse`: what became of one record. Warnings come with success; a script that failed after the record was
 * saved comes with isSuccess="false" and the id (NetSuite help section_N3536574).
 */
export function writeResponse(outcome: WriteOutcome, ref: RefValue, dialect: Dialect): string {
  const name = `${dialect.prefix.messages}writeResponse`
  const details: Detail[] = outcome.ok
    ? outcome.warnings.map((message) => ({type: 'WARN', code: 'WARNING', message}))
    : [failureDetail(outcome)]
  const id = outcome.id ?? ref.internalId
  const base = id === undefined && ref.externalId === undefined ? '' : baseRef({...ref, internalId: id}, dialect)
  return `<${name}>${statusXml(outcome.ok, details, dialect)}${base}</${name}>`
}

function baseRef(ref: RefValue, dialect: Dialect): string {
  const attributes = ` xsi:type="${dialect.prefix.core}RecordRef"${dialect.declare.core}`
  return encodeRef(`${dialect.prefix.messages}baseRef`, ref, dialect, attributes)
}
