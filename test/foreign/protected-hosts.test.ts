// Protected hosts behind the real nginx and the real Caddy, each with the configuration that Doorward prints for it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:https'
import { test, type TestContext } from 'node:test'

import { snippetFor } from '#domain/hosts/snippet.ts'
import { newDatabaseUrl } from '../support/databases/each-database.ts'
import { freePort, temporaryFolder } from '../support/databases/temporary.ts'
import { type ServerProcess, startProcess } from '../support/server/processes.ts'
import { signIn, type SignInData } from '../support/server/server-client.ts'
import { setupLink, setUpThrough } from './first-admin.ts'
import { cookieValue, type HttpsClient } from './https-client.ts'
import {
  browse,
  type Clients,
  type EchoApp,
  enter,
  NAVIGATION,
  seenIn,
  signInAt,
  startEchoApp,
  startWsgiApp,
} from './protected-hosts.ts'
import { HOST, type Proxy, PROXY_IP, startCaddy, startNginx } from './proxies.ts'

const PHOTOS = 'photos.example.org'
const WIKI = 'wiki.example.org'
const ADA = '127.0.0.2'
const PAGE = `https://${PHOTOS}/page?x=1&y=%2F`
const COOKIE = '__Host-doorward'
/** What a client writes to be taken for another user, in the spellings that apps read as one header. */
const SPOOFED = { 'remote-user': 'mallory', Remote_User: 'mallory', remote_groups: 'admins', 'REMOTE-GROUPS': 'admins' }

interface Stage {
  readonly server: ServerProcess
  readonly proxy: Proxy
  readonly photos: EchoApp
  readonly root: SignInData
  /** A client of the API as root, whose authentication is recent. */
  readonly admin: { ask: HttpsClient['ask'] }
  /** A new browser, which keeps the cookies of each host. */
  browser(): Clients
}

const PROXIES = [
  ['nginx', startNginx],
  ['caddy', startCaddy],
] as const

/** Doorward with two protected hosts, behind a proxy; before the app of the second one is a server that writes `-` and `_` alike. */
async function stageWith(t: TestContext, name: 'nginx' | 'caddy'): Promise<Stage> {
  const port = await freePort()
  const [photos, wiki] = [await startEchoApp(t), await startWsgiApp(t)]
  const server = await startProcess(t, {
    databaseUrl: await newDatabaseUrl(t, 'sqlite'),
    dataDir: await temporaryFolder(t),
    port,
    settings: { public_url: `https://${HOST}`, trusted_proxies: PROXY_IP },
  })
  const site = (host: string, appPort: number) => ({
    host,
    appPort,
    configuration: snippetFor({ host, publicUrl: `https://${HOST}` }, name),
  })
  const start = name === 'nginx' ? startNginx : startCaddy
  const proxy = await start(t, port, [site(PHOTOS, photos.port), site(WIKI, wiki)])
  const ada = proxy.client(ADA)
  const root = await setUpThrough(ada, await setupLink(server))
  const token = await signIn(ada, root)
  const admin = {
    ask: (method: string, path: string, options = {}) => ada.ask(method, path, { token, ...options }),
  }
  const rules = [
    { path: '/public', who: 'everyone' },
    { path: '/admin', who: 'roles', names: ['admin'] },
    { path: '/owners', who: 'groups', names: [await groupOf(admin, 'owners', [])] },
  ]
  const shared = [await groupOf(admin, 'x,admins', ['root']), await groupOf(admin, 'staff', ['root'])]
  for (const [host, given] of [
    [PHOTOS, { rules, shared_groups: shared, api_tokens: true, preflights: true }],
    [WIKI, { api_tokens: true }],
  ] as const) {
    const created = await admin.ask('POST', '/hosts', { payload: { name: host, ...given } })
    assert.equal(created.status, 200, created.text)
  }
  const browser = (): Clients => Object.fromEntries([HOST, PHOTOS, WIKI].map((host) => [host, proxy.client(ADA, host)]))
  return { server, proxy, photos, root, admin, browser }
}

