/**
 * What the account calls its transactions: prefix of document numbers, type of the analytics data source, statuses by
 * letter (SOAP schema TransactionStatus for their names; the letters as public integrations report them).
 */
export const KINDS = {
  salesOrder: {
    prefix: 'SO',
    type: 'SalesOrd',
    statuses: {
      A: 'Pending Approval',
      B: 'Pending Fulfillment',
      C: 'Cancelled',
      D: 'Partially Fulfilled',
      E: 'Pending Billing/Partially Fulfilled',
      F: 'Pending Billing',
      G: 'Billed',
      H: 'Closed',
    },
  },
  invoice: {prefix: 'INV', type: 'CustInvc', statuses: {A: 'Open', B: 'Paid In Full', V: 'Voided'}},
  cashSale: {
    prefix: 'CS',
    type: 'CashSale',
    statuses: {A: 'Unapproved Payment', B: 'Not Deposited', C: 'Deposited'},
  },
  itemFulfillment: {prefix: 'IF', type: 'ItemShip', statuses: {A: 'Picked', B: 'Packed', C: 'Shipped'}},
  customerDeposit: {
    prefix: 'CD',
    type: 'CustDep',
    statuses: {A: 'Not Deposited', B: 'Deposited', C: 'Fully Applied'},
  },
  depositApplication: {prefix: 'DA', type: 'DepAppl', statuses: {Y: 'Undefined'}},
  customerPayment: {
    prefix: 'PYMT',
    type: 'CustPymt',
    statuses: {A: 'Unapproved Payment', B: 'Not Deposited', C: 'Deposited'},
  },
  creditMemo: {prefix: 'CM', type: 'CustCred', statuses: {A: 'Open', B: 'Fully Applied', V: 'Voided'}},
  cashRefund: {prefix: 'CR', type: 'CashRfnd', statuses: {Y: 'Undefined', V: 'Voided'}},
  customerRefund: {prefix: 'RF', type: 'CustRfnd', statuses: {Y: 'Undefined', V: 'Voided'}},
  returnAuthorization: {
    prefix: 'RMA',
    type: 'RtnAuth',
    statuses: {
      A: 'Pending Approval',
      B: 'Pending Receipt',
      C: 'Cancelled',
      D: 'Partially Received',
      E: 'Pending Refund/Partially Received',
      F: 'Pending Refund',
      G: 'Refunded',
      H: 'Closed',
    },
  },
  itemReceipt: {prefix: 'IR', type: 'ItemRcpt', statuses: {Y: 'Undefined'}},
  deposit: {prefix: 'DEP', type: 'Deposit', statuses: {Y: 'Undefined'}},
  check: {prefix: 'CHK', type: 'Check', statuses: {Y: 'Undefined', V: 'Voided'}},
  currencyRevaluation: {prefix: 'REV', type: 'FxReval', statuses: {Y: 'Undefined'}},
} as const

type Kind = Readonly<{prefix: string; type: string; statuses: Readonly<Record<string, string>>}>

/** By record type; undefined for what is no transaction. */
export function kindOf(type: string): Kind | undefined {
  return (KINDS as Readonly<Record<string, Kind>>)[type]
}
