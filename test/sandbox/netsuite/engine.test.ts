import fc from 'fast-check'
import {beforeEach, describe, expect, test} from 'vitest'

import {company} from '../../../src/sandbox/company.ts'
import {createEngine} from '../../../src/sandbox/netsuite/engine.ts'
import type {EngineOptions, EngineParts} from '../../../src/sandbox/netsuite/engine-parts.ts'
import type {Engine, Fields, LineInput, RecordInput, StoredRecord} from '../../../src/sandbox/netsuite/engine-types.ts'
import {know} from '../../../src/sandbox/netsuite/know.ts'
import {seed} from '../../../src/sandbox/netsuite/seed.ts'

type Account = EngineParts & {engine: Engine}
let account: Account
let netsuite: Engine

function open(change: Partial<EngineOptions> = {}): Account {
  const parts = createEngine({
    timeZone: company.timeZone,
    now: () => new Date('2026-11-21T03:00:00Z'),
    suiteTax: false,
    concurrency: 5,
    oneWorld: true,
    allCurrencies: true,
    uniqueNames: false,
    random: () => 0.5,
    ...change,
  })
  seed(parts)
  return {...parts, engine: parts.engine.as('soap')}
}

beforeEach(() => {
  account = open()
  netsuite = account.engine
})

const TEE: LineInput = {fields: {item: {id: '1001'}, quantity: '2', amount: '48.00', location: {id: '1'}}}

/** One tee, twice, for the walk-in customer. A test states only what it changes. */
function order(fields: Fields = {}, lines: readonly LineInput[] = [TEE]): RecordInput {
  return {type: 'salesOrder', fields: {entity: {id: '500'}, orderStatus: 'B', ...fields}, lines: {item: lines}}
}

