// Threat (TOCTOU): a request is authorized by its headers, and its body arrives much later. The principal has lost the right by
// then, so the request changes nothing; neither the time nor a code of the headers' arrival counts.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { SCOPES } from '#foundation/kernel/principal.ts'
import { minutes, seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import { peopled } from '../support/people/password-guesses.ts'
import { newcomer, PASSWORD, type Person, type Reply, startWithAdmin } from '../support/people/people.ts'
import { opensAttempt } from '../support/people/second-factors.ts'
import { bearer, pausedRequest } from '../support/requests/held-request.ts'
import { idOf, itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

async function newScene(t: TestContext, dialect: Dialect): Promise<{ server: Server; root: Person; eve: Person }> {
  const { server, root } = await startWithAdmin(t, { dialect })
  return { server, root, eve: await (await newcomer(root, 'eve', { role: 'admin' })).signsIn() }
}

onEitherDatabase(
  'an admin who lost the right while the body was arriving makes no user an admin',
  async (t, dialect) => {
    const losses: Record<string, (root: Person, id: number) => Promise<Reply>> = {
      'is disabled': (root, id) => root.asks('POST', `/users/${id}/disable`),
      'is demoted': (root, id) => root.asks('PATCH', `/users/${id}`, { role: 'user' }),
      'is signed out': (root, id) => root.asks('POST', `/users/${id}/sign-out`),
      'is deleted': (root, id) => root.asks('DELETE', `/users/${id}`),
    }
    for (const [what, loses] of Object.entries(losses)) {
      const { server, root, eve } = await newScene(t, dialect)
      const id = await idOf(eve)
      const bobId = await idOf(await (await newcomer(root, 'bob')).signsIn())
      const grants = [
        await pausedRequest(server, '/users', { username: 'back', role: 'admin', password: PASSWORD }, bearer(eve)),
        await pausedRequest(server, `/users/${bobId}`, { role: 'admin' }, bearer(eve), 'PATCH'),
      ]
      const lost = await loses(root, id)
      assert.ok(lost.status < 300, `${what}: ${lost.raw.body}`)
      for (const grant of grants) assert.equal((await grant.finish()).status, 401, what)
      const admins = itemsOf(await root.asks('GET', '/users?role=admin')).map((user) => user['username'])
      assert.ok(!admins.includes('back') && !admins.includes('bob'), what)
    }
  },
)

leaveToTestAll()

onEachDatabase('a revoked session cannot finish a request whose body arrives late', async (t, dialect) => {
  const { server, root, ada } = await peopled(t, { dialect })
  const id = await idOf(ada)
  const ends: Record<string, () => Promise<Reply>> = {
    'its owner signs out': () => ada.asks('DELETE', '/session'),
    'an admin signs them out': () => root.asks('POST', `/users/${id}/sign-out`),
    'an admin resets the second step': () =>
      root.asks('POST', `/users/${id}/reset-second-factor`, { reason: 'Lost phone.' }),
  }
  for (const [what, end] of Object.entries(ends)) {
    await ada.signsIn()
    const left = [
      await pausedRequest(server, '/users/me/tokens', { name: 'Back', scopes: ['self:write'] }, bearer(ada)),
      await pausedRequest(server, '/users/me/totp', {}, bearer(ada)),
      await pausedRequest(server, '/users/me/recovery-codes', {}, bearer(ada)),
      await pausedRequest(server, '/users/me', { full_name: 'Mallory' }, bearer(ada), 'PATCH'),
    ]
    const ended = await end()
    assert.ok(ended.status < 300, `${what}: ${ended.raw.body}`)
    for (const one of left) {
      const reply = await one.finish()
      assert.equal(reply.status, 401, `${what}: ${reply.raw.body}`)
    }
  }
  const { db } = server.doorward
  const waiting = await db.selectFrom('totp_factor').select('id').where('confirmed_at', 'is', null).execute()
  assert.deepEqual([await db.selectFrom('api_token').select('id').execute(), waiting], [[], []])
})

onEachDatabase('a revoked or expired API token cannot finish a request whose body arrives late', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const revoked = await apiTokenOf(root, ['users:write'])
  const brief = await apiTokenOf(root, ['users:write'], { expires_in_days: 1 })
  const creations = [
    await pausedRequest(server, '/users', { username: 'back' }, bearer(revoked)),
    await pausedRequest(server, '/users', { username: 'late' }, bearer(brief)),
  ]
  assert.equal((await root.asks('DELETE', `/users/me/tokens/${revoked.id}`)).status, 204)
  server.clock.pass(minutes(60 * 25))
  for (const creation of creations) assert.equal((await creation.finish()).status, 401)
})

onEachDatabase(
  'an API token cannot finish with a permission that its scope includes after its user has lost it',
  async (t, dialect) => {
    const { server, root, ada } = await peopled(t, { dialect })
    const { db } = server.doorward
    const ctx = server.operator()
    await createRole(ctx, { name: 'desk', description: '', permissions: ['users:read', 'users:help'] })
    await createRole(ctx, { name: 'reader', description: '', permissions: ['users:read'] })
    const eve = await (await newcomer(root, 'eve', { role: 'admin' })).signsIn()
    const token = await apiTokenOf(eve, ['users:read', 'users:write'])
    // Another program writes the role, so the token keeps its scopes.
    const becomes = (role: string) => db.updateTable('users').set({ role }).where('username', '=', 'eve').execute()
    await becomes('desk')
    const url = `/users/${await idOf(ada)}/unlock`
    const unlocks = () => pausedRequest(server, url, undefined, bearer(token))
    assert.equal((await (await unlocks()).finish()).status, 200)
    const late = await unlocks()
    await becomes('reader')
    assert.equal((await late.finish()).status, 401)
  },
)

onEachDatabase(
  'a code, a re-authentication and an event are checked at the time at which the body was complete',
  async (t, dialect) => {
    const { server, root, eve } = await newScene(t, dialect)
    const proof = { attempt: await opensAttempt(eve), kind: 'totp', proof: eve.code() }
    const old = await pausedRequest(server, '/attempts/second-factor', proof)
    server.clock.pass(seconds(100))
    assert.equal((await old.finish()).status, 401)

    await root.signsIn()
    const late = await pausedRequest(server, '/users', { username: 'late', role: 'admin' }, bearer(root))
    const plain = await pausedRequest(server, '/users', { username: 'plain' }, bearer(root))
    server.clock.pass(minutes(11))
    assert.equal((await late.finish()).body['code'], 'access.reauthentication_required')
    assert.equal((await plain.finish()).status, 200)
    const events = server.doorward.db.selectFrom('audit_event').select('at').where('action', '=', 'user.created')
    assert.equal((await events.orderBy('at', 'desc').executeTakeFirstOrThrow()).at, server.clock.now())
  },
)

onEachDatabase(
  'a principal who cannot make admins cannot change a user who becomes one meanwhile',
  async (t, dialect) => {
    const { server, root, eve } = await newScene(t, dialect)
    const enable = `/users/${await idOf(eve)}/enable`
    const pending = await root.asks('POST', '/users', { username: 'pending', role: 'admin' })
    const script = await apiTokenOf(root, ['users:write'])
    const powerful = await apiTokenOf(root, SCOPES)
    const invite = `/users/${String(pending.body['id'])}/invitation`
    assert.equal((await root.asks('POST', enable.replace('enable', 'disable'))).status, 200)
    for (const url of [invite, enable]) {
      assert.equal((await asksWith(server, script, 'POST', url)).body['code'], 'role.beyond_own', url)
      assert.equal((await asksWith(server, powerful, 'POST', url)).body['code'], 'access.session_required', url)
    }
    server.clock.pass(minutes(11))
    for (const url of [invite, enable]) {
      assert.equal((await root.asks('POST', url)).body['code'], 'access.reauthentication_required', url)
    }
    await root.signsIn()
    for (const url of [invite, enable]) assert.equal((await root.asks('POST', url)).status, 200, url)
    const plain = await root.asks('POST', '/users', { username: 'plain' })
    assert.equal((await asksWith(server, script, 'POST', `/users/${String(plain.body['id'])}/invitation`)).status, 200)
  },
)
