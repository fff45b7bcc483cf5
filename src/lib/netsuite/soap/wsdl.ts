import {namespacesOf} from './namespaces.ts'

/** The operations that Tieout uses; SOAPAction and body element bear the same name. */
const operations = [
  'add', 'addList', 'update', 'updateList', 'upsert', 'upsertList', 'get', 'getList', 'search', 'initialize',
  'getServerTime', 'getDataCenterUrls', 'getSelectValue', 'getAccountGovernanceInfo', 'getIntegrationGovernanceInfo',
] as const // prettier-ignore
export type Operation = (typeof operations)[number]

/**
 * The contract of our own from which `soap` builds its client. It only names the operations: bodies come encoded from
 * the record tables. Oracle's WSDL would cost half a second and 60 MB at each start, and may not be shipped.
 */
export function wsdlOf(apiVersion: string): string {
  const messages = namespacesOf(apiVersion).platformMsgs
  const tns = `urn:platform_${apiVersion}.webservices.netsuite.com`
  const each = (line: (name: Operation) => string) => operations.map(line).join('')
  const element = (name: string) => `<xsd:element name="${name}" type="xsd:anyType"/>`
  const message = (name: string) => `<message name="${name}"><part name="parameters" element="m:${name}"/></message>`
  return `<?xml version="1.0"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:tns="${tns}" xmlns:m="${messages}" targetNamespace="${tns}">
<types><xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="${messages}">
${each((name) => element(name) + element(`${name}Response`))}
</xsd:schema></types>
${each((name) => message(name) + message(`${name}Response`))}
<portType name="Port">${each(
    (name) =>
      `<operation name="${name}"><input message="tns:${name}"/><output message="tns:${name}Response"/></operation>`,
  )}</portType>
<binding name="Binding" type="tns:Port">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${each(
  (name) => `<operation name="${name}"><soap:operation soapAction="${name}"/>
<input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>`,
)}</binding>
<service name="NetSuite">
<port name="Port" binding="tns:Binding"><soap:address location="https://localhost/"/></port></service>
</definitions>`
}
