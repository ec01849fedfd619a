// Threat: the holder of an API token, its owner or a thief, tries to extend it: other scopes, a re-authentication, another
// transport, another owner, a use after its expiry or after its user's end. Named by the rows of the attack book.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { deleteExpiredApiTokens, issueApiToken } from '#domain/api-tokens/api-token.service.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { type BuiltInRole, type Scope, SCOPES } from '#foundation/kernel/principal.ts'
import { days, hours, minutes } from '#foundation/kernel/time.ts'
import { offeredScopes } from '#use-cases/account/tokens/new-token.pages.ts'
import { dumpOf } from '../support/databases/database-dump.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { apiTokenOf, asksWith, type Made } from '../support/people/api-tokens.ts'
import { peopled } from '../support/people/password-guesses.ts'
import { ask, newcomer, PASSWORD } from '../support/people/people.ts'
import { newSignedInUser } from '../support/people/replaceable-users.ts'
import { inTurn } from '../support/requests/in-turn.ts'
import { callRoute, guardedRoutes, scopesOf } from '../support/requests/live-routes.ts'
import { fieldErrorsIn, idOf, itemsOf, refusalIn } from '../support/requests/replies.ts'
import { newScene } from '../support/requests/valid-requests.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const ENDED = [401, 'access.invalid_token']
const NOT_ENOUGH = [403, 'access.session_required']

/** An API token of a new user, issued by the service. */
async function newApiToken(
  server: Server,
  role: BuiltInRole,
  scopes: readonly Scope[],
): Promise<Made & { subject: string }> {
  const { user } = await newSignedInUser(server, role)
  const ctx = server.operator()
  const wanted = { name: 'Script', scopes, expiresAt: ctx.now + days(1) }
  const { apiToken, token } = await inTransaction(ctx, (tx) => issueApiToken(tx, user, wanted, true))
  return { id: apiToken.id, token: token.reveal(), subject: user.subject }
}

/** So many scopes that a route does not name are tried on it. */
const OTHER_SCOPES = 3

test('each scope grants the routes that it names and no other', (t) => triesScopes(t, OTHER_SCOPES))

exhaustive('each scope grants the routes that it names and no other, each on every route', (t) =>
  triesScopes(t, SCOPES.length),
)

async function triesScopes(t: TestContext, others: number): Promise<void> {
  const server = await start(t)
  const routes = await guardedRoutes(server)
  const opened = new Set<Scope>()
  const made = new Map<Scope, Made>()
  for (const scope of SCOPES) made.set(scope, await newApiToken(server, 'admin', [scope]))
  for (const [index, route] of routes.entries()) {
    const scopes = scopesOf(route)
    const tried = new Set([...(scopes ?? []), ...inTurn(SCOPES, index, others)])
    // What names users needs a second scope.
    if (scopes?.includes('users:read') === true) for (const scope of scopes) opened.add(scope)
    for (const [scope, { token }] of made) {
      if (!tried.has(scope)) continue
      const reply = await callRoute(server, route, { authorization: `Bearer ${token}` })
      const about = `${route.method} ${route.url} with ${scope}: ${reply.statusCode} ${reply.body.slice(0, 200)}`
      const held: readonly Scope[] = scope === 'users:write' ? [scope, 'users:help', 'server:read'] : [scope]
      const needed = scopes?.find((one) => !held.includes(one))
      if (scopes !== undefined && needed === undefined) {
        opened.add(scope)
        assert.ok(![401, 403].includes(reply.statusCode), about)
        continue
      }
      assert.equal(reply.statusCode, 403, about)
      if (route.config.page) continue
      const { code, scope: required } = reply.json<{ code: string; scope?: string }>()
      assert.equal(code, needed ? 'access.insufficient_scope' : 'access.session_required', about)
      assert.equal(required, needed, about)
      const challenge = needed && `Bearer error="insufficient_scope", scope="${needed}"`
      assert.equal(reply.headers['www-authenticate'], challenge, about)
    }
  }
  const { user } = await newSignedInUser(server, 'admin')
  const working = SCOPES.filter((scope) => opened.has(scope))
  assert.deepEqual(offeredScopes(user), working, 'the page offers scopes that open nothing, or too few')
}

leaveToTestAll()

