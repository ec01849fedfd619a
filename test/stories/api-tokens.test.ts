// The life of an API token, through HTTP: created, used, listed, expired, revoked, and deleted with its user.
import assert from 'node:assert/strict'

import { Secret } from '#foundation/kernel/secret.ts'
import { days, hours, minutes, toRfc3339 } from '#foundation/kernel/time.ts'
import { setPassword } from '#use-cases/administration/credentials/credentials.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'
import { apiTokenOf, asksWith, type Made } from '../support/people/api-tokens.ts'
import { newcomer, PASSWORD, type Person } from '../support/people/people.ts'
import { fieldErrorsIn, idOf, itemsOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

async function opens(server: Server, made: Made, url = '/users/me'): Promise<boolean> {
  const reply = await asksWith(server, made, 'GET', url)
  assert.ok([200, 401].includes(reply.status), reply.raw.body)
  if (reply.status === 401) assert.equal(reply.body['code'], 'access.invalid_token')
  return reply.status === 200
}

/** The details of the newest event of that action. */
async function detailsOf(admin: Person, action: string): Promise<Record<string, unknown>> {
  const [event] = itemsOf(await admin.asks('GET', `/audit-events?action=${action}`))
  return event?.['details'] as Record<string, unknown>
}

onEitherDatabase('a user makes a token for a script, sees it once, and the script acts as them', async (t, dialect) => {
  const { server, ada } = await startWithUser(t, { dialect })
  const wanted = { name: 'Nightly report', scopes: ['self:write', 'self:read'], expires_in_days: 30 }
  const { status, body } = await ada.asks('POST', '/users/me/tokens', wanted)
  const { token, ...shown } = body
  assert.equal(status, 200)
  assert.match(String(token), /^dwp_[\w-]{43}$/)
  const now = server.clock.now()
  assert.deepEqual(shown, {
    id: shown['id'],
    name: 'Nightly report',
    scopes: ['self:read', 'self:write'],
    created_at: toRfc3339(now),
    expires_at: toRfc3339(now + days(30)),
    last_used_at: null,
    host: null,
  })
  assert.deepEqual(itemsOf(await ada.asks('GET', '/users/me/tokens')), [shown])

  const made = { id: String(shown['id']), token: String(token) }
  const me = await asksWith(server, made, 'GET', '/users/me')
  assert.deepEqual([me.status, me.body['username']], [200, 'ada'])
  const changed = await asksWith(server, made, 'PATCH', '/users/me', { full_name: 'Ada Lovelace' })
  assert.deepEqual([changed.status, changed.body['full_name']], [200, 'Ada Lovelace'])
})

leaveToTestAll()

onEitherDatabase('name, scopes and expiry of a token are validated', async (t, dialect) => {
  const { ada, root, server } = await startWithUser(t, { dialect })
  const wish = async (fields: object, as = ada): Promise<unknown> => {
    const reply = await as.asks('POST', '/users/me/tokens', { name: 'Script', scopes: ['self:read'], ...fields })
    return reply.status === 422 ? fieldErrorsIn(reply) : reply.status
  }
  const inFuture = (span: number): string => toRfc3339(server.clock.now() + span)
  for (const [fields, answer] of [
    [{ name: '' }, ['/name field.too_short']],
    [{ name: '  ' }, ['/name field.missing']],
    [{ name: 'n'.repeat(65) }, ['/name field.too_long']],
    [{ scopes: [] }, ['/scopes api_token.no_scope']],
    [{ scopes: ['users:fly'] }, ['/scopes/0 field.choice']],
    [{ scopes: ['self:read', 'users:read'] }, ['/scopes api_token.scope_beyond']],
    [{ expires_in_days: 0 }, ['/expires_in_days field.range']],
    [{ expires_in_days: 367 }, ['/expires_in_days field.range']],
    [{ expires_at: inFuture(hours(1) - 1) }, ['/expires_at api_token.expiry']],
    [{ expires_at: inFuture(days(366) + 1) }, ['/expires_at api_token.expiry']],
    [{ expires_at: inFuture(days(1)), expires_in_days: 1 }, ['/expires_at field.repeated']],
    [{ expires_at: inFuture(hours(1)) }, 200],
    [{ expires_in_days: 366 }, 200],
  ] as const) {
    assert.deepEqual(await wish(fields), answer, JSON.stringify(fields))
  }
  assert.equal(await wish({ scopes: ['users:read'] }, root), 200)
})

onEitherDatabase(
  'a token without a chosen lifetime works for 90 days, and is refused at the moment it expires',
  async (t, dialect) => {
    const { server, ada } = await startWithUser(t, { dialect })
    const made = await apiTokenOf(ada)
    server.clock.pass(days(90) - 1)
    assert.equal(await opens(server, made), true)
    server.clock.pass(1)
    assert.equal(await opens(server, made), false)
    await ada.signsIn()
    assert.deepEqual(itemsOf(await ada.asks('GET', '/users/me/tokens')), [])
  },
)

/** Repeats the request until it returns the wanted value, because the use is recorded after the answer. */
async function becomes(wanted: unknown, ask: () => Promise<unknown>): Promise<void> {
  let seen = await ask()
  for (let tries = 0; seen !== wanted && tries < 300; tries++) {
    await new Promise(setImmediate)
    seen = await ask()
  }
  assert.equal(seen, wanted)
}

onEitherDatabase('the last use is shown to the minute, and written at most once in one', async (t, dialect) => {
  const { server, ada } = await startWithUser(t, { dialect })
  const made = await apiTokenOf(ada)
  const { clock } = server
  const lastUse = async (): Promise<unknown> => itemsOf(await ada.asks('GET', '/users/me/tokens'))[0]?.['last_used_at']
  assert.equal(await lastUse(), null)
  assert.equal(await opens(server, made), true)
  const first = toRfc3339(clock.now())
  await becomes(first, lastUse)
  clock.pass(minutes(1) - 1)
  for (let again = 0; again < 5; again++) assert.equal(await opens(server, made), true)
  clock.pass(1)
  assert.equal(await lastUse(), first)
  assert.equal(await opens(server, made), true)
  await becomes(toRfc3339(clock.now()), lastUse)
})

onEitherDatabase('a revoked token is refused from the next request on, and both are in the log', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect })
  const made = await apiTokenOf(ada)
  const other = await apiTokenOf(ada)
  assert.equal(await opens(server, made), true)
  assert.equal((await ada.asks('DELETE', `/users/me/tokens/${made.id}`)).status, 204)
  assert.deepEqual([await opens(server, made), await opens(server, other)], [false, true])
  const again = await ada.asks('DELETE', `/users/me/tokens/${made.id}`)
  assert.deepEqual(refusalIn(again), [404, 'api_token.not_found'])
  const created = await detailsOf(root, 'api_token.created')
  assert.deepEqual([created['token'], created['name'], created['scopes']], [other.id, 'Script', 'self:read'])
  const revoked = await detailsOf(root, 'api_token.revoked')
  assert.deepEqual([revoked['token'], revoked['name']], [made.id, 'Script'])
})

