import {complexType, record} from './fields.ts'

/**
 * What customers pay and get back, and what reaches the bank: the fields that the sandbox fills or accepts, in the order of
 * the schema (transactions.customers.xsd, transactions.purchases.xsd, transactions.bank.xsd).
 */
const customerDeposit = record(
  'customers',
  'CustomerDeposit',
  `
    createdDate:instant lastModifiedDate:instant status:text customer:ref salesOrder:ref customForm:ref payment:number
    currency:ref tranDate:day postingPeriod:ref paymentMethod:ref memo:text currencyName:text exchangeRate:number
    checkNum:text subsidiary:ref department:ref class:ref location:ref account:ref undepFunds:flag tranId:text
    customFieldList:custom
`,
)

const depositApplication = record(
  'customers',
  'DepositApplication',
  `
    createdDate:instant lastModifiedDate:instant arAcct:ref status:text customer:ref tranDate:day postingPeriod:ref
    deposit:ref depDate:day currency:ref exchangeRate:number memo:text subsidiary:ref total:number department:ref
    applied:number class:ref unapplied:number location:ref tranId:text applyList:apply[DepositApplicationApply]
    customFieldList:custom
`,
)

const customerPayment = record(
  'customers',
  'CustomerPayment',
  `
    createdDate:instant lastModifiedDate:instant customForm:ref arAcct:ref customer:ref currency:ref payment:number
    autoApply:flag tranDate:day tranId:text postingPeriod:ref paymentMethod:ref memo:text checkNum:text
    currencyName:text exchangeRate:number undepFunds:flag account:ref total:number subsidiary:ref applied:number
    unapplied:number class:ref department:ref location:ref status:text applyList:apply[CustomerPaymentApply]
    creditList:other depositList:other customFieldList:custom
`,
)

const creditMemo = record(
  'customers',
  'CreditMemo',
  `
    createdDate:instant lastModifiedDate:instant taxDetailsOverride:flag customForm:ref currency:ref entity:ref
    tranDate:day tranId:text createdFrom:ref postingPeriod:ref department:ref class:ref location:ref subsidiary:ref
    salesRep:ref otherRefNum:text memo:text account:ref exchangeRate:number amountPaid:number currencyName:text
    amountRemaining:number discountItem:ref source:text discountRate:text isTaxable:flag taxItem:ref taxRate:number
    unapplied:number autoApply:flag applied:number email:text billingAddress:Address shipMethod:ref
    shippingCost:number shippingTax1Rate:number shippingTaxCode:ref subTotal:number discountTotal:number
    taxTotal:number altShippingCost:number total:number status:text itemList:item[CreditMemoItem]
    applyList:apply[CreditMemoApply] taxDetailsList:taxDetails[TaxDetails] customFieldList:custom
`,
)

const creditMemoItem = complexType(
  'customers',
  'CreditMemoItem',
  `
    item:ref orderLine:integer line:integer quantity:number description:text price:ref rate:text amount:number
    isTaxable:flag taxCode:ref taxRate1:number tax1Amt:number grossAmt:number department:ref class:ref location:ref
    taxDetailsReference:text units:ref taxAmount:number customFieldList:custom
`,
)

const cashRefund = record(
  'customers',
  'CashRefund',
  `
    createdDate:instant lastModifiedDate:instant taxDetailsOverride:flag customForm:ref entity:ref tranDate:day
    tranId:text source:text createdFrom:ref postingPeriod:ref department:ref class:ref location:ref subsidiary:ref
    salesRep:ref otherRefNum:text memo:text refundCheck:flag account:ref currency:ref exchangeRate:number
    currencyName:text discountItem:ref discountRate:text isTaxable:flag taxItem:ref taxRate:number email:text
    billingAddress:Address shipMethod:ref shippingTaxCode:ref shippingTax1Rate:number shippingCost:number
    paymentMethod:ref subTotal:number discountTotal:number taxTotal:number altShippingCost:number total:number
    status:text itemList:item[CashRefundItem] taxDetailsList:taxDetails[TaxDetails] customFieldList:custom
`,
)

const cashRefundItem = complexType(
  'customers',
  'CashRefundItem',
  `
    item:ref line:integer orderLine:integer quantity:number units:ref description:text price:ref rate:text
    amount:number taxCode:ref tax1Amt:number grossAmt:number isTaxable:flag department:ref class:ref location:ref
    taxDetailsReference:text taxAmount:number customFieldList:custom
`,
)

const customerRefund = record(
  'customers',
  'CustomerRefund',
  `
    createdDate:instant lastModifiedDate:instant status:text customer:ref customForm:ref arAcct:ref currencyName:text
    exchangeRate:number total:number currency:ref tranDate:day postingPeriod:ref memo:text paymentMethod:ref
    account:ref tranId:text subsidiary:ref department:ref class:ref location:ref
    applyList:apply[CustomerRefundApply] depositList:customerRefundDeposit[CustomerRefundDeposit]
    customFieldList:custom
`,
)

