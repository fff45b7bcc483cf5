/** The chart of accounts: numbers are the company's, types NetSuite's; `special` marks the accounts that NetSuite makes itself. */
export const accounts: readonly Readonly<{
  number: string
  name: string
  type: string
  special?: string
  /** ISO 4217; without one the account is kept in the base currency. */
  currency?: string
}>[] = [
  {number: '1000', name: 'Operating Bank', type: 'Bank'},
  {number: '1005', name: 'Shopify Payouts in Transit', type: 'Bank'},
  {number: '1010', name: 'Undeposited Funds', type: 'OthCurrAsset', special: 'UndepFunds'},
  {number: '1020', name: 'PayPal Clearing', type: 'Bank'},
  {number: '1021', name: 'Manual Payments Clearing', type: 'Bank'},
  {number: '1025', name: 'Gift Card Clearing', type: 'Bank'},
  {number: '1030', name: 'Till', type: 'Bank'},
  {number: '1100', name: 'Accounts Receivable', type: 'AcctRec', special: 'AcctRec'},
  {number: '1200', name: 'Inventory Asset', type: 'OthCurrAsset', special: 'InvtAsset'},
  {number: '1300', name: 'Shopify Reserve', type: 'OthCurrAsset'},
  {number: '1310', name: 'Disputes under Review', type: 'OthCurrAsset'},
  {number: '1390', name: 'Shopify Suspense', type: 'OthCurrAsset'},
  {number: '2000', name: 'Accounts Payable', type: 'AcctPay', special: 'AcctPay'},
  {number: '2010', name: 'Accrued Purchases', type: 'OthCurrLiab', special: 'RecvNotBill'},
  {number: '2100', name: 'Customer Deposits', type: 'OthCurrLiab', special: 'CustDep'},
  {number: '2200', name: 'Gift Card Liability', type: 'OthCurrLiab'},
  {number: '2210', name: 'Store Credit Liability', type: 'OthCurrLiab'},
  {number: '2300', name: 'Sales Tax Payable', type: 'OthCurrLiab', special: 'SalesTaxPay'},
  {number: '2310', name: 'Marketplace Tax Withheld', type: 'OthCurrLiab'},
  {number: '2320', name: 'Duties and Import Tax Payable', type: 'OthCurrLiab'},
  {number: '2330', name: 'Tips Payable', type: 'OthCurrLiab'},
  {number: '2350', name: 'Refunds Payable', type: 'OthCurrLiab', special: 'RefundPay'},
  {number: '2400', name: 'Shopify Capital Loan', type: 'LongTermLiab'},
  {number: '4000', name: 'Product Sales', type: 'Income'},
  {number: '4100', name: 'Sales Discounts', type: 'Income'},
  {number: '4300', name: 'Shipping Income', type: 'Income'},
  {number: '4900', name: 'Refund Adjustments and Goodwill', type: 'Income'},
  {number: '4910', name: 'Breakage', type: 'OthIncome'},
  {number: '5000', name: 'Cost of Goods Sold', type: 'COGS', special: 'COGS'},
  {number: '5100', name: 'Returned Goods Written Off', type: 'Expense'},
  {number: '6000', name: 'Payment Processing Fees', type: 'Expense'},
  {number: '6010', name: 'Chargeback Fees', type: 'Expense'},
  {number: '6020', name: 'Chargeback Losses', type: 'Expense'},
  {number: '6030', name: 'Shipping Labels', type: 'Expense'},
  {number: '6040', name: 'Shopify Bills', type: 'Expense'},
  {number: '6060', name: 'Cash and Cent Rounding', type: 'Expense'},
  {number: '6090', name: 'Other Shopify Credits and Debits', type: 'OthExpense'},
  {number: '7000', name: 'Realized Gain/Loss', type: 'OthExpense', special: 'RealizedERV'},
  {number: '7010', name: 'Rounding Gain/Loss', type: 'OthExpense', special: 'RndERV'},
  // Ids are places in this list: what is new comes last.
  {number: '1001', name: 'Operating Bank GBP', type: 'Bank', currency: 'GBP'},
  {number: '1002', name: 'Operating Bank CAD', type: 'Bank', currency: 'CAD'},
  {number: '1003', name: 'Operating Bank EUR', type: 'Bank', currency: 'EUR'},
]

/**
 * The internal id of an account by its number: its place in the chart, counted from 1. Throws for a number that the chart
 * does not have.
 */
export function accountId(number: string): string {
  const index = accounts.findIndex((account) => account.number === number)
  if (index === -1) throw new Error(`the sandbox's chart of accounts has no ${number}`)
  return String(index + 1)
}
