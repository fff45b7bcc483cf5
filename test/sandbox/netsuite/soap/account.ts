import {company} from '../../../../src/sandbox/company.ts'
import {createEngine} from '../../../../src/sandbox/netsuite/engine.ts'
import type {EngineParts} from '../../../../src/sandbox/netsuite/engine-parts.ts'
import type {SoapAnswer, SoapContext} from '../../../../src/sandbox/netsuite/engine-types.ts'
import {seed} from '../../../../src/sandbox/netsuite/seed.ts'
import {handleSoap} from '../../../../src/sandbox/netsuite/soap/handler.ts'
import {parseXml, type XmlNode} from '../../../../src/sandbox/netsuite/soap/tree.ts'

/** A seeded account that lets every passport in; the login has tests of its own, over HTTP. */
export function openAccount(
  change: Partial<SoapContext> & {now?: string} = {},
): SoapContext & {faults: EngineParts['faults']} {
  const {now = '2026-11-20T15:00:00Z', ...context} = change
  const parts = createEngine({
    timeZone: context.timeZone ?? company.timeZone,
    now: () => new Date(now),
    suiteTax: context.suiteTax ?? false,
    concurrency: 5,
    oneWorld: true,
    allCurrencies: true,
    uniqueNames: false,
    random: () => 0.5,
  })
  seed(parts)
  // Messages are what these tests are about, not what has to be shipped before it is billed.
  parts.books.preferences.invoiceInAdvanceOfFulfillment = true
  return {
    faults: parts.faults,
    engine: parts.engine.as('soap'),
    verifyPassport: () => ({ok: true}),
    version: '2025_2',
    baseUrl: 'http://127.0.0.1:1',
    account: company.account,
    timeZone: company.timeZone,
    suiteTax: false,
    strictOrder: true,
    varyResponses: false,
    customFieldId: (scriptId) => parts.state.find('customField', {externalId: scriptId})?.id,
    ...context,
  }
}

const areas = {
  m: 'messages_V.platform',
  c: 'core_V.platform',
  cm: 'common_V.platform',
  s: 'sales_V.transactions',
  r: 'relationships_V.lists',
  a: 'accounting_V.lists',
  t: 'customers_V.transactions',
  p: 'purchases_V.transactions',
  b: 'bank_V.transactions',
}

/** The declarations of the prefixes that test messages use: m, c, cm, s, r, a, t, p, b. */
function declarations(version = '2025_2'): string {
  const own = Object.entries(areas).map(([prefix, name]) => {
    return `xmlns:${prefix}="urn:${name.replace('V', version)}.webservices.netsuite.com"`
  })
  const soap = 'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
  return [soap, 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', ...own].join(' ')
}

export const passport =
  '<m:tokenPassport><c:account>a</c:account><c:consumerKey>k</c:consumerKey><c:token>t</c:token>' +
  '<c:nonce>n</c:nonce><c:timestamp>1</c:timestamp><c:signature algorithm="HMAC-SHA256">s</c:signature></m:tokenPassport>'

export function envelope(operation: string, header = passport, version = '2025_2'): string {
  return `<soapenv:Envelope ${declarations(version)}><soapenv:Header>${header}</soapenv:Header><soapenv:Body>${operation}</soapenv:Body></soapenv:Envelope>`
}

/** Sends `<m:name>content</m:name>` and gives the answer with its parsed body. */
export async function call(
  context: SoapContext,
  name: string,
  content: string,
  header = passport,
): Promise<SoapAnswer & {root: XmlNode}> {
  const body = envelope(`<m:${name}>${content}</m:${name}>`, header, context.version)
  const answer = await handleSoap(body, {soapaction: `"${name}"`}, context)
  return {...answer, root: parseXml(answer.body)}
}

/** All descendants of that name, in document order. */
export function all(node: XmlNode, name: string): XmlNode[] {
  return node.children.flatMap((child) => [...(child.local === name ? [child] : []), ...all(child, name)])
}

/** The first descendant of that name. Throws if there is none. */
export function first(node: XmlNode, name: string): XmlNode {
  const [found] = all(node, name)
  if (found === undefined) throw new Error(`no <${name}> in the answer`)
  return found
}

/** The text of the first descendant of that name. */
export function text(node: XmlNode, name: string): string {
  return first(node, name).text
}

/** A sales order of two tees for 40.00, as the walk-in customer buys it. */
export function orderXml(change: {externalId?: string; body?: string; lines?: string; after?: string} = {}): string {
  const {externalId = 'SHOPIFY:ORDER:5001', body = '', after = ''} = change
  const lines =
    change.lines ?? '<s:item><s:item internalId="1001"/><s:quantity>2</s:quantity><s:amount>40</s:amount></s:item>'
  return (
    `<m:record xsi:type="s:SalesOrder" externalId="${externalId}"><s:entity internalId="500"/>` +
    `<s:tranDate>2026-11-20T12:00:00.000Z</s:tranDate>${body}` +
    `<s:itemList replaceAll="true">${lines}</s:itemList>${after}</m:record>`
  )
}