onEitherDatabase('an admin sees the tokens of others and revokes one', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect })
  const path = `/users/${await idOf(ada)}/tokens`
  const made = await apiTokenOf(ada)
  assert.deepEqual(itemsOf(await root.asks('GET', path)), itemsOf(await ada.asks('GET', '/users/me/tokens')))
  assert.deepEqual(refusalIn(await ada.asks('GET', path)), [403, 'access.insufficient_permissions'])
  assert.deepEqual(refusalIn(await root.asks('GET', '/users/999999/tokens')), [404, 'user.not_found'])
  const elsewhere = `/users/${await idOf(root)}/tokens/${made.id}`
  assert.deepEqual(refusalIn(await root.asks('DELETE', elsewhere)), [404, 'api_token.not_found'])
  assert.equal((await root.asks('DELETE', `${path}/${made.id}`)).status, 204)
  assert.equal(await opens(server, made), false)
})

onEitherDatabase(
  'an admin’s reset of a user’s factors revokes their API tokens too, and says how many',
  async (t, dialect) => {
    const { server, root, ada } = await startWithUser(t, { dialect })
    const id = await idOf(ada)
    const path = `/users/${id}`
    const asks = (route: string, wish?: object) => async (): Promise<void> => {
      const reply = await root.asks('POST', `${path}/${route}`, wish)
      assert.equal(reply.status, 200, reply.raw.body)
    }
    for (const [what, action, act] of [
      ['sign-out', 'user.signed_out', asks('sign-out')],
      ['disable', 'user.disabled', asks('disable')],
      ['set-password', 'password.set', () => setPassword(server.operator(), { id }, Secret.of(PASSWORD))],
      ['reset-second-factor', 'totp.reset', asks('reset-second-factor', { reason: 'Lost phone.' })],
    ] as const) {
      await root.signsIn()
      await root.asks('POST', `${path}/enable`)
      await ada.signsIn()
      const made = [await apiTokenOf(ada), await apiTokenOf(ada)]
      await act()
      for (const one of made) assert.equal(await opens(server, one), false, what)
      assert.equal((await detailsOf(root, action))['api_tokens'], 2, what)
      await root.asks('POST', `${path}/enable`)
      for (const one of made) assert.equal(await opens(server, one), false, `${what} and enabled again`)
    }
  },
)

