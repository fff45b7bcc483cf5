import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import type {SoapContext} from '../../../../src/sandbox/netsuite/engine-types.ts'
import {handleSoap, peekOperation} from '../../../../src/sandbox/netsuite/soap/handler.ts'
import {escapeText} from '../../../../src/sandbox/netsuite/soap/text.ts'
import {parseXml, type XmlNode} from '../../../../src/sandbox/netsuite/soap/tree.ts'
import {all, call, envelope, first, openAccount, orderXml, passport, text} from './account.ts'

const ID = 'SHOPIFY:ORDER:5001'
const byExternalId = (id = ID, type = 'salesOrder'): string =>
  `<m:baseRef xsi:type="c:RecordRef" type="${type}" externalId="${id}"/>`

async function read(context: SoapContext, id = ID): Promise<XmlNode> {
  return first((await call(context, 'get', byExternalId(id))).root, 'record')
}

function successes(root: XmlNode): string[] {
  return all(root, 'status').flatMap((status) => status.attributes.get('isSuccess') ?? [])
}

function refs(root: XmlNode, name = 'record'): (string | undefined)[] {
  return all(root, name).map((record) => record.attributes.get('externalId'))
}

function faultOf(root: XmlNode): {element: string | undefined; code: string | undefined; message: string} {
  const [detail] = first(root, 'detail').children
  const known = detail?.local === 'hostname' ? undefined : detail
  const code = known && text(known, 'code')
  return {element: known?.local, code, message: text(root, 'faultstring')}
}