test('a token with every scope has no more rights than its user', async (t) => {
  const server = await start(t)
  for (const route of await guardedRoutes(server)) {
    const { token, subject } = await newApiToken(server, 'admin', SCOPES)
    await sql`update users set role = 'user' where subject = ${subject}`.execute(server.doorward.db)
    const reply = await callRoute(server, route, { authorization: `Bearer ${token}` })
    const own = scopesOf(route)?.[0]?.startsWith('self:') === true
    assert.equal(reply.statusCode === 403, !own, `${route.method} ${route.url}: ${reply.statusCode}`)
  }
})

onEitherDatabase(
  'A9: a token is created after a recent authentication only, and not with another token',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    const made = await apiTokenOf(ada, ['self:read', 'self:write'])
    const wish = { name: 'Another', scopes: ['self:read'] }
    assert.deepEqual(refusalIn(await asksWith(server, made, 'POST', '/users/me/tokens', wish)), NOT_ENOUGH)
    server.clock.pass(minutes(10) + 1)
    const stale = await ada.asks('POST', '/users/me/tokens', wish)
    assert.deepEqual(refusalIn(stale), [401, 'access.reauthentication_required'])
    assert.match(String(stale.raw.headers['www-authenticate']), /insufficient_user_authentication.*max_age=600/)
    assert.equal(itemsOf(await ada.asks('GET', '/users/me/tokens')).length, 1)
  },
)

test('A9: where a second factor is required, API tokens of a user without one are refused', async (t) => {
  for (const [secondFactor, role, isOpen] of [
    ['required', 'user', false],
    ['required', 'admin', false],
    ['optional', 'user', true],
    ['optional', 'admin', false],
  ] as const) {
    const server = await start(t, { settings: { second_factor: secondFactor } })
    const made = await newApiToken(server, role, ['self:read'])
    assert.equal((await asksWith(server, made, 'GET', '/users/me')).status, 200)
    await sql`update users set second_factor_at = null where subject = ${made.subject}`.execute(server.doorward.db)
    const reply = await asksWith(server, made, 'GET', '/users/me')
    assert.deepEqual(refusalIn(reply), isOpen ? [200, undefined] : ENDED, `${secondFactor} ${role}`)
  }
})

test('A9: a service that requires re-authentication refuses an API token as well', async (t) => {
  const server = await start(t)
  const made = await newApiToken(server, 'admin', SCOPES)
  const { user } = await newSignedInUser(server, 'user')
  const promoted = await asksWith(server, made, 'PATCH', `/users/${user.id}`, { role: 'admin' })
  assert.deepEqual(refusalIn(promoted), NOT_ENOUGH)
  const created = await asksWith(server, made, 'POST', '/users', { username: 'second', role: 'admin' })
  assert.deepEqual(refusalIn(created), NOT_ENOUGH)
  assert.equal((await asksWith(server, made, 'POST', '/users', { username: 'plain' })).status, 200)
})

test('B16: an API token is refused after its expiry, even if no job ever runs', async (t) => {
  const server = await start(t)
  const made = await newApiToken(server, 'user', ['self:read'])
  server.clock.pass(days(1))
  assert.deepEqual(refusalIn(await asksWith(server, made, 'GET', '/users/me')), ENDED)
  assert.equal((await dumpOf(server.doorward.db))['api_token']?.length, 1)
  await deleteExpiredApiTokens(server.operator())
})

onEitherDatabase('C14: guesses lock the factors that were guessed, and no API token', async (t, dialect) => {
  const { server, ada } = await peopled(t, { dialect })
  const made = await apiTokenOf(ada)
  for (let tries = 0; tries < 12; tries++) {
    await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: 'wrong' } })
  }
  const locked = await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD } })
  assert.equal(locked.status, 429)
  // 256 random bits cannot be guessed, so guesses at a password by untrusted clients must not block its owner's scripts.
  assert.equal((await asksWith(server, made, 'GET', '/users/me')).status, 200)
})

onEitherDatabase(
  'D3: a disabled user’s token is refused at the next request, whatever the value in the row',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const { db } = server.doorward
    for (const word of ['1', 'true', 'yes']) {
      const made = await newApiToken(server, 'user', ['self:read'])
      assert.equal((await asksWith(server, made, 'GET', '/users/me')).status, 200)
      await sql`update users set disabled = ${word} where subject = ${made.subject}`.execute(db)
      assert.deepEqual(refusalIn(await asksWith(server, made, 'GET', '/users/me')), ENDED, word)
    }
  },
)