function added(record: RecordInput, engine = netsuite): StoredRecord {
  const outcome = engine.add(record)
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`)
  return held(record.type, outcome.id, engine)
}

function held(type: string, id: string, engine = netsuite): StoredRecord {
  const found = engine.get(type, {id})
  if (!found.ok) throw new Error(found.message)
  return found.record
}

describe('external ids', () => {
  test('an external id is taken once among all transactions, whatever its case', () => {
    const first = added({...order(), externalId: 'SHOPIFY:ORDER:1'})

    expect(netsuite.add({...order(), externalId: 'shopify:order:1'})).toMatchObject({ok: false, code: 'DUP_RCRD'})
    account.books.preferences.invoiceInAdvanceOfFulfillment = true
    const draft = netsuite.initialize({type: 'salesOrder', ref: {id: first.id}}, 'invoice')
    if (!draft.ok) throw new Error(draft.message)
    expect(netsuite.add({...draft.draft, externalId: 'SHOPIFY:ORDER:1'})).toMatchObject({ok: false, code: 'DUP_RCRD'})
    expect(netsuite.get('salesOrder', {externalId: 'shopify:ORDER:1'})).toMatchObject({
      ok: true,
      record: {id: first.id},
    })
  })

  test('the same external id may name an entity and a transaction', () => {
    added({...order(), externalId: 'X:1'})

    expect(
      netsuite.add({type: 'customer', externalId: 'X:1', fields: {companyName: 'X', subsidiary: {id: '1'}}}),
    ).toMatchObject({ok: true})
  })

  test('upsert adds once and updates afterwards', () => {
    const first = netsuite.upsert('SHOPIFY:ORDER:2', order({memo: 'one'}))
    const second = netsuite.upsert('SHOPIFY:ORDER:2', order({memo: 'two'}))

    expect(second).toEqual(first)
    expect(netsuite.search('salesOrder', [{field: 'memo', operator: 'is', values: ['two']}])).toHaveLength(1)
    expect(netsuite.upsert('', order())).toMatchObject({
      code: 'USER_ERROR',
      message: 'This operation requies a value for externalId.',
    })
    expect(netsuite.upsert('A', {...order(), id: '5'})).toMatchObject({
      message: 'You cannot set internalId with upsert.',
    })
  })

  test('a changed external id frees the old one', () => {
    const {id} = added({...order(), externalId: 'OLD'})
    netsuite.update('salesOrder', {id}, {externalId: 'NEW'})

    expect(netsuite.get('salesOrder', {externalId: 'OLD'})).toMatchObject({ok: false, code: 'RCRD_DSNT_EXIST'})
    expect(netsuite.add({...order(), externalId: 'OLD'})).toMatchObject({ok: true})
  })
})

describe('what is refused', () => {
  test.each<[string, RecordInput, object]>([
    [
      'a customer that does not exist',
      order({entity: {id: '9999'}}),
      {code: 'INVALID_KEY_OR_REF', message: 'Invalid entity reference key 9999.', path: 'entity'},
    ],
    ['no customer', order({entity: null}), {code: 'USER_ERROR', message: 'Please enter value(s) for: Customer'}],
    [
      'an item that does not exist',
      order({}, [TEE, {fields: {item: {id: '77'}}}]),
      {code: 'INVALID_KEY_OR_REF', path: 'item.items[1].item'},
    ],
    [
      'a line without an item',
      order({}, [{fields: {quantity: '1'}}]),
      {code: 'USER_ERROR', message: 'Please enter value(s) for: Item'},
    ],
    ['an order without lines', order({}, []), {code: 'USER_ERROR'}],
    ['a total that only NetSuite computes', order({total: '1'}), {code: 'INSUFFICIENT_PERMISSION'}],
    ['a status that only NetSuite sets', order({orderStatus: 'F'}), {code: 'INVALID_FLD_VALUE'}],
    [
      'an amount that is no number',
      order({}, [{fields: {item: {id: '1001'}, amount: '4,80'}}]),
      {code: 'INVALID_FLD_VALUE'},
    ],
    ['a day that is none', order({tranDate: '2026-13-01'}), {code: 'INVALID_FLD_VALUE'}],
    ['a currency that the company does not have', order({currency: {id: '88'}}), {code: 'INVALID_KEY_OR_REF'}],
    [
      'a custom field that does not exist',
      {...order(), customFields: {custbody_gone: 'x'}},
      {code: 'INVALID_KEY_OR_REF'},
    ],
    [
      'a column field on the body',
      {...order(), customFields: {[company.customFields.line]: 'x'}},
      {code: 'INVALID_KEY_OR_REF'},
    ],
    ['a field that does not exist', order({colour: 'red'}), {code: 'INVALID_FLD'}],
    [
      'tax details under legacy tax',
      {...order(), lines: {item: [TEE], taxDetails: [{fields: {taxAmount: '1'}}]}},
      {code: 'INSUFFICIENT_PERMISSION'},
    ],
    ['a handling cost that no shipping item allows', order({handlingCost: '2'}), {code: 'INSUFFICIENT_PERMISSION'}],
    ['a record type that does not exist', {type: 'unicorn', fields: {}}, {code: 'INVALID_RCRD_TYPE'}],
    ['a list that is only read', {type: 'currency', fields: {name: 'X'}}, {code: 'INSUFFICIENT_PERMISSION'}],
  ])('%s', (_what, record, refusal) => {
    expect(netsuite.add(record)).toMatchObject({ok: false, ...refusal})
    expect(netsuite.search('salesOrder', [])).toEqual([])
  })

  test('an inactive item cannot be ordered, but stays on the order that holds it', () => {
    const {id} = added(order())
    account.engine.as('control').update('inventoryItem', {id: '1001'}, {fields: {isInactive: true}})

    expect(netsuite.add(order())).toMatchObject({ok: false, code: 'INVALID_KEY_OR_REF'})
    expect(netsuite.update('salesOrder', {id}, {fields: {memo: 'still there'}})).toMatchObject({ok: true})
  })

  test('a refused change leaves the record as it was', () => {
    const before = structuredClone(added(order()))

    const outcome = netsuite.update(
      'salesOrder',
      {id: before.id},
      {fields: {memo: 'x'}, lines: {item: [{key: '1', fields: {quantity: '5'}}, {fields: {item: {id: '77'}}}]}},
      {replaceSublists: false},
    )

    expect(outcome).toMatchObject({ok: false})
    expect(held('salesOrder', before.id)).toEqual(before)
  })

  test('read-only fields are dropped where the preference asks for it', () => {
    expect(netsuite.add(order({total: '1'}), {ignoreReadOnlyFields: true})).toMatchObject({ok: true})
  })

  test('a customer without a subsidiary, without a name, or with a taken number', () => {
    const customer = (fields: Fields): RecordInput => ({type: 'customer', fields: {subsidiary: {id: '1'}, ...fields}})

    expect(netsuite.add(customer({companyName: 'A', subsidiary: null}))).toMatchObject({
      message: 'Please enter value(s) for: Primary Subsidiary',
    })
    expect(netsuite.add(customer({isPerson: true}))).toMatchObject({message: 'Please enter value(s) for: Last Name'})
    expect(netsuite.add(customer({companyName: 'A', entityId: 'pos walk-in'}))).toMatchObject({
      code: 'UNIQUE_CUST_ID_REQD',
    })
    expect(open({oneWorld: false}).engine.add({type: 'customer', fields: {companyName: 'A'}})).toMatchObject({ok: true})
  })

  test('two customers of one name where names identify', () => {
    const {engine} = open({uniqueNames: true})
    const jane: RecordInput = {
      type: 'customer',
      fields: {isPerson: true, firstName: 'Jane', lastName: 'Doe', subsidiary: {id: '1'}},
    }

    expect(engine.add(jane)).toMatchObject({ok: true})
    expect(engine.add(jane)).toMatchObject({ok: false, code: 'DUP_ENTITY'})
    expect(added(jane).fields['entityId']).not.toBe(added(jane).fields['entityId'])
  })

  test("a currency outside the customer's list, where the account asks for one", () => {
    const {engine} = open({allCurrencies: false})

    expect(engine.add(order({currency: {id: '5'}}))).toMatchObject({
      ok: false,
      message: 'Invalid currency reference key 5.',
    })
    expect(added(order({currency: {id: '5'}}, [{fields: {item: {id: '1001'}, amount: '48'}}])).fields['total']).toBe(
      '48',
    )
  })
})

describe('what NetSuite computes', () => {
  test('amount is rate times quantity; an amount that is given wins and keeps the rate that is given', () => {
    const line = (fields: Fields): Fields =>
      added(order({}, [{fields: {item: {id: '1001'}, ...fields}}])).lines['item']?.[0]?.fields ?? {}

    expect(line({quantity: '3', rate: '1.005'})).toMatchObject({amount: '3.02', rate: '1.005'})
    expect(line({quantity: '3', price: {id: '-1'}, amount: '10'})).toMatchObject({amount: '10.00', rate: '3.33333333'})
    expect(line({quantity: '2', rate: '5', amount: '9.99'})).toMatchObject({amount: '9.99', rate: '5'})
    expect(line({quantity: '2'})).toMatchObject({amount: '48.00', rate: '24.00'})
  })

  test('a discount line takes its percentage of the line before it', () => {
    const {fields, lines} = added(order({}, [TEE, {fields: {item: {id: '9001'}, rate: '-10%'}}]))

    expect(lines['item']?.[1]?.fields['amount']).toBe('-4.80')
    expect(fields).toMatchObject({subTotal: '43.20', total: '43.20'})
  })

  test('shipping counts with its method, header discounts lower the total', () => {
    const {fields} = added(
      order({shipMethod: {id: '8001'}, shippingCost: '5', discountItem: {id: '9001'}, discountRate: '-10%'}),
    )

    expect(fields).toMatchObject({subTotal: '48.00', discountTotal: '-4.80', altShippingCost: '5.00', total: '48.20'})
    expect(added(order({shippingCost: '5'})).fields['total']).toBe('48.00')
  })

  test('legacy tax is rounded on each line', () => {
    const taxed = (amount: string): LineInput => ({fields: {item: {id: '1001'}, amount, taxCode: {id: '301'}}})
    const {fields} = added(
      order({shipMethod: {id: '8001'}, shippingCost: '10', shippingTaxCode: {id: '301'}}, [taxed('1'), taxed('1')]),
    )

    // 8.875 % of 1.00 is 0.09 on each line, of 10.00 it is 0.89.
    expect(fields).toMatchObject({taxTotal: '1.07', total: '13.07'})
    expect(
      added(order({}, [{fields: {item: {id: '1001'}, amount: '10', taxCode: {id: '-8'}}}])).fields['taxTotal'],
    ).toBe('0.00')
  })

  test('SuiteTax takes the details that are given, or computes them, and knows no tax code on lines', () => {
    const {engine} = open({suiteTax: true})
    const detail = (reference: string, taxAmount: string): LineInput => ({
      fields: {
        taxDetailsReference: reference,
        taxType: {id: '101'},
        taxCode: {id: '201'},
        taxBasis: '48',
        taxRate: '8.25',
        taxAmount,
      },
    })
    const line: LineInput = {fields: {...TEE.fields, taxDetailsReference: 'L1'}}
    const overridden = {...order({taxDetailsOverride: true}), lines: {item: [line], taxDetails: [detail('L1', '3.97')]}}

    expect(added(overridden, engine).fields).toMatchObject({taxTotal: '3.97', total: '51.97'})
    expect(added(order(), engine).fields).toMatchObject({taxTotal: '3.96', total: '51.96'})
    expect(engine.add({...overridden, lines: {item: [line], taxDetails: [detail('L9', '1')]}})).toMatchObject({
      code: 'INVALID_KEY_OR_REF',
    })
    expect(engine.add(order({}, [{fields: {...TEE.fields, taxCode: {id: '301'}}}]))).toMatchObject({
      code: 'INSUFFICIENT_PERMISSION',
    })
  })

  test('amounts have the decimals of their currency', () => {
    const total = (currency: string, amount: string): unknown =>
      added(order({currency: {id: currency}}, [{fields: {item: {id: '1001'}, amount}}])).fields['total']

    expect(total('5', '1999')).toBe('1999')
    expect(total('6', '1.005')).toBe('1.005')
    expect(total('1', '1.005')).toBe('1.01')
  })

  test('what the caller leaves out comes from the customer and the calendar of the account', () => {
    const customer = added({
      type: 'customer',
      fields: {companyName: 'Acme', email: 'a@acme.test', terms: {id: '2'}, subsidiary: {id: '1'}, currency: {id: '4'}},
      lines: {addressbook: [{fields: {defaultShipping: true, addressbookAddress: {country: 'US', city: 'Utica'}}}]},
    })
    const {fields} = added(order({entity: {id: customer.id}}, [{fields: {item: {id: '1001'}, amount: '5'}}]))

    // 03:00 UTC is still the day before in New York.
    expect(fields).toMatchObject({
      tranDate: '2026-11-20',
      email: 'a@acme.test',
      terms: {id: '2'},
      currency: {id: '4'},
      subsidiary: {id: '1'},
      shippingAddress: {city: 'Utica'},
    })
  })

  test('the total is the exact sum of its parts, whatever the lines', () => {
    const cents = fc.integer({min: -500_000, max: 5_000_000})
    fc.assert(
      fc.property(fc.array(cents, {minLength: 1, maxLength: 12}), fc.nat(10_000), (amounts, shipping) => {
        const lines = amounts.map((amount) => ({
          fields: {item: {id: amount < 0 ? '9001' : '1001'}, amount: text(amount)},
        }))
        const {fields} = added(order({shipMethod: {id: '8001'}, shippingCost: text(shipping)}, lines))
        expect(fields['total']).toBe(text(amounts.reduce((a, b) => a + b, shipping)))
      }),
      {numRuns: 300},
    )
    function text(amount: number): string {
      const sign = amount < 0 ? '-' : ''
      const digits = String(Math.abs(amount)).padStart(3, '0')
      return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`
    }
  })
})

