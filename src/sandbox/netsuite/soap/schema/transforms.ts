import {complexType, record} from './fields.ts'

/**
 * What a sales order is transformed into. Only the fields that the sandbox fills or accepts, in the order of the schema
 * (transactions.sales.xsd).
 */
export const invoice = record(
  'sales',
  'Invoice',
  `
    createdDate:instant lastModifiedDate:instant taxDetailsOverride:flag customForm:ref entity:ref tranDate:day
    tranId:text source:text createdFrom:ref postingPeriod:ref department:ref class:ref terms:ref location:ref
    subsidiary:ref currency:ref dueDate:day otherRefNum:text memo:text amountPaid:number amountRemaining:number
    account:ref exchangeRate:number currencyName:text discountItem:ref discountRate:text billingAddress:Address
    shippingAddress:Address shipDate:day shipMethod:ref shippingCost:number shippingTaxCode:ref subTotal:number
    discountTotal:number taxTotal:number total:number status:text email:text itemList:item[InvoiceItem]
    taxDetailsList:taxDetails[TaxDetails] customFieldList:custom
`,
)

export const invoiceItem = complexType(
  'sales',
  'InvoiceItem',
  `
    item:ref line:integer description:text amount:number isTaxable:flag quantity:number units:ref price:ref rate:text
    quantityOrdered:number quantityRemaining:number quantityFulfilled:number department:ref orderLine:integer
    class:ref location:ref grossAmt:number taxDetailsReference:text tax1Amt:number taxCode:ref taxRate1:number
    taxAmount:number customFieldList:custom
`,
)

export const cashSale = record(
  'sales',
  'CashSale',
  `
    createdDate:instant lastModifiedDate:instant taxDetailsOverride:flag customForm:ref entity:ref tranDate:day
    tranId:text source:text postingPeriod:ref createdFrom:ref department:ref class:ref location:ref subsidiary:ref
    otherRefNum:text memo:text undepFunds:flag currency:ref account:ref exchangeRate:number currencyName:text
    discountItem:ref discountRate:text paymentOption:ref billingAddress:Address shippingAddress:Address shipDate:day
    shipMethod:ref shippingCost:number shippingTaxCode:ref paymentMethod:ref subTotal:number discountTotal:number
    taxTotal:number total:number status:text email:text itemList:item[CashSaleItem]
    taxDetailsList:taxDetails[TaxDetails] customFieldList:custom
`,
)

export const cashSaleItem = complexType(
  'sales',
  'CashSaleItem',
  `
    item:ref line:integer quantityFulfilled:number quantity:number units:ref description:text price:ref rate:text
    amount:number orderLine:integer isTaxable:flag department:ref class:ref location:ref grossAmt:number
    taxDetailsReference:text tax1Amt:number quantityOrdered:number quantityRemaining:number taxCode:ref
    taxRate1:number taxAmount:number customFieldList:custom
`,
)

export const itemFulfillment = record(
  'sales',
  'ItemFulfillment',
  `
    createdDate:instant lastModifiedDate:instant customForm:ref postingPeriod:ref entity:ref createdFrom:ref
    shippingAddress:Address pickedDate:day packedDate:day shippedDate:day
    shipStatus:enum.ItemFulfillmentShipStatus tranDate:day tranId:text
    shipMethod:ref shippingCost:number handlingCost:number memo:text
    packageList:package[ItemFulfillmentPackage] itemList:item[ItemFulfillmentItem]
    customFieldList:custom
`,
)

export const itemFulfillmentItem = complexType(
  'sales',
  'ItemFulfillmentItem',
  `
    itemReceive:flag itemName:text description:text department:ref class:ref location:ref onHand:number
    quantity:number unitsDisplay:text item:ref orderLine:integer quantityRemaining:number itemIsFulfilled:flag
    customFieldList:custom
`,
)

export const itemFulfillmentPackage = complexType(
  'sales',
  'ItemFulfillmentPackage',
  'packageWeight:number packageDescr:text packageTrackingNumber:text',
)
