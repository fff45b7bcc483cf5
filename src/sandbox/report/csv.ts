import type {SandboxReport} from './report.ts'

const HEAD = ['row', 'name', 'accounts', 'currency', 'shopify', 'netsuite', 'difference', 'differing'] as const

/** The identities as CSV (RFC 4180): amounts as decimal text; `differing` lists the orders and payouts that differ. */
export function csvOf({identities}: SandboxReport): string {
  const rows = identities.map(({row, name, accounts, currency, shopify, netsuite, difference, differing}) => [
    row, name, accounts.join(' '), currency, shopify, netsuite, difference, differing.map(({of}) => of).join(' '),
  ]) // prettier-ignore
  return [HEAD, ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
}

/** A text that a spreadsheet would take for a formula gets an apostrophe; a negative amount is none. */
function cell(text: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.]+$)/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
