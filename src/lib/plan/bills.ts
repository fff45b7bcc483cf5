import type {MoneyAccount, PostingLine} from '../netsuite/posting-types.ts'
import type {ShopifyFulfillment} from '../shopify/types.ts'
import {total} from './book.ts'
import {
  baseOf,
  gatewayOf,
  isShippable,
  salesOrderRef,
  settle,
  type Life,
  type LifeEvent,
  type LineProgress,
} from './life-state.ts'
import {orderAt, sourceOf, type OrderAt} from './order-at.ts'
import {cashOf, receivedOf} from './payments.ts'
import {postingId} from './posting-ids.ts'
import {limitOf} from './rounding.ts'
import {takeShare} from './shares.ts'

type Draft = Readonly<{externalId: string; at: string; units: ReadonlyMap<string, number>; header: boolean}>

/** The bill of a shipment. The first one also bears shipping, tip, fees, and the lines that need no shipping. */
export function billShipment(life: Life, fulfillment: ShopifyFulfillment, shipped: ReadonlyMap<string, number>): void {
  const header = !life.now.isHeaderBilled
  const at = fulfillment.createdAt ?? life.planning.order.processedAt
  const externalId = postingId.bill(fulfillment.id)
  const others = header
    ? openUnits(life, externalId, at, (line) => !isShippable(line.line) && !line.line.isGiftCard)
    : []
  bill(life, {externalId, at, units: new Map([...shipped, ...others]), header})
}

/**
 * The moments at which what needs no shipping may become due: once it is paid, or at once where there are payment terms.
 * Gift cards among goods have a bill of their own then, because they can be spent from that moment; an order in which
 * nothing ships is billed as a whole, and what is left of one in which nothing ships any more.
 */
export function orderBillEvents(life: Life, at: readonly string[]): LifeEvent[] {
  return at.map((moment) => ({at: moment, rank: 2, apply: () => billUnshipped(life, moment)}))
}

function billUnshipped(life: Life, at: string): void {
  const {now, salesOrder, planning} = life
  if (now.paid < salesOrder.total.minor && salesOrder.terms === null) return
  const {legacyId} = planning.order
  const all = [...life.lines.values()]
  const everShips = all.some(({line}) => isShippable(line) && line.quantity > 0)
  const orderBill = postingId.orderBill(legacyId)
  const due = openUnits(life, orderBill, at, ({line}) => line.isGiftCard || (!everShips && !isShippable(line)))
  if (due.length > 0) {
    bill(life, {externalId: orderBill, at, units: new Map(due), header: !everShips && !now.isHeaderBilled})
  }
  if (!everShips || now.isHeaderBilled) return
  const {units: then} = orderAt(life, at)
  if (all.some(({line, key}) => isShippable(line) && (then.get(key) ?? 0) > 0)) return
  const restBill = postingId.restBill(legacyId)
  const rest = openUnits(life, restBill, at, ({line}) => !isShippable(line))
  // What is left may be shipping or a tip alone, beside gift cards that are billed.
  const isBilled = life.bills.length > 0 && (!planning.closed || life.written.has(restBill))
  if (rest.length > 0 || isBilled) bill(life, {externalId: restBill, at, units: new Map(rest), header: true})
}

/** Units that a bill may still bear. A closed order is billed no more: what stands there was written before. */
function openUnits(
  life: Life,
  externalId: string,
  at: string,
  wanted: (progress: LineProgress) => boolean,
): [string, number][] {
  const isWritten = life.written.has(externalId)
  if (life.bills.some((bill) => bill.externalId === externalId) || (life.planning.closed && !isWritten)) return []
  const {units} = sourceOf(life, externalId, at)
  return [...life.lines.values()].filter(wanted).flatMap(({key, billed}): [string, number][] => {
    const open = (units.get(key) ?? 0) - billed
    return open > 0 ? [[key, open]] : []
  })
}

function bill(life: Life, {externalId, at, units, header}: Draft): void {
  const {planning, now, rules, records} = life
  const then = sourceOf(life, externalId, at)
  const share = takeShare(life, then, units, header)
  if (header && share.total === 0n && share.lines.length === 0) return
  const rounding = [...roundingLines(life), ...closingLines(life, then, share.total, header)]
  const sum = share.total + total(rounding.map(({amount}) => amount?.minor ?? 0n))
  if (header) now.isHeaderBilled = true
  const record = {
    ...baseOf(life, externalId, at),
    salesOrder: salesOrderRef(life),
    lines: [...share.lines, ...rounding],
    shippingCost: share.shippingCost,
    ...(share.taxDetails === undefined ? {} : {taxDetails: share.taxDetails}),
    total: planning.book.money(sum),
  }
  if (rules.billing === 'cashSale') {
    const tender = tenderOf(life, externalId, sum)
    if (tender !== null) records.push({...record, ...tender, type: 'cashSale'})
    life.bills.push({externalId, units, open: 0n})
    return
  }
  if (rules.billing === 'invoice') records.push({...record, type: 'invoice', account: null, paymentMethod: null})
  const open = sum - takeDeposits(life, sum)
  life.bills.push({externalId, units, open})
  settleCredits(life, at)
}

