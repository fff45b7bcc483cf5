import {ConfigError, CredentialError, type SyncError} from '../../core/errors.ts'

/**
 * What NetSuite's refusal of a statement means; null: it is not about the statement. Its texts: "Unknown identifier
 * 'x'. Available identifiers are: …", "Invalid search type: X.", "Record 'x' was not found.", "Invalid or unsupported
 * search.". None gets better by itself.
 */
export function queryFault(statement: string, message: string): SyncError | null {
  const what = message.replace('Invalid search query. Detailed unprocessed description follows. ', '')
  const identifier = /Unknown identifier '([^']+)'/.exec(message)?.[1]
  if (identifier !== undefined) {
    const drift = identifier.toLowerCase().startsWith('cust')
      ? 'the custom field was renamed, deleted or hidden from the role; compare tieout.yaml with NetSuite'
      : 'the column is not exposed to the role, or belongs to a feature that is off in the account'
    return new ConfigError('QUERY_FIELD_UNKNOWN', `NetSuite does not know ${identifier} in: ${statement}`, {
      hint: drift,
    })
  }
  const record = /Record '([^']+)' was not found/.exec(message)?.[1]
  if (record !== undefined) {
    return new CredentialError('NETSUITE_PERMISSION_MISSING', `the role does not see the records of type ${record}`, {
      hint: 'add the view permission for this record type to the role of the integration, then run doctor',
    })
  }
  if (!/invalid search|search error|invalid or unsupported/i.test(message)) return null
  return new ConfigError('QUERY_REFUSED', `NetSuite refused a statement (${what}): ${statement}`, {
    hint: 'a table or a feature is not available in this account; report the statement if it is one of Tieout',
  })
}
