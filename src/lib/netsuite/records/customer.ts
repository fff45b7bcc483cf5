import type {Address, Customer, HeldCustomer} from '../types.ts'
import {addressFields, addressValues} from './address.ts'
import {flagAt, textAt, type Field, type RecordTable, type Values} from './fields.ts'

const addressbookFields: readonly Field[] = [
  {name: 'defaultShipping', kind: 'flag', soap: 'listRel:defaultShipping', rest: 'defaultShipping'},
  {name: 'defaultBilling', kind: 'flag', soap: 'listRel:defaultBilling', rest: 'defaultBilling'},
  {
    name: 'address', kind: 'record', fields: addressFields,
    soap: 'listRel:addressbookAddress', rest: 'addressBookAddress',
  }, // prettier-ignore
]

/** Customer of lists.relationships.xsd and customer of REST, in the order of the former. */
export const customerTable: RecordTable = {
  type: 'customer',
  soapType: 'listRel:Customer',
  fields: [
    {name: 'entityId', kind: 'text', soap: 'listRel:entityId', rest: 'entityId'},
    {name: 'isPerson', kind: 'flag', soap: 'listRel:isPerson', rest: 'isPerson'},
    {name: 'firstName', kind: 'text', soap: 'listRel:firstName', rest: 'firstName'},
    {name: 'lastName', kind: 'text', soap: 'listRel:lastName', rest: 'lastName'},
    {name: 'companyName', kind: 'text', soap: 'listRel:companyName', rest: 'companyName'},
    {name: 'phone', kind: 'text', soap: 'listRel:phone', rest: 'phone'},
    {name: 'email', kind: 'text', soap: 'listRel:email', rest: 'email'},
    {name: 'isInactive', kind: 'flag', soap: 'listRel:isInactive', rest: 'isInactive'},
    {name: 'subsidiary', kind: 'ref', soap: 'listRel:subsidiary', rest: 'subsidiary'},
    {name: 'currency', kind: 'ref', soap: 'listRel:currency', rest: 'currency'},
    {
      name: 'addressbook', kind: 'list', row: 'listRel:addressbook', fields: addressbookFields,
      soap: 'listRel:addressbookList', rest: 'addressBook',
    }, // prettier-ignore
    {name: 'customFields', kind: 'custom', soap: 'listRel:customFieldList', rest: ''},
  ],
}

/**
 * A planned customer as values to add. One entry of the address book serves both purposes where the addresses are
 * equal.
 */
export function customerValues(customer: Customer): Values {
  const {type: _type, externalId: _externalId, billingAddress, shippingAddress, ...same} = customer
  const entries = addressbook(billingAddress, shippingAddress)
  return {...same, ...(entries.length === 0 ? {} : {addressbook: entries})}
}

function addressbook(billing: Address | null, shipping: Address | null): Values[] {
  const entry = (address: Address, isBilling: boolean, isShipping: boolean): Values => ({
    defaultShipping: isShipping,
    defaultBilling: isBilling,
    address: addressValues(address),
  })
  const isSame = billing !== null && JSON.stringify(billing) === JSON.stringify(shipping)
  const entries = billing === null ? [] : [entry(billing, true, isSame)]
  return shipping === null || isSame ? entries : [...entries, entry(shipping, false, true)]
}

/** A customer as read, from the values of either channel. */
export function heldCustomer(id: string, externalId: string | null, values: Values): HeldCustomer {
  return {
    type: 'customer',
    id,
    externalId,
    entityId: textAt(values, 'entityId') ?? '',
    isPerson: flagAt(values, 'isPerson'),
    isInactive: flagAt(values, 'isInactive'),
    firstName: textAt(values, 'firstName'),
    lastName: textAt(values, 'lastName'),
    companyName: textAt(values, 'companyName'),
    email: textAt(values, 'email'),
    phone: textAt(values, 'phone'),
  }
}