const returnAuthorization = record(
  'customers',
  'ReturnAuthorization',
  `
    createdDate:instant lastModifiedDate:instant taxDetailsOverride:flag customForm:ref currency:ref entity:ref
    tranDate:day tranId:text source:text department:ref class:ref location:ref subsidiary:ref otherRefNum:text
    memo:text createdFrom:ref exchangeRate:number currencyName:text discountItem:ref discountRate:text taxItem:ref
    taxRate:number billingAddress:Address paymentMethod:ref subTotal:number discountTotal:number total:number
    email:text isTaxable:flag status:text taxTotal:number orderStatus:enum.ReturnAuthorizationOrderStatus
    salesRep:ref itemList:item[ReturnAuthorizationItem] taxDetailsList:taxDetails[TaxDetails] customFieldList:custom
`,
)

const returnAuthorizationItem = complexType(
  'customers',
  'ReturnAuthorizationItem',
  `
    item:ref orderLine:integer line:integer quantity:number quantityReceived:number quantityBilled:number units:ref
    description:text price:ref rate:text amount:number isClosed:flag inventoryLocation:ref department:ref
    taxDetailsReference:text class:ref location:ref taxCode:ref taxRate1:number tax1Amt:number grossAmt:number
    isTaxable:flag taxAmount:number customFieldList:custom
`,
)

const itemReceipt = record(
  'purchases',
  'ItemReceipt',
  `
    createdDate:instant lastModifiedDate:instant customForm:ref exchangeRate:number entity:ref currencyName:text
    subsidiary:ref createdFrom:ref tranDate:day postingPeriod:ref tranId:text memo:text currency:ref
    itemList:item[ItemReceiptItem] customFieldList:custom
`,
)

const itemReceiptItem = complexType(
  'purchases',
  'ItemReceiptItem',
  `
    itemReceive:flag item:ref orderLine:integer line:integer itemName:text description:text location:ref onHand:number
    quantityRemaining:number quantity:number unitsDisplay:text restock:flag customFieldList:custom
`,
)

/** The row of an applied document; the schema orders its fields differently in each type. */
function applyRow(name: string, table: string): ReturnType<typeof complexType> {
  return complexType('customers', name, table)
}

const DOC = 'apply:flag doc:integer line:integer'

const deposit = record(
  'bank',
  'Deposit',
  `
    createdDate:instant lastModifiedDate:instant customForm:ref currencyName:text tranId:text account:ref total:number
    exchangeRate:number tranDate:day postingPeriod:ref memo:text subsidiary:ref department:ref class:ref location:ref
    paymentList:depositPayment[DepositPayment] otherList:depositOther[DepositOther]
    cashBackList:depositCashBack[DepositCashBack] customFieldList:custom
`,
)

const check = record(
  'bank',
  'Check',
  `
    createdDate:instant lastModifiedDate:instant status:text customForm:ref account:ref entity:ref subsidiary:ref
    postingPeriod:ref tranDate:day currency:ref exchangeRate:number tranId:text memo:text department:ref class:ref
    location:ref userTotal:number expenseList:expense[CheckExpense] customFieldList:custom
`,
)

/** Transactions of money, as TransactionSearch covers them. */
export const money = [
  customerDeposit,
  depositApplication,
  customerPayment,
  creditMemo,
  cashRefund,
  customerRefund,
  returnAuthorization,
  itemReceipt,
  deposit,
  check,
]

/** Rows of their sublists. */
export const moneyRows = [
  creditMemoItem,
  cashRefundItem,
  returnAuthorizationItem,
  itemReceiptItem,
  applyRow(
    'DepositApplicationApply',
    'doc:integer line:integer apply:flag refNum:text total:number due:number amount:number',
  ),
  applyRow('CustomerPaymentApply', `${DOC} type:text refNum:text total:number due:number amount:number`),
  applyRow(
    'CreditMemoApply',
    'apply:flag doc:integer type:text refNum:text total:number due:number amount:number line:integer',
  ),
  applyRow('CustomerRefundApply', `${DOC} type:text refNum:text total:number due:number amount:number`),
  applyRow('CustomerRefundDeposit', `${DOC} refNum:text total:number remaining:number amount:number`),
  complexType(
    'bank',
    'DepositPayment',
    `
      deposit:flag id:integer type:text docNumber:text memo:text paymentMethod:ref refNum:text entity:ref currency:ref
      transactionAmount:number paymentAmount:number lineId:integer
    `,
  ),
  complexType(
    'bank',
    'DepositOther',
    `
      entity:ref amount:number account:ref paymentMethod:ref refNum:text department:ref class:ref location:ref
      memo:text
    `,
  ),
  complexType('bank', 'DepositCashBack', 'amount:number account:ref department:ref class:ref location:ref memo:text'),
  complexType(
    'bank',
    'CheckExpense',
    `
      line:integer account:ref amount:number memo:text department:ref class:ref location:ref customFieldList:custom
    `,
  ),
]
