import {mills} from '../amounts.ts'
import {parseTerms} from '../search.ts'
import {digitsOf, INVALID_FIELD, timeTest, type SearchWarning, type Term} from '../search-terms.ts'
import {netOf, type Dispute, type Line, type Payout} from './lines.ts'

type Value = string | bigint | Date | null
type Fields<S> = Readonly<Record<string, (subject: S) => Value>>

/** What a search over payouts, lines or disputes lets through; as on Shopify a wrong field is ignored with a warning. */
export function searched<S>(
  subjects: readonly S[],
  query: string | null | undefined,
  fields: Fields<S>,
  warnings: SearchWarning[],
): readonly S[] {
  if (query === null || query === undefined || query.trim() === '') return subjects
  const {test} = parseTerms<S>(query, (term) => termTest(term, fields, warnings))
  return subjects.filter(test)
}

function termTest<S>(term: Term, fields: Fields<S>, warnings: SearchWarning[]): (subject: S) => boolean {
  const {field, value} = term
  const read = field === null ? undefined : fields[field]
  if (read === undefined) {
    warnings.push({field: field ?? 'default', ...INVALID_FIELD})
    return () => true
  }
  if (TIMES.has(field ?? '')) {
    const timeOf = (subject: S) => {
      const at = read(subject)
      return at instanceof Date ? at.getTime() : Number.NaN
    }
    return timeTest(term, timeOf, warnings)
  }
  return (subject) => fits(read(subject), field?.endsWith('id') === true ? digitsOf(value) : value, term.operator)
}

const TIMES: ReadonlySet<string> = new Set(['issued_at', 'processed_at', 'available_on', 'payout_date', 'initiated_at'])

function fits(held: Value, wanted: string, operator: string): boolean {
  if (held === null || held instanceof Date) return false
  if (typeof held === 'string' && !/^\d+$/.test(held)) return held.toLowerCase() === wanted.toLowerCase()
  const [a, b] =
    typeof held === 'string' ? [BigInt(held), BigInt(digitsOf(wanted) || '0')] : [held, mills(wanted) ?? 0n]
  switch (operator) {
    case '>=':
      return a >= b
    case '>':
      return a > b
    case '<=':
      return a <= b
    case '<':
      return a < b
    default:
      return a === b
  }
}

export const PAYOUT_FIELDS: Fields<Payout> = {
  id: ({id}) => id,
  issued_at: ({issuedAt}) => issuedAt,
  status: ({status}) => status,
  currency: ({currency}) => currency,
  amount: ({net}) => net,
}

/** @param payoutOf finds the payout of a line */
export function lineFields(payoutOf: (line: Line) => Payout | null): Fields<Line> {
  return {
    id: ({id}) => id,
    payments_transfer_id: ({payoutId}) => payoutId,
    processed_at: ({at}) => at,
    available_on: (line) => payoutOf(line)?.issuedAt ?? null,
    payout_date: (line) => payoutOf(line)?.issuedAt ?? null,
    payout_status: (line) => payoutOf(line)?.status ?? 'PENDING',
    transaction_type: ({type}) => type,
    currency: ({currency}) => currency,
    net: (line) => netOf(line),
  }
}

export const DISPUTE_FIELDS: Fields<Dispute> = {
  id: ({id}) => id,
  initiated_at: ({initiatedAt}) => initiatedAt,
  status: ({status}) => status,
}
