/**
 * How many single SOAP adds a second the sandbox's NetSuite serves at zero latency, over HTTP with keep-alive, as many
 * in flight as the account allows, beside an echo server that does nothing: 500/s is the least that keeps it out of
 * other figures. The messages are signed beforehand; the server checks every signature. It runs in a thread of its own.
 */
import {createHmac} from 'node:crypto'
import {Agent, createServer, request} from 'node:http'
import type {AddressInfo} from 'node:net'
import {isMainThread, parentPort, Worker} from 'node:worker_threads'

import {company} from '../src/sandbox/company.ts'
import {startNetSuite} from '../src/sandbox/netsuite/server.ts'
import {print} from './figures.ts'

const IN_FLIGHT = 5
const ADDS = 6000
const WARM_UP = 1000
const REQUIRED = 500
const areas = {m: 'messages_2025_2.platform', c: 'core_2025_2.platform', s: 'sales_2025_2.transactions'}

type Ports = Readonly<{sandbox: number; echo: number}>

async function serve(): Promise<void> {
  const sandbox = await startNetSuite({port: 0, concurrency: IN_FLIGHT, suiteTax: false, seed: 1})
  const echo = createServer((incoming, outgoing) => {
    incoming.on('data', (chunk: Buffer) => outgoing.write(chunk)).on('end', () => outgoing.end())
  })
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  const ports: Ports = {sandbox: sandbox.port, echo: (echo.address() as AddressInfo).port}
  parentPort?.postMessage(ports)
}

/** A signed order of three lines with two addresses, as an integration sends it. */
function message(n: number): Buffer {
  const {netsuite, account} = company
  const nonce = `bench${String(n).padStart(15, '0')}`
  const timestamp = Math.floor(Date.now() / 1000)
  const base = [account, netsuite.consumerKey, netsuite.tokenId, nonce, timestamp].join('&')
  const signature = createHmac('sha256', `${netsuite.consumerSecret}&${netsuite.tokenSecret}`)
    .update(base)
    .digest('base64')
  const xmlns = Object.entries(areas).map(([prefix, name]) => `xmlns:${prefix}="urn:${name}.webservices.netsuite.com"`)
  const address =
    '<a:country>_unitedStates</a:country><a:addressee>Jane Doe</a:addressee><a:addr1>1 Main Street</a:addr1>' +
    '<a:city>Austin</a:city><a:state>TX</a:state><a:zip>78701</a:zip>'
  const addresses = ['billingAddress', 'shippingAddress'].map(
    (name) => `<s:${name} xmlns:a="urn:common_2025_2.platform.webservices.netsuite.com">${address}</s:${name}>`,
  )
  const custom = (scriptId: string, value: string): string =>
    `<s:customFieldList><c:customField xsi:type="c:StringCustomFieldRef" scriptId="${scriptId}"><c:value>${value}</c:value></c:customField></s:customFieldList>`
  const lines = ['1001', '1002', '1003'].map(
    (item) =>
      `<s:item><s:item internalId="${item}"/><s:quantity>2</s:quantity><s:price internalId="-1"/><s:amount>48</s:amount>` +
      `${custom(company.customFields.line, `${n}:${item}`)}</s:item>`,
  )
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" ` +
      `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${xmlns.join(' ')}><e:Header><m:tokenPassport>` +
      `<c:account>${account}</c:account><c:consumerKey>${netsuite.consumerKey}</c:consumerKey><c:token>${netsuite.tokenId}</c:token>` +
      `<c:nonce>${nonce}</c:nonce><c:timestamp>${timestamp}</c:timestamp>` +
      `<c:signature algorithm="HMAC-SHA256">${signature}</c:signature></m:tokenPassport></e:Header><e:Body><m:add>` +
      `<m:record xsi:type="s:SalesOrder" externalId="SHOPIFY:ORDER:${n}"><s:entity internalId="500"/><s:currency internalId="1"/>` +
      `<s:tranDate>2026-11-20T12:00:00.000Z</s:tranDate><s:orderStatus>_pendingFulfillment</s:orderStatus>` +
      `<s:otherRefNum>#${n}</s:otherRefNum>${addresses.join('')}<s:shipMethod internalId="8001"/><s:shippingCost>5.95</s:shippingCost>` +
      `<s:itemList replaceAll="true">${lines.join('')}</s:itemList>${custom(company.customFields.order, String(n))}` +
      `</m:record></m:add></e:Body></e:Envelope>`,
  )
}

function post(agent: Agent, port: number, body: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {'content-type': 'text/xml; charset=utf-8', 'content-length': body.length, soapaction: '"add"'}
    const path = '/services/NetSuitePort_2025_2'
    const sent = request({agent, port, host: '127.0.0.1', path, method: 'POST', headers}, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    })
    sent.on('error', reject).end(body)
  })
}

/** Sends all messages, IN_FLIGHT at a time; gives requests a second. Throws where an answer lacks `expected`. */
async function rate(port: number, messages: readonly Buffer[], expected: string): Promise<number> {
  const agent = new Agent({keepAlive: true, maxSockets: IN_FLIGHT})
  let next = 0
  const lane = async (): Promise<void> => {
    for (let body = messages[next++]; body !== undefined; body = messages[next++]) {
      const answer = await post(agent, port, body)
      if (!answer.includes(expected)) throw new Error(`unexpected answer: ${answer.slice(0, 600)}`)
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({length: IN_FLIGHT}, lane))
  const seconds = (performance.now() - start) / 1000
  agent.destroy()
  return messages.length / seconds
}

async function main(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url))
  const ports = await new Promise<Ports>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  const messages = Array.from({length: WARM_UP + ADDS}, (_, n) => message(n))
  await rate(ports.echo, messages.slice(0, WARM_UP), 'Envelope')
  await rate(ports.sandbox, messages.slice(0, WARM_UP), 'isSuccess="true"')
  const echo = await rate(ports.echo, messages.slice(WARM_UP), 'Envelope')
  const adds = await rate(ports.sandbox, messages.slice(WARM_UP), 'isSuccess="true"')
  await worker.terminate()
  print('sandbox: SOAP adds over HTTP, 5 in flight, one thread', [
    ['echo server', `${Math.round(echo)} /s`, '1.00'],
    [`signed add of ${messages[0]?.length ?? 0} bytes`, `${Math.round(adds)} /s`, (adds / echo).toFixed(2)],
    ['required', `${REQUIRED} /s`, ''],
  ])
  if (adds < REQUIRED) process.exitCode = 1
}

await (isMainThread ? main() : serve())