describe('lines', () => {
  const keys = (record: StoredRecord): string[] => (record.lines['item'] ?? []).map((line) => line.key)

  test('a keyed list replaces what is not sent, or merges, and numbers keep their gaps', () => {
    const {id} = added(order({}, [TEE, TEE, TEE]))

    netsuite.update(
      'salesOrder',
      {id},
      {lines: {item: [{key: '1', fields: {}}, {key: '3', fields: {quantity: '1'}}, TEE]}},
    )
    const replaced = held('salesOrder', id)
    expect(keys(replaced)).toEqual(['1', '3', '4'])
    expect(replaced.lines['item']?.[1]?.fields).toMatchObject({quantity: '1', amount: '24.00'})

    netsuite.update(
      'salesOrder',
      {id},
      {lines: {item: [{key: '4', fields: {amount: '1'}}, TEE]}},
      {replaceSublists: false},
    )
    expect(keys(held('salesOrder', id))).toEqual(['1', '3', '4', '5'])
    expect(held('salesOrder', id).fields['total']).toBe('121.00')
    expect(netsuite.update('salesOrder', {id}, {lines: {item: [{key: '2', fields: {}}]}})).toMatchObject({ok: false})
  })

  test('a change of the header leaves lines, external id and custom fields alone', () => {
    const before = added({...order(), externalId: 'E', customFields: {[company.customFields.order]: '1'}})
    netsuite.update('salesOrder', {id: before.id}, {fields: {memo: 'changed'}})
    const after = held('salesOrder', before.id)

    expect(after.lines).toEqual(before.lines)
    expect(after).toMatchObject({externalId: 'E', customFields: before.customFields})
    netsuite.update('salesOrder', {id: before.id}, {fields: {memo: null}})
    expect(held('salesOrder', before.id).fields).not.toHaveProperty('memo')
  })

  test('an order whose lines are all closed is closed; reopening brings it back', () => {
    const {id} = added(order({}, [TEE, TEE]))
    const close = (isClosed: boolean): unknown => {
      const item = ['1', '2'].map((key) => ({key, fields: {isClosed}}))
      netsuite.update('salesOrder', {id}, {lines: {item}})
      return held('salesOrder', id).fields['status']
    }

    expect(close(true)).toBe('H')
    expect(held('salesOrder', id).fields['total']).toBe('96.00')
    expect(close(false)).toBe('B')
  })
})

