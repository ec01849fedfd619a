// Threats to protected hosts, by the letters of the traps of forward-auth: forged headers, codes and cookies of another host or browser, paths
// that proxy and app read otherwise, circles, and tokens that are used elsewhere.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { findHostByName, updateHost } from '#domain/hosts/host.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import {
  assertArrived,
  forwarded,
  HostBrowser,
  identityIn,
  NAVIGATION,
  protect,
  SCRIPT,
  TRUSTING,
  verify,
  WIKI,
} from '../support/hosts/protected-site.ts'
import { followIn } from '../support/hosts/signs-in.ts'
import { tokenForHost } from '../support/hosts/token-for-host.ts'
import { browserOf } from '../support/openid/app-race.ts'
import { ownPageScene, stored } from '../support/pages/page-scenes.ts'
import { hostRule } from '../support/people/hosts.ts'
import { ask } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'
import { twoNodes } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

const AT = `https://${WIKI}`
const CLOUD = 'cloud.example.org'
const settings = TRUSTING
const NOBODY = { user: '', subject: '', name: '', email: '', groups: '' }
const HOST_COOKIE = '__Host-doorward'

async function codesOf(server: Server) {
  return server.doorward.db.selectFrom('host_code').select(['id', 'consumed_at as consumedAt']).execute()
}

onEachDatabase('a code and a cookie open nothing at another host, nor in another browser', async (t, dialect) => {
  const { server, browser: visitor } = await ownPageScene(t, { dialect, settings })
  await protect(server)
  await protect(server, { name: CLOUD })
  const browser = new HostBrowser(server, visitor)
  const enter = await followIn(browser, `${AT}/page`, 3)
  const path = enter.slice(AT.length)

  // With the cookies of the first host, as if a proxy had mixed them up.
  const leaving = [...browser.cookiesOf()].map(([name, value]) => `${name}=${value}`).join('; ')
  const elsewhere = await forwarded(server, path, path, { host: CLOUD, headers: { ...NAVIGATION, cookie: leaving } })
  assert.deepEqual([elsewhere.statusCode, elsewhere.cookies.some(({ name }) => name === HOST_COOKIE)], [302, false])
  const stranger = new HostBrowser(server)
  const blocked = await stranger.send(enter)
  assert.deepEqual([blocked.statusCode, blocked.cookies], [403, []])
  assert.match(blocked.body, /keeps no cookies here/)
  // A victim who left for the host too, and is led to the code of the attacker (login CSRF).
  await stranger.send(`${AT}/.doorward/start?to=/`)
  const victim = await stranger.send(enter)
  assert.ok(!victim.cookies.some(({ name }) => name === HOST_COOKIE))
  assert.match(String(victim.headers.location), /\/auth\/for-host\?/)
  const again = await stranger.send(enter)
  assert.deepEqual([again.statusCode, /keeps no cookies here/.test(again.body)], [403, true])

  assertArrived(await browser.follow(enter), `${AT}/page`, 'ada')
  const cookie = `${HOST_COOKIE}=${browser.cookiesOf().get(HOST_COOKIE)}`
  assert.equal((await verify(server, '/', { headers: { cookie } })).statusCode, 204)
  assert.equal((await verify(server, '/', { host: CLOUD, headers: { cookie } })).statusCode, 401)
  // The cookie of a host is no session here, and that of a session none there.
  const value = String(browser.cookiesOf().get(HOST_COOKIE))
  for (const headers of [{ cookie: `session=${value}` }, { authorization: `Bearer ${value}` }])
    assert.equal((await ask(server, 'GET', '/users/me', { headers })).status, 401)
  const own = visitor.cookies.get('session') ?? ''
  assert.equal((await verify(server, '/', { headers: { cookie: `${HOST_COOKIE}=${own}` } })).statusCode, 401)
})

