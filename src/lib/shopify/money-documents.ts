import {z} from 'zod'

import {pageOf} from './answers.ts'
import {define} from './document-files.ts'
import {adjustment, balanceTransaction, life, paidOut, payout} from './money-answers.ts'

const parent = z.object({updatedAt: z.string()})
const anyNodes = z.array(z.unknown())

/** The documents that read money. Estimates as in documents.ts. */
export const moneyDocuments = {
  ordersWithMoneyBySearch: define('OrdersWithMoneyBySearch', 1000, z.object({orders: z.object({nodes: anyNodes})})),
  ordersWithMoneyById: define('OrdersWithMoneyById', 800, z.object({nodes: anyNodes})),
  orderLife: define('OrderLife', 350, z.object({order: life.nullable()})),
  refundAdjustments: define(
    'RefundAdjustments',
    80,
    z.object({node: z.object({order: parent, orderAdjustments: pageOf(adjustment)}).nullable()}),
  ),
  refundTransactions: define(
    'RefundTransactions',
    30,
    z.object({node: z.object({order: parent, transactions: pageOf(paidOut)}).nullable()}),
  ),
  payouts: define('Payouts', 60, z.object({shopifyPaymentsAccount: z.object({payouts: pageOf(payout)}).nullable()})),
  payoutById: define('PayoutById', 5, z.object({node: payout.nullable()})),
  balanceTransactions: define(
    'BalanceTransactions',
    150,
    z.object({shopifyPaymentsAccount: z.object({balanceTransactions: pageOf(balanceTransaction)}).nullable()}),
  ),
} as const
