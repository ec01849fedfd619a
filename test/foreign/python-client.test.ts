// clients/python/doorward.py against a real server, and against servers that answer late, too much, or what was not asked.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { seconds } from '#foundation/kernel/time.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from '../support/mail/certificate.ts'
import { registerApp, signInAt, type TestApp } from '../support/openid/apps.ts'
import { registerApi, RESOURCE_URI } from '../support/openid/resources.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { firstAdmin, newcomer } from '../support/people/people.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { answering, answeringBytes, type Outcome, startDriver, withoutStream } from './python-driver.ts'

/** An app of which ada has a token, an API for which that app has one, and a Python process that asks about them. */
async function scene(t: TestContext) {
  const settings = { trusted_proxies: '127.0.0.1,::1' }
  // By the time of the answers the tokens have ended, so that none is remembered.
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now() - seconds(600)), settings })
  const root = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(root, 'ada')
  const browser = new Visitor(server)
  await signsIn(browser, ada)
  const app = await registerApp(server, { scopes: ['openid', 'roles', 'groups'] })
  const orders = await registerApi(server)
  const own = await signInAt(browser, app, { scope: 'openid roles groups' })
  const forOrders = await signInAt(browser, app, { scope: 'openid read', resource: RESOURCE_URI })
  const run = startDriver(t)
  const made = async (name: string, { client, secret }: TestApp, more = {}): Promise<void> => {
    const options = { url: baseUrl, client_id: client.id, client_secret: secret, ...more }
    assert.equal((await run('make', { name, ...options })).error, undefined)
  }
  await made('app', app)
  const verify = (name: string, token: string, demands = {}): Promise<Outcome> =>
    run('verify', { name, authorization: `Bearer ${token}`, demands })
  return { server, baseUrl, root, ada, app, orders, own, forOrders, run, made, verify, token: own.access_token }
}

const challengeOf = ({ headers }: Outcome): string => headers?.['WWW-Authenticate'] ?? ''

function assertRefused(outcome: Outcome, status: number, challenge = /^$/): void {
  assert.equal(outcome.status, status, JSON.stringify(outcome))
  assert.match(challengeOf(outcome), challenge)
}

test('a token is taken by the app that it is for, and refused at the next request once its user is disabled', async (t) => {
  const { root, ada, app, orders, own, forOrders, made, verify, run, token } = await scene(t)
  await made('orders', orders.api, { resources: [RESOURCE_URI] })
  const user = await verify('app', token)
  assert.deepEqual([user['subject'], user['client'], user['roles']], [own.claims()?.sub, app.client.id, ['user']])
  assert.ok(!String(user['repr']).includes(token), 'a log of the user would show the token')
  const { scopes } = (await verify('orders', forOrders.access_token)) as { scopes?: string[] }
  assert.ok(scopes?.includes('read'))

  const others = [own.id_token, own.refresh_token, forOrders.access_token, `${token}A`, root.token]
  for (const other of [...others, (await apiTokenOf(root)).token])
    assertRefused(await verify('app', String(other)), 401, /error="invalid_token"/)
  assertRefused(await verify('orders', token), 401, /error="invalid_token"/)
  await run('make', { name: 'sessions', url: 'http://localhost:1', sessions: true })
  assertRefused(await verify('sessions', token), 401, /error="invalid_token"/)

  const { body } = await root.asks('GET', `/users?q=${ada.username}`)
  const [{ id } = { id: 0 }] = body['items'] as { id: number }[]
  await root.asks('POST', `/users/${id}/disable`)
  assertRefused(await verify('app', token), 401, /error="invalid_token"/)
  assertRefused(await verify('orders', forOrders.access_token), 401, /error="invalid_token"/)
})