onEachDatabase('a code that two nodes get at once signs in one browser once', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect, { settings })
  const [server] = nodes
  await protect(server)
  const browser = new HostBrowser(server, await browserOf(root))
  const enter = (await followIn(browser, `${AT}/page`, 3)).slice(AT.length)
  const cookie = [...browser.cookiesOf()].map(([name, value]) => `${name}=${value}`).join('; ')
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => {
      const node = nodes[index % 2] ?? server
      return forwarded(node, enter, enter, { headers: { ...NAVIGATION, cookie } })
    }),
  )
  const entered = answers.filter(({ cookies }) => cookies.some(({ name }) => name === HOST_COOKIE))
  assert.deepEqual([entered.length, answers.every(({ statusCode }) => statusCode === 302)], [1, true])
  const rows = await server.doorward.db.selectFrom('host_session').select('hash').execute()
  assert.equal(rows.length, 1)
})

leaveToTestAll()

test('a: each header is answered, empty for nobody', async (t) => {
  const { server } = await ownPageScene(t, { settings })
  await protect(server, { rules: [hostRule('/public', { who: 'everyone' })], preflights: true })
  assert.deepEqual(identityIn(await verify(server, '/public/x')), NOBODY)
  const headers = { origin: 'https://other.example', 'access-control-request-method': 'PUT' }
  const preflight = await verify(server, '/data', { method: 'OPTIONS', headers })
  assert.deepEqual([preflight.statusCode, identityIn(preflight)], [204, NOBODY])
  assert.equal((await verify(server, '/data', { method: 'OPTIONS' })).statusCode, 401)
  await protect(server, { name: CLOUD })
  assert.equal((await verify(server, '/data', { host: CLOUD, method: 'OPTIONS', headers })).statusCode, 401)
})

test('b: behind nginx, the status is all that is answered, and the page comes from the start', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server, { rules: [hostRule('/admin', { who: 'roles', names: ['admin'] })] })
  const status = (uri: string, headers = {}) => forwarded(server, '/auth/verify?answer=status', uri, { headers })
  const asked = await status('/page?a=1&b=2', NAVIGATION)
  assert.deepEqual([asked.statusCode, asked.headers.location], [401, undefined])
  const start = await forwarded(server, '/.doorward/start', '/page?a=1&b=2', { headers: NAVIGATION })
  assert.match(String(start.headers.location), /^http:\/\/localhost:8000\/auth\/for-host\?host=wiki/)
  const browser = new HostBrowser(server, visitor)
  for (const { name, value } of start.cookies) browser.cookiesOf().set(name, value)
  assertArrived(await browser.follow(String(start.headers.location)), `${AT}/page?a=1&b=2`, 'ada')
  const cookie = `${HOST_COOKIE}=${browser.cookiesOf().get(HOST_COOKIE)}`
  assert.equal((await status('/admin', { cookie })).statusCode, 403)
  const refused = await forwarded(server, '/.doorward/start', '/admin', { headers: { ...NAVIGATION, cookie } })
  assert.deepEqual([refused.statusCode, refused.headers.location], [403, undefined])
  const script = await forwarded(server, '/.doorward/start', '/data', { headers: SCRIPT })
  assert.deepEqual([script.statusCode, script.headers.location, script.cookies], [401, undefined, []])
})

test('c, k: headers that come from elsewhere than a trusted proxy choose no host and no path', async (t) => {
  const { server } = await ownPageScene(t, { settings })
  await protect(server, { rules: [hostRule('/', { who: 'everyone' })] })
  await protect(server, { name: CLOUD })
  const named = {
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-host': WIKI,
    'x-forwarded-proto': 'https',
    'x-forwarded-method': 'GET',
    'x-forwarded-uri': '/',
  }
  const from = async (remoteAddress: string, headers: object) => {
    const { statusCode, headers: answered } = await server.app.inject({
      url: '/auth/verify',
      remoteAddress,
      headers: Object.fromEntries(Object.entries({ ...named, ...headers }).filter(([, value]) => value !== undefined)),
    })
    return [statusCode, answered.location]
  }
  assert.deepEqual(await from('127.0.0.1', {}), [204, undefined])
  assert.deepEqual(await from('203.0.113.7', {}), [403, undefined])
  // Not one of them may be absent, or stand there twice.
  for (const name of Object.keys(named))
    assert.deepEqual(await from('127.0.0.1', { [name]: undefined }), [403, undefined], name)
  for (const name of ['x-forwarded-host', 'x-forwarded-uri', 'x-forwarded-method'])
    assert.deepEqual(await from('127.0.0.1', { [name]: [`${CLOUD}`, WIKI] }), [403, undefined], name)
  // Names that another product reads choose nothing.
  const other = { 'x-original-url': '/', 'x-forwarded-path': '/', 'x-rule': 'everyone', 'remote-user': 'root' }
  assert.equal((await verify(server, '/', { host: CLOUD, headers: other })).statusCode, 401)
  const { items } = await listEvents(server.operator(), { action: 'host.refused', limit: 20 })
  assert.deepEqual(
    new Set(items.map(({ reason }) => reason)),
    new Set(['host_headers', 'host_malformed', 'host_not_proxied']),
  )
})

