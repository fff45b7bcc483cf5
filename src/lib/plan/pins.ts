import type {Address, SalesOrder, SalesOrderLine} from '../netsuite/types.ts'
import type {Compared} from './field.ts'

/** The plan with the values that people decided to keep in NetSuite in the place of Shopify's. */
export function pinnedPlan(planned: SalesOrder, fields: readonly Compared[]): SalesOrder {
  return fields.filter((field) => field.isPinned).reduce(withValue, planned)
}

function withValue(plan: SalesOrder, {name, planned: value}: Compared): SalesOrder {
  const [first = '', ...rest] = name.split('.')
  switch (first) {
    case 'memo':
    case 'email':
      return {...plan, [first]: value}
    case 'otherRefNum':
    case 'tranDate':
      return {...plan, [first]: value ?? ''}
    case 'entity':
    case 'terms':
    case 'shipMethod':
      return {...plan, [first]: value === null ? null : {id: value}}
    case 'billingAddress':
    case 'shippingAddress':
      return {...plan, [first]: {...(plan[first] as Address), [rest.join('.')]: value}}
    case 'lines':
      return {...plan, lines: plan.lines.map((line) => lineWith(line, rest, value))}
    default:
      // Custom fields are written from the compared fields, one by one.
      return plan
  }
}

/** A key may hold dots, so the last part is the field. */
function lineWith(line: SalesOrderLine, path: readonly string[], value: string | null): SalesOrderLine {
  if (path.slice(0, -1).join('.') !== line.key) return line
  if (path.at(-1) === 'description') return {...line, description: value}
  return {...line, location: value === null ? null : {id: value}}
}
