// Protected hosts behind real proxies, with the configuration that Doorward prints or brings: what reaches the app, and what never does.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { test, type TestContext } from 'node:test'

import { remoteUsers } from '../../clients/node/src/index.ts'
import { freePort } from '../support/databases/temporary.ts'
import { NAVIGATION, protect, SCRIPT, WIKI } from '../support/hosts/protected-site.ts'
import { tokenForHost } from '../support/hosts/token-for-host.ts'
import { ownPageScene, stored } from '../support/pages/page-scenes.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { hostRule } from '../support/people/hosts.ts'
import { HOST_PROXIES, type HostProxy, startHostProxy } from './host-proxies.ts'
import type { HttpsClient, HttpsReply } from './https-client.ts'
import { startProgram } from './programs.ts'
import { HOST, PROXY_IP } from './proxies.ts'

const SPOOFED = {
  'remote-user': 'root',
  Remote_User: 'root',
  'remote-groups': 'admins',
  REMOTE_GROUPS: 'admins',
  'x-forwarded-host': 'open.example.org',
  'x-forwarded-uri': '/public',
  'x-forwarded-method': 'GET',
}

/** An app that answers which request it got and who sends it by the client, and echoes what it reads from a WebSocket. */
async function echoingApp(t: TestContext, proxy: HostProxy): Promise<number> {
  const users = remoteUsers({ proxies: [PROXY_IP], leavesOutEmpty: proxy === 'nginx' })
  const app = createServer((request, response) => {
    const { method, url, headers, rawHeaders } = request
    const names = rawHeaders.filter((_, index) => index % 2 === 0)
    const answer = (user: unknown): unknown => response.end(JSON.stringify({ method, url, headers, names, user }))
    response.setHeader('content-type', 'application/json')
    void users.verifyIfSent(request).then(
      (user) => answer(user ?? null),
      (error: unknown) => answer(String(error)),
    )
  })
  app.on('upgrade', ({ headers }, socket) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${acceptOf(headers)}\r\n\r\n`,
    )
    // The client ends by closing its connection.
    socket.on('error', () => socket.destroy()).pipe(socket)
  })
  const port = await freePort()
  app.listen(port, PROXY_IP)
  await once(app, 'listening')
  t.after(() => {
    app.closeAllConnections()
    app.close()
  })
  return port
}

/** What a server answers to the key of a WebSocket (RFC 6455 §4.2.2); HAProxy passes on no other answer. */
function acceptOf(headers: IncomingHttpHeaders): string {
  const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  return createHash('sha1').update(key).digest('base64')
}

const CLOUD = 'cloud.example.org'
const HOST_COOKIE = '__Host-doorward'

async function stageWith(t: TestContext, proxy: HostProxy, given?: number) {
  const doorward = await freePort()
  const settings = { port: String(doorward), public_url: `https://${HOST}`, trusted_proxies: PROXY_IP }
  const scene = await ownPageScene(t, { settings })
  await scene.server.app.listen({ host: PROXY_IP, port: doorward })
  const app = given ?? (await echoingApp(t, proxy))
  const client = await startHostProxy(t, proxy, { host: WIKI, doorward, app })
  return { ...scene, client, doorward, app }
}

/** Opens a path of the host as a browser, which is signed in at Doorward; follows all redirects. */
async function open(client: HttpsClient, visitor: Visitor, path: string, headers = {}): Promise<HttpsReply> {
  let at = path
  for (let count = 0; count < 10; count++) {
    const reply = await client.ask('GET', at, { headers: { ...NAVIGATION, ...headers } })
    const { location } = reply.headers
    if (location === undefined) return reply
    let next = new URL(location, `https://${WIKI}`)
    while (next.host === HOST) {
      const answer = await visitor.open(next.pathname + next.search)
      next = new URL(String(answer.headers.location), next)
    }
    assert.equal(next.host, WIKI)
    at = next.pathname + next.search
  }
  assert.fail('a circle of redirects')
}

/** Gives a client the cookies that another one has. */
function withCookiesOf(client: HttpsClient, { cookies }: HttpsClient): HttpsClient {
  for (const [name, value] of cookies) client.cookies.set(name, value)
  return client
}

function identity({ body }: HttpsReply): unknown[] {
  const headers = body['headers'] as Record<string, string>
  return ['remote-user', 'remote-name', 'remote-groups'].map((name) => headers[name] || '')
}

for (const proxy of HOST_PROXIES) {
  test(`behind ${proxy}, a browser signs in and arrives; the app gets no header that a client made up`, async (t) => {
    const { server, browser, client } = await stageWith(t, proxy)
    await protect(server, { rules: [hostRule('/public', { who: 'everyone' })] })
    const ada = client()
    const page = await open(ada, browser, '/page?x=1&y=%C3%A4', SPOOFED)
    assert.deepEqual(
      [page.status, page.body['url'], identity(page)],
      [200, '/page?x=1&y=%C3%A4', ['ada', 'Ada Lovelace', '']],
    )
    const { subject } = await stored(server, 'ada')
    assert.deepEqual(page.body['user'], { subject, username: 'ada', fullName: 'Ada Lovelace', groups: [] })
    const again = await ada.ask('POST', '/save', { payload: { a: 1 }, headers: { ...SCRIPT, ...SPOOFED } })
    assert.deepEqual([again.status, again.body['method'], identity(again)[0]], [200, 'POST', 'ada'])
    // A client may name headers that a proxy has to remove.
    const hop = await ada.ask('GET', '/', { headers: { ...SCRIPT, connection: 'close, Remote-User' } })
    assert.deepEqual([hop.status, identity(hop)[0]], [200, 'ada'])
    const open1 = await client().ask('GET', '/public/x', { headers: SPOOFED })
    assert.deepEqual([open1.status, identity(open1), open1.body['user']], [200, ['', '', ''], null])
    for (const reply of [page, again, hop, open1]) {
      const names = (reply.body['names'] as string[]).filter((name) => /^remote[^-]/i.test(name))
      assert.deepEqual(names, [])
    }
  })

  test(`behind ${proxy}, path tricks, scripts and strangers get no further than their own rights`, async (t) => {
    const { server, admin, browser, client } = await stageWith(t, proxy)
    const rules = [hostRule('/admin', { who: 'roles', names: ['admin'] }), hostRule('/public', { who: 'everyone' })]
    await protect(server, { rules, preflights: true })
    const ada = client()
    assert.equal((await open(ada, browser, '/')).status, 200)
    for (const path of [
      '/admin',
      '/public/../admin',
      '/public/%2e%2e/admin',
      '/public/..%2fadmin',
      '/Admin',
      '//admin',
      '/%61dmin',
    ])
      assert.equal((await ada.ask('GET', path, { headers: SCRIPT })).status, 403, path)
    const script = await client().ask('GET', '/data', { headers: SCRIPT })
    assert.deepEqual([script.status, script.headers.location, script.text], [401, undefined, 'Sign in first.\n'])
    const preflight = { origin: 'https://other.example', 'access-control-request-method': 'PUT' }
    assert.equal((await client().ask('OPTIONS', '/data', { headers: preflight })).body['method'], 'OPTIONS')
    const form = await client().ask('POST', '/edit', { form: { text: 'x' }, headers: NAVIGATION })
    assert.deepEqual([form.status, /<h1>You were signed out/.test(form.text)], [401, true])
    const dav = await client().ask('PROPFIND', '/dav', { headers: { origin: '' } })
    assert.equal(dav.status, 401)

    const { id } = await stored(server, 'ada')
    await admin.asks('POST', `/users/${id}/disable`)
    assert.equal((await ada.ask('GET', '/', { headers: SCRIPT })).status, 401)
  })

  test(`behind ${proxy}, ten tabs arrive, a token opens its host, and signing out acts at once`, async (t) => {
    const { server, browser, client } = await stageWith(t, proxy)
    const host = await protect(server, { apiTokens: true })
    const token = await tokenForHost(server, 'ada', host)
    const basic = `Basic ${Buffer.from(`ada:${token}`).toString('base64')}`
    for (const authorization of [`Bearer ${token}`, basic])
      assert.deepEqual(identity(await client().ask('GET', '/repo.git', { headers: { authorization } }))[0], 'ada')
    const wrong = await client().ask('GET', '/repo.git', { headers: { authorization: `Bearer ${token}x` } })
    assert.deepEqual([wrong.status, wrong.headers['www-authenticate']], [401, `Basic realm="${WIKI}"`])

    const ada = client()
    const leaves = async (path: string): Promise<string> => {
      let next = `https://${WIKI}${path}`
      while (new URL(next).host === WIKI)
        next = String(
          (await ada.ask('GET', next.slice(`https://${WIKI}`.length), { headers: NAVIGATION })).headers.location,
        )
      return next.slice(`https://${HOST}`.length)
    }
    const left: string[] = []
    for (let tab = 0; tab < 10; tab++) left.push(await leaves(`/tab/${tab}`))
    for (const [tab, path] of left.entries()) {
      const enter = new URL(String((await browser.open(path)).headers.location))
      const page = await open(ada, browser, enter.pathname + enter.search)
      assert.deepEqual([page.status, page.body['url']], [200, `/tab/${tab}`])
    }
    const headers = { 'sec-fetch-site': 'same-origin', ...NAVIGATION }
    const out = await ada.ask('POST', '/.doorward/sign-out', { headers })
    assert.deepEqual([out.status, out.headers.location], [303, `https://${HOST}/sign-out`])
    assert.equal((await ada.ask('GET', '/', { headers: SCRIPT })).status, 401)
  })

  test(`behind ${proxy}, a WebSocket opens for who is signed in`, async (t) => {
    const { server, browser, client } = await stageWith(t, proxy)
    await protect(server)
    const ada = client()
    assert.equal((await open(ada, browser, '/')).status, 200)
    assert.equal(await ada.echoed('/socket', 'hello'), 'hello')
    await assert.rejects(client().echoed('/socket', 'hello'), /401/)
  })

  test(`behind ${proxy}, nothing reaches the app while Doorward is away`, async (t) => {
    const [doorward, app] = [await freePort(), await echoingApp(t, proxy)]
    const client = await startHostProxy(t, proxy, { host: WIKI, doorward, app })
    assert.equal((await client().ask('GET', '/', { headers: NAVIGATION })).status, 503)
  })

  test(`behind ${proxy}, an app that is away is not taken for Doorward`, async (t) => {
    const { server, browser, client } = await stageWith(t, proxy, await freePort())
    await protect(server, { rules: [hostRule('/public', { who: 'everyone' })] })
    const away = proxy === 'haproxy' ? 503 : 502
    assert.equal((await client().ask('GET', '/public', { headers: SCRIPT })).status, away)
    assert.equal((await open(client(), browser, '/')).status, away)
  })

  test(`behind ${proxy}, a code and a cookie of one host open nothing at another, nor in another browser`, async (t) => {
    const { server, browser, client, doorward, app } = await stageWith(t, proxy)
    const cloud = await startHostProxy(t, proxy, { host: CLOUD, doorward, app })
    await protect(server)
    await protect(server, { name: CLOUD })
    const ada = client()
    const leaves = async (at: string): Promise<string> =>
      String((await ada.ask('GET', at, { headers: NAVIGATION })).headers.location)
    const start = new URL(await leaves('/page'), `https://${WIKI}`)
    const away = start.host === WIKI ? await leaves(start.pathname + start.search) : start.href
    const { headers } = await browser.open(away.slice(`https://${HOST}`.length))
    const enter = new URL(String(headers.location))
    assert.equal(enter.pathname, '/.doorward/enter')
    const path = enter.pathname + enter.search

    // Another browser that has left for the host too (login CSRF), and the same one at another host with all its cookies.
    const stranger = client()
    await stranger.ask('GET', '/.doorward/start?to=/', { headers: NAVIGATION })
    for (const who of [stranger, withCookiesOf(cloud(), ada)]) {
      await who.ask('GET', path, { headers: NAVIGATION })
      assert.ok(!who.cookies.has(HOST_COOKIE))
    }
    const page = await open(ada, browser, path)
    assert.deepEqual([page.status, page.body['url'], identity(page)[0]], [200, '/page', 'ada'])
    assert.match(ada.cookies.get(HOST_COOKIE) ?? '', /=dwh_/)
    assert.equal((await withCookiesOf(client(), ada).ask('GET', '/', { headers: SCRIPT })).status, 200)
    assert.equal((await withCookiesOf(cloud(), ada).ask('GET', '/', { headers: SCRIPT })).status, 401)
  })

  test(`behind ${proxy}, a WSGI app reads no user from a name with an underscore`, async (t) => {
    const app = await freePort()
    const program = `
import json
from wsgiref.simple_server import make_server
def app(environ, start):
    start('200 OK', [('Content-Type', 'application/json')])
    return [json.dumps({key: value for key, value in environ.items() if key.startswith('HTTP_REMOTE')}).encode()]
make_server('${PROXY_IP}', ${app}, app).serve_forever()`
    const ready = async () => (await fetch(`http://${PROXY_IP}:${app}/`)).ok
    await startProgram(t, ['python3', '-c', program], { ready })
    const { server, browser, client } = await stageWith(t, proxy, app)
    await protect(server, { rules: [hostRule('/public', { who: 'everyone' })] })
    const page = await open(client(), browser, '/', SPOOFED)
    assert.deepEqual([page.body['HTTP_REMOTE_USER'], page.body['HTTP_REMOTE_GROUPS'] || ''], ['ada', ''])
    const none = await client().ask('GET', '/public', { headers: SPOOFED })
    assert.deepEqual([none.status, Object.values(none.body).filter(Boolean)], [200, []])
  })
}