onEitherDatabase('a token is deleted with its user', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect })
  const made = await apiTokenOf(ada)
  await root.signsIn()
  assert.equal((await root.asks('DELETE', `/users/${await idOf(ada)}`)).status, 204)
  assert.equal(await opens(server, made), false)
  assert.deepEqual(await server.doorward.db.selectFrom('api_token').select('id').execute(), [])
})

onEitherDatabase('a demoted admin’s token keeps the rights of a user, on the own account', async (t, dialect) => {
  const { server, root } = await startWithUser(t, { dialect })
  const eve = await (await newcomer(root, 'eve', { role: 'admin' })).signsIn()
  const made = await apiTokenOf(eve, ['self:read', 'users:read'])
  assert.equal((await asksWith(server, made, 'GET', '/users')).status, 200)
  await root.signsIn()
  const demoted = await root.asks('PATCH', `/users/${await idOf(eve)}`, { role: 'user' })
  assert.equal(demoted.status, 200, demoted.raw.body)
  const refused = await asksWith(server, made, 'GET', '/users')
  assert.deepEqual(refusalIn(refused), [403, 'access.insufficient_scope'])
  assert.equal(await opens(server, made), true)
})

/** Changes a user's role, as an admin who has just signed in. */
async function hasRole(root: Person, person: Person, role: 'admin' | 'user'): Promise<void> {
  await root.signsIn()
  const { items } = (await root.asks('GET', `/users?q=${person.username}`)).body as { items: { id: number }[] }
  const changed = await root.asks('PATCH', `/users/${items[0]?.id}`, { role })
  assert.equal(changed.status, 200, changed.raw.body)
}

onEitherDatabase('a scope that a token lost by a demotion is not restored by a promotion', async (t, dialect) => {
  const { server, root } = await startWithUser(t, { dialect })
  const eve = await (await newcomer(root, 'eve', { role: 'admin' })).signsIn()
  const both = await apiTokenOf(eve, ['self:read', 'users:read'])
  const admins = await apiTokenOf(eve, ['users:read', 'audit:read'])
  const own = await apiTokenOf(eve, ['self:read'])
  await hasRole(root, eve, 'user')
  assert.equal((await detailsOf(root, 'user.changed'))['api_tokens'], 2)
  await hasRole(root, eve, 'admin')
  assert.deepEqual(refusalIn(await asksWith(server, both, 'GET', '/users')), [403, 'access.insufficient_scope'])
  assert.deepEqual(refusalIn(await asksWith(server, admins, 'GET', '/users')), [401, 'access.invalid_token'])
  for (const one of [both, own]) assert.equal(await opens(server, one), true)
  await eve.signsIn()
  const left = itemsOf(await eve.asks('GET', '/users/me/tokens')).map(({ scopes }) => scopes)
  assert.deepEqual(left, [['self:read'], ['self:read']])
})

onEitherDatabase('nor is one of a user who was demoted in the database', async (t, dialect) => {
  const { server, root } = await startWithUser(t, { dialect })
  const eve = await (await newcomer(root, 'eve', { role: 'admin' })).signsIn()
  const made = await apiTokenOf(eve, ['self:read', 'users:read'])
  await server.doorward.db.updateTable('users').set({ role: 'user' }).where('username', '=', 'eve').execute()
  await hasRole(root, eve, 'admin')
  assert.deepEqual(refusalIn(await asksWith(server, made, 'GET', '/users')), [403, 'access.insufficient_scope'])
})

