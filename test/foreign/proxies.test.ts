// Doorward behind the real nginx and the real Caddy, with the configurations of deploy/.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { newDatabaseUrl } from '../support/databases/each-database.ts'
import { freePort, temporaryFolder } from '../support/databases/temporary.ts'
import { type Installation, type ServerProcess, startProcess } from '../support/server/processes.ts'
import { signIn, type SignInData } from '../support/server/server-client.ts'
import { waitUntil } from '../support/server/started-program.ts'
import { setupLink, setUpThrough } from './first-admin.ts'
import { cookieValue, type HttpsClient } from './https-client.ts'
import { HOST, type Proxy, PROXY_IP, startCaddy, startNginx, type StartProxy } from './proxies.ts'

const ADA = '127.0.0.2'
const STRANGER = '127.0.0.3'
const SPOOFED = {
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'http',
  forwarded: 'for=203.0.113.7;host=evil.example',
  'x-real-ip': '203.0.113.7',
}
/** As SPOOFED, with another IP address for each number. */
const spoofedBy = (number: number): Record<string, string> => ({
  ...SPOOFED,
  'x-forwarded-for': `198.51.100.${number}`,
})

interface Stage {
  readonly installation: Installation
  readonly server: ServerProcess
  readonly proxy: Proxy
  readonly ada: HttpsClient
}

/** Doorward with the settings that the configurations require, and the proxy before it. */
async function stageWith(t: TestContext, start: StartProxy, settings = {}): Promise<Stage> {
  const port = await freePort()
  const installation: Installation = {
    databaseUrl: await newDatabaseUrl(t, 'sqlite'),
    dataDir: await temporaryFolder(t),
    port,
    settings: { public_url: `https://${HOST}`, trusted_proxies: PROXY_IP, ...settings },
  }
  const server = await startProcess(t, installation)
  const proxy = await start(t, port)
  return { installation, server, proxy, ada: proxy.client(ADA) }
}