/**
 * Units that were billed before others left the order may have borne a cent more or less than Shopify now says of them.
 * The bill that completes the order takes it back, on a visible line within the contract's limit.
 */
function closingLines(life: Life, then: OrderAt, billing: bigint, header: boolean): PostingLine[] {
  const {now, salesOrder, planning} = life
  now.billed += billing
  const isComplete = [...life.lines.values()].every(
    ({key, billed, dropped}) => billed - dropped === (then.units.get(key) ?? 0),
  )
  if (!isComplete || !(header || now.isHeaderBilled)) return []
  const amounts = [...then.lines, ...(then.taxDetails ?? [])].map(({amount}) => amount.minor)
  const gap = total(amounts) + (salesOrder.shippingCost?.minor ?? 0n) - now.billed
  const limit = limitOf(planning.rules.roundingLimit, planning.book.currency)
  if (gap === 0n || gap > limit || -gap > limit) return []
  now.billed += gap
  return [roundingLine(life, 'rounding:bills', gap, 'Rounding difference')]
}

/** Cash rounding makes the money in the till differ from the order: a bill carries it, so that both agree. */
function roundingLines({planning, now}: Life): PostingLine[] {
  const amount = now.rounding
  if (amount === 0n) return []
  now.rounding = 0n
  return [roundingLine({planning}, 'cash-rounding', amount, 'Cash rounding')]
}

/** A line of the rounding item; without one in the contract a fault. */
export function roundingLine(
  {planning}: Pick<Life, 'planning'>,
  key: string,
  amount: bigint,
  text: string,
): PostingLine {
  const {rules, book, faults} = planning
  const item = rules.items.rounding
  if (item === null) faults.push({code: 'CHARGE_UNMAPPED', what: `${text.toLowerCase()} (items.rounding)`})
  return {
    key,
    item: {id: item ?? ''},
    quantity: null,
    amount: book.money(amount),
    description: text,
    location: null,
    taxCode: rules.tax.mode === 'legacy' ? {id: rules.tax.code} : null,
    isOwn: true,
  }
}

/** NetSuite applies the deposits of an order to its bill, as far as they reach. */
function takeDeposits({deposits}: Life, sum: bigint): bigint {
  let left = sum
  for (const deposit of deposits) {
    const part = deposit.left < left ? deposit.left : left
    deposit.left -= part
    left -= part
  }
  return sum - left
}

/** Credits that waited for a bill settle what is open of it now. */
function settleCredits(life: Life, at: string): void {
  for (const credit of [...life.credits]) {
    if (total(life.bills.map(({open}) => open)) < credit.needs) continue
    life.credits.splice(life.credits.indexOf(credit), 1)
    credit.emit(settle(life, credit.needs), at)
  }
}

type Tender = Readonly<{account: MoneyAccount; paymentMethod: Readonly<{id: string}> | null}>

/** A cash sale is paid on the spot into one account: all payments of the order must name the same; null: not yet paid. */
function tenderOf(life: Life, externalId: string, sum: bigint): Tender | null {
  const {planning, now, transactions, waiting} = life
  const received = receivedOf(transactions)
  now.sold += sum
  if (total(received.map((transaction) => cashOf(life, transaction))) < now.sold) {
    waiting.push({what: `the cash sale ${externalId}`, why: 'it is not paid'})
    return null
  }
  const rules = [...new Set(received.map(({gateway}) => gateway))].map((gateway) => gatewayOf(life, gateway))
  const tenders = new Map(rules.map((rule) => [JSON.stringify(rule), rule]))
  if (tenders.size > 1) planning.faults.push({code: 'CASH_SALE_UNFIT', what: 'it was paid into several accounts'})
  const [rule] = tenders.values()
  if (rule === null) return null
  const method = rule?.paymentMethod ?? null
  return {account: rule?.account ?? {kind: 'undeposited'}, paymentMethod: method === null ? null : {id: method}}
}