test('a request may need scopes, roles, groups, a strength of the sign-in and its age, and learns what is missing', async (t) => {
  const { verify, token, run, baseUrl } = await scene(t)
  const asks = (demands: object) => verify('app', token, demands)
  const fine = { scopes: 'roles', roles: ['admin', 'user'], acr: 'urn:doorward:two-factors', max_age: 3600 }
  assert.equal((await asks(fine)).status, 200)
  assertRefused(await asks({ scopes: ['roles', 'write'] }), 403, /error="insufficient_scope", scope="roles write"/)
  // A string that stands for a list is one role, not its letters.
  for (const demands of [{ roles: 'admin' }, { roles: 'use' }, { roles: [] }, { groups: ['Engineering'] }])
    assertRefused(await asks(demands), 403)
  const stronger = /error="insufficient_user_authentication", acr_values="urn:doorward:phishing-resistant", max_age="9"/
  assertRefused(await asks({ acr: 'urn:doorward:phishing-resistant', max_age: 9 }), 401, stronger)
  assertRefused(await asks({ max_age: 60 }), 401, /user_authentication", max_age="60"/)

  assert.match((await asks({ acr: 'phishing-resistant' })).error ?? '', /acr must be one of/)
  for (const options of [{}, { client_id: 'one' }, { url: 'localhost:8000' }, { url: 'https://ada@id.example.org' }])
    assert.ok((await run('make', { name: 'wrong', url: baseUrl, ...options })).error)
})

test('a token of POST /token is taken where sessions are, until it is signed out, with the age of its authentication', async (t) => {
  const { server, baseUrl, ada, root, run, verify } = await scene(t)
  await run('make', { name: 'sessions', url: `${baseUrl}/`, sessions: true })
  const signIn = (more: object) => run('sign_in', { name: 'sessions', username: ada.username, ...more })
  const wrong = await signIn({ password: 'wrong' })
  assert.deepEqual([wrong.status, wrong.code, challengeOf(wrong)], [401, 'sign_in.incorrect', 'Bearer'])
  const entered = await signIn({ password: ada.password + ada.code(), client: '198.51.100.7' })
  const token = String(entered['access_token'])
  const user = await verify('sessions', token)
  assert.deepEqual([user.status, user['client'], user['roles']], [200, null, ['user']])
  const { username } = user['claims'] as { username: string }
  assert.equal(username, ada.username)
  assertRefused(await verify('sessions', token, { roles: 'admin' }), 403)

  const demands = { acr: 'urn:doorward:two-factors', max_age: 3600 }
  const inFull = await verify('sessions', token, demands)
  assert.deepEqual([inFull.status, inFull['acr']], [200, 'urn:doorward:two-factors'])
  assert.equal(Math.round(Number(inFull['since'])), Math.round(server.clock.now() / 1000))
  assertRefused(
    await verify('sessions', token, { acr: 'urn:doorward:phishing-resistant' }),
    401,
    /insufficient_user_auth/,
  )

  const call = (method: string, path: string, body?: object) =>
    run('call', { name: 'sessions', authorization: `Bearer ${token}`, method, path, body })
  const own = (await call('GET', '/users/me/sessions'))['answer'] as { items: { address: string; current: boolean }[] }
  assert.equal(
    own.items.find(({ current }) => current)?.address,
    '198.51.100.7',
    'guesses count for the app as a whole',
  )
  assert.deepEqual([(await call('GET', '/users/1')).status, (await call('GET', '/none')).status], [403, 404])
  for (const other of [(await apiTokenOf(root)).token, 'dwa_none'])
    assertRefused(await verify('sessions', other), 401, /error="invalid_token"/)
  assert.equal((await call('DELETE', '/session'))['answer'], null)
  assertRefused(await verify('sessions', token), 401, /error="invalid_token"/)
  assertRefused(await verify('sessions', token, demands), 401, /error="invalid_token"/)
})

test('a client that is no IP address, and one with a line break, reach no header', async (t) => {
  const seen: unknown[] = []
  const url = await answering(t, (request, response) => {
    seen.push(request.headers['x-forwarded-for'], request.headers['x-other'])
    response.end('{"access_token":"dwa_one","later":1}')
  })
  const run = startDriver(t)
  await run('make', { name: 'sessions', url, sessions: true })
  for (const client of ['testclient', '192.0.2.1\r\nX-Other: 1', '192.0.2.1, 192.0.2.2', 'fe80::1%eth0'])
    assert.equal((await run('sign_in', { name: 'sessions', username: 'a', password: 'b', client }))['later'], 1)
  assert.deepEqual(seen, Array(8).fill(undefined))
})

test('what cannot be asked is 503 and said once: a wrong secret, a server that is away, and again when it answers', async (t) => {
  const { app, made, run, verify, token, server } = await scene(t)
  await made('wrong', app, { client_secret: 'wrong' })
  const refused = [await verify('wrong', token), await verify('wrong', token)]
  for (const outcome of refused) assertRefused(outcome, 503)
  assert.equal(refused[1]?.headers?.['Retry-After'], '1')
  assert.equal(refused[1]?.said.length, 1)
  assert.match(refused[1]?.said[0] ?? '', /status 401/)

  let isAway = true
  const url = await answering(t, (_request, response) => {
    if (isAway) response.writeHead(502).end('<h1>Bad gateway</h1>')
    else response.end(JSON.stringify({ ...claimsFor(app), later: { unknown: 1 } }))
  })
  await made('mended', app, { url })
  for (const _ of [1, 2]) assertRefused(await verify('mended', token), 503)
  isAway = false
  const { status, said, claims } = await verify('mended', token)
  assert.deepEqual([status, (claims as { later: unknown }).later], [200, { unknown: 1 }])
  assert.equal(said.at(-1), 'Doorward can be asked about an access token again.')
  assert.equal(said.length, 3)

  await server.app.close()
  assertRefused(await verify('app', token), 503)
  await run('make', { name: 'sessions', url: 'http://127.0.0.1:1', sessions: true })
  assertRefused(await verify('sessions', 'dwa_none'), 503)
  assertRefused(await run('sign_in', { name: 'sessions', username: 'a', password: 'b' }), 503)
})

const claimsFor = ({ client }: TestApp) => ({
  active: true,
  sub: 'ada',
  client_id: client.id,
  token_type: 'Bearer',
})

test('an answer that leads elsewhere, is huge, broken, late or dripping is no answer: 503 within the time', async (t) => {
  const { app, made, run, verify, token } = await scene(t)
  let followed = 0
  const good = await answering(t, (_request, response) => {
    followed += 1
    response.end(JSON.stringify(claimsFor(app)))
  })
  const json = JSON.stringify(claimsFor(app))
  const head = (length: number): string => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`
  const listeners: Readonly<Record<string, RequestListener>> = {
    redirect: (_, response) => response.writeHead(307, { location: `${good}/oidc/token/introspection` }).end(),
    'see other': (_, response) => response.writeHead(303, { location: `${good}/oidc/token/introspection` }).end(),
    huge: (_, response) => response.end(json + ' '.repeat(300_000)),
    'huge in chunks': (_, response) => response.write(json) && response.end(' '.repeat(300_000)),
    'endless in pieces': (_, response) => {
      const write = (): unknown => response.destroyed || (response.write('x'.repeat(65_536)), setImmediate(write))
      write()
    },
    'a page': (_, response) => response.end('<h1>Sign in to the network</h1>'),
    nested: (_, response) => response.end('['.repeat(200_000)),
    null: (_, response) => response.end('null'),
    list: (_, response) => response.end(`[${json}]`),
    'another status': (_, response) => response.writeHead(203).end(json),
    teapot: (_, response) => response.writeHead(418).end(json),
    'no time': (_, response) => response.end(JSON.stringify({ ...claimsFor(app), auth_time: 1e300 })),
    silent: () => undefined,
  }
  const bytes: Readonly<Record<string, readonly string[]>> = {
    'cut off': [`${head(json.length + 10)}${json}`],
    'no http': ['SSH-2.0-OpenSSH_9.9\r\n'],
    'dripping body': [head(200), ...json.split('')],
    'dripping head': Array<string>(200).fill('H'),
    'endless 100': Array<string>(200).fill('HTTP/1.1 100 Continue\r\n\r\n'),
  }
  const urls = {
    ...Object.fromEntries(
      await Promise.all(Object.entries(listeners).map(async ([n, l]) => [n, await answering(t, l)])),
    ),
    ...Object.fromEntries(
      await Promise.all(Object.entries(bytes).map(async ([n, b]) => [n, await answeringBytes(t, b, 40)])),
    ),
  } as Record<string, string>
  for (const [name, url] of Object.entries(urls)) {
    await made(name, app, { url, timeout: 0.4 })
    const { status, seconds: took } = await verify(name, token)
    assert.equal(status, 503, name)
    assert.ok(took < 2, `${name}: ${took} s`)
  }
  await run('make', { name: 'led', url: urls['redirect'], sessions: true })
  assertRefused(await run('sign_in', { name: 'led', username: 'ada', password: 'three calm words' }), 503)
  assert.equal(followed, 0)
  await made('good', app, { url: good })
  assert.equal((await verify('good', token)).status, 200)
})

test('an answer to one token is never taken for that of another, though a server sends two to one question', async (t) => {
  const { app, made, verify, token } = await scene(t)
  const answer = (claims: object): string => {
    const body = JSON.stringify(claims)
    return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  }
  const inactive = answer({ active: false })
  const url = await answeringBytes(t, [inactive, answer(claimsFor(app))])
  await made('two', app, { url })
  for (const _ of [1, 2, 3]) assertRefused(await verify('two', token), 401, /invalid_token/)
  const glued = await answeringBytes(t, [inactive + answer(claimsFor(app))])
  await made('glued', app, { url: glued })
  for (const _ of [1, 2, 3]) assertRefused(await verify('glued', token), 401, /invalid_token/)
})

test('a server is asked by HTTPS only where its certificate is trusted, and no proxy of the environment is asked', async (t) => {
  const proxy = await answering(t, (_request, response) => response.end(JSON.stringify({ active: false })))
  const tls = { cert: CERTIFICATE, key: CERTIFICATE_KEY }
  const listener: RequestListener = (_request, response) =>
    response.end(JSON.stringify({ active: true, sub: 'ada', client_id: 'one', token_type: 'Bearer' }))
  const url = (await answering(t, listener, tls)).replace('127.0.0.1', 'localhost')
  const path = join(await temporaryFolder(t), 'certificate.pem')
  writeFileSync(path, CERTIFICATE)
  const proxies = { http_proxy: proxy, https_proxy: proxy, HTTPS_PROXY: proxy, ALL_PROXY: proxy }
  for (const [env, status] of [
    [{ SSL_CERT_FILE: path, ...proxies }, 200],
    [{ PYTHONHTTPSVERIFY: '0' }, 503],
  ] as const) {
    const run = startDriver(t, env)
    await run('make', { name: 'secure', url, client_id: 'one', client_secret: 'two' })
    for (const _ of [1, 2]) {
      const outcome = await run('verify', { name: 'secure', authorization: 'Bearer token' })
      assert.equal(outcome.status, status, outcome.said.join())
    }
  }
})

test('tricks with the header are refused without a question to the server', async (t) => {
  const { app, made, run, token } = await scene(t)
  let asked = 0
  const listener: RequestListener = (_request, response) => {
    asked += 1
    response.end(JSON.stringify(claimsFor(app)))
  }
  const url = await answering(t, withoutStream(listener))
  await made('counted', app, { url })
  const asks = (...values: string[]) =>
    run('asgi', { name: 'counted', headers: values.map((value) => ['authorization', value]) })
  const bearer = `Bearer ${token}`
  for (const values of [
    [bearer, bearer],
    [`${bearer}, ${bearer}`],
    [`${bearer}\r\nX-Other: 1`],
    [`${bearer}\n`],
    [`${bearer}\u0000`],
    [`${bearer}é`],
    [`Bearer  ${token}`],
    ['Bearer '],
    ['Basic YTpi'],
    [token],
    [`Bearer ${'x'.repeat(4097)}`],
    [''],
  ]) {
    const [answer] = (await asks(...values))['sent'] as { status: number; headers: Record<string, string> }[]
    assert.equal(answer?.status, 401, values.join())
    assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer error="invalid_(?:request|token)"$/)
  }
  assert.equal(asked, 0)
  const [answer] = (await asks(`bearer ${token}`))['sent'] as { status: number }[]
  assert.deepEqual([answer?.status, asked], [200, 1])
})

test('a protected app sees requests of its users only, and those without a token where it may', async (t) => {
  const { run, own, token } = await scene(t)
  const asks = async (options: object, sent?: string): Promise<unknown[]> => {
    const headers = sent === undefined ? [] : [['authorization', `Bearer ${sent}`]]
    return (await run('asgi', { name: 'app', headers, ...options }))['sent'] as unknown[]
  }
  const subject = own.claims()?.sub
  assert.deepEqual(await asks({}, token), [{ status: 200, subject }])
  const [head, body] = await asks({})
  const length = { 'content-type': 'application/json', 'content-length': '38' }
  assert.deepEqual(head, { status: 401, headers: { ...length, 'www-authenticate': 'Bearer' } })
  assert.deepEqual(body, { type: 'http.response.body', body: '{"detail": "No access token was sent"}' })
  assert.deepEqual(await asks({ optional: true }), [{ status: 200, subject: null }])
  assert.partialDeepStrictEqual(await asks({ optional: true }, 'wrong'), [{ status: 401 }])
  assert.partialDeepStrictEqual(await asks({ roles: 'admin' }, token), [{ status: 403 }])
  assert.partialDeepStrictEqual(await asks({ roles: 'admin', optional: true }, token), [{ status: 403 }])
  const closed = { type: 'websocket.close', code: 1008, reason: 'No access token was sent' }
  assert.deepEqual(await asks({ kind: 'websocket' }), [closed])
  assert.deepEqual(await asks({ kind: 'websocket' }, token), [{ status: 200, subject }])
  assert.partialDeepStrictEqual(await asks({ kind: 'other' }), [{ status: 401 }])
  assert.deepEqual(await asks({ kind: 'lifespan' }), [{ status: 200, subject: null }])
})

for (const together of ['threads', 'coroutines'] as const)
  test(`a burst by ${together} asks once for each token, fifty at once, and what waits too long gets 503`, async (t) => {
    const { app, made, run, token } = await scene(t)
    let asked = 0
    let atOnce = 0
    let most = 0
    const listener: RequestListener = (_request, response) => {
      asked += 1
      most = Math.max(most, (atOnce += 1))
      setTimeout(() => {
        atOnce -= 1
        response.end(JSON.stringify(claimsFor(app)))
      }, held)
    }
    const url = await answering(t, withoutStream(listener))
    let held = 300
    await made('held', app, { url, timeout: 60 })
    await run('waits', { seconds: 60 })
    const authorizations = [
      ...Array<string>(40).fill(token),
      ...Array.from({ length: 79 }, (_, index) => `other${index}`),
    ]
    const burst = () => run(together, { name: 'held', authorizations: authorizations.map((one) => `Bearer ${one}`) })
    const statusesOf = (outcome: Outcome) => (outcome['all'] as { status: number }[]).map(({ status }) => status)
    const first = await burst()
    assert.deepEqual([new Set(statusesOf(first)), asked, most], [new Set([200]), 80, 50])
    if (together === 'coroutines') assert.ok(Number(first['turns']) > 10, 'the event loop stood still')

    held = 4000
    await run('waits', { seconds: 0.5 })
    const second = await burst()
    const busy = (second['all'] as Outcome[]).filter(({ status }) => status === 503)
    assert.deepEqual([busy.length, asked, most], [30, 130, 50])
    for (const { headers } of busy) assert.equal(headers?.['Retry-After'] ?? headers?.['retry-after'], '1')
    if (together === 'threads')
      for (const { seconds: took, detail } of busy) {
        assert.match(String(detail), /Too many questions/)
        assert.ok(took < 4, `${took} s`)
      }
  })

test('a request that is given up takes no answer from the others with the same token', async (t) => {
  const { app, made, run, token } = await scene(t)
  const url = await answering(t, (_request, response) => {
    setTimeout(() => response.end(JSON.stringify(claimsFor(app))), 300)
  })
  await made('held', app, { url })
  const authorizations = Array<string>(3).fill(`Bearer ${token}`)
  const { all } = await run('coroutines', { name: 'held', authorizations, cancelled: [0] })
  assert.partialDeepStrictEqual(all, [null, { status: 200 }, { status: 200 }])
})

test('a worker that was forked while another thread asks goes on by itself', async (t) => {
  const { run, verify, own, token } = await scene(t)
  assert.equal((await verify('app', token)).status, 200)
  for (let index = 0; index < 5; index += 1) {
    const { parent, child } = await run('fork', { name: 'app', authorization: `Bearer ${token}` })
    for (const outcome of [parent, child])
      assert.partialDeepStrictEqual(outcome, { status: 200, subject: own.claims()?.sub })
  }
})