test('D8: no API token can be made for a disabled user', async (t) => {
  const server = await start(t)
  const { user } = await newSignedInUser(server, 'user')
  const ctx = server.operator()
  const wanted = { name: 'Script', scopes: ['self:read'], expiresAt: ctx.now + days(1) } as const
  const made = inTransaction(ctx, (tx) => issueApiToken(tx, { ...user, disabled: true }, wanted, true))
  await assert.rejects(made, { code: 'api_token.unusable' })
})

test('D11, F18, F19, F20: a request cannot choose the value, owner or assurance of an API token', async (t) => {
  const { ada, admin, server } = await newScene(t)
  const before = await dumpOf(server.doorward.db)
  const others = { user_id: await idOf(admin), subject: 'c0ffee00', owner: 'root' }
  const own = { token: 'dwp_mine', token_hash: 'f00', aal: 2, created_at: 1, last_used_at: 1, id: 'mine' }
  for (const [field, value] of Object.entries({ ...others, ...own })) {
    const wish = { name: 'Script', scopes: ['self:read'], [field]: value }
    const reply = await ada.asks('POST', '/users/me/tokens', wish)
    assert.deepEqual([reply.status, fieldErrorsIn(reply)], [422, [`/${field} field.unknown`]])
  }
  assert.deepEqual((await dumpOf(server.doorward.db))['api_token'], before['api_token'])

  const made = await apiTokenOf(ada)
  for (const method of ['PATCH', 'PUT'] as const) {
    const reply = await ada.asks(method, `/users/me/tokens/${made.id}`, { user_id: await idOf(admin) })
    assert.equal(reply.status, 405)
  }
  const unsigned = await ask(server, 'POST', '/users/me/tokens', {
    payload: { name: 'Script', scopes: ['users:read'], user_id: await idOf(admin) },
  })
  assert.deepEqual(refusalIn(unsigned), [401, 'access.not_authenticated'])
})

test('F18: another user’s API token answers as an unknown one does', async (t) => {
  const { ada, admin } = await newScene(t)
  const bea = await (await newcomer(admin, 'bea')).signsIn()
  const made = await apiTokenOf(await ada.signsIn())
  for (const id of [made.id, 'never']) {
    assert.deepEqual(refusalIn(await bea.asks('DELETE', `/users/me/tokens/${id}`)), [404, 'api_token.not_found'])
  }
  assert.equal(itemsOf(await ada.asks('GET', '/users/me/tokens')).length, 1)
})

test('D14: a token in a URL is ignored and not written to the log', async (t) => {
  const server = await start(t)
  const { token } = await newApiToken(server, 'admin', SCOPES)
  for (const route of await guardedRoutes(server)) {
    for (const name of ['access_token', 'token', 'api_token', 'authorization']) {
      const reply = await callRoute(server, route, {}, `?${name}=${token}`)
      assert.ok([401, 303].includes(reply.statusCode), `${route.method} ${route.url} ${name}: ${reply.statusCode}`)
    }
  }
  assert.ok(!server.logText().includes(token))
})

