/** Where an account is reached, and how its id is spelled there. */
export type Hosts = Readonly<{
  /** In signatures and SOAP headers: upper case with "_" (a lower-case "sb1" there is an invalid login). */
  realm: string
  soap: string
  records: string
  metadata: string
  suiteql: string
  governance: string
  token: string
}>

/**
 * The addresses of one account. `account` may be spelled either way ("1234567-sb1", "1234567_SB1");
 * `apiUrl` replaces scheme and host of every channel. Account-specific host names are mandatory for SOAP since 2019.1
 * and never change when the account moves to another data centre (NetSuite help section_N3494684, section_1546938065).
 */
export function hostsOf(account: string, apiVersion: string, apiUrl?: string): Hosts {
  const host = account.trim().toLowerCase().replaceAll('_', '-')
  const base = apiUrl === undefined ? `https://${host}.suitetalk.api.netsuite.com` : apiUrl.replace(/\/+$/, '')
  return {
    realm: account.trim().toUpperCase().replaceAll('-', '_'),
    soap: `${base}/services/NetSuitePort_${apiVersion}`,
    records: `${base}/services/rest/record/v1`,
    metadata: `${base}/services/rest/record/v1/metadata-catalog`,
    suiteql: `${base}/services/rest/query/v1/suiteql`,
    governance: `${base}/services/rest/system/v1/governanceLimits`,
    token: `${base}/services/rest/auth/oauth2/v1/token`,
  }
}