/** Makes a group with these members; returns its id. */
async function groupOf(admin: Stage['admin'], name: string, members: readonly string[]): Promise<string> {
  const created = await admin.ask('POST', '/groups', { payload: { name } })
  assert.equal(created.status, 200, created.text)
  const id = String(created.body['id'])
  for (const username of members) {
    const added = await admin.ask('POST', `/groups/${id}/members`, { payload: { users: [username] } })
    assert.equal(added.status, 200, added.text)
  }
  return id
}

/** The host's client of a browser. */
function at(clients: Clients, host: string): HttpsClient {
  const client = clients[host]
  assert.ok(client)
  return client
}

for (const [name] of PROXIES) {
  test(`behind ${name}, a browser gets to the page that it asked for, and the app learns who it is from Doorward alone`, async (t) => {
    const { root, photos, browser } = await stageWith(t, name)
    const clients = browser()
    const { reply, url } = await enter(clients, PAGE, root)
    assert.equal(url.href, PAGE)
    const { headers, url: path } = seenIn(reply)
    assert.equal(path, '/page?x=1&y=%2F')
    assert.equal(headers['remote-user'], 'root')
    assert.equal(headers['remote-groups'], 'staff,x%2Cadmins')
    assert.match(String(headers['remote-subject']), /^[\w-]{20,}$/)
    assert.equal(photos.seen.length, 1, 'the app saw requests of a browser that was not signed in')
    assert.deepEqual([...at(clients, PHOTOS).cookies.keys()], [COOKIE])

    const spoofed = seenIn(await at(clients, PHOTOS).ask('GET', '/page', { headers: { ...NAVIGATION, ...SPOOFED } }))
    assert.deepEqual(namesIn(spoofed.headers), ['root', 'staff,x%2Cadmins'])
    // The app of the other host reads both spellings as one name.
    const wiki = await browse(clients, `https://${WIKI}/`)
    assert.equal(wiki.reply.text, 'root')
    const asWsgi = await at(clients, WIKI).ask('GET', '/', { headers: { ...NAVIGATION, ...SPOOFED } })
    assert.equal(asWsgi.text, 'root')
  })

  test(`behind ${name}, an open path shows no identity, and no spelling of a path opens another one`, async (t) => {
    const { root, photos, browser } = await stageWith(t, name)
    const stranger = at(browser(), PHOTOS)
    const open = seenIn(await stranger.ask('GET', '/public/a', { headers: { ...NAVIGATION, ...SPOOFED } }))
    assert.deepEqual(namesIn(open.headers), ['', ''])
    const before = photos.seen.length
    for (const path of [
      '/public/../admin',
      '/public/%2e%2e/admin',
      '/public/..%2fadmin',
      '/public/%252e%252e/admin',
      '/public//../admin',
      '/public/..;/admin',
      '/public\\..\\admin',
      '/Public/../Admin',
    ]) {
      const reply = await stranger.ask('GET', path, { headers: NAVIGATION })
      assert.ok([400, 403].includes(reply.status), `${path}: ${reply.status}`)
    }
    assert.equal(photos.seen.length, before)
    const clients = browser()
    const { reply } = await enter(clients, `https://${PHOTOS}/owners`, root)
    assert.equal(reply.status, 403, 'who is in no group of the rule was let in')
    assert.equal(photos.seen.length, before)
  })

  test(`behind ${name}, the code and the cookie of a host open no other one`, async (t) => {
    const { root, browser } = await stageWith(t, name)
    const clients = browser()
    await enter(clients, PAGE, root)
    const cookie = `${COOKIE}=${cookieValue(at(clients, PHOTOS).cookies.get(COOKIE) ?? '')}`
    const elsewhere = await at(browser(), WIKI).ask('GET', '/', { headers: { ...NAVIGATION, cookie } })
    assert.equal(elsewhere.status, 302)

    const begun = browser()
    const link = await codeOf(begun, root)
    const stolen = await at(browser(), WIKI).ask('GET', link, { headers: NAVIGATION })
    assert.notEqual(stolen.status, 200)
    assert.equal(stolen.headers['set-cookie']?.some((set) => set.startsWith(`${COOKIE}=dwh_`)) ?? false, false)
    const other = await at(browser(), PHOTOS).ask('GET', link, { headers: NAVIGATION })
    assert.equal(other.headers['set-cookie']?.some((set) => set.startsWith(`${COOKIE}=dwh_`)) ?? false, false)
    const own = await at(begun, PHOTOS).ask('GET', link, { headers: NAVIGATION })
    assert.equal(own.status, 302)
    assert.ok(at(begun, PHOTOS).cookies.has(COOKIE))
  })

  test(`behind ${name}, signing out and being disabled count from the next request on`, async (t) => {
    const { root, browser, admin } = await stageWith(t, name)
    const clients = browser()
    await enter(clients, PAGE, root)
    const left = await at(clients, PHOTOS).ask('POST', '/.doorward/sign-out', {
      headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    })
    assert.ok(left.status < 400, left.text)
    const out = await at(clients, PHOTOS).ask('GET', '/page', { headers: NAVIGATION })
    assert.equal(out.status, 302)

    await enter(clients, PAGE, root)
    const sessions = await admin.ask('GET', '/users/me/sessions')
    for (const { id } of sessions.body['items'] as { id: string }[]) {
      await admin.ask('DELETE', `/users/me/sessions/${id}`)
    }
    const ended = await at(clients, PHOTOS).ask('GET', '/page', { headers: { accept: 'application/json' } })
    assert.equal(ended.status, 401)
  })

  test(`behind ${name}, scripts get 401 and no redirect, a preflight passes, and a form that was sent too late is not lost silently`, async (t) => {
    const { browser, photos } = await stageWith(t, name)
    const script = {
      accept: '*/*',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
      'sec-fetch-site': 'same-origin',
    }
    const stranger = at(browser(), PHOTOS)
    const refused = await stranger.ask('GET', '/api', { headers: script })
    assert.deepEqual([refused.status, refused.headers.location], [401, undefined])
    assert.equal(refused.headers['www-authenticate'], undefined, 'a browser would ask for a password')
    const program = await stranger.ask('PROPFIND', '/dav', { headers: { accept: '*/*' } })
    assert.deepEqual([program.status, /^Basic /.test(program.headers['www-authenticate'] ?? '')], [401, true])
    const late = await stranger.ask('POST', '/page', { form: { a: 'b' }, headers: NAVIGATION })
    assert.equal(late.status, 401)
    assert.equal(photos.seen.length, 0)
    const preflight = { origin: 'https://other.example', 'access-control-request-method': 'PUT', ...script }
    seenIn(await stranger.ask('OPTIONS', '/api', { headers: preflight }))
    assert.equal((await at(browser(), WIKI).ask('OPTIONS', '/api', { headers: preflight })).status, 401)
  })

  test(`behind ${name}, ten tabs that are opened at once all arrive`, async (t) => {
    const { root, browser } = await stageWith(t, name)
    const clients = browser()
    const urls = Array.from({ length: 10 }, (_, tab) => `https://${PHOTOS}/tab/${tab}?n=${tab}`)
    const asked = await Promise.all(urls.map((url) => browse(clients, url)))
    const [first] = asked
    assert.ok(first)
    await signInAt(clients, first.url, root)
    // Each tab goes on from where it waits.
    const arrived = await Promise.all(asked.map(({ url }) => browse(clients, url.href)))
    assert.deepEqual(
      arrived.map(({ reply }) => `https://${PHOTOS}${seenIn(reply).url}`),
      urls,
    )
  })

  test(`behind ${name}, a WebSocket passes for who is signed in, and no other`, async (t) => {
    const { root, browser, photos, proxy } = await stageWith(t, name)
    const clients = browser()
    await enter(clients, PAGE, root)
    const cookie = `${COOKIE}=${cookieValue(at(clients, PHOTOS).cookies.get(COOKIE) ?? '')}`
    assert.equal(await echoed(proxy, cookie, 'ping'), 'ping')
    assert.equal(photos.seen.at(-1)?.headers['remote-user'], 'root')
    const before = photos.seen.length
    await assert.rejects(echoed(proxy, '', 'ping'), /401|302/)
    assert.equal(photos.seen.length, before)
  })

  test(`behind ${name}, an API token for one host opens that host alone`, async (t) => {
    const { browser, admin, proxy } = await stageWith(t, name)
    const hosts = await admin.ask('GET', `/hosts/${PHOTOS}`)
    const made = await admin.ask('POST', '/users/me/tokens', {
      payload: { name: 'sync', host: hosts.body['name'], scopes: [] },
    })
    assert.equal(made.status, 200, made.text)
    const token = String(made.body['token'])
    const basic = (username: string): string => `Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`
    const stranger = at(browser(), PHOTOS)
    const program = { accept: '*/*' }
    for (const authorization of [`Bearer ${token}`, basic('root')]) {
      const seen = seenIn(await stranger.ask('GET', '/dav', { headers: { ...program, authorization } }))
      assert.deepEqual([seen.headers['remote-user'], seen.headers.authorization], ['root', authorization])
      const elsewhere = await at(browser(), WIKI).ask('GET', '/', { headers: { ...program, authorization } })
      assert.equal(elsewhere.status, 401)
    }
    const wrongName = await stranger.ask('GET', '/dav', { headers: { ...program, authorization: basic('ada') } })
    assert.equal(wrongName.status, 401)
    assert.equal((await proxy.client(ADA).ask('GET', '/users/me', { token })).status, 401)
    // What is no token of ours belongs to the app, which is asked once the visitor may enter.
    const own = await stranger.ask('GET', '/public/git', { headers: { ...program, authorization: 'Basic YTpi' } })
    assert.equal(seenIn(own).headers.authorization, 'Basic YTpi')
  })

  test(`behind ${name}, nothing reaches the app while Doorward is away`, async (t) => {
    const { root, browser, photos, server } = await stageWith(t, name)
    const clients = browser()
    await enter(clients, PAGE, root)
    const before = photos.seen.length
    await server.stop()
    for (const path of ['/page', '/public/a', '/.doorward/start']) {
      const reply = await at(clients, PHOTOS).ask('GET', path, { headers: NAVIGATION })
      assert.ok([502, 503].includes(reply.status), `${path}: ${reply.status}`)
    }
    assert.equal(photos.seen.length, before)
  })
}