test('d: a path that is read in two ways opens only what both readings open', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t, { settings })
  const rules = [
    hostRule('/admin', { who: 'roles', names: ['admin'] }),
    hostRule('/public', { who: 'everyone' }),
    hostRule('/api', { who: 'everyone', methods: ['GET'] }),
  ]
  await protect(server, { rules })
  const browser = new HostBrowser(server, visitor)
  await browser.open(`${AT}/`)
  const cookie = `${HOST_COOKIE}=${browser.cookiesOf().get(HOST_COOKIE)}`
  for (const path of [
    '/public/../admin',
    '/public/%2e%2e/admin',
    '/public/%252e%252e/admin',
    '/public/..%2fadmin',
    '/public/..;/admin',
    '/public;/../admin',
    '/public\\..\\admin',
    '//admin',
    '/./admin',
    '/%61dmin',
    '/%2561dmin',
    '/Admin',
    '/ADMIN/users',
    '/admin%2fusers',
    '/admin%00',
    '/admin%0d%0a',
    '/%ef%bd%81dmin',
    '/adm%c4%b1n',
    '/x/..%5c..%5cadmin',
  ]) {
    const { statusCode } = await verify(server, path, { headers: { cookie } })
    assert.equal(statusCode, 403, path)
  }
  for (const path of ['/group%2fproject', '/files/a%20b.txt', '/administration', '/.well-known/caldav', '/a;b=c/d'])
    assert.equal((await verify(server, path, { headers: { cookie } })).statusCode, 204, path)
  for (const [method, status] of [
    ['GET', 204],
    ['HEAD', 204],
    ['POST', 401],
    ['get', 403],
    ['GET X', 403],
  ] as const)
    assert.equal((await verify(server, '/api', { method })).statusCode, status, method)
})

test('e: a wanted path of any length that proxies pass on leads back, at least to its page', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server)
  const long = `/page?${'x'.repeat(1900)}`
  assertArrived(await new HostBrowser(server, visitor).open(AT + long), AT + long, 'ada')
  assertArrived(await new HostBrowser(server, visitor).open(`${AT}/page?${'x'.repeat(7000)}`), `${AT}/page`, 'ada')
})

test('f: a host that is not registered is refused at each route, and never led anywhere', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server)
  for (const host of ['evil.example', 'wiki.example.org.evil.example', 'localhost:8000', 'wiki.example.org.'])
    for (const asked of ['/auth/verify', '/.doorward/start', '/.doorward/enter?code=x']) {
      const { statusCode, headers } = await forwarded(server, asked, '/', { host, headers: NAVIGATION })
      assert.deepEqual([statusCode, headers.location], [403, undefined], host + asked)
    }
  const page = await visitor.page(`/auth/for-host?host=evil.example&leaving=${'0'.repeat(64)}`, 403)
  assert.match(page.main.text, /This host isn’t registered/)
  assert.deepEqual(await codesOf(server), [])
})

