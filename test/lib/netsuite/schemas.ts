import {existsSync, readFileSync, readdirSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {validateXML} from 'xmllint-wasm'

/** NetSuite's own schema stands beside the checkout, if anywhere: it may not be part of it. */
const oracle = fileURLToPath(new URL('../../../../shared/netsuite-wsdl/', import.meta.url))
const ours = fileURLToPath(new URL('./schema/', import.meta.url))

export const hasOracleSchema = existsSync(`${oracle}validate-driver-2025_2.xsd`)

type File = {fileName: string; contents: string}

/** Oracle's schema set, its folders flattened, as the validator wants it. */
export function oracleSchema(): {driver: string; preload: File[]} {
  const folder = `${oracle}2025_2/xsd/`
  const flat = (contents: string) => contents.replaceAll(/schemaLocation="[^"]*\/([^"/]+)"/g, 'schemaLocation="$1"')
  return {
    driver: flat(readFileSync(`${oracle}validate-driver-2025_2.xsd`, 'utf8')),
    preload: filesOf(folder).map((file) => ({...file, contents: flat(file.contents)})),
  }
}

export function ourSchema(): {driver: string; preload: File[]} {
  return {driver: readFileSync(`${ours}envelope.xsd`, 'utf8'), preload: filesOf(ours)}
}

function filesOf(folder: string): File[] {
  return readdirSync(folder).map((fileName) => ({fileName, contents: readFileSync(folder + fileName, 'utf8')}))
}

/** One run over many messages, because reading the schema is what takes the time. */
export async function faultsIn(
  messages: readonly string[],
  {driver, preload}: {driver: string; preload: File[]},
): Promise<string[]> {
  const xml = messages.map((contents, i) => ({fileName: `message-${i}.xml`, contents}))
  const {errors} = await validateXML({
    xml,
    schema: [{fileName: 'driver.xsd', contents: driver}],
    preload,
    initialMemoryPages: 512,
    maxMemoryPages: 32_768,
  })
  return errors.map((error) => error.rawMessage)
}
