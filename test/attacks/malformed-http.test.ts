// Threat: malformed HTTP on the port, request smuggling, and requests that never end. Each is answered or closed by itself, and
// other clients are still served.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import type { TestContext } from 'node:test'

import { firstAdmin } from '../support/people/people.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const HOST = '127.0.0.1'

async function listening(
  t: TestContext,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ server: Server; port: number }> {
  const server = await start(t, { settings })
  await server.app.listen({ host: HOST, port: 0 })
  return { server, port: (server.app.server.address() as AddressInfo).port }
}

/** Sends the pieces one after the other; returns everything that the server sends until it closes the connection. */
async function send(port: number, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect({ host: HOST, port })
  socket.on('error', () => undefined)
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text))
  await once(socket, 'connect')
  for (const piece of pieces) socket.write(piece)
  await once(socket, 'close')
  return answer
}

function statusesIn(answer: string): number[] {
  return [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))
}

async function assertServes(port: number): Promise<void> {
  assert.equal((await fetch(`http://${HOST}:${port}/healthz`)).status, 200, 'no client is served any more')
}

const CLOSING = 'Host: localhost\r\nConnection: close\r\n'
const CHUNKED_THEN_SECOND = '0\r\n\r\nGET /users/me HTTP/1.1\r\nHost: localhost\r\n\r\n'

const MALFORMED: Readonly<Record<string, readonly [request: string | Buffer, status: number]>> = {
  'no HTTP at all': ['hello\r\n\r\n', 400],
  'the start of TLS': [Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 0, 0]), 400],
  'a version that is none': [`GET /healthz HTTP/9.9\r\n${CLOSING}\r\n`, 400],
  'a method that is none': [`G@T /healthz HTTP/1.1\r\n${CLOSING}\r\n`, 400],
  'no Host': ['GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  'a header with a space before its colon': [`GET /healthz HTTP/1.1\r\n${CLOSING}X-A : b\r\n\r\n`, 400],
  'a header with a NUL': [`GET /healthz HTTP/1.1\r\n${CLOSING}X-A: a\0b\r\n\r\n`, 400],
  'a header folded over two lines': [`GET /healthz HTTP/1.1\r\n${CLOSING}X-A: a\r\n b\r\n\r\n`, 400],
  'both a length and chunks': [
    `POST /token HTTP/1.1\r\n${CLOSING}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKED_THEN_SECOND}`,
    400,
  ],
  'chunks and then a length': [
    `POST /token HTTP/1.1\r\n${CLOSING}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n${CHUNKED_THEN_SECOND}`,
    400,
  ],
  'two lengths': [`POST /token HTTP/1.1\r\n${CLOSING}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
  'a negative length': [`POST /token HTTP/1.1\r\n${CLOSING}Content-Length: -1\r\n\r\n`, 400],
  'a length that is none': [`POST /token HTTP/1.1\r\n${CLOSING}Content-Length: 0x10\r\n\r\n`, 400],
  'chunks of a size that is none': [
    `POST /token HTTP/1.1\r\n${CLOSING}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nab\r\n0\r\n\r\n`,
    400,
  ],
  'an encoding that is not chunked': [
    `POST /token HTTP/1.1\r\n${CLOSING}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  'an address with a dot segment in escapes': [`GET /users/%2e%2e/healthz HTTP/1.1\r\n${CLOSING}\r\n`, 404],
  'an address that is only an escape': [`GET /%ff HTTP/1.1\r\n${CLOSING}\r\n`, 404],
  'an address with a NUL in escapes': [`GET /users/%00 HTTP/1.1\r\n${CLOSING}\r\n`, 401],
  'a line of 100 KB': [`GET /${'a'.repeat(100_000)} HTTP/1.1\r\n${CLOSING}\r\n`, 431],
  'a header of 100 KB': [`GET /healthz HTTP/1.1\r\n${CLOSING}X-A: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
  'ten thousand headers': [`GET /healthz HTTP/1.1\r\n${CLOSING}${'a: b\r\n'.repeat(10_000)}\r\n`, 431],
  'a body larger than announced limits': [
    `POST /attempts HTTP/1.1\r\n${CLOSING}Content-Type: application/json\r\nContent-Length: 10000000\r\n\r\n{`,
    413,
  ],
}

test('a malformed request gets one answer, which refuses it', async (t) => {
  const { port } = await listening(t)
  for (const [what, [request, status]] of Object.entries(MALFORMED)) {
    const answer = await send(port, request)
    assert.deepEqual(statusesIn(answer), [status], `${what}: ${answer.slice(0, 300)}`)
    // Node itself answers this one, without a problem document.
    if (what !== 'no Host')
      assert.match(answer, /application\/problem\+json/, `${what} is answered without a problem document`)
    await assertServes(port)
  }
})

leaveToTestAll()

const JSON_HEAD = 'POST /attempts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

test('a request without an end is answered or closed in time, and delays no other', async (t) => {
  const { port } = await listening(t, { request_timeout: '1s' })
  const slow = [
    send(port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n'),
    send(port, `${JSON_HEAD}Content-Length: 100\r\n\r\n{"user`),
    send(port, `${JSON_HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`),
  ]
  await assertServes(port)
  for (const answer of await Promise.all(slow)) assert.deepEqual(statusesIn(answer), [408], answer)
  await assertServes(port)
})

test('a request that timed out does not continue when the rest of its body arrives', async (t) => {
  const { server, port } = await listening(t, { request_timeout: '1s' })
  const root = await (await firstAdmin(server)).signsIn()
  const socket = connect({ host: HOST, port, allowHalfOpen: true })
  socket.on('error', () => undefined)
  const body = JSON.stringify({ username: 'late' })
  const authorization = `Authorization: Bearer ${root.token}`
  socket.write(
    `POST /users HTTP/1.1\r\nHost: localhost\r\n${authorization}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  const [answer] = (await once(socket, 'data')) as [Buffer]
  assert.deepEqual(statusesIn(String(answer)), [408])
  socket.end(body)
  await once(socket, 'close')
  await assertServes(port)
  assert.deepEqual(itemsOf(await root.asks('GET', '/users?q=late')), [])
})

test('a body that grows beyond the limit in chunks is refused before it has ended', async (t) => {
  const { port } = await listening(t)
  const chunk = `1000\r\n${'a'.repeat(4096)}\r\n`
  const head = `POST /attempts HTTP/1.1\r\n${CLOSING}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`
  const answer = await send(port, head, ...Array.from({ length: 40 }, () => chunk))
  assert.deepEqual(statusesIn(answer), [413])
})

test('a client that goes away in the middle of its body causes no logged error', async (t) => {
  const { server, port } = await listening(t)
  const head = `${JSON_HEAD}Content-Length: 100\r\n\r\n{"a`
  for (let times = 0; times < 20; times++) {
    const socket = connect({ host: HOST, port })
    await once(socket, 'connect')
    await new Promise((sent) => socket.write(head, sent))
    socket.destroy()
  }
  await assertServes(port)
  const errors = server.logLines.filter(({ level }) => level === 'error')
  assert.deepEqual(errors, [])
})

test('a second request hidden behind the first is answered only as a request of its own', async (t) => {
  const { port } = await listening(t)
  const hidden = 'GET /users/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
  const first = `POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(hidden)}\r\nConnection: close\r\n\r\n`
  assert.deepEqual(statusesIn(await send(port, first + hidden)), [422], 'a body was taken for a request')
})
