// The look-up at a real HTTP server on this machine, with each failure of a service.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { suite, test, type TestContext } from 'node:test'

import { minutes, seconds } from '#foundation/kernel/time.ts'
import { keptLog } from '#test/support/server/captured-log.ts'
import { TestClock } from '#test/support/server/clock.ts'
import { newBreachCheck } from './breached-passwords.ts'

const PASSWORD = 'a kettle full of stars'
const HASH = createHash('sha1').update(PASSWORD).digest('hex').toUpperCase()
const [PREFIX, SUFFIX] = [HASH.slice(0, 5), HASH.slice(5)]
const OTHER = 'F'.repeat(35)

type Answer = (response: ServerResponse, request: IncomingMessage) => void
const lines =
  (...texts: string[]): Answer =>
  (response) =>
    void response.end(texts.join('\r\n'))

async function checkAgainst(t: TestContext, answer: Answer) {
  const requests: { readonly url: string; readonly all: string }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const all = [request.method, request.url, ...request.rawHeaders, Buffer.concat(chunks).toString()].join('\n')
      requests.push({ url: request.url ?? '', all })
      answer(response, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  t.after(stop)
  const { port } = server.address() as AddressInfo
  const { log, lines: logged } = keptLog()
  const clock = new TestClock()
  const isBreached = newBreachCheck({ url: `http://127.0.0.1:${port}/range`, clock, log })
  return { isBreached, requests, logged, clock, stop }
}

suite('the look-up of a password', () => {
  test('finds it in a list in upper or lower case', async (t) => {
    for (const suffix of [SUFFIX, SUFFIX.toLowerCase()]) {
      const { isBreached } = await checkAgainst(t, lines(`${OTHER}:3`, `${suffix}:1`, ''))
      assert.equal(await isBreached(PASSWORD), true)
    }
  })

  test('does not find it among others, in a padding line or in an empty list', async (t) => {
    for (const answer of [lines(`${OTHER}:3`), lines(`${SUFFIX}:0`, `${OTHER}:7`), lines('')]) {
      const { isBreached, logged } = await checkAgainst(t, answer)
      assert.equal(await isBreached(PASSWORD), false)
      assert.equal(logged.length, 0)
    }
  })

  test('sends the first five characters of its SHA-1 and nothing else of it', async (t) => {
    const { isBreached, requests } = await checkAgainst(t, lines(`${SUFFIX}:1`))
    await isBreached(PASSWORD)
    const [request] = requests
    assert.equal(requests.length, 1)
    assert.equal(request?.url, `/range/${PREFIX}`)
    assert.match(request?.all ?? '', /add-padding\ntrue/i)
    assert.doesNotMatch(request?.all ?? '', /cookie|authorization|referer/i)
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), SUFFIX, HASH.slice(0, 6)]) {
      assert.ok(!request?.all.toUpperCase().includes(secret.toUpperCase()))
    }
  })

  test('finds nothing and logs nothing where no service is configured', async () => {
    const { log, lines: logged } = keptLog()
    assert.equal(await newBreachCheck({ url: null, clock: new TestClock(), log })(PASSWORD), false)
    assert.equal(logged.length, 0)
  })
})

suite('a service that fails reports no breach, and the failure is logged', () => {
  let followed = 0
  const failures: Record<string, Answer> = {
    'an error': (response) => void response.writeHead(500).end(`${SUFFIX}:1`),
    'no such page': (response) => void response.writeHead(404).end(),
    'a redirect': (response, request) => {
      if (request.url?.includes('elsewhere')) followed += 1
      response.writeHead(302, { location: '/elsewhere' }).end(`${SUFFIX}:1`)
    },
    'a page of HTML': lines('<!doctype html>', `${SUFFIX}:1`),
    'a list with a broken line': lines(`${SUFFIX}:1`, `${OTHER}`),
    'more than half a megabyte': (response) => {
      response.write(`${SUFFIX}:1\r\n`)
      const more = `${OTHER}:1\r\n`.repeat(4000)
      const pour = (): void => {
        while (!response.destroyed && response.write(more));
        if (!response.destroyed) response.once('drain', pour)
      }
      pour()
    },
    'a broken connection': (response) => void response.destroy(),
  }
  for (const [what, answer] of Object.entries(failures)) {
    test(what, async (t) => {
      const { isBreached, logged } = await checkAgainst(t, answer)
      assert.equal(await isBreached(PASSWORD), false)
      assert.deepEqual([logged.length, logged[0]?.['level']], [1, 'warn'])
      assert.ok(!JSON.stringify(logged).includes(PREFIX), 'the log contains a prefix of the hash')
    })
  }

  test('a redirect is not followed', () => assert.equal(followed, 0))

  for (const [what, answer] of Object.entries({
    'no answer': () => undefined,
    'an answer without end': (response: ServerResponse) => void response.write(`${SUFFIX}:1\r\n`),
  })) {
    test(`${what} within two seconds`, async (t) => {
      const { isBreached, logged } = await checkAgainst(t, answer)
      const start = performance.now()
      assert.equal(await isBreached(PASSWORD), false)
      const took = performance.now() - start
      assert.ok(took >= seconds(2) - 50 && took < seconds(60), `it took ${took} ms`)
      assert.equal(logged.length, 1)
    })
  }

  test('a refused connection, which is logged once a minute', async (t) => {
    const { isBreached, logged, clock, stop } = await checkAgainst(t, lines(''))
    await stop()
    for (let tries = 0; tries < 3; tries += 1) assert.equal(await isBreached(PASSWORD), false)
    assert.equal(logged.length, 1)
    assert.match(JSON.stringify(logged), /ECONNREFUSED/)
    clock.pass(minutes(1))
    await isBreached(PASSWORD)
    assert.equal(logged.length, 2)
  })
})
