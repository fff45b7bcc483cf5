import type {HttpAnswer} from '../http.ts'
import {isObject, jsonObjects, jsonText, parseJson} from './json.ts'

/** NetSuite's own words about a refusal. */
export type RestDetail = Readonly<{code: string | null; message: string}>

/**
 * Reads the error body of REST ({title, "o:errorDetails": [{detail, "o:errorCode", "o:errorPath"}]}), of a RESTlet
 * ({"error": {code, message}}) or of the token endpoint ({"error": "invalid_grant"}). null: the body is none of these.
 * Several details become one text; the first code counts.
 */
export function restDetail(answer: HttpAnswer): RestDetail | null {
  const body = parseJson(answer.body)
  if (!isObject(body)) return null
  const details = jsonObjects(body['o:errorDetails'])
  if (details.length > 0) {
    const text = details.map((detail) => {
      const path = jsonText(detail['o:errorPath'])
      return `${jsonText(detail['detail']) ?? ''}${path === null ? '' : ` (at ${path})`}`
    })
    return {code: jsonText(details[0]?.['o:errorCode']), message: text.join('; ')}
  }
  const error = body['error']
  if (isObject(error)) return {code: jsonText(error['code']), message: jsonText(error['message']) ?? ''}
  if (typeof error === 'string') return {code: error, message: jsonText(body['error_description']) ?? error}
  const title = jsonText(body['title'])
  return title === null ? null : {code: null, message: title}
}
