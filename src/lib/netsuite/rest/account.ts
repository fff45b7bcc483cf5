import {answerMalformed} from '../faults.ts'
import type {Hosts} from '../hosts.ts'
import type {RestAnswer, RestPort} from './client.ts'
import {isObject, jsonText} from './json.ts'

const ask = {channel: 'rest', records: 0, write: false, method: 'GET'} as const

/** Requests that may be in flight; NetSuite gives this to administrators only, others get CredentialError. */
export async function restGovernance(
  rest: RestPort,
  hosts: Hosts,
): Promise<{limit: number | null; integrationLimit: number | null}> {
  const {body} = await rest.request({...ask, operation: 'GET governanceLimits', url: hosts.governance})
  const count = (name: string) => {
    const text = body === null ? null : jsonText(body[name])
    return text !== null && /^\d+$/.test(text) ? Number(text) : null
  }
  return {limit: count('accountConcurrencyLimit'), integrationLimit: count('integrationConcurrencyLimit')}
}

/**
 * The properties of a record type that the role sees, custom fields by their script ids; those of its lines under
 * "item.items" are not in it. From the metadata catalog, as JSON schema.
 */
export async function restProperties(rest: RestPort, hosts: Hosts, recordType: string): Promise<Set<string>> {
  const {body} = await rest.request({
    ...ask,
    operation: `GET metadata-catalog ${recordType}`,
    url: `${hosts.metadata}/${encodeURIComponent(recordType)}`,
    headers: {accept: 'application/schema+json'},
  })
  const properties = body === null ? undefined : body['properties']
  return new Set(isObject(properties) ? Object.keys(properties) : [])
}

/** Asks for the catalog and nothing of it: proves that REST and the credential work. */
export async function restProbe(rest: RestPort, hosts: Hosts): Promise<void> {
  await catalog(rest, hosts)
}

/** The time that stands on an answer: REST has no operation for it. */
export async function restServerTime(rest: RestPort, hosts: Hosts): Promise<Date> {
  const {headers} = await catalog(rest, hosts)
  const time = new Date(headers['date'] ?? '')
  if (Number.isNaN(time.getTime())) throw answerMalformed('GET metadata-catalog', false, 'it bears no date')
  return time
}

function catalog(rest: RestPort, hosts: Hosts): Promise<RestAnswer> {
  return rest.request({...ask, operation: 'GET metadata-catalog', url: `${hosts.metadata}?select=customer`})
}