describe('writing', () => {
  test('an order is added once; the second time NetSuite says that the record is there', async () => {
    const context = openAccount()
    const added = await call(context, 'add', orderXml())
    const again = await call(context, 'add', orderXml())

    expect(added).toMatchObject({status: 200, operation: 'add', records: 1})
    expect(first(added.root, 'baseRef').attributes.get('internalId')).toMatch(/^\d+$/)
    expect([again.status, successes(again.root), text(again.root, 'code')]).toEqual([200, ['false'], 'DUP_RCRD'])
    expect(context.engine.search('salesOrder', [])).toHaveLength(1)
  })

  test('each record of a list has a status of its own, in the order of the request', async () => {
    const context = openAccount()
    const list = [orderXml({externalId: 'A'}), orderXml({externalId: 'B', lines: ''}), orderXml({externalId: 'C'})]
    const {root, records} = await call(context, 'addList', list.join(''))

    expect(successes(first(root, 'writeResponseList'))).toEqual(['true', 'true', 'false', 'true'])
    expect([refs(root, 'baseRef'), records]).toEqual([['A', 'B', 'C'], 3])
  })

  test.each([
    ['addList', 201, (n: number) => orderXml().repeat(n)],
    ['updateList', 101, (n: number) => orderXml().repeat(n)],
    ['upsertList', 101, (n: number) => orderXml().repeat(n)],
    ['deleteList', 201, (n: number) => byExternalId().repeat(n)],
    ['getList', 1001, (n: number) => byExternalId().repeat(n)],
  ])('%s refuses %i records as a whole', async (operation, count, content) => {
    const context = openAccount()
    const answer = await call(context, operation, content(count))

    expect(answer.status).toBe(500)
    expect(faultOf(answer.root)).toMatchObject({element: 'exceededRecordCountFault', code: 'MAX_RCRDS_EXCEEDED'})
    expect(context.engine.search('salesOrder', [])).toHaveLength(0)
    expect((await call(context, operation, content(count - 1))).status).toBe(200)
  })

  test('an update changes what it names, clears what it says, and leaves the rest', async () => {
    const context = openAccount()
    await call(context, 'add', orderXml({body: '<s:otherRefNum>#1001</s:otherRefNum><s:memo>first</s:memo>'}))
    const change =
      `<m:record xsi:type="s:SalesOrder" externalId="${ID}"><c:nullFieldList><c:name>memo</c:name></c:nullFieldList>` +
      '<s:email>a@example.com</s:email></m:record>'
    expect(successes((await call(context, 'update', change)).root)).toEqual(['true'])

    const record = await read(context)
    expect([text(record, 'otherRefNum'), text(record, 'email'), all(record, 'memo')]).toEqual([
      '#1001',
      'a@example.com',
      [],
    ])
    expect(all(first(record, 'itemList'), 'quantity').map((node) => node.text)).toEqual(['2.0'])
  })

  test('lines not sent are removed, unless replaceAll is false', async () => {
    const context = openAccount()
    const line = (item: number): string =>
      `<s:item><s:item internalId="${item}"/><s:quantity>1</s:quantity><s:amount>9</s:amount></s:item>`
    await call(context, 'add', orderXml({lines: line(1001) + line(1002) + line(1003)}))
    const update = (replaceAll: string, lines: string): Promise<unknown> =>
      call(
        context,
        'update',
        `<m:record xsi:type="s:SalesOrder" externalId="${ID}"><s:itemList${replaceAll}>${lines}</s:itemList></m:record>`,
      )
    const held = async (): Promise<string[]> => all(await read(context), 'line').map((node) => node.text)

    await update(' replaceAll="false"', '<s:item><s:isClosed>true</s:isClosed><s:line>2</s:line></s:item>')
    expect(await held()).toEqual(['1', '2', '3'])
    expect(all(await read(context), 'isClosed').map((node) => node.text)).toEqual(['false', 'true', 'false'])
    await update('', `<s:item><s:line>3</s:line></s:item>${line(1004)}`)
    expect(await held()).toEqual(['3', '4'])
  })

  test('a sublist that is named among the fields to clear loses its lines', async () => {
    const context = openAccount()
    const addresses =
      '<r:addressbookList><r:addressbook><r:label>Home</r:label><r:addressbookAddress><cm:city>Austin</cm:city>' +
      '</r:addressbookAddress></r:addressbook></r:addressbookList>'
    const customer = (content: string): string => `<m:record xsi:type="r:Customer" externalId="Z">${content}</m:record>`
    const held = async (): Promise<string[]> => {
      const {root} = await call(context, 'get', byExternalId('Z', 'customer'))
      return all(root, 'label').map((label) => label.text)
    }
    const company = '<r:companyName>Acme</r:companyName><r:subsidiary internalId="1"/>'
    await call(context, 'add', customer(company + addresses))
    expect(await held()).toEqual(['Home'])
    await call(context, 'update', customer('<c:nullFieldList><c:name>addressbookList</c:name></c:nullFieldList>'))
    expect(await held()).toEqual([])
  })

  test('a list with a record that the sandbox cannot hold is refused before its first record is written', async () => {
    const context = openAccount()
    const unholdable = orderXml({
      externalId: 'B',
      after:
        '<s:customFieldList><c:customField xsi:type="c:MultiSelectCustomFieldRef" scriptId="custbody_x">' +
        '<c:value internalId="1"/></c:customField></s:customFieldList>',
    })
    const answer = await call(context, 'addList', orderXml({externalId: 'A'}) + unholdable)
    expect([answer.status, faultOf(answer.root).code]).toEqual([500, 'UNEXPECTED_ERROR'])
    expect(context.engine.search('salesOrder', [])).toEqual([])
  })

  test('upsert adds, then updates, and wants an external id and no internal id', async () => {
    const context = openAccount()
    const one = await call(context, 'upsert', orderXml())
    const two = await call(context, 'upsert', orderXml({body: '<s:memo>again</s:memo>'}))
    const ids = [one, two].map(({root}) => first(root, 'baseRef').attributes.get('internalId'))
    expect(ids[0]).toBe(ids[1])
    expect(text(await read(context), 'memo')).toBe('again')

    const without = await call(context, 'upsert', orderXml().replace(`externalId="${ID}"`, ''))
    const withId = await call(context, 'upsert', orderXml().replace('externalId=', 'internalId="5" externalId='))
    expect([without, withId].map(({root}) => [text(root, 'code'), text(root, 'message')])).toEqual([
      ['USER_ERROR', 'This operation requies a value for externalId.'],
      ['USER_ERROR', 'You cannot set internalId with upsert.'],
    ])
  })

  test('a record that was saved although a script failed says so, with its id', async () => {
    const context = openAccount()
    context.faults.order({kind: 'after-submit-failed', count: 1})
    const {root} = await call(context, 'add', orderXml())

    expect([successes(root), text(root, 'afterSubmitFailed')]).toEqual([['false'], 'true'])
    expect(first(root, 'baseRef').attributes.get('internalId')).toBe((await read(context)).attributes.get('internalId'))
  })

  test('read-only fields are refused, or dropped if the preference says so', async () => {
    const context = openAccount()
    const order = orderXml({body: '<s:subTotal>1</s:subTotal>'})
    const refused = await call(context, 'add', order)
    expect([successes(refused.root), text(refused.root, 'code')]).toEqual([['false'], 'INSUFFICIENT_PERMISSION'])

    const preference = '<m:preferences><m:ignoreReadOnlyFields>true</m:ignoreReadOnlyFields></m:preferences>'
    expect(successes((await call(context, 'add', order, passport + preference)).root)).toEqual(['true'])
    expect(text(await read(context), 'subTotal')).toBe('40.0')
  })

  test('what is deleted is gone', async () => {
    const context = openAccount()
    await call(context, 'add', orderXml())
    const {root} = await call(context, 'deleteList', byExternalId() + byExternalId('none'))
    expect(successes(first(root, 'writeResponseList'))).toEqual(['true', 'true', 'false'])
    expect(text((await call(context, 'get', byExternalId())).root, 'code')).toBe('RCRD_DSNT_EXIST')
  })
})