describe('stock and the life of an order', () => {
  const stock = (): {committed: string; available: string; backOrdered: string} => {
    const [found] = netsuite.itemAvailability(['1001'])
    return {
      committed: found?.quantityCommitted ?? '',
      available: found?.quantityAvailable ?? '',
      backOrdered: found?.quantityBackOrdered ?? '',
    }
  }

  test('approved orders commit stock at their location, pending and closed ones do not', () => {
    const {id} = added(order({orderStatus: 'A'}))
    expect(stock()).toEqual({committed: '0', available: '400', backOrdered: '0'})
    netsuite.update('salesOrder', {id}, {fields: {orderStatus: 'B'}})
    expect(stock()).toEqual({committed: '2', available: '398', backOrdered: '0'})
    added(order({}, [{fields: {...TEE.fields, quantity: '500'}}]))
    expect(stock()).toEqual({committed: '400', available: '0', backOrdered: '102'})
    netsuite.delete('salesOrder', {id})
    expect(stock().committed).toBe('398')
  })

  test('shipping and billing move the order on, by what is left', () => {
    const {id} = added(order({}, [TEE, {fields: {item: {id: '9002'}, amount: '3'}}]))
    const make = (type: string, quantity?: string): unknown => {
      const draft = netsuite.initialize({type: 'salesOrder', ref: {id}}, type)
      if (!draft.ok) return draft.code
      const item = (draft.draft.lines?.['item'] ?? []).map((line) =>
        quantity === undefined ? line : {...line, fields: {...line.fields, quantity}},
      )
      const outcome = netsuite.add({...draft.draft, lines: {item}})
      return outcome.ok ? held('salesOrder', id).fields['status'] : outcome.code
    }

    expect(make('itemFulfillment', '1')).toBe('E')
    expect(make('itemFulfillment', '2')).toBe('USER_ERROR')
    expect(make('itemFulfillment')).toBe('F')
    expect(make('itemFulfillment')).toBe('INVALID_INITIALIZE_REF')
    expect(make('invoice')).toBe('G')
    expect(make('invoice')).toBe('INVALID_INITIALIZE_REF')
    expect(stock()).toEqual({committed: '0', available: '398', backOrdered: '0'})
    expect(netsuite.delete('salesOrder', {id})).toMatchObject({ok: false})
  })

  test('an order on which nothing has to be shipped waits for its bill at once', () => {
    expect(added(order({}, [{fields: {item: {id: '9006'}, amount: '5'}}])).fields['status']).toBe('F')
  })

  test('a bill cannot be dated in a closed period; an order can', () => {
    const {id} = added(order({tranDate: '2026-10-05'}))
    const period = netsuite.search('accountingPeriod', [{field: 'name', operator: 'is', values: ['Oct 2026']}])[0]
    account.engine.as('control').update('accountingPeriod', {id: period?.id ?? ''}, {fields: {closed: true}})
    account.books.preferences.invoiceInAdvanceOfFulfillment = true
    const draft = netsuite.initialize({type: 'salesOrder', ref: {id}}, 'invoice')
    if (!draft.ok) throw new Error(draft.message)

    const outcome = netsuite.add({...draft.draft, fields: {...draft.draft.fields, tranDate: '2026-10-06'}})

    expect(outcome).toMatchObject({
      code: 'USER_ERROR',
      message: 'The transaction date you specified is not within the date range of your accounting period.',
    })
    expect(netsuite.add(order({tranDate: '2026-10-06'}))).toMatchObject({ok: true})
  })
})

