import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'

import { postForm } from './post-form.ts'

async function receiver(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const LIMITS = { deadline: 2000, mostBytes: 10 }

test('the fields arrive as a form', async (t) => {
  let body = ''
  const url = await receiver(t, (request, response) => {
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => response.writeHead(204).end(request.headers['content-type']))
  })
  assert.deepEqual(await postForm(url, { token: 'a&b' }, LIMITS), { status: 204, text: '' })
  assert.equal(body, 'token=a%26b')
})

test('an answer that sends elsewhere is not followed, and of a long one the beginning is kept', async (t) => {
  let requests = 0
  const url = await receiver(t, (_request, response) => {
    requests += 1
    response.writeHead(307, { location: '/other' }).end('x'.repeat(100_000))
  })
  assert.deepEqual(await postForm(url, {}, LIMITS), { status: 307, text: 'x'.repeat(10) })
  assert.equal(requests, 1)
})

test('a success whose text never ends is a success, another answer is kept as far as it came', async (t) => {
  const url = await receiver(t, ({ url: path }, response) => {
    response.writeHead(path === '/good' ? 200 : 400)
    response.write('half')
  })
  assert.deepEqual(await postForm(`${url}good`, {}, LIMITS), { status: 200, text: '' })
  assert.deepEqual(await postForm(`${url}bad`, {}, { ...LIMITS, deadline: 300 }), { status: 400, text: 'half' })
})

test('without an answer in time it throws', async (t) => {
  const url = await receiver(t, () => undefined)
  await assert.rejects(postForm(url, {}, { ...LIMITS, deadline: 100 }), { name: /TimeoutError|AbortError/ })
})