describe('what arrives', () => {
  test('any text arrives unharmed in fields, custom fields and ids, and comes back the same', async () => {
    const context = openAccount()
    const piece = fc.constantFrom(
      ']]>',
      '&',
      '<b>',
      '"',
      "'",
      '👩‍👩‍👧',
      'مرحبا',
      '\u202E',
      'é',
      'a'.repeat(10_000),
      '\n',
      ' x ',
    )
    const clean = fc
      .string({unit: 'grapheme'})
      .filter((s) => s.isWellFormed() && !/[\u0000-\u001F\uFFFE\uFFFF]/.test(s))
    const value = fc.array(fc.oneof(piece, clean), {minLength: 1}).map((parts) => parts.join(''))
    let id = 0
    await fc.assert(
      fc.asyncProperty(
        value.filter((memo) => memo.trim() !== ''),
        async (memo) => {
          id += 1
          const custom =
            '<s:customFieldList><c:customField xsi:type="c:StringCustomFieldRef" scriptId="custbody_tieout_order_id">' +
            `<c:value>${escapeText(memo)}</c:value></c:customField></s:customFieldList>`
          await call(
            context,
            'add',
            orderXml({externalId: `T${id}`, body: `<s:memo>${escapeText(memo)}</s:memo>`, after: custom}),
          )
          const record = await read(context, `T${id}`)
          expect([text(record, 'memo'), text(record, 'value')]).toEqual([memo, memo])
        },
      ),
      {numRuns: 60},
    )
  })

  test('custom fields are answered with script id and internal id', async () => {
    const context = openAccount()
    const custom =
      '<s:customFieldList><c:customField xsi:type="c:StringCustomFieldRef" scriptId="custbody_tieout_order_id">' +
      '<c:value>5001</c:value></c:customField></s:customFieldList>'
    await call(context, 'add', orderXml({after: custom}))
    const field = first(await read(context), 'customField')
    expect(field.type?.local).toBe('StringCustomFieldRef')
    expect(Object.fromEntries(field.attributes)).toEqual({internalId: '3001', scriptId: 'custbody_tieout_order_id'})
  })

  test.each([
    ['2026-11-20T00:00:00.000Z', '2026-11-19'],
    ['2026-11-20T12:00:00.000Z', '2026-11-20'],
    ['2026-11-20T00:00:00.000-05:00', '2026-11-20'],
  ])('in New York an order dated %s is an order of %s', async (sent, day) => {
    const context = openAccount()
    await call(context, 'add', orderXml().replace('2026-11-20T12:00:00.000Z', sent))
    expect(text(await read(context), 'tranDate')).toBe(`${day}T00:00:00.000-08:00`)
  })

  test('an element out of the order of the schema is refused as a whole; without the strict order it is taken', async () => {
    const wrong = orderXml({
      lines: '<s:item><s:line>1</s:line><s:item internalId="1001"/><s:amount>9</s:amount></s:item>',
    })
    const strict = openAccount()
    const refused = await call(strict, 'addList', orderXml({externalId: 'A'}) + wrong)
    expect([refused.status, faultOf(refused.root).message]).toEqual([
      500,
      expect.stringContaining('SalesOrderItem - item'),
    ])
    expect(strict.engine.search('salesOrder', [])).toHaveLength(0)
    expect(successes((await call(openAccount({strictOrder: false}), 'add', wrong)).root)).toEqual(['true'])
  })

  test.each([
    ['an unknown element', '<s:colour>red</s:colour>', 'SalesOrder - colour'],
    ['an element in the wrong namespace', '<m:memo>x</m:memo>', 'SalesOrder - memo'],
    ['a value that its enumeration lacks', '<s:orderStatus>_open</s:orderStatus>', '_open is not a legal value'],
    ['text where a number belongs', '<s:shippingCost>free</s:shippingCost>', 'For input string: "free"'],
    ['a day that is no instant', '<s:shipDate>2026-11-20</s:shipDate>', 'Invalid dateTime'],
    ['the same field twice', '<s:memo>a</s:memo><s:memo>b</s:memo>', 'SalesOrder - memo'],
  ])('%s is refused', async (_what, body, message) => {
    const answer = await call(openAccount(), 'add', orderXml({body}))
    expect([answer.status, faultOf(answer.root).message]).toEqual([500, expect.stringContaining(message)])
  })
})