for (const [name, start] of [
  ['nginx', startNginx],
  ['Caddy', startCaddy],
] as const) {
  test(`behind ${name}, an admin sets up and signs in on the pages with cookies of this host only`, async (t) => {
    const { server, ada } = await stageWith(t, start)
    const root = await setUpThrough(ada, await setupLink(server))
    await signInOnPages(ada, root)
    const session = ada.cookies.get('__Host-session') ?? ''
    assert.match(session, /; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
    assert.deepEqual([...ada.cookies.keys()].toSorted(), ['__Host-device', '__Host-session'])
    const page = await ada.ask('GET', '/account', { headers: { 'accept-encoding': 'gzip, br, zstd' } })
    assert.equal(page.status, 200)
    assert.equal(page.headers['cache-control'], 'no-store')
    assert.equal(page.headers['strict-transport-security'], 'max-age=31536000')
    assert.equal(page.headers['content-encoding'], undefined)
  })

  test(`behind ${name}, the API signs in and shows the token's user`, async (t) => {
    const { server, ada } = await stageWith(t, start)
    const root = await setUpThrough(ada, await setupLink(server))
    const token = await signIn(ada, root)
    const me = await ada.ask('GET', '/users/me', { token })
    assert.deepEqual([me.status, me.body['username']], [200, 'root'])
  })

  test(`behind ${name}, events and guesses belong to the client's IP address, whatever it claims`, async (t) => {
    const { server, proxy, ada } = await stageWith(t, start)
    const root = await setUpThrough(ada, await setupLink(server))
    for (let number = 0; number < 100; number++) {
      const guessed = await guess(proxy.client(STRANGER), `nobody-${number}`, spoofedBy(number))
      assert.equal(guessed.status, 401, guessed.text)
    }
    const blocked = await guess(proxy.client(STRANGER), 'one-more', spoofedBy(200))
    assert.deepEqual([blocked.status, blocked.body['code']], [429, 'throttle.blocked'])
    const token = await signIn(ada, root)
    const events = await ada.ask('GET', '/audit-events?limit=200', { token })
    const items = events.body['items'] as { details: { address?: string } | null }[]
    const ipAddresses = items.flatMap(({ details }) => details?.address ?? [])
    // The server's own events have `local` instead of an IP address.
    assert.deepEqual(new Set(ipAddresses), new Set(['local', ADA, STRANGER]))
  })

  test(`behind ${name}, a page under another name than the public URL's says so`, async (t) => {
    const { ada } = await stageWith(t, start, { public_url: 'https://elsewhere.example' })
    const page = await ada.ask('GET', '/sign-in', { headers: { accept: 'text/html', ...SPOOFED } })
    assert.equal(page.status, 421, page.text)
    for (const url of ['https://elsewhere.example', `https://${HOST}`]) assert.ok(page.text.includes(url), url)
    assert.ok(!page.text.includes('evil.example'), 'a host that the client claims was believed')
  })

  test(`behind ${name}, pages open although Doorward is not configured to trust it`, async (t) => {
    const { server, ada } = await stageWith(t, start, { trusted_proxies: '' })
    const page = await ada.ask('GET', await setupLink(server), { headers: { accept: 'text/html' } })
    assert.equal(page.status, 200)
  })

  test(`neither log of ${name} holds a link that works once, even when Doorward is down`, async (t) => {
    const { server, proxy, ada } = await stageWith(t, start)
    const link = await setupLink(server)
    const headers = { referer: `https://${HOST}${link}` }
    assert.equal((await ada.ask('GET', link, { headers })).status, 200)
    await server.stop()
    assert.ok([502, 503, 504].includes((await ada.ask('GET', link, { headers })).status))
    await proxy.stop()
    const [token = ''] = /dwl_[\w-]+/.exec(link) ?? []
    assert.ok(token.length > 20)
    const written = readdirSync(proxy.folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    for (const text of [proxy.output(), ...written]) assert.ok(!text.includes(token), text)
  })
}

test('behind nginx, a body above body_limit is refused by Doorward, and a far larger one by nginx', async (t) => {
  const { ada } = await stageWith(t, startNginx)
  const ours = await ada.ask('POST', '/token', { form: { password: 'x'.repeat(100_000) } })
  assert.deepEqual([ours.status, ours.body['code']], [413, 'request.too_large'])
  const theirs = await ada.ask('POST', '/token', { form: { password: 'x'.repeat(200_000) } })
  assert.deepEqual([theirs.status, theirs.body['code']], [413, undefined])
})

test('a restart of Doorward behind Caddy lets requests wait, and none fails', async (t) => {
  // The recipe waits for 10 seconds, which the restart alone may take on a busy machine.
  const { installation, server, ada } = await stageWith(t, (test, port) => startCaddy(test, port, { tryFor: '120s' }))
  const root = await setUpThrough(ada, await setupLink(server))
  const token = await signIn(ada, root)
  const statuses: number[] = []
  let over = false
  const asking = Array.from({ length: 4 }, async () => {
    while (!over) statuses.push((await ada.ask('GET', '/users/me', { token })).status)
  })
  await waitUntil(() => Promise.resolve(statuses.length > 20))
  assert.equal((await server.stop()).code, 0)
  const before = statuses.length
  await startProcess(t, installation)
  await waitUntil(() => Promise.resolve(statuses.length > before + 20))
  over = true
  await Promise.all(asking)
  assert.deepEqual([...new Set(statuses)], [200])
})

/** Sends both steps of a sign-in as forms. */
async function signInOnPages(client: HttpsClient, { username, password, codes }: SignInData): Promise<void> {
  const first = await client.ask('POST', '/sign-in', { form: { username, password } })
  assert.deepEqual([first.status, first.headers.location], [303, '/sign-in/second-step'], first.text)
  assert.notEqual(cookieValue(client.cookies.get('__Host-attempt') ?? ''), '')
  const second = await client.ask('POST', '/sign-in/second-step', { form: { code: await codes.fresh(client) } })
  assert.deepEqual([second.status, second.headers.location], [303, '/account'], second.text)
}

function guess(client: HttpsClient, username: string, headers: Record<string, string>): ReturnType<HttpsClient['ask']> {
  return client.ask('POST', '/attempts', { payload: { username, password: 'a wrong password' }, headers })
}
