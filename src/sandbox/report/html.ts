import type {Identity, SandboxReport} from './report.ts'

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d8dce3, #353b46); --soft: light-dark(#5b6472, #9aa4b4);
  --good: light-dark(#12703c, #56d08a); --bad: light-dark(#b3261e, #ff8a80); --badback: light-dark(#fdecea, #3a1d1b); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem;
  background: light-dark(#fff, #14171c); color: light-dark(#1b2028, #e4e8ef); }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; }
p { margin: .2rem 0; color: var(--soft); } .verdict { font-weight: 600; font-size: 1.1rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; } .n { text-align: right; white-space: nowrap; }
tr.differs { background: var(--badback); } small { color: var(--soft); }
`

/** The report as one page that needs nothing else: no script, no font, no address. */
export function htmlOf(report: SandboxReport, madeAt: Date): string {
  const {agrees, orders, payouts, journals, revaluations, duplicates, identities, trialBalance, outOfBalance} = report
  const differing = identities.filter((one) => one.differing.length > 0).length
  const verdict = agrees
    ? 'Shopify and NetSuite agree to the cent.'
    : `${differing} of ${identities.length} rows differ.`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shopify and NetSuite: ${agrees ? 'in agreement' : 'differences'}</title><style>${STYLE}</style></head><body>
<h1>What the shop says and what the ledger holds</h1>
<p>${escape(madeAt.toISOString())} · ${orders} orders · ${payouts.booked} payouts booked, ${payouts.paid} paid · ${journals} journal entries · ${revaluations} revaluations by NetSuite</p>
<p class="verdict ${agrees ? 'good' : 'bad'}">${escape(verdict)}</p>
${duplicates.length === 0 ? '' : `<p class="bad">External IDs that stand twice: ${escape(duplicates.join(', '))}</p>`}
<h2>Identities</h2>
<div class="scroll"><table><thead><tr><th>What</th><th>Accounts</th><th>Currency</th><th class="n">Shopify</th><th class="n">NetSuite</th><th class="n">Difference</th></tr></thead>
<tbody>
${identities.map(rowOf).join('\n')}
</tbody></table></div>
<h2>Trial balance</h2>
<div class="scroll"><table><thead><tr><th>Account</th><th>Name</th><th class="n">Debit</th><th class="n">Credit</th><th class="n">Balance</th></tr></thead>
<tbody>
${trialBalance.map(({account, name, debit, credit, balance}) => `<tr><td>${escape(account)}</td><td>${escape(name)}</td>${[debit, credit, balance].map(number).join('')}</tr>`).join('\n')}
</tbody></table></div>
<p>Debits less credits: ${escape(outOfBalance)}</p>
</body></html>
`
}

function rowOf({name, accounts, currency, shopify, netsuite, difference, differing}: Identity): string {
  const isGood = differing.length === 0
  const whose = differing.map((one) => `${one.of}: ${one.shopify} / ${one.netsuite}`).join(', ')
  const detail = isGood || whose === '' ? '' : `<br><small>${escape(whose)}</small>`
  const mark = isGood ? '<span class="good">✓</span> ' : '<span class="bad">✗</span> '
  return `<tr${isGood ? '' : ' class="differs"'}><td>${mark}${escape(name)}${detail}</td><td>${escape(accounts.join(', '))}</td><td>${escape(currency)}</td>${[shopify, netsuite, difference].map(number).join('')}</tr>`
}

function number(text: string): string {
  return `<td class="n">${escape(text)}</td>`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)
}
