import type {AuthOutcome, TokenPassport} from '../engine-types.ts'
import {loginFault, refusal} from './faults.ts'
import {namespaceOf, type Version} from './namespaces.ts'
import {childOf, textOf, type XmlNode} from './tree.ts'

/** The settings that a message may carry in its header, with the defaults of the schema (platform.messages.xsd). */
export type Preferences = Readonly<{
  ignoreReadOnlyFields: boolean
  disableMandatoryCustomFieldValidation: boolean
  bodyFieldsOnly: boolean
  /** Records in a page of a search; undefined: the most that is allowed. */
  pageSize: string | undefined
}>

/** Reads preferences and searchPreferences. Those that are not listed are taken and have no effect here. */
export function readPreferences(header: XmlNode | undefined, version: Version): Preferences {
  const uri = namespaceOf('messages', version)
  const preferences = header && childOf(header, 'preferences', uri)
  const search = header && childOf(header, 'searchPreferences', uri)
  return {
    ignoreReadOnlyFields: isTrue(preferences, 'ignoreReadOnlyFields', false),
    disableMandatoryCustomFieldValidation: isTrue(preferences, 'disableMandatoryCustomFieldValidation', false),
    bodyFieldsOnly: isTrue(search, 'bodyFieldsOnly', true),
    pageSize: search && textOf(search, 'pageSize'),
  }
}

function isTrue(node: XmlNode | undefined, name: string, otherwise: boolean): boolean {
  const text = node && textOf(node, name)
  return text === undefined ? otherwise : text === 'true' || text === '1'
}

/**
 * Lets a message in by its tokenPassport, the only login that SOAP takes (NetSuite help article_2104046421).
 * Throws SoapFault: a second kind of credential beside it is ambiguous, anything else is an invalid login.
 */
export function authenticate(
  header: XmlNode | undefined,
  version: Version,
  verify: (passport: TokenPassport) => AuthOutcome,
): void {
  const uri = namespaceOf('messages', version)
  const entries = header?.children.filter((child) => child.uri === uri) ?? []
  const passports = entries.filter((child) => child.local === 'tokenPassport')
  const [passport] = passports
  if (passport === undefined) throw loginFault()
  if (
    passports.length > 1 ||
    entries.some((child) => child.local === 'passport' || child.local === 'applicationInfo')
  ) {
    // NetSuite help section_4395630653.
    throw refusal('invalidCredentialsFault', 'USER_ERROR', 'Ambiguous authentication')
  }
  if (!verify(readPassport(passport, namespaceOf('core', version))).ok) throw loginFault()
}

function readPassport(node: XmlNode, uri: string): TokenPassport {
  const part = (name: string): string => textOf(node, name, uri) ?? ''
  return {
    account: part('account'),
    consumerKey: part('consumerKey'),
    token: part('token'),
    nonce: part('nonce'),
    timestamp: part('timestamp'),
    signature: part('signature'),
    algorithm: childOf(node, 'signature', uri)?.attributes.get('algorithm') ?? '',
  }
}