describe('searching', () => {
  async function withOrders(): Promise<SoapContext> {
    const context = openAccount()
    const order = (n: number): string =>
      orderXml({externalId: `O${n}`, body: `<s:otherRefNum>#${n}</s:otherRefNum>`}).replace(
        '2026-11-20',
        `2026-11-${10 + n}`,
      )
    await call(context, 'addList', Array.from({length: 12}, (_, n) => order(n)).join(''))
    return context
  }

  function find(context: SoapContext, basic: string, preferences = ''): ReturnType<typeof call> {
    return call(
      context,
      'search',
      `<m:searchRecord xsi:type="s:TransactionSearch"><s:basic>${basic}</s:basic></m:searchRecord>`,
      passport + preferences,
    )
  }

  const type = '<cm:type operator="anyOf"><c:searchValue>_salesOrder</c:searchValue></cm:type>'
  const date = (operator: string, day: string): string =>
    `<cm:tranDate operator="${operator}"><c:searchValue>${day}T12:00:00Z</c:searchValue></cm:tranDate>`

  test.each([
    [
      'external id',
      `<cm:externalId operator="anyOf"><c:searchValue externalId="O3"/><c:searchValue externalId="o4"/></cm:externalId>${type}`,
      ['O3', 'O4'],
    ],
    [
      'external id as text',
      `<cm:externalIdString operator="is"><c:searchValue>O5</c:searchValue></cm:externalIdString>`,
      ['O5'],
    ],
    [
      'number of the shop',
      `<cm:otherRefNum operator="equalTo"><c:searchValue>#7</c:searchValue></cm:otherRefNum>${type}`,
      ['O7'],
    ],
    ['day', `${date('on', '2026-11-12')}${type}`, ['O2']],
    ['days from', `${date('onOrAfter', '2026-11-20')}${type}`, ['O10', 'O11']],
    ['days up to', `${date('notAfter', '2026-11-11')}${type}`, ['O0', 'O1']],
    [
      'customer and day',
      `<cm:entity operator="anyOf"><c:searchValue internalId="500"/></cm:entity>${date('before', '2026-11-11')}`,
      ['O0'],
    ],
    ['status', `<cm:status operator="anyOf"><c:searchValue>_salesOrderClosed</c:searchValue></cm:status>${type}`, []],
    [
      'state and time of change',
      '<cm:lastModifiedDate operator="onOrAfter"><c:searchValue>2026-11-20T07:00:00-08:00</c:searchValue></cm:lastModifiedDate>' +
        `<cm:status operator="anyOf"><c:searchValue>_salesOrderPendingApproval</c:searchValue></cm:status>${date('on', '2026-11-12')}`,
      ['O2'],
    ],
    [
      'time of change, later than all',
      '<cm:lastModifiedDate operator="after"><c:searchValue>2026-11-20T15:00:00Z</c:searchValue></cm:lastModifiedDate>',
      [],
    ],
    ['a customer who is not there', `<cm:entity operator="anyOf"><c:searchValue externalId="nobody"/></cm:entity>`, []],
  ])('transactions are found by %s', async (_by, basic, expected) => {
    const {root} = await find(await withOrders(), basic)
    expect(successes(root)).toEqual(['true'])
    expect(refs(root)).toEqual(expected)
  })

  test('results come page by page and add up to all of them, each once', async () => {
    const context = await withOrders()
    const {root, records} = await find(
      context,
      type,
      '<m:searchPreferences><m:pageSize>5</m:pageSize></m:searchPreferences>',
    )
    expect([text(root, 'totalRecords'), text(root, 'totalPages'), records]).toEqual(['12', '3', 5])
    const found = refs(root)
    for (const index of [2, 3]) {
      const more = `<m:searchId>${text(root, 'searchId')}</m:searchId><m:pageIndex>${index}</m:pageIndex>`
      found.push(...refs((await call(context, 'searchMoreWithId', more)).root))
    }
    expect(found).toEqual(Array.from({length: 12}, (_, n) => `O${n}`))
  })

  test('sublists come only if they are asked for', async () => {
    const context = await withOrders()
    const lists = async (preferences: string): Promise<number> =>
      all((await find(context, type, preferences)).root, 'itemList').length
    expect(await lists('')).toBe(0)
    expect(await lists('<m:searchPreferences><m:bodyFieldsOnly>false</m:bodyFieldsOnly></m:searchPreferences>')).toBe(
      12,
    )
  })

  test('a value that no enumeration has finds nothing and warns, and is no error', async () => {
    const {root} = await find(
      await withOrders(),
      '<cm:type operator="anyOf"><c:searchValue>_salesorder</c:searchValue></cm:type>',
    )
    expect([successes(root), first(root, 'statusDetail').attributes.get('type'), text(root, 'totalRecords')]).toEqual([
      ['true'],
      'WARN',
      '0',
    ])
  })

  test.each([
    ['email', '<cm:email operator="is"><c:searchValue>ZOE@example.com</c:searchValue></cm:email>'],
    ['company', '<cm:companyName operator="contains"><c:searchValue>acme</c:searchValue></cm:companyName>'],
    ['phone', '<cm:phone operator="is"><c:searchValue>+1 512</c:searchValue></cm:phone>'],
    ['number', '<cm:entityId operator="is"><c:searchValue>Z-1</c:searchValue></cm:entityId>'],
    ['external id', '<cm:externalId operator="anyOf"><c:searchValue externalId="Z"/></cm:externalId>'],
  ])('customers are found by %s', async (_by, basic) => {
    const context = openAccount()
    const customer =
      '<m:record xsi:type="r:Customer" externalId="Z"><r:entityId>Z-1</r:entityId><r:companyName>Acme Ltd</r:companyName>' +
      '<r:phone>+1 512</r:phone><r:email>zoe@example.com</r:email><r:subsidiary internalId="1"/></m:record>'
    expect(successes((await call(context, 'add', customer)).root)).toEqual(['true'])
    const search = `<m:searchRecord xsi:type="r:CustomerSearch"><r:basic>${basic}</r:basic></m:searchRecord>`
    expect(refs((await call(context, 'search', search)).root)).toEqual(['Z'])
  })
})

