import {complexType, record} from './fields.ts'

/** `Customer` of the schema (lists.relationships.xsd), every field in its order. */
export const customer = record(
  'relationships',
  'Customer',
  `
    customForm:ref entityId:text altName:text isPerson:flag phoneticName:text salutation:text firstName:text
    middleName:text lastName:text companyName:text entityStatus:ref parent:ref phone:text fax:text email:text url:text
    defaultAddress:text isInactive:flag category:ref title:text printOnCheckAs:text altPhone:text homePhone:text
    mobilePhone:text altEmail:text language:enum comments:text numberFormat:enum negativeNumberFormat:enum
    dateCreated:instant image:ref emailPreference:enum subsidiary:ref representingSubsidiary:ref salesRep:ref
    territory:ref contribPct:text partner:ref salesGroup:ref vatRegNumber:text accountNumber:text taxExempt:flag
    terms:ref creditLimit:number creditHoldOverride:enum monthlyClosing:enum overrideCurrencyFormat:flag
    displaySymbol:text symbolPlacement:enum balance:number overdueBalance:number daysOverdue:integer
    unbilledOrders:number consolUnbilledOrders:number consolOverdueBalance:number consolDepositBalance:number
    consolBalance:number consolAging:number consolAging1:number consolAging2:number consolAging3:number
    consolAging4:number consolDaysOverdue:integer priceLevel:ref currency:ref prefCCProcessor:ref
    depositBalance:number shipComplete:flag taxable:flag taxItem:ref resaleNumber:text aging:number aging1:number
    aging2:number aging3:number aging4:number startDate:day alcoholRecipientType:enum endDate:day reminderDays:integer
    shippingItem:ref thirdPartyAcct:text thirdPartyZipcode:text thirdPartyCountry:enum thirdPartyCarrier:enum
    giveAccess:flag estimatedBudget:number accessRole:ref sendEmail:flag assignedWebSite:ref password:text
    password2:text requirePwdChange:flag campaignCategory:ref sourceWebSite:ref leadSource:ref receivablesAccount:ref
    drAccount:ref fxAccount:ref defaultOrderPriority:number webLead:text referrer:text keywords:text clickStream:text
    lastPageVisited:text visits:integer firstVisit:instant lastVisit:instant billPay:flag openingBalance:number
    lastModifiedDate:instant openingBalanceDate:day openingBalanceAccount:ref stage:enum.CustomerStage
    emailTransactions:flag
    printTransactions:flag faxTransactions:flag defaultTaxReg:ref syncPartnerTeams:flag isBudgetApproved:flag
    globalSubscriptionStatus:enum salesReadiness:ref salesTeamList:other buyingReason:ref downloadList:other
    buyingTimeFrame:ref addressbookList:addressbook[CustomerAddressbook] subscriptionsList:other
    contactRolesList:other currencyList:currency[CustomerCurrency] creditCardsList:other partnersList:other
    groupPricingList:other itemPricingList:other taxRegistrationList:other defaultAllocationStrategy:ref
    customFieldList:custom
`,
)

/** An address of the customer's address book. */
export const customerAddressbook = complexType(
  'relationships',
  'CustomerAddressbook',
  `
    defaultShipping:flag defaultBilling:flag isResidential:flag label:text addressbookAddress:Address internalId:text
`,
)

/** A currency that the customer may be sold to in. */
export const customerCurrency = complexType(
  'relationships',
  'CustomerCurrency',
  `
    currency:ref balance:number consolBalance:number depositBalance:number consolDepositBalance:number
    overdueBalance:number consolOverdueBalance:number unbilledOrders:number consolUnbilledOrders:number
    overrideCurrencyFormat:flag displaySymbol:text symbolPlacement:enum
`,
)

/** `Address` (platform.common.xsd); a record of its own in the schema. */
export const address = record(
  'common',
  'Address',
  `
    internalId:text country:enum.Country attention:text addressee:text addrPhone:text addr1:text addr2:text addr3:text
    city:text state:text zip:text addrText:text override:flag customFieldList:other
`,
)

/** SuiteTax: one tax of one line, tied to it by `taxDetailsReference`. */
export const taxDetails = complexType(
  'common',
  'TaxDetails',
  `
    taxDetailsReference:text lineType:text lineName:text netAmount:number grossAmount:number taxType:ref taxCode:ref
    taxBasis:number taxRate:number taxAmount:number calcDetail:text
`,
)
