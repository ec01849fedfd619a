import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { firstAdmin, newcomer, type Person, type Reply } from '#test/support/people/people.ts'
import { start } from '#test/support/server/start.ts'

async function rootOf(t: TestContext): Promise<Person> {
  return (await firstAdmin(await start(t))).signsIn()
}

function items({ body }: Reply): Record<string, unknown>[] {
  return body['items'] as Record<string, unknown>[]
}

function fieldErrorsIn({ body }: Reply): unknown[] {
  return (body['errors'] as { pointer: string; code: string }[]).map(({ pointer, code }) => `${pointer} ${code}`)
}

test('a created user is answered as in the legacy app, with an added invitation', async (t) => {
  const root = await rootOf(t)
  const wish = { username: 'grace', email: 'grace@example.org', unknown: true, id: 77, disabled: true }
  const reply = await root.asks('POST', '/users', wish)
  assert.equal(reply.status, 200)
  const { username, email, full_name: fullName, id, disabled, role, invitation } = reply.body
  assert.deepEqual([username, email, fullName, disabled, role], ['grace', 'grace@example.org', null, false, 'user'])
  assert.notEqual(id, 77)
  assert.match((invitation as { url: string }).url, /^http:\/\/localhost:8000\/invitation\/dwl_/)
  const read = await root.asks('GET', `/users/${String(id)}`)
  assert.equal(read.status, 200)
  assert.ok(read.raw.headers['etag'])
})

test('wrong fields of a new user are named, and none is repeated', async (t) => {
  const root = await rootOf(t)
  const reply = await root.asks('POST', '/users', { username: 'a@b', email: 'nowhere', password: 'abc', role: 'user' })
  assert.equal(reply.status, 422)
  const wanted = ['/username user.username_characters', '/email user.email_malformed', '/password password.too_short']
  assert.deepEqual(fieldErrorsIn(reply), wanted)
  assert.doesNotMatch(reply.raw.body, /nowhere|abc/)
  assert.deepEqual(fieldErrorsIn(await root.asks('POST', '/users', { username: 'x', role: 'root' })), [
    '/role role.unknown',
  ])
})

test('a malformed id is 422, an unknown one 404, and none is 500', async (t) => {
  const root = await rootOf(t)
  const wanted: [string, number][] = [
    ['1', 200],
    ['9999', 404],
    ['0', 404],
    ['-1', 404],
    ['2147483648', 404],
    ['99999999999999999999', 404],
    ['abc', 422],
    ['1.0', 422],
    ['0x1', 422],
  ]
  for (const [id, status] of wanted) assert.equal((await root.asks('GET', `/users/${id}`)).status, status, id)
})

test('the list pages, links to the next page and refuses what it does not know', async (t) => {
  const root = await rootOf(t)
  for (const username of ['b', 'c', 'a']) await root.asks('POST', '/users', { username })
  const first = await root.asks('GET', '/users?limit=3')
  assert.deepEqual(
    items(first).map(({ username }) => username),
    ['a', 'b', 'c'],
  )
  const link = String(first.raw.headers['link'])
  const next = /^<http:\/\/localhost:8000(\/users\?[^>]+)>; rel="next"$/.exec(link)?.[1] ?? ''
  const second = await root.asks('GET', next)
  assert.deepEqual(
    items(second).map(({ username }) => username),
    ['root'],
  )
  assert.equal(second.body['next_cursor'], null)
  assert.equal(second.raw.headers['link'], undefined)
  assert.deepEqual(fieldErrorsIn(await root.asks('GET', `${next}&sort=-username`)), ['/cursor field.cursor'])
  assert.deepEqual(fieldErrorsIn(await root.asks('GET', '/users?cursor=AAAA')), ['/cursor field.cursor'])
  const forged = Buffer.from(JSON.stringify({ sort: 'username', key: 'a\0', id: 1 })).toString('base64url')
  assert.deepEqual(fieldErrorsIn(await root.asks('GET', `/users?cursor=${forged}`)), ['/cursor field.cursor'])
  for (const query of ['x=1', 'limit=0', 'limit=201', 'limit=a', 'sort=id', 'status=gone', 'role=root', 'q=%00']) {
    assert.equal((await root.asks('GET', `/users?${query}`)).status, 422, query)
  }
  assert.deepEqual(
    items(await root.asks('GET', '/users?q=ROO&role=admin&status=active')).map(({ id }) => id),
    [1],
  )
})