test('an API token is accepted as a bearer token only, and a session token is not accepted as one', async (t) => {
  const server = await start(t)
  const { token } = await newApiToken(server, 'user', ['self:read'])
  const { token: session, user } = await newSignedInUser(server, 'user')
  const cookie = await startSession(server.operator(), { user, methods: ['password', 'totp'], transport: 'cookie' })
  const bearer = (text: string) => ({ authorization: `Bearer ${text}` })
  const asPrefix = (text: string, prefix: string): string => prefix + text.slice(prefix.length)
  const stored = await server.doorward.db.selectFrom('api_token').select(['id', 'token_hash']).executeTakeFirstOrThrow()
  assert.equal((await ask(server, 'GET', '/users/me', { headers: bearer(token) })).status, 200)
  for (const [what, headers] of Object.entries({
    'as a cookie': { cookie: `session=${token}` },
    'as a cookie beside itself': { cookie: `session=${token}`, authorization: `Token ${token}` },
    'as Basic': { authorization: `Basic ${Buffer.from(`user:${token}`).toString('base64')}` },
    'with the prefix of a session': bearer(asPrefix(token, 'dwa_')),
    'with the prefix of a cookie': bearer(asPrefix(token, 'dws_')),
    'a session with its prefix': bearer(asPrefix(session, 'dwp_')),
    'a cookie with its prefix': bearer(asPrefix(cookie.token.reveal(), 'dwp_')),
    'without its last letter': bearer(token.slice(0, -1)),
    'with one letter more': bearer(`${token}A`),
    'in capitals': bearer(token.toUpperCase()),
    'the prefix alone': bearer('dwp_'),
    'its hash': bearer(stored.token_hash),
    'its hash with the prefix': bearer(`dwp_${stored.token_hash}`),
    'its id': bearer(stored.id),
  })) {
    assert.equal((await ask(server, 'GET', '/users/me', { headers })).status, 401, what)
  }
})

test('an API token signs in on no page and ends no session', async (t) => {
  const server = await start(t)
  const { token } = await newApiToken(server, 'admin', SCOPES)
  const headers = { authorization: `Bearer ${token}`, 'sec-fetch-site': 'same-origin' }
  assert.equal((await server.app.inject({ url: '/account/security', headers })).statusCode, 403)
  const signOut = await server.app.inject({ url: '/sign-out', headers })
  assert.equal(signOut.statusCode, 200)
  assert.ok(!signOut.body.includes('form_token'), 'the page treats a token as a session')
  for (const [method, url] of [
    ['GET', '/session'],
    ['DELETE', '/session'],
    ['POST', '/session/proof'],
  ] as const) {
    const reply = await asksWith(server, { token }, method, url, method === 'POST' ? {} : undefined)
    assert.deepEqual(refusalIn(reply), NOT_ENOUGH)
  }
})

test('a token is refused before the body is read', async (t) => {
  const server = await start(t)
  const made = await newApiToken(server, 'user', ['self:read'])
  const headers = { authorization: `Bearer ${made.token}`, 'content-type': 'application/json' }
  const reply = await server.app.inject({ method: 'PATCH', url: '/users/me', headers, payload: '{' })
  assert.deepEqual([reply.statusCode, reply.json<{ code: string }>().code], [403, 'access.insufficient_scope'])
})

onEitherDatabase('an API token is only in the one answer to its owner', async (t, dialect) => {
  const { server, root, ada } = await peopled(t, { dialect })
  const made = await apiTokenOf(ada, ['self:read', 'self:write'])
  const answers = [
    await asksWith(server, made, 'GET', '/users/me'),
    await asksWith(server, made, 'PATCH', '/users/me', { full_name: made.id }),
    await asksWith(server, made, 'GET', '/users'),
    await asksWith(server, made, 'GET', '/session'),
    await ada.asks('GET', '/users/me/tokens'),
    await ada.asks('GET', '/users/me/activity'),
    await root.asks('GET', `/users/${await idOf(ada)}/tokens`),
    await root.asks('GET', '/audit-events'),
  ]
  const random = made.token.slice('dwp_'.length)
  const everything = [
    ...answers.map(({ raw }) => raw.body + JSON.stringify(raw.headers)),
    server.logText(),
    JSON.stringify(await dumpOf(server.doorward.db)),
  ]
  for (const text of everything) assert.ok(!text.includes(random), 'a token is disclosed or stored in plaintext')
})

test('the log names the API token of each action and of each refusal', async (t) => {
  const { ada, admin, server } = await newScene(t)
  const made = await apiTokenOf(ada, ['self:read', 'self:write'])
  await asksWith(server, made, 'PATCH', '/users/me', { full_name: 'Ada' })
  await asksWith(server, made, 'GET', '/users')
  server.clock.pass(hours(2))
  await admin.signsIn()
  const tokenIn = async (action: string): Promise<unknown> => {
    const [event] = itemsOf(await admin.asks('GET', `/audit-events?action=${action}`))
    const details = event?.['details'] as Record<string, unknown> | undefined
    return details?.['api_token']
  }
  assert.equal(await tokenIn('user.changed'), made.id)
  assert.equal(await tokenIn('access.refused'), made.id)
})