describe('faults to order', () => {
  test('a lock, a change by someone else, a missing permission strike as often as ordered, and only where ordered', () => {
    const {id} = added({...order(), externalId: 'E1'})
    account.faults.order({kind: 'changed', match: {externalId: 'E1'}, count: 1})
    account.faults.order({kind: 'locked', match: {channel: 'rest'}})

    expect(netsuite.add(order())).toMatchObject({ok: true})
    expect(netsuite.update('salesOrder', {id}, {fields: {memo: 'x'}})).toMatchObject({code: 'RCRD_HAS_BEEN_CHANGED'})
    expect(netsuite.update('salesOrder', {id}, {fields: {memo: 'x'}})).toMatchObject({ok: true})
    expect(netsuite.as('rest').update('salesOrder', {id}, {fields: {memo: 'y'}})).toMatchObject({
      code: 'RCRD_LOCKED_BY_WF',
    })
    expect(netsuite.as('control').update('salesOrder', {id}, {fields: {memo: 'y'}})).toMatchObject({ok: true})
  })

  test('a script that fails after the save leaves the record behind', () => {
    account.faults.order({kind: 'after-submit-failed', count: 1})

    const outcome = netsuite.add({...order(), externalId: 'E2'})

    expect(outcome).toMatchObject({ok: false, afterSubmitFailed: true})
    expect(netsuite.get('salesOrder', {externalId: 'E2'})).toMatchObject({ok: true})
  })

  test('a field made mandatory stops records without it, a renamed one those with it', () => {
    const {order: field} = company.customFields
    account.faults.order({kind: 'mandatory-field', field})
    expect(netsuite.add(order())).toMatchObject({code: 'USER_ERROR', message: `Please enter value(s) for: ${field}`})
    expect(netsuite.add({...order(), customFields: {[field]: '1'}})).toMatchObject({ok: true})

    account.faults.clear()
    account.faults.order({kind: 'renamed-field', field})
    expect(netsuite.add({...order(), customFields: {[field]: '1'}})).toMatchObject({code: 'INVALID_KEY_OR_REF'})
    expect(netsuite.add(order())).toMatchObject({ok: true})
  })
})

