// The access that a route declares is enforced before the body of a request is read.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { issueApiToken } from '#domain/api-tokens/api-token.service.ts'
import { insertUser } from '#domain/users/user.service.ts'
import { OPERATOR } from '#entry/boot.ts'
import { contextFor, type Dependencies, inTransaction } from '#foundation/context.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { type Access, signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { openGuardedApp } from '#test/support/server/guarded-routes.ts'

const ACCESSES: readonly Access[] = ['anyone', 'attempt', 'signed-in', 'users:write']
const ANONYMOUS_JSON = { 'content-type': 'application/json' }

function declared(app: App): void {
  const [open, inSession] = [{ access: 'anyone' }, { access: 'signed-in' }] as const
  for (const access of ACCESSES) {
    app.post(`/${access}`, { config: { access, undocumented: true } }, ({ ctx }) => ({ kind: ctx.principal.kind }))
  }
  app.post('/proof', { config: { ...inSession, authentication: 'recent', undocumented: true } }, () => ({}))
  app.get('/page', { config: { ...inSession, page: true } }, () => 'page')
  app.get('/open-page', { config: { ...open, page: true } }, ({ ctx }) => ctx.principal.kind)
  app.get('/needs-session', { config: { ...inSession, undocumented: true } }, ({ ctx }) => signedIn(ctx).principal.kind)
}

test('each access admits exactly the principals that it names', async (t) => {
  const { app, token } = await openGuardedApp(t, [declared])
  const principals = {
    anonymous: undefined,
    user: await token('bearer', 'user'),
    admin: await token('bearer', 'admin'),
    'admin without a second factor': await token('bearer', 'admin', null),
  }
  // In the order of ACCESSES.
  const expected: Record<keyof typeof principals, readonly (string | number)[]> = {
    anonymous: [200, 200, 'access.not_authenticated', 'access.not_authenticated'],
    user: [200, 200, 200, 'access.insufficient_permissions'],
    admin: [200, 200, 200, 200],
    'admin without a second factor': [200, 200, 200, 'access.second_factor_missing'],
  }
  for (const [principal, bearer] of Object.entries(principals)) {
    const headers = bearer === undefined ? {} : { authorization: `bearer ${bearer}` }
    const answers: (string | number)[] = []
    for (const access of ACCESSES) {
      const reply = await app.inject({ method: 'POST', url: `/${access}`, headers })
      answers.push(reply.statusCode === 200 ? 200 : reply.json<{ code: string }>().code)
    }
    assert.deepEqual(answers, expected[principal as keyof typeof principals], principal)
  }
})

test('a route that declares no access stops the boot and is named', async (t) => {
  const undeclared = (app: App): void => void app.get('/undeclared', { config: { undocumented: true } }, () => ({}))
  await assert.rejects(openGuardedApp(t, [undeclared]), /GET \/undeclared declares no access/)
})

test('a documented route without an operation id stops the boot and is named', async (t) => {
  const nameless = (app: App): void => void app.get('/nameless', { config: { access: 'anyone' } }, () => ({}))
  await assert.rejects(openGuardedApp(t, [nameless]), /GET \/nameless needs an operationId/)
})

test('a malformed request of an anonymous client is refused for access before its body is read', async (t) => {
  const { app } = await openGuardedApp(t, [declared])
  const reply = await app.inject({ method: 'POST', url: '/signed-in', headers: ANONYMOUS_JSON, payload: '{' })
  assert.equal(reply.statusCode, 401)
  assert.equal(reply.headers['www-authenticate'], 'Bearer')
  assert.equal(reply.json<{ detail: string }>().detail, 'Not authenticated')
})

test('credentials of another scheme count as none, and an invalid bearer token is refused as invalid', async (t) => {
  const { app, token } = await openGuardedApp(t, [declared])
  const cookie = await token('cookie', 'user')
  const details = {
    'Basic Og==': 'Not authenticated',
    Bearer: 'Could not validate credentials',
    'Bearer nonsense': 'Could not validate credentials',
    [`Bearer ${cookie}`]: 'Could not validate credentials',
  }
  for (const [authorization, detail] of Object.entries(details)) {
    const reply = await app.inject({ method: 'POST', url: '/signed-in', headers: { authorization } })
    assert.equal(reply.statusCode, 401, authorization)
    assert.equal(reply.json<{ detail: string }>().detail, detail, authorization.slice(0, 12))
  }
})