onEitherDatabase(
  'a token without users:read shows no present names of others in its user’s activity',
  async (t, dialect) => {
    const { server, root, ada } = await startWithUser(t, { dialect })
    const browser = await signedInBrowser(root)
    const page = await browser.page(`/admin/users/${await idOf(ada)}/sign-in`)
    const [end = ''] = page.actions().filter((action) => action.endsWith('/end'))
    assert.equal((await browser.submit(end, {})).statusCode, 303)
    const named = async (...scopes: string[]): Promise<unknown> => {
      const activity = await asksWith(server, await apiTokenOf(root, scopes), 'GET', '/users/me/activity?limit=10')
      return itemsOf(activity).find(({ action }) => action === 'session.ended')?.['target']
    }
    assert.deepEqual(await named('self:read', 'users:read'), { username: 'ada' })
    assert.deepEqual(await named('self:read'), { username: null })
  },
)

onEitherDatabase('changing one’s own password leaves tokens alone', async (t, dialect) => {
  const { server, ada } = await startWithUser(t, { dialect })
  const made = await apiTokenOf(ada)
  const changed = await ada.asks('PUT', '/users/me/password', { current: PASSWORD, new: 'a kettle full of stars' })
  assert.equal(changed.status, 200, changed.raw.body)
  assert.equal(await opens(server, made), true)
})

onEitherDatabase(
  'changing one’s own password revokes all of them on request, and none of other users',
  async (t, dialect) => {
    const { server, root, ada } = await startWithUser(t, { dialect })
    const [made, other, others] = [await apiTokenOf(ada), await apiTokenOf(ada), await apiTokenOf(root)]
    const change = { current: PASSWORD, new: 'a kettle full of stars', end_api_tokens: true }
    const wrong = await ada.asks('PUT', '/users/me/password', { ...change, current: 'no' })
    assert.deepEqual([wrong.status, await opens(server, made)], [403, true])
    const changed = await ada.asks('PUT', '/users/me/password', change)
    assert.equal(changed.status, 200, changed.raw.body)
    assert.deepEqual(
      [await opens(server, made), await opens(server, other), await opens(server, others)],
      [false, false, true],
    )
    const { items } = (await root.asks('GET', '/audit-events?action=password.changed&result=done')).body
    assert.equal((items as { details: Record<string, unknown> }[])[0]?.details['api_tokens'], 2)
  },
)

onEachDatabase('a user has at most 25 valid tokens, however many requests are concurrent', async (t, dialect) => {
  const { server, ada } = await startWithUser(t, { dialect })
  for (let one = 0; one < 22; one++) await apiTokenOf(ada, ['self:read'], { expires_in_days: 1 })
  const wish = () => ada.asks('POST', '/users/me/tokens', { name: 'Script', scopes: ['self:read'] })
  const replies = await Promise.all(Array.from({ length: 6 }, wish))
  for (const { status, raw } of replies) assert.ok([200, 409, 503].includes(status), raw.body)
  for (let more = 0; more < 3; more++) await wish()
  assert.deepEqual(refusalIn(await wish()), [409, 'api_token.too_many'])
  assert.equal(itemsOf(await ada.asks('GET', '/users/me/tokens')).length, 25)
  server.clock.pass(days(1))
  await ada.signsIn()
  assert.equal((await wish()).status, 200)
})

onEitherDatabase('the job deletes tokens that ended a week ago, and no valid one', async (t, dialect) => {
  const { server, ada } = await startWithUser(t, { dialect })
  const { db } = server.doorward
  const revoked = await apiTokenOf(ada)
  await ada.asks('DELETE', `/users/me/tokens/${revoked.id}`)
  const short = await apiTokenOf(ada, ['self:read'], { expires_in_days: 1 })
  const long = await apiTokenOf(ada)
  const kept = async (): Promise<string[]> => {
    await runJobsAtAnyTime(server.doorward)
    return (await db.selectFrom('api_token').select('id').execute()).map(({ id }) => id).toSorted()
  }
  server.clock.pass(days(7))
  assert.deepEqual(await kept(), [revoked.id, short.id, long.id].toSorted())
  server.clock.pass(1)
  assert.deepEqual(await kept(), [short.id, long.id].toSorted())
  server.clock.pass(days(1))
  assert.deepEqual(await kept(), [long.id])
  assert.equal(await opens(server, long), true)
})
