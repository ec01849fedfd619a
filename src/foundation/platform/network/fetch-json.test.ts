import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  AGENT_HOST,
  DOCUMENT,
  json,
  OTHER_HOST,
  PUBLIC_IP_ADDRESS,
  startAgentHost,
} from '#test/support/openid/agent-host.ts'
import { fetchJson, type FetchReason } from './fetch-json.ts'
import { systemOutbound } from './outbound.ts'

const MOST = 5 * 1024

function assertFails(fetched: Promise<string>, fault: FetchReason): Promise<void> {
  return assert.rejects(fetched, { name: 'FetchFault', fault })
}

test('a document is fetched from the IP address that was checked, by the certificate of its host', async (t) => {
  const { outbound, answers, requests, targets, ipAddresses } = await startAgentHost(t)
  answers.set('/client.json', json('{"a":1}', { 'content-type': 'application/client+json; charset=utf-8' }))
  assert.equal(await fetchJson(outbound, DOCUMENT, MOST), '{"a":1}')
  assert.deepEqual(requests, ['agent.example/client.json'])
  assert.deepEqual(targets, [{ ipAddress: PUBLIC_IP_ADDRESS, port: 443, host: AGENT_HOST }])
  ipAddresses.set('stranger.example', [PUBLIC_IP_ADDRESS])
  await assertFails(fetchJson(outbound, 'https://stranger.example/client.json', MOST), 'unreachable')
  assert.equal(requests.length, 1, 'something was sent to a host with the certificate of another')
})

test('a host with an IP address that is not public is not connected to', async (t) => {
  const { outbound, answers, ipAddresses, targets } = await startAgentHost(t)
  answers.set('/client.json', json('{}'))
  for (const found of [
    [],
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['169.254.169.254'],
    ['::1'],
    ['fe80::1'],
    ['::ffff:127.0.0.1'],
    ['::ffff:a00:1'],
    [PUBLIC_IP_ADDRESS, '192.168.0.1'],
    ['192.168.0.1', PUBLIC_IP_ADDRESS],
  ]) {
    ipAddresses.set(AGENT_HOST, found)
    await assertFails(fetchJson(outbound, DOCUMENT, MOST), 'ip_address')
  }
  assert.deepEqual(targets, [])
})

test('a name of this machine is resolved to IP addresses that are refused', async () => {
  await assertFails(fetchJson(systemOutbound, 'https://localhost/client.json', MOST), 'ip_address')
})

test('a redirect is not followed, and only a whole JSON document counts', async (t) => {
  const { outbound, answers, requests } = await startAgentHost(t)
  const fetched = (path: string) => fetchJson(outbound, `https://${AGENT_HOST}${path}`, MOST)
  for (const status of [301, 302, 303, 307, 308]) {
    const location = `https://${OTHER_HOST}/client.json`
    answers.set('/moved', (_request, response) => response.writeHead(status, { location }).end('{}'))
    await assertFails(fetched('/moved'), 'status')
  }
  answers.set('/client.json', json('{}'))
  assert.ok(!requests.some((one) => one.startsWith(OTHER_HOST)))
  for (const status of [201, 204, 304, 404, 500]) {
    answers.set('/status', (_request, response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(),
    )
    await assertFails(fetched('/status'), 'status')
  }
  for (const type of ['text/html', 'text/plain', 'application/jsonp', 'application/xml+jsonx', '']) {
    answers.set('/type', json('{}', { 'content-type': type }))
    await assertFails(fetched('/type'), 'type')
  }
  answers.set('/packed', json('{}', { 'content-encoding': 'gzip' }))
  await assertFails(fetched('/packed'), 'type')
  answers.set('/broken', (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{')
    response.destroy()
  })
  await assertFails(fetched('/broken'), 'unreachable')
  answers.set('/bytes', (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from([0x22, 0xff, 0x22])),
  )
  await assertFails(fetched('/bytes'), 'unreachable')
})

test('a document that is too long is not read to its end', async (t) => {
  const { outbound, answers } = await startAgentHost(t)
  const fetched = () => fetchJson(outbound, DOCUMENT, MOST)
  answers.set('/client.json', json(`"${'a'.repeat(MOST - 2)}"`))
  assert.equal((await fetched()).length, MOST)
  answers.set('/client.json', json(`"${'a'.repeat(MOST - 1)}"`))
  await assertFails(fetched(), 'size')
  let closed: Promise<unknown> | undefined
  answers.set('/client.json', (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    request.socket.on('error', () => undefined)
    closed = new Promise((resolve) => request.socket.once('close', resolve))
    // Without an end, and without a length.
    const more = () => void response.write('a'.repeat(1024))
    response.on('drain', more)
    for (let written = 0; written < 64; written++) more()
  })
  await assertFails(fetched(), 'size')
  await closed
})

test('a host that does not answer in time is given up, at each step', async (t) => {
  const { outbound, answers } = await startAgentHost(t, { patience: 50 })
  await assertFails(
    fetchJson({ ...outbound, resolve: () => new Promise(() => undefined) }, DOCUMENT, MOST),
    'unreachable',
  )
  answers.set('/client.json', () => undefined)
  await assertFails(fetchJson(outbound, DOCUMENT, MOST), 'unreachable')
  answers.set('/client.json', (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{')
  })
  await assertFails(fetchJson(outbound, DOCUMENT, MOST), 'unreachable')
})

test('another IP address of the host is tried where the first one refuses', async (t) => {
  const { outbound, answers, ipAddresses, targets } = await startAgentHost(t)
  answers.set('/client.json', json('{}'))
  ipAddresses.set(AGENT_HOST, ['8.8.8.8', PUBLIC_IP_ADDRESS])
  const refusing = {
    ...outbound,
    async connect(target: Parameters<typeof outbound.connect>[0]) {
      const socket = await outbound.connect(target)
      return target.ipAddress === '8.8.8.8' ? socket.destroy(new Error('refused')) : socket
    },
  }
  assert.equal(await fetchJson(refusing, DOCUMENT, MOST), '{}')
  assert.deepEqual(
    targets.map(({ ipAddress }) => ipAddress),
    ['8.8.8.8', PUBLIC_IP_ADDRESS],
  )
})