describe('the account', () => {
  test('stock is told by item and location, and only what changed since an instant', async () => {
    const context = openAccount()
    const ask = (since: string): ReturnType<typeof call> =>
      call(
        context,
        'getItemAvailability',
        `<m:itemAvailabilityFilter><c:item><c:recordRef internalId="1001"/></c:item>${since}</m:itemAvailabilityFilter>`,
      )
    expect(text((await ask('')).root, 'quantityAvailable')).toBe('400.0')
    const since = '<c:lastQtyAvailableChange>2030-01-01T00:00:00Z</c:lastQtyAvailableChange>'
    expect(all((await ask(since)).root, 'itemAvailability')).toEqual([])
  })

  test('a select field tells its values, filtered by name', async () => {
    const filter = '<c:filter operator="startsWith"><c:filterValue>net 3</c:filterValue></c:filter>'
    const ask = `<m:fieldDescription><c:recordType>salesOrder</c:recordType><c:field>terms</c:field>${filter}</m:fieldDescription><m:pageIndex>1</m:pageIndex>`
    const {root} = await call(openAccount(), 'getSelectValue', ask)
    expect(all(root, 'name').map((node) => node.text)).toEqual(['Net 30'])
  })

  test('an approved order becomes a draft of an invoice that names it', async () => {
    const context = openAccount()
    await call(context, 'add', orderXml({body: '<s:orderStatus>_pendingFulfillment</s:orderStatus>'}))
    const order = (await read(context)).attributes.get('internalId')
    const ask = `<m:initializeRecord><c:type>invoice</c:type><c:reference type="salesOrder" internalId="${order}"/></m:initializeRecord>`
    const {root} = await call(context, 'initialize', ask)
    expect(first(root, 'record').type?.local).toBe('Invoice')
    expect(first(root, 'createdFrom').attributes.get('internalId')).toBe(order)
    expect([text(root, 'quantity'), text(root, 'orderLine')]).toEqual(['2.0', '1'])
  })
})