test('a session is refused on the transport of the other kind, and a bearer token outweighs the cookie', async (t) => {
  const { app, token } = await openGuardedApp(t, [declared])
  const [bearer, cookie] = [await token('bearer', 'user'), await token('cookie', 'user')]
  const same = { 'sec-fetch-site': 'same-origin' }
  const post = async (headers: Record<string, string>) =>
    (await app.inject({ method: 'POST', url: '/signed-in', headers })).statusCode
  assert.equal(await post({ cookie: `session=${cookie}`, ...same }), 200)
  assert.equal(await post({ cookie: `session=${bearer}`, ...same }), 401)
  assert.equal(await post({ cookie: `session=${cookie}`, authorization: 'Bearer nonsense', ...same }), 401)
})

test('a cookie is accepted only in requests from the server’s own pages', async (t) => {
  const { app, token } = await openGuardedApp(t, [declared])
  const cookie = `session=${await token('cookie', 'user')}`
  const origins: [Record<string, string>, number][] = [
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ origin: 'http://localhost:8000' }, 200],
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://localhost:8000' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ origin: 'http://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 403],
  ]
  for (const [headers, status] of origins) {
    const reply = await app.inject({ method: 'POST', url: '/signed-in', headers: { cookie, ...headers } })
    assert.equal(reply.statusCode, status, JSON.stringify(headers))
  }
  const bearer = { authorization: `Bearer ${await token('bearer', 'user')}`, origin: 'http://evil.example' }
  assert.equal((await app.inject({ method: 'POST', url: '/signed-in', headers: bearer })).statusCode, 200)
})

test('an authentication stops being recent when its lifetime is over', async (t) => {
  const { app, clock, token } = await openGuardedApp(t, [declared])
  const headers = { authorization: `Bearer ${await token('bearer', 'user')}` }
  clock.pass(minutes(10))
  assert.equal((await app.inject({ method: 'POST', url: '/proof', headers })).statusCode, 200)
  clock.pass(1)
  const reply = await app.inject({ method: 'POST', url: '/proof', headers })
  assert.equal(reply.statusCode, 401)
  assert.equal(reply.headers['www-authenticate'], 'Bearer error="insufficient_user_authentication", max_age=600')
})

test('a page that is opened without a session redirects to the sign-in, with the page as `next`', async (t) => {
  const { app } = await openGuardedApp(t, [declared])
  const reply = await app.inject('/page?tab=1')
  assert.equal(reply.statusCode, 303)
  assert.equal(reply.headers.location, '/sign-in?next=%2Fpage%3Ftab%3D1')
})

test('a page that is open to all has the signed-in user, and is shown without one after the session has expired', async (t) => {
  const { app, clock, token } = await openGuardedApp(t, [declared])
  const headers = { cookie: `session=${await token('cookie', 'user')}` }
  assert.equal((await app.inject({ url: '/open-page', headers })).body, 'session')
  clock.pass(minutes(61))
  assert.equal((await app.inject({ url: '/open-page', headers })).body, 'anonymous')
})

test('an API token is ignored on a page that is open to all', async (t) => {
  const { app, deps } = await openGuardedApp(t, [declared])
  const headers = await headersWithApiToken(deps)
  assert.equal((await app.inject({ url: '/open-page', headers })).body, 'anonymous')
})

test('an API token is refused where the handler needs a session, whatever the route declared', async (t) => {
  const { app, deps, token } = await openGuardedApp(t, [declared])
  const inSession = { authorization: `Bearer ${await token('bearer', 'user')}` }
  assert.equal((await app.inject({ url: '/needs-session', headers: inSession })).body, 'session')
  const reply = await app.inject({ url: '/needs-session', headers: await headersWithApiToken(deps) })
  assert.equal(reply.json<{ code: string }>().code, 'access.session_required')
})

async function headersWithApiToken(deps: Dependencies): Promise<{ authorization: string }> {
  const ctx = contextFor(deps, OPERATOR)
  const user = await insertUser(ctx, { username: 'ada', role: 'user', secondFactorAt: ctx.now })
  const wanted = { name: 'Script', scopes: ['self:read'], expiresAt: ctx.now + minutes(60) } as const
  const { token } = await inTransaction(ctx, (tx) => issueApiToken(tx, user, wanted, true))
  return { authorization: `Bearer ${token.reveal()}` }
}

test('using a session keeps it alive beyond its idle lifetime', async (t) => {
  const { app, clock, deps, token } = await openGuardedApp(t, [declared])
  const headers = { authorization: `Bearer ${await token('bearer', 'user')}` }
  const started = clock.now()
  clock.pass(minutes(50))
  assert.equal((await app.inject({ method: 'POST', url: '/signed-in', headers })).statusCode, 200)
  // The time of last use is written after the answer.
  const lastSeen = () => deps.db.selectFrom('session').select('last_seen_at').executeTakeFirstOrThrow()
  while ((await lastSeen()).last_seen_at === started) await new Promise(setImmediate)
  clock.pass(minutes(50))
  assert.equal((await app.inject({ method: 'POST', url: '/signed-in', headers })).statusCode, 200)
})
