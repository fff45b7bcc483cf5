import {existsSync, readFileSync} from 'node:fs'

import {describe, expect, test} from 'vitest'

import {countryCodes, isoCountry, isoOfSoapCountry, soapCountry} from '../../../src/lib/netsuite/records/countries.ts'

test('every country goes to its SOAP name and back, and no two share one', () => {
  const names = countryCodes().map((iso) => soapCountry(iso, 'x'))

  expect(names.map(isoOfSoapCountry)).toEqual(countryCodes())
  expect(new Set(names).size).toBe(names.length)
})

test('the codes are those that the world uses for the names', () => {
  const english = new Intl.DisplayNames('en', {type: 'region'})
  const plain = (text: string) =>
    text
      .normalize('NFD')
      .replaceAll(/[^a-zA-Z]/g, '')
      .toLowerCase()
  const agree = countryCodes().filter((iso) => {
    const name = plain(soapCountry(iso, 'x'))
    const common = plain(english.of(iso) ?? '')
    return name.startsWith(common.slice(0, 4)) || common.startsWith(name.slice(0, 4))
  })
  // These stand under another first word there ("St. Lucia", "U.S. Virgin Islands", "Vatican City"); each was looked
  // at.
  const others = countryCodes().filter((iso) => !agree.includes(iso))

  // prettier-ignore
  expect(others.toSorted()).toEqual([
    'BL', 'BQ', 'CV', 'KN', 'KP', 'KR', 'LA', 'LC', 'MF', 'PM', 'SH', 'UM', 'VA', 'VC', 'VG', 'VI',
  ])
})

test('islands that Shopify lists on their own belong to Saint Helena', () => {
  expect(isoCountry('ac', 'x')).toBe('SH')
})

const file = new URL('../../../../shared/netsuite-wsdl/2025_2/xsd/platform.commonTypes.xsd', import.meta.url)
if (!existsSync(file)) console.warn('skipped: the schema of NetSuite is not there (../shared/netsuite-wsdl)')
describe.runIf(existsSync(file))('beside the schema of NetSuite', () => {
  test('the table holds each of its countries, and nothing else', () => {
    const type = /<simpleType name="Country">.*?<\/simpleType>/s.exec(readFileSync(file, 'utf8'))?.[0] ?? ''
    const names = [...type.matchAll(/enumeration value="(\w+)"/g)].map((match) => match[1] ?? '')

    expect(names.length).toBeGreaterThan(200)
    expect(
      countryCodes()
        .map((iso) => soapCountry(iso, 'x'))
        .toSorted(),
    ).toEqual(names.toSorted())
  })
})
