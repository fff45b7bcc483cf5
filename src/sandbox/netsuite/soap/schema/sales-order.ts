import {complexType, record} from './fields.ts'

/** `SalesOrder` of the schema (transactions.sales.xsd), every field in its order. */
export const salesOrder = record(
  'sales',
  'SalesOrder',
  `
    createdDate:instant customForm:ref entity:ref job:ref currency:ref drAccount:ref fxAccount:ref tranDate:day
    tranId:text entityTaxRegNum:ref source:text createdFrom:ref orderStatus:enum.SalesOrderOrderStatus
    nextBill:day opportunity:ref
    salesRep:ref contribPct:text partner:ref salesGroup:ref syncSalesTeams:flag leadSource:ref startDate:day
    endDate:day otherRefNum:text memo:text salesEffectiveDate:day excludeCommission:flag totalCostEstimate:number
    estGrossProfit:number estGrossProfitPercent:number exchangeRate:number promoCode:ref currencyName:text
    discountItem:ref discountRate:text isTaxable:flag taxItem:ref taxRate:number toBePrinted:flag toBeEmailed:flag
    email:text toBeFaxed:flag fax:text messageSel:ref message:text paymentOption:ref inputAuthCode:text
    inputReferenceCode:text checkNumber:text paymentCardCsc:text paymentProcessingProfile:ref handlingMode:enum
    outputAuthCode:text outputReferenceCode:text paymentOperation:enum dynamicDescriptor:text billingAddress:Address
    billAddressList:ref shippingAddress:Address shipIsResidential:flag shipAddressList:ref fob:text shipDate:day
    actualShipDate:day shipMethod:ref shippingCost:number shippingTax1Rate:number isMultiShipTo:flag
    shippingTax2Rate:text shippingTaxCode:ref handlingTaxCode:ref handlingTax1Rate:number handlingTax2Rate:text
    handlingCost:number trackingNumbers:text linkedTrackingNumbers:text shipComplete:flag paymentMethod:ref
    shopperIpAddress:text saveOnAuthDecline:flag canHaveStackable:flag creditCard:ref revenueStatus:enum
    recognizedRevenue:number deferredRevenue:number revRecOnRevCommitment:flag revCommitStatus:enum ccNumber:text
    ccExpireDate:day ccName:text ccStreet:text ccZipCode:text payPalStatus:text creditCardProcessor:ref
    payPalTranId:text ccApproved:flag getAuth:flag authCode:text ccAvsStreetMatch:enum ccAvsZipMatch:enum
    isRecurringPayment:flag ccSecurityCodeMatch:enum altSalesTotal:number ignoreAvs:flag paymentEventResult:enum
    paymentEventHoldReason:enum paymentEventType:enum paymentEventDate:instant paymentEventUpdatedBy:text
    subTotal:number discountTotal:number taxTotal:number altShippingCost:number altHandlingCost:number total:number
    revRecSchedule:ref revRecStartDate:day revRecEndDate:day paypalAuthId:text balance:number paypalProcess:flag
    billingSchedule:ref ccSecurityCode:text threeDStatusCode:text class:ref department:ref subsidiary:ref
    intercoTransaction:ref intercoStatus:enum debitCardIssueNo:text lastModifiedDate:instant nexus:ref
    subsidiaryTaxRegNum:ref taxRegOverride:flag taxPointDate:day taxDetailsOverride:flag location:ref pnRefNum:text
    status:text tax2Total:number terms:ref validFrom:day vatRegNum:text giftCertApplied:number oneTime:number
    recurWeekly:number recurMonthly:number recurQuarterly:number recurAnnually:number tranIsVsoeBundle:flag
    vsoeAutoCalc:flag syncPartnerTeams:flag salesTeamList:other partnersList:other giftCertRedemptionList:other
    promotionsList:other itemList:item[SalesOrderItem] shipGroupList:other accountingBookDetailList:other
    taxDetailsList:taxDetails[TaxDetails] customFieldList:custom
`,
)

/** `SalesOrderItem`, one line of the order. */
export const salesOrderItem = complexType(
  'sales',
  'SalesOrderItem',
  `
    job:ref subscription:ref item:ref quantityAvailable:number expandItemGroup:flag lineUniqueKey:integer
    quantityOnHand:number quantity:number units:ref inventoryDetail:other description:text price:ref rate:text
    serialNumbers:text amount:number isTaxable:flag commitInventory:enum.SalesOrderItemCommitInventory
    orderPriority:number licenseCode:text
    options:other department:ref class:ref location:ref createPo:enum createdPo:ref altSalesAmt:number createWo:flag
    poVendor:ref poCurrency:text poRate:number revRecSchedule:ref revRecStartDate:day revRecTermInMonths:integer
    revRecEndDate:day deferRevRec:flag isClosed:flag itemFulfillmentChoice:enum catchUpPeriod:ref billingSchedule:ref
    fromJob:flag grossAmt:number taxAmount:number excludeFromRateRequest:flag isEstimate:flag inventoryLocation:ref
    inventorySubsidiary:ref line:integer percentComplete:number costEstimateType:enum costEstimate:number
    quantityBackOrdered:number quantityBilled:number quantityCommitted:number quantityFulfilled:number
    quantityPacked:number quantityPicked:number tax1Amt:number taxCode:ref taxRate1:number taxRate2:number
    giftCertFrom:text giftCertRecipientName:text giftCertRecipientEmail:text giftCertMessage:text giftCertNumber:text
    shipGroup:integer itemIsFulfilled:flag shipAddress:ref shipMethod:ref vsoeSopGroup:enum vsoeIsEstimate:flag
    vsoePrice:number vsoeAmount:number vsoeAllocation:number vsoeDeferral:enum vsoePermitDiscount:enum
    vsoeDelivered:flag expectedShipDate:day noAutoAssignLocation:flag locationAutoAssigned:flag
    taxDetailsReference:text chargeType:ref orderAllocationStrategy:ref requestedDate:day customFieldList:custom
`,
)