describe('look-ups', () => {
  test('orders are found by day, by part of a text, by customer and by status', () => {
    const found = (
      field: string,
      operator: Parameters<Engine['search']>[1][number]['operator'],
      ...values: string[]
    ): number => netsuite.search('salesOrder', [{field, operator, values}]).length
    added(order({tranDate: '2026-11-01', otherRefNum: '#1001'}))
    added(order({tranDate: '2026-11-02', otherRefNum: '#1002', orderStatus: 'A'}))

    expect(found('tranDate', 'within', '2026-11-02', '2026-11-03')).toBe(1)
    expect(found('otherRefNum', 'startsWith', '#100')).toBe(2)
    expect(found('entity', 'anyOf', '500')).toBe(2)
    expect(found('status', 'anyOf', 'A', 'H')).toBe(1)
    expect(found('lastModifiedDate', 'onOrAfter', '2026-11-20')).toBe(2)
    expect(found('lastModifiedDate', 'after', '2026-11-21T03:00:00Z')).toBe(0)
    expect(found('total', 'greaterThan', '47.5')).toBe(2)
    expect(found('memo', 'empty')).toBe(2)
  })

  test('fields say what they may hold', () => {
    expect(netsuite.selectValues('salesOrder', 'orderStatus').map(({id}) => id)).toEqual(['A', 'B'])
    expect(netsuite.selectValues('salesOrder', 'currency')).toContainEqual({id: '5', name: 'Japanese Yen'})
    expect(netsuite.selectValues('salesOrder', 'item', 'item').length).toBeGreaterThan(30)
  })

  test('SKUs and currencies become known once, and keep their ids', () => {
    const wanted = {skus: [{sku: 'NEW-1'}, {sku: 'TEE-BLA-S'}, {sku: 'NEW-1'}], currencies: ['SEK', 'USD']}
    const first = know(account, wanted)

    expect(first.items[0]?.id).toBe(first.items[2]?.id)
    expect(first.items[1]).toEqual({sku: 'TEE-BLA-S', id: '1001'})
    expect(first.currencies[1]).toEqual({symbol: 'USD', id: '1'})
    expect(know(account, wanted)).toEqual(first)
    const line = {fields: {item: {id: first.items[0]?.id ?? ''}, amount: '7'}}
    expect(added(order({currency: {id: first.currencies[0]?.id ?? ''}}, [line])).fields['total']).toBe('7.00')
  })
})
