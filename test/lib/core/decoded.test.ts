import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {gzipSync} from 'node:zlib'

import {request} from 'undici'
import {afterAll, beforeAll, expect, test} from 'vitest'

import {decoded} from '../../../src/lib/core/decoded.ts'

const text = 'Merino tee, "ärmellos" '.repeat(10_000)
const packed = gzipSync(text)

/** Answers packed, plainly, cut in the middle, or with what is no gzip. */
const server = createServer((asked, answer) => {
  if (asked.url === '/plain') return answer.end(text)
  answer.writeHead(200, {'content-encoding': 'gzip'})
  if (asked.url === '/wrong') return answer.end('no gzip')
  if (asked.url === '/cut') return answer.write(packed.subarray(0, packed.length / 2), () => answer.destroy())
  return answer.end(packed)
})

beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
afterAll(() => server.close())

async function read(path: string): Promise<string> {
  const {body, headers} = await request(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
  const chunks: Buffer[] = []
  for await (const chunk of decoded(body, headers['content-encoding'])) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test.each(['/packed', '/plain'])('the answer %s is read as it was written', async (path) => {
  expect(await read(path)).toBe(text)
})

test.each(['/cut', '/wrong'])('the answer %s is an error for its reader, and no end of the text', async (path) => {
  await expect(read(path)).rejects.toThrow()
})