test('i: http hosts are refused, but for those on this machine', async (t) => {
  const { server } = await ownPageScene(t, { settings })
  await protect(server, { rules: [hostRule('/', { who: 'everyone' })] })
  await protect(server, { name: '127.0.0.1' })
  assert.equal((await verify(server, '/', { scheme: 'http' })).statusCode, 403)
  const local = await verify(server, '/', { scheme: 'http', host: '127.0.0.1', headers: NAVIGATION })
  assert.deepEqual([local.statusCode, new URL(String(local.headers.location)).origin], [302, 'http://127.0.0.1'])
})

test('l: a disabled user and a stricter rule are refused at the next request at each host', async (t) => {
  const { server, admin, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server)
  await protect(server, { name: CLOUD })
  const browser = new HostBrowser(server, visitor)
  const hosts = [AT, `https://${CLOUD}`]
  const statuses = async () =>
    Promise.all(hosts.map(async (at) => (await browser.send(`${at}/`, { headers: SCRIPT })).statusCode))
  for (const at of hosts) assertArrived(await browser.open(`${at}/`), `${at}/`, 'ada')
  assert.deepEqual(await statuses(), [204, 204])
  const ctx = server.operator()
  const host = await findHostByName(ctx, WIKI)
  assert.ok(host)
  const rules = [hostRule('/', { who: 'roles', names: ['admin'] })]
  await inTransaction(ctx, (tx) => updateHost(tx, host, { ...host, rules }))
  assert.deepEqual(await statuses(), [403, 204])
  const { id } = await stored(server, 'ada')
  assert.equal((await admin.asks('POST', `/users/${id}/disable`)).status, 200)
  assert.deepEqual(await statuses(), [401, 401])
})

test('l: only a form of the host itself signs out, not one of a neighbour, and no link', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server)
  const browser = new HostBrowser(server, visitor)
  await browser.open(`${AT}/`)
  const signOut = (headers: Record<string, string>) =>
    browser.send(`${AT}/.doorward/sign-out`, { method: 'POST', headers })
  for (const headers of [
    { 'sec-fetch-site': 'same-site', origin: `https://${CLOUD}` },
    { 'sec-fetch-site': 'cross-site' },
    { origin: `https://${CLOUD}` },
  ] as Record<string, string>[])
    assert.equal((await signOut(headers)).statusCode, 403)
  const link = await browser.send(`${AT}/.doorward/sign-out`)
  assert.deepEqual([link.statusCode, link.headers.location], [302, 'http://localhost:8000/sign-out'])
  assert.equal((await browser.send(`${AT}/`, { headers: SCRIPT })).statusCode, 204)
  assert.equal((await signOut({ ...SCRIPT, 'sec-fetch-site': 'same-origin' })).statusCode, 204)
  assert.equal((await visitor.open('/account')).statusCode, 303)
})

test('m: no wanted path leads off its host', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server)
  for (const to of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/',
    '/\t/evil.example',
    '',
    '/.doorward/sign-out',
  ]) {
    const browser = new HostBrowser(server, visitor)
    const { url } = await browser.follow(`${AT}/.doorward/start?${new URLSearchParams({ to })}`)
    assert.equal(url, `${AT}/`, to)
    assert.ok(
      browser.trail.every((one) => [AT, 'http://localhost:8000'].includes(new URL(one).origin)),
      browser.trail.join(),
    )
  }
})

test('o: headers as large as a proxy passes on are no error', async (t) => {
  const { server, baseUrl } = await listening(t, { settings: { trusted_proxies: '127.0.0.1, ::1' } })
  await protect(server, { rules: [hostRule('/', { who: 'everyone' })] })
  const send = (size: number) =>
    fetch(`${baseUrl}/auth/verify`, {
      headers: {
        'x-forwarded-for': '203.0.113.7',
        'x-forwarded-host': WIKI,
        'x-forwarded-proto': 'https',
        'x-forwarded-method': 'GET',
        'x-forwarded-uri': '/',
        'x-large': 'x'.repeat(size),
      },
    })
  assert.equal((await send(31_000)).status, 204)
  assert.equal((await send(33_000)).status, 431)
})