describe('the door', () => {
  const send = (body: string, context = openAccount(), soapaction?: string): ReturnType<typeof handleSoap> =>
    handleSoap(body, {soapaction: soapaction ?? '"add"'}, context)

  test('a refused login says no more than that', async () => {
    const context = openAccount({verifyPassport: () => ({ok: false, reason: 'InvalidSignature'})})
    const answer = await call(context, 'add', orderXml())
    expect(answer.status).toBe(500)
    expect(faultOf(answer.root)).toEqual({
      element: 'invalidCredentialsFault',
      code: 'INVALID_LOGIN_CREDENTIALS',
      message: 'Invalid login attempt.',
    })
    expect(context.engine.search('salesOrder', [])).toHaveLength(0)
  })

  test('without a passport nothing but the hosts of the account is told', async () => {
    expect((await call(openAccount(), 'get', byExternalId(), '')).status).toBe(500)
    const hosts = await call(openAccount(), 'getDataCenterUrls', '<m:account>1234567_SB1</m:account>', '')
    expect([hosts.status, text(hosts.root, 'webservicesDomain')]).toEqual([200, 'http://127.0.0.1:1'])
    const empty = await call(openAccount(), 'getDataCenterUrls', '<m:account/>', '')
    expect([empty.status, text(empty.root, 'code')]).toEqual([200, 'DATA_REQD'])
  })

  test.each(['<m:applicationInfo><m:applicationId>1</m:applicationId></m:applicationInfo>', '<m:passport/>', passport])(
    'two logins in one message are ambiguous (%#)',
    async (second) => {
      const answer = await call(openAccount(), 'getServerTime', '', passport + second)
      expect(faultOf(answer.root)).toEqual({
        element: 'invalidCredentialsFault',
        code: 'USER_ERROR',
        message: 'Ambiguous authentication',
      })
    },
  )

  test.each([
    ['a message cut in half', envelope(`<m:add>${orderXml()}</m:add>`).slice(0, 700)],
    ['a web page', '<html><body>Hello</body></html>'],
    ['a DOCTYPE', `<!DOCTYPE x [<!ENTITY e "boom">]>${envelope('<m:getServerTime/>')}`],
    ['an empty body', envelope('')],
    ['two operations', envelope('<m:getServerTime/><m:getServerTime/>')],
    ['an operation of no service', envelope('<m:dropTables/>')],
    ['an operation of another namespace', envelope('<c:add/>')],
    [
      'SOAP 1.2',
      envelope('<m:getServerTime/>').replaceAll(
        'http://schemas.xmlsoap.org/soap/envelope/',
        'http://www.w3.org/2003/05/soap-envelope',
      ),
    ],
    ['JSON', '{"add": 1}'],
    ['nothing', ''],
  ])('%s is answered with a fault', async (_what, body) => {
    const answer = await send(body)
    expect(answer.status).toBe(500)
    expect(all(parseXml(answer.body), 'Fault')).toHaveLength(1)
  })

  test('messages of another version are told so', async () => {
    const answer = await send(envelope('<m:getServerTime/>', passport, '2023_2'))
    expect(faultOf(parseXml(answer.body))).toMatchObject({element: 'invalidVersionFault', code: 'INVALID_WS_VERSION'})
  })

  test('the operation is known before the message is read', () => {
    expect(peekOperation('', {soapaction: '"addList"'})).toBe('addList')
    expect(peekOperation(envelope('<m:getServerTime/>'), {})).toBe('getServerTime')
    expect(peekOperation('x', {})).toBe('')
  })

  test('answers may vary in prefixes and order, and then say the same', async () => {
    const context = openAccount({varyResponses: true})
    await call(context, 'add', orderXml({body: '<s:memo>x</s:memo>'}))
    const answers = await Promise.all(Array.from({length: 4}, () => call(context, 'get', byExternalId())))
    const said = answers.map(({root}) =>
      first(root, 'record').children.map((node) => `${node.uri} ${node.local} ${node.text}`),
    )
    expect(new Set(said.map((fields) => fields.join())).size).toBe(2)
    expect(new Set(said.map((fields) => fields.toSorted().join())).size).toBe(1)
    expect(new Set(answers.map(({body}) => /<([\w]*:?)record /.exec(body)?.[1])).size).toBe(2)
  })
})
