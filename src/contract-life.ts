import {z} from 'zod'

import {currencyCode, id, optionalId} from './contract-values.ts'
import type {GatewayRule, LifeRules} from './lib/plan/life-types.ts'

const UNDEPOSITED = {kind: 'undeposited'} as const

const gatewayAccount = z
  .union([z.literal('undeposited'), id], 'is neither undeposited nor an internal id: a number, in quotes')
  .transform((value) => (value === 'undeposited' ? UNDEPOSITED : ({kind: 'account', id: value} as const)))

/** The word alone, or an account with the payment method that goes with it. */
const gateway = z
  .preprocess(
    (value) => (value === 'undeposited' ? {account: value} : value),
    z.strictObject(
      {account: gatewayAccount, payment_method: optionalId},
      {error: ({code}) => (code === 'invalid_type' ? 'is neither undeposited nor {account: …}' : undefined)},
    ),
  )
  .transform((rule): GatewayRule => ({account: rule.account, paymentMethod: rule.payment_method}))

const location = z
  .string()
  .regex(/^(gid:\/\/shopify\/Location\/)?\d+$/, 'is not the number of a location in Shopify, in quotes')

const balanceType = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*\*?$/, 'is not a type of balance transaction such as CHARGEBACK_FEE or SHIPPING_LABEL*')

/** Celigo's connector splits bank deposits at the same number (docs.celigo.com, article 360035420871). */
const MOST_LINES = 2000

/** The sections of a shop that decide what becomes of an order after its sales order. Each may be left out: nothing of it is done then. */
export const lifeSections = {
  accounts: z
    .strictObject({
      undeposited_funds: optionalId,
      bank: z.record(currencyCode, id).default({}),
      payout_transit: optionalId,
      fees: optionalId,
      fx: optionalId,
    })
    .prefault({}),
  gateways: z.record(z.string().min(1), gateway).default({}),
  payments: z.enum(['deposit', 'off']).default('off'),
  fulfillments: z
    .strictObject({
      from: z.enum(['shopify', 'netsuite', 'off']).default('off'),
      locations: z.record(location, id).default({}),
      carriers: z.record(z.string().regex(/^\d+$/, 'is not the internal id of a ship method'), z.string()).optional(),
      notify: z.boolean().optional(),
      withdrawn: z.enum(['cancel', 'park']).optional(),
    })
    .prefault({}),
  billing: z.enum(['invoice', 'cash_sale', 'netsuite']).default('netsuite'),
  refunds: z
    .strictObject({
      mode: z.enum(['push', 'off']).default('off'),
      restock: z.enum(['receipt', 'none']).default('none'),
      adjustment_item: optionalId,
    })
    .prefault({}),
  closed_period: z.enum(['next_open', 'park']).default('park'),
  payouts: z
    .strictObject({
      types: z.record(balanceType, id).default({}),
      lines_per_deposit: z.number().int().min(1).max(MOST_LINES, `is more than ${MOST_LINES}`).default(MOST_LINES),
    })
    .prefault({}),
}

type Sections = {[Name in keyof typeof lifeSections]: z.output<(typeof lifeSections)[Name]>}

/** The sections in the words of the plan. */
export function lifeOf({accounts, gateways, payments, fulfillments, billing, refunds, ...rest}: Sections): LifeRules {
  return {
    gateways,
    payments,
    fulfillments,
    billing: billing === 'cash_sale' ? 'cashSale' : billing,
    refunds: {mode: refunds.mode, restock: refunds.restock, adjustmentItem: refunds.adjustment_item},
    undepositedFunds: accounts.undeposited_funds,
    closedPeriod: rest.closed_period,
    payouts: {
      banks: accounts.bank,
      transit: accounts.payout_transit,
      fees: accounts.fees,
      fx: accounts.fx,
      types: rest.payouts.types,
      linesPerDeposit: rest.payouts.lines_per_deposit,
    },
  }
}

/** What one section needs of others; `reads` names them all. */
type Need = Readonly<{
  path: readonly string[]
  reads: readonly (keyof Sections)[]
  message: string
  isLacking: (sections: Sections) => boolean
}>

const NEEDS: readonly Need[] = [
  {
    path: ['payments'],
    reads: ['payments', 'gateways'],
    message: 'deposit needs gateways: each names the account that its money goes to',
    isLacking: ({payments, gateways}) => payments === 'deposit' && isEmpty(gateways),
  },
  {
    path: ['billing'],
    reads: ['billing', 'gateways'],
    message: 'cash_sale needs gateways: each names the account that its money goes to',
    isLacking: ({billing, gateways}) => billing === 'cash_sale' && isEmpty(gateways),
  },
  {
    path: ['refunds', 'mode'],
    reads: ['refunds', 'payments', 'billing'],
    message: 'push needs payments: deposit or billing: cash_sale, for a refund gives back what those wrote',
    isLacking: ({refunds, payments, billing}) =>
      refunds.mode === 'push' && payments === 'off' && billing !== 'cash_sale',
  },
  {
    path: ['refunds', 'mode'],
    reads: ['refunds', 'accounts', 'gateways'],
    message: 'push needs accounts.undeposited_funds: the refund of an undeposited gateway names that account by its id',
    isLacking: ({refunds, accounts, gateways}) =>
      refunds.mode === 'push' &&
      accounts.undeposited_funds === null &&
      Object.values(gateways).some(({account}) => account.kind === 'undeposited'),
  },
  {
    path: ['accounts', 'bank'],
    reads: ['accounts'],
    message: 'needs accounts.fees: a payout arrives without the fees of its payments',
    isLacking: ({accounts}) => !isEmpty(accounts.bank) && accounts.fees === null,
  },
  {
    path: ['accounts', 'bank'],
    reads: ['accounts'],
    message: 'needs accounts.payout_transit: negative payouts, and those in several deposits, go through it',
    isLacking: ({accounts}) => !isEmpty(accounts.bank) && accounts.payout_transit === null,
  },
]

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0
}

/**
 * The needs as checks of the shop. They are told beside the faults of other sections, so that one message holds them
 * all; a need that reads a section of wrong form is not judged.
 */
export const lifeChecks = NEEDS.map(({path, reads, message, isLacking}) =>
  z.refine<Sections>((sections) => !isLacking(sections), {
    path: [...path],
    message,
    // The faults that needs themselves have told are 'custom'; those of form never are.
    when: ({issues}) =>
      !issues.some(({code, path: [first] = []}) => code !== 'custom' && reads.some((section) => section === first)),
  }),
)