test('r: a program is asked for a token where the host takes one; a browser never is', async (t) => {
  const { server } = await ownPageScene(t, { settings })
  await protect(server, { apiTokens: true })
  await protect(server, { name: CLOUD })
  const asked = async (host: string, headers: Record<string, string>) => {
    const answer = await forwarded(server, '/.doorward/start', '/dav', { host, headers, method: 'PROPFIND' })
    return [answer.statusCode, answer.headers['www-authenticate']]
  }
  assert.deepEqual(await asked(WIKI, {}), [401, `Basic realm="${WIKI}"`])
  assert.deepEqual(await asked(WIKI, SCRIPT), [401, undefined])
  assert.deepEqual(await asked(CLOUD, {}), [401, undefined])
})

test('s: a rule that stays unmet leads nowhere twice', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server, { rules: [hostRule('/vault', { leastAssurance: 'phishing-resistant' })] })
  const browser = new HostBrowser(server, visitor)
  const { answer } = await browser.open(`${AT}/vault`)
  assert.deepEqual([answer.statusCode, /href="\/account\/security\/passkeys\/new"/.test(answer.body)], [403, true])
  // A browser that leaves the requirement out of the URL comes back, once.
  const forHost = await followIn(browser, `${AT}/vault`, 2)
  const { answer: back } = await browser.follow(forHost.replace(/&least=[^&]+/, ''))
  assert.deepEqual([back.statusCode, /still asks for more/.test(back.body)], [403, true])
})

test('a token opens the host for which it was made, and nothing else', async (t) => {
  const { server, admin } = await ownPageScene(t, { settings })
  const rules = [hostRule('/vault', { maxAge: minutes(5) }), hostRule('/public', { who: 'everyone' })]
  const host = await protect(server, { apiTokens: true, rules })
  await protect(server, { name: CLOUD, apiTokens: true })
  const closed = await protect(server, { name: 'closed.example.org' })
  const token = await tokenForHost(server, 'ada', host)
  const basic = (name: string, password = token) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
  const status = async (authorization: string, { host: at = WIKI, uri = '/repo.git' } = {}) =>
    (await verify(server, uri, { host: at, headers: { authorization } })).statusCode
  const opened = await verify(server, '/repo.git', { headers: { authorization: `Bearer ${token}` } })
  assert.deepEqual([opened.statusCode, identityIn(opened)['user']], [204, 'ada'])
  assert.equal(await status(basic('ada')), 204)
  assert.equal(await status(basic('root')), 401)
  assert.equal(await status(`Bearer ${token}x`), 401)
  // A wrong token is refused on an open path too; what belongs to the app is left alone.
  assert.equal(await status(`Bearer ${token}x`, { uri: '/public' }), 401)
  assert.equal(await status(basic('ada', 'a password of the app'), { uri: '/public' }), 204)
  assert.equal(await status(`Bearer ${token}`, { uri: '/vault' }), 403)
  for (const at of [CLOUD, 'closed.example.org']) assert.equal(await status(`Bearer ${token}`, { host: at }), 401, at)
  const unused = await tokenForHost(server, 'ada', closed)
  assert.equal(await status(`Bearer ${unused}`, { host: 'closed.example.org' }), 401)
  assert.equal((await ask(server, 'GET', '/users/me', { headers: { authorization: `Bearer ${token}` } })).status, 401)
  const ordinary = String(admin.token)
  assert.equal(await status(`Bearer ${ordinary}`), 401)
})

test('a program that holds a session gets no code, and a user without a name is led in no circle', async (t) => {
  const { server, admin, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server)
  const url = `/auth/for-host?host=${WIKI}&leaving=${'0'.repeat(64)}`
  const headers = { authorization: `Bearer ${admin.token}` }
  const { raw } = await ask(server, 'GET', url, { headers })
  assert.match(String(raw.headers.location), /^\/sign-in\?/)
  assert.deepEqual(await codesOf(server), [])
  await server.doorward.db.updateTable('users').set({ username: '' }).where('username', '=', 'ada').execute()
  const { answer } = await new HostBrowser(server, visitor).open(`${AT}/`)
  assert.deepEqual([answer.statusCode, await codesOf(server)], [403, []])
})