/** The name and the groups that the headers of a request say. */
function namesIn(headers: Readonly<Record<string, unknown>>): [unknown, unknown] {
  assert.deepEqual(
    Object.keys(headers).filter((header) => /^remote_/i.test(header)),
    [],
  )
  return [headers['remote-user'], headers['remote-groups']]
}

/** Signs in on the way to a host, and stops at the link with the code. */
async function codeOf(clients: Clients, user: SignInData): Promise<string> {
  const asked = await browse(clients, PAGE)
  const back = await signInAt(clients, asked.url, user)
  const answer = await at(clients, HOST).ask('GET', back.pathname + back.search, { headers: NAVIGATION })
  const url = new URL(answer.headers.location ?? /url=([^"]+)"/.exec(answer.text)?.[1]?.replaceAll('&amp;', '&') ?? '')
  assert.deepEqual([url.hostname, url.pathname], [PHOTOS, '/.doorward/enter'])
  return url.pathname + url.search
}

/** Opens a WebSocket at the first host and sends some bytes; resolves with what comes back. */
async function echoed(proxy: Proxy, cookie: string, text: string): Promise<string> {
  const { port, ca } = proxy.client(ADA, PHOTOS).connection()
  const sent = request({
    host: '127.0.0.1',
    port,
    ca,
    servername: PHOTOS,
    path: '/socket',
    headers: {
      host: PHOTOS,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-fetch-mode': 'websocket',
      'sec-fetch-dest': 'empty',
      ...(cookie !== '' && { cookie }),
    },
  })
  sent.end()
  const upgraded = once(sent, 'upgrade')
  const answered = once(sent, 'response').then(([{ statusCode }]) => {
    throw new Error(`answered ${String(statusCode)}`)
  })
  const [, socket] = (await Promise.race([upgraded, answered])) as [unknown, import('node:net').Socket]
  socket.write(text)
  const [data] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return data.toString()
}
