import {integer, list, text, type OrderDocument} from '../shopify/document.ts'
import {numbersOf} from './numbers.ts'

type DocumentAt = (at: Date) => OrderDocument

/** The order when the rest has shipped as well: its first parcel as it was, and a second one with what was left. */
export function shippedLater(partly: DocumentAt, whole: DocumentAt): DocumentAt {
  return (at) => {
    const [before, after] = [partly(at), whole(at)]
    const [first] = list(before, 'fulfillments')
    const [all] = list(after, 'fulfillments')
    if (first === undefined || all === undefined) return after
    const sent = new Map(list(first, 'line_items').map((line) => [text(line, 'id'), integer(line, 'quantity') ?? 0]))
    const rest = list(all, 'line_items')
      .map((line) => ({...line, quantity: (integer(line, 'quantity') ?? 0) - (sent.get(text(line, 'id')) ?? 0)}))
      .filter(({quantity}) => quantity > 0)
    const id = numbersOf(integer(after, 'id') ?? 0).part(10)
    const second = {
      ...all,
      id,
      admin_graphql_api_id: `gid://shopify/Fulfillment/${id}`,
      name: String(all.name).replace(/1$/, '2'),
      line_items: rest,
    }
    return {...after, fulfillments: [first, second]}
  }
}
