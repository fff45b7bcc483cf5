/**
 * The company that the sandbox plays: ids and credentials that both sides and the written configuration agree on.
 * Internal ids are NetSuite's; text everywhere, as in its protocols.
 */
export const company = {
  shop: 'tieout-demo.myshopify.com',
  shopName: 'Tieout Demo',
  /** Zone of the shop and of the NetSuite account. */
  timeZone: 'America/New_York',
  account: '1234567_SB1',
  apiVersion: '2026-10',
  shopify: {
    accessToken: 'shpat_sandbox_0123456789abcdef',
    clientId: 'sandbox-client-id',
    clientSecret: 'sandbox-client-secret',
    webhookSecret: 'sandbox-webhook-secret',
  },
  netsuite: {
    consumerKey: 'sandbox-consumer-key',
    consumerSecret: 'sandbox-consumer-secret',
    tokenId: 'sandbox-token-id',
    tokenSecret: 'sandbox-token-secret',
    clientId: 'sandbox-oauth2-client-id',
    certificateId: 'sandbox-certificate-id',
  },
  subsidiary: {id: '1', name: 'Tieout Demo Inc.'},
  locations: [
    {id: '1', name: 'Main Warehouse'},
    {id: '2', name: 'Retail Store'},
  ],
  /** The first is the base currency. */
  currencies: [
    {id: '1', symbol: 'USD', name: 'US Dollar', rate: '1'},
    {id: '2', symbol: 'GBP', name: 'British Pound', rate: '1.27'},
    {id: '3', symbol: 'CAD', name: 'Canadian Dollar', rate: '0.72'},
    {id: '4', symbol: 'EUR', name: 'Euro', rate: '1.10'},
    {id: '5', symbol: 'JPY', name: 'Japanese Yen', rate: '0.0066'},
    {id: '6', symbol: 'KWD', name: 'Kuwaiti Dinar', rate: '3.25'},
  ],
  /** Items that charges map to. itemtype as SuiteQL names it; the account is a number of the chart of accounts. */
  chargeItems: {
    discount: {id: '9001', itemId: 'Shopify Discount', itemType: 'Discount', account: '4100'},
    tip: {id: '9002', itemId: 'Shopify Tip', itemType: 'NonInvtPart', account: '2330'},
    duty: {id: '9003', itemId: 'Shopify Duty', itemType: 'NonInvtPart', account: '2320'},
    fee: {id: '9004', itemId: 'Shopify Fee', itemType: 'NonInvtPart', account: '4900'},
    giftCard: {id: '9005', itemId: 'Shopify Gift Card', itemType: 'NonInvtPart', account: '2200'},
    custom: {id: '9006', itemId: 'Shopify Custom Item', itemType: 'NonInvtPart', account: '4000'},
    rounding: {id: '9007', itemId: 'Shopify Rounding', itemType: 'NonInvtPart', account: '6060'},
    tax: {id: '9008', itemId: 'Shopify Tax', itemType: 'NonInvtPart', account: '2300'},
    marketplaceTax: {id: '9009', itemId: 'Shopify Marketplace Tax', itemType: 'NonInvtPart', account: '2310'},
    refundAdjustment: {id: '9010', itemId: 'Shopify Refund Adjustment', itemType: 'NonInvtPart', account: '4900'},
    goodwill: {id: '9011', itemId: 'Shopify Goodwill', itemType: 'NonInvtPart', account: '4900'},
  },
  /**
   * Payment methods. `undeposited`: grouped with undeposited funds, which beats every account. `account`: number of the one
   * that payments go to where the transaction names none.
   */
  paymentMethods: [
    {id: '1', name: 'Cash', undeposited: false, account: '1030'},
    {id: '2', name: 'Shopify Payments', undeposited: true, account: null},
    {id: '3', name: 'PayPal', undeposited: false, account: '1020'},
    {id: '4', name: 'Manual', undeposited: false, account: '1021'},
    {id: '5', name: 'Gift card', undeposited: false, account: null},
    {id: '6', name: 'Store credit', undeposited: false, account: null},
  ],
  /** Ship items, also the ids of shipMethod. */
  shipMethods: [
    {id: '8001', name: 'Standard'},
    {id: '8002', name: 'Express'},
    {id: '8003', name: 'International'},
  ],
  terms: [
    {id: '1', name: 'Net 15', days: 15},
    {id: '2', name: 'Net 30', days: 30},
    {id: '3', name: 'Net 60', days: 60},
  ],
  /** Legacy tax: the code that charges nothing. */
  nonTaxableCode: {id: '-8', name: '-Not Taxable-'},
  /** SuiteTax. */
  taxTypes: [{id: '101', name: 'US Sales Tax'}],
  taxCodes: [{id: '201', name: 'US Sales Tax', taxType: '101'}],
  walkInCustomer: {id: '500', entityId: 'POS Walk-in'},
  customFields: {
    order: 'custbody_tieout_order_id',
    orderName: 'custbody_tieout_order_name',
    line: 'custcol_tieout_line_key',
    customer: 'custentity_tieout_customer_id',
  },
} as const
