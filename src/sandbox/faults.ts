/** Orders faults as they are typed: "netsuite:lost-reply:3,shopify:throttled:0.05". A whole number counts, a fraction is a probability. */
export async function orderFaults(
  text: string,
  sandbox: Readonly<{shopifyUrl: string; netsuiteUrl: string}>,
): Promise<void> {
  for (const part of text.split(',')) {
    const [system, kind, amount] = part.trim().split(':')
    const url = system === 'shopify' ? sandbox.shopifyUrl : system === 'netsuite' ? sandbox.netsuiteUrl : null
    if (url === null || kind === undefined || kind === '')
      throw new Error(
        `${JSON.stringify(part)} is no fault: write system:kind[:count or probability], with system shopify or netsuite`,
      )
    const number = amount === undefined ? null : Number(amount)
    if (number !== null && !(number > 0))
      throw new Error(`${JSON.stringify(part)}: ${amount} is no count or probability`)
    const often = number === null ? {} : Number.isInteger(number) ? {count: number} : {probability: number}
    const answer = await fetch(`${url}/_sandbox/faults`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({kind, ...often}),
    })
    if (!answer.ok) throw new Error(`${system} does not know the fault ${kind}: ${await answer.text()}`)
  }
}