test('a change honours If-Match, takes null as empty and refuses fields that an admin must not set', async (t) => {
  const root = await rootOf(t)
  const { body } = await root.asks('POST', '/users', { username: 'grace', full_name: 'Grace' })
  const url = `/users/${String(body['id'])}`
  const etag = String((await root.asks('GET', url)).raw.headers['etag'])
  const changed = await root.asks('PATCH', url, { full_name: null, role: 'admin' }, { 'if-match': etag })
  assert.deepEqual([changed.status, changed.body['full_name'], changed.body['role']], [200, null, 'admin'])
  const stale = await root.asks('PATCH', url, { full_name: 'G' }, { 'if-match': etag })
  assert.deepEqual([stale.status, stale.body['code']], [412, 'resource.stale'])
  const fresh = String(changed.raw.headers['etag'])
  assert.equal((await root.asks('PATCH', url, { full_name: 'G' }, { 'if-match': fresh })).status, 200)
  for (const field of [
    'id',
    'subject',
    'disabled',
    'hashed_password',
    'password',
    'email_verified',
    'second_factor_at',
  ]) {
    assert.deepEqual(fieldErrorsIn(await root.asks('PATCH', url, { [field]: 1 })), [`/${field} field.unknown`])
  }
})

test('an admin disables and enables a user, signs them out, resets their second factor and deletes them', async (t) => {
  const root = await rootOf(t)
  const grace = await (await newcomer(root, 'grace')).signsIn()
  const id = String((await grace.asks('GET', '/users/me')).body['id'])
  const off = await root.asks('POST', `/users/${id}/disable`)
  assert.deepEqual([off.status, off.body['status']], [200, 'disabled'])
  assert.equal((await grace.asks('GET', '/users/me')).status, 401)
  assert.equal((await root.asks('POST', `/users/${id}/enable`)).body['status'], 'active')
  await grace.signsIn()
  assert.deepEqual((await root.asks('POST', `/users/${id}/sign-out`)).body, { ended: 1 })
  assert.equal((await grace.asks('GET', '/users/me')).status, 401)
  assert.equal((await root.asks('POST', `/users/${id}/invitation`)).body['code'], 'user.already_enrolled')
  await root.signsIn()
  const reset = await root.asks('POST', `/users/${id}/reset-second-factor`, { reason: 'Lost phone.' })
  assert.deepEqual([reset.status, reset.body['invitation']], [200, null])
  const again = await root.asks('POST', `/users/${id}/reset-second-factor`, { reset_password: true, reason: 'lost' })
  assert.match((again.body['invitation'] as { url: string }).url, /\/invitation\/dwl_/)
  assert.equal((await root.asks('POST', `/users/${id}/invitation`)).status, 200)
  assert.equal((await root.asks('DELETE', `/users/${id}`)).status, 204)
  assert.equal((await root.asks('GET', `/users/${id}`)).status, 404)
  assert.equal((await root.asks('POST', `/users/${id}/disable`)).status, 404)
})

test('the log is read by name, kind and time; the overview and the check-up answer', async (t) => {
  const root = await rootOf(t)
  await root.asks('POST', '/users', { username: 'grace' })
  const about = items(await root.asks('GET', '/audit-events?about=grace'))
  assert.deepEqual(
    about.map(({ action }) => action),
    ['invitation.issued', 'user.created'],
  )
  const [{ actor, details } = {}] = about
  assert.equal((actor as { username: string }).username, 'root')
  assert.equal((details as { username: string }).username, 'grace')
  const done = await root.asks('GET', '/audit-events?action=user.created&result=done&actor=root&limit=1')
  assert.equal(items(done).length, 1)
  assert.deepEqual(items(await root.asks('GET', '/audit-events?until=2001-01-01T00:00:00Z')), [])
  assert.deepEqual(items(await root.asks('GET', '/audit-events?target=nobody-at-all')), [])
  for (const query of ['action=x', 'since=yesterday', 'cursor=x', 'who=x']) {
    assert.equal((await root.asks('GET', `/audit-events?${query}`)).status, 422, query)
  }
  const overview = await root.asks('GET', '/overview')
  assert.deepEqual(overview.body['users'], { total: 2, active: 1, invited: 1, no_factor: 0, disabled: 0 })
  assert.equal((overview.body['sign_ins'] as { days: unknown[] }).days.length, 30)
  assert.deepEqual((overview.body['second_steps'] as { days: unknown[] }).days.at(-1), {
    day: '2026-06-01',
    users: 2,
    with_second_step: 1,
  })
  assert.equal((await root.asks('GET', '/checkup')).body['level'], 'warning')
})
