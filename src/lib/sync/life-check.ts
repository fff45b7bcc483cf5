import {RejectedError} from '../core/errors.ts'
import {equals, format, parseMoney} from '../core/money.ts'
import type {KnownPosting} from '../ledger/postings.ts'
import type {Subject} from '../ledger/types.ts'
import type {HeldPosting, PostingRecord, PostingType} from '../netsuite/posting-types.ts'
import {amountOf} from '../plan/postings.ts'
import {note, type OfWork} from './life-note.ts'
import {fail, open, type OrderDeps, type Work} from './work.ts'

/**
 * Compares a record with what NetSuite made of it: the amount, and the account that the money went to. A payment method that is
 * grouped with undeposited funds overrides an account in silence (NetSuite help section_N1292421). A difference parks the order.
 */
export function compareHeld(deps: OrderDeps, one: OfWork, held: HeldPosting | undefined): void {
  const {work, record} = one
  const fault = held === undefined ? `NetSuite does not show ${record.externalId}` : differenceOf(record, held)
  if (fault === null || work.end !== undefined) return
  note(deps, one, {
    outcome: 'rejected',
    remoteId: held?.id ?? null,
    reply: {code: 'POSTING_DIFFERS', message: fault},
    startedAt: deps.clock.now(),
  })
  fail(
    work,
    new RejectedError('POSTING_DIFFERS', fault, {
      hint: `open the ${record.type} ${held?.id ?? record.externalId} in NetSuite: a payment method, a form or a script changed it`,
      subject: work.job.subject,
    }),
  )
}

function differenceOf(record: PostingRecord, held: HeldPosting): string | null {
  const amount = amountOf(record)
  if (amount !== null && held.total !== null && !equals(amount, parseMoney(held.total, amount.currency)))
    return `NetSuite holds ${held.total} in ${record.type} ${held.id} where the plan says ${format(amount)}`
  if (!('account' in record) || record.account === null) return null
  const {account} = record
  if (account.kind === 'undeposited' && held.undeposited === false)
    return `${record.type} ${held.id} went to account ${held.accountId ?? '?'} and not to undeposited funds`
  if (account.kind === 'account' && held.accountId !== null && held.accountId !== account.id)
    return `${record.type} ${held.id} went to account ${held.accountId} where the contract says ${account.id}`
  return null
}

/** Looks whether NetSuite still holds what the ledger says. A record that somebody deleted is for a person to explain. */
export async function checkHeld(
  deps: OrderDeps,
  works: readonly Work[],
  known: ReadonlyMap<Subject, readonly KnownPosting[]>,
): Promise<void> {
  const all = open(works).flatMap((work) => (known.get(work.job.subject) ?? []).map((posting) => ({work, posting})))
  for (const [type, ofType] of Map.groupBy(all, ({posting}) => posting.recordType)) {
    const refs = ofType.map(({posting}) => ({id: posting.netsuiteId}))
    const held = await deps.netsuite.postings.get(type as PostingType, refs)
    ofType.forEach(({work, posting}, i) => {
      if (held[i] || work.end !== undefined) return
      fail(
        work,
        new RejectedError(
          'POSTING_DELETED',
          `NetSuite does not hold ${posting.recordType} ${posting.netsuiteId} any more`,
          {
            hint: `${posting.externalId} was written and then deleted there: ask who did it; enter it again in NetSuite under this external ID`,
            subject: work.job.subject,
          },
        ),
      )
    })
  }
}
