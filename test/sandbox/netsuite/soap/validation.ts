import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {validateXML, type XMLFileInfo} from 'xmllint-wasm'

const folder = fileURLToPath(new URL('../../../../../shared/netsuite-wsdl', import.meta.url))

/** Whether Oracle's schema is beside the checkout. */
export const hasSchema = existsSync(folder)
if (!hasSchema) console.warn(`NOTICE: ${folder} is absent; SOAP messages are not validated against Oracle's schema`)

export function wsdlFile(version: string): string {
  return `${folder}/${version}/netsuite.wsdl`
}

/** A SOAP 1.1 fault, which the driver schema lacks. Its detail holds what NetSuite and Axis put there. */
const fault =
  '<xsd:element name="Fault"><xsd:complexType><xsd:sequence>' +
  '<xsd:element name="faultcode" type="xsd:QName" form="unqualified"/>' +
  '<xsd:element name="faultstring" type="xsd:string" form="unqualified"/>' +
  '<xsd:element name="detail" form="unqualified"><xsd:complexType><xsd:sequence>' +
  '<xsd:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>' +
  '</xsd:sequence></xsd:complexType></xsd:element></xsd:sequence></xsd:complexType></xsd:element></xsd:schema>'

/** Validates messages strictly against the schema of a version; gives what is wrong with them, by name of message. */
export async function invalidities(version: string, messages: Readonly<Record<string, string>>): Promise<string[]> {
  const driver = readFileSync(`${folder}/validate-driver-${version}.xsd`, 'utf8')
    .replaceAll(`./${version}/xsd/`, '')
    .replace('</xsd:schema>', fault)
  const preload: XMLFileInfo[] = readdirSync(`${folder}/${version}/xsd`).map((file) => ({
    fileName: file,
    contents: readFileSync(`${folder}/${version}/xsd/${file}`, 'utf8'),
  }))
  const result = await validateXML({
    xml: Object.entries(messages).map(([name, contents]) => ({fileName: `${name}.xml`, contents})),
    schema: [{fileName: 'driver.xsd', contents: driver}],
    preload,
    initialMemoryPages: 2048,
    maxMemoryPages: 16_384,
  })
  // That a namespace is imported twice is said each time that anything is wrong, and is not wrong.
  return result.errors.map((error) => error.rawMessage).filter((line) => !line.includes('Schemas parser warning'))
}
