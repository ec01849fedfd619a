import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { minutes, seconds } from '#foundation/kernel/time.ts'
import { firstAdmin, newcomer, PASSWORD, type Person } from '#test/support/people/people.ts'
import { start } from '#test/support/server/start.ts'
import { Authenticator } from '../../../clients/test/src/codes.ts'

async function signedInUsers(t: TestContext): Promise<{ root: Person; ada: Person }> {
  const root = await (await firstAdmin(await start(t))).signsIn()
  const ada = await newcomer(root, 'ada', { email: 'ada@example.org', full_name: 'Ada' })
  return { root, ada: await ada.signsIn() }
}

test('GET /users/me returns an ETag, and a change with an outdated If-Match is refused', async (t) => {
  const { ada } = await signedInUsers(t)
  const me = await ada.asks('GET', '/users/me')
  assert.equal(me.body['username'], 'ada')
  const etag = String(me.raw.headers['etag'])
  const changed = await ada.asks('PATCH', '/users/me', { full_name: null, locale: 'de' }, { 'if-match': etag })
  assert.deepEqual([changed.status, changed.body['full_name'], changed.body['locale']], [200, null, 'de'])
  assert.equal((await ada.asks('PATCH', '/users/me', { full_name: 'A' }, { 'if-match': etag })).status, 412)
  assert.equal((await ada.asks('GET', '/users/me')).raw.headers['etag'], changed.raw.headers['etag'])
  for (const field of ['role', 'disabled', 'id', 'email_verified', 'password']) {
    assert.equal((await ada.asks('PATCH', '/users/me', { [field]: 'admin' })).status, 422, field)
  }
})

test('PUT /users/me replaces the record as clients of the legacy app do and ignores a role in it', async (t) => {
  const { ada } = await signedInUsers(t)
  const put = await ada.asks('PUT', '/users/me/', { username: 'ada2', password: PASSWORD, role: 'admin', id: 1 })
  assert.equal(put.status, 200)
  const { username, email, full_name: fullName, role } = put.body
  assert.deepEqual([username, email, fullName, role], ['ada2', null, null, 'user'])
  assert.equal((await ada.asks('GET', '/users/me')).body['username'], 'ada2')
  assert.equal((await ada.asks('PUT', '/users/me', { username: 'ada2' })).status, 422)
  ada.server.clock.pass(minutes(11))
  const refused = await ada.asks('PUT', '/users/me', { username: 'ada2', password: 'another long one' })
  assert.deepEqual([refused.status, refused.body['code']], [401, 'access.reauthentication_required'])
  assert.match(String(refused.raw.headers['www-authenticate']), /max_age=600/)
})

test('a changed password ends every other session', async (t) => {
  const { ada } = await signedInUsers(t)
  const elsewhere = ada.token
  await ada.signsIn()
  const wrong = await ada.asks('PUT', '/users/me/password', { current: 'no', new: 'a kettle full of stars' })
  assert.deepEqual([wrong.status, wrong.body['code']], [403, 'password.wrong'])
  const weak = await ada.asks('PUT', '/users/me/password', { current: PASSWORD, new: 'ada' })
  assert.deepEqual(
    (weak.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer),
    ['/new'],
  )
  const done = await ada.asks('PUT', '/users/me/password', { current: PASSWORD, new: 'a kettle full of stars' })
  assert.equal(done.status, 200)
  assert.equal((await ada.asks('GET', '/users/me')).status, 200)
  const old = await ada.asks('GET', '/users/me', undefined, { authorization: `Bearer ${elsewhere}` })
  assert.equal(old.status, 401)
})

test('sessions are listed and ended, and no user ends another’s', async (t) => {
  const { root, ada } = await signedInUsers(t)
  await ada.signsIn()
  const { items } = (await ada.asks('GET', '/users/me/sessions')).body as { items: { id: string; current: boolean }[] }
  // One session from the enrolment, and one for each later sign-in.
  assert.deepEqual([items.length, items.filter(({ current }) => current).length], [3, 1])
  const mine = items.find(({ current }) => current)?.id ?? ''
  assert.equal((await root.asks('DELETE', `/users/me/sessions/${mine}`)).status, 404)
  assert.deepEqual((await ada.asks('DELETE', '/users/me/sessions')).body, { ended: 2 })
  assert.equal((await ada.asks('DELETE', `/users/me/sessions/${mine}`)).status, 204)
  assert.equal((await ada.asks('GET', '/users/me')).status, 401)
})

test('an authenticator app can be replaced and renamed, and the last one cannot be removed', async (t) => {
  const { ada } = await signedInUsers(t)
  const before = (await ada.asks('GET', '/users/me/factors')).body as { totp: { id: string }[] }
  const old = before.totp[0]?.id ?? ''
  const begun = await ada.asks('POST', '/users/me/totp', { name: 'New phone', replaces: old })
  assert.equal(begun.status, 200)
  const { id, secret, otpauth_uri: uri, qr_svg: qr } = begun.body as Record<string, string>
  assert.match(String(uri), /^otpauth:\/\/totp\/Doorward:ada\?secret=/)
  assert.match(String(qr), /^<svg/)
  ada.server.clock.pass(seconds(30))
  const phone = new Authenticator(String(secret))
  const code = phone.code(ada.server.clock.now())
  assert.equal(
    (await ada.asks('POST', `/users/me/totp/${id}/confirm`, { code: '000' })).body['code'],
    'totp.code_wrong',
  )
  const confirmed = await ada.asks('POST', `/users/me/totp/${id}/confirm`, { code })
  assert.deepEqual([confirmed.status, confirmed.body['name']], [200, 'New phone'])
  assert.equal((await ada.asks('POST', `/users/me/totp/${id}/confirm`, { code })).status, 404)
  const after = await ada.asks('GET', '/users/me/factors')
  assert.deepEqual(
    (after.body as typeof before).totp.map((app) => app.id),
    [id],
  )
  assert.equal(after.raw.body.includes(String(secret)), false)
  assert.equal((await ada.asks('PATCH', `/users/me/totp/${id}`, { name: 'Phone' })).body['name'], 'Phone')
  assert.equal((await ada.asks('DELETE', `/users/me/totp/${id}`)).body['code'], 'totp.last_one')
  const second = await ada.asks('POST', '/users/me/totp')
  assert.equal(second.status, 200)
  assert.equal((await ada.asks('DELETE', `/users/me/totp/${String(second.body['id'])}`)).status, 204)
  ada.server.clock.pass(seconds(60))
  ada.authenticator = phone
  await ada.signsIn()
})

test('a user’s own activity shows their own IP address and never that of an admin', async (t) => {
  const { root, ada } = await signedInUsers(t)
  const { body } = await ada.asks('GET', '/users/me')
  await root.asks('PATCH', `/users/${String(body['id'])}`, { full_name: 'Countess' })
  const first = await ada.asks('GET', '/users/me/activity?limit=1')
  const [event] = first.body['items'] as Record<string, unknown>[]
  assert.deepEqual([event?.['action'], event?.['by'], event?.['address']], ['user.changed', 'admin', null])
  const next = await ada.asks('GET', `/users/me/activity?limit=1&cursor=${String(first.body['next_cursor'])}`)
  const [mine] = next.body['items'] as Record<string, unknown>[]
  assert.deepEqual([mine?.['action'], mine?.['by'], mine?.['address']], ['sign_in.succeeded', 'you', '127.0.0.1'])
  assert.equal((await ada.asks('GET', '/users/me/activity?about=root')).status, 422)
})

test('a user deletes their account after re-authentication, unless they are the last admin', async (t) => {
  const { root, ada } = await signedInUsers(t)
  assert.equal((await root.asks('DELETE', '/users/me')).body['code'], 'user.last_admin')
  ada.server.clock.pass(minutes(11))
  assert.equal((await ada.asks('DELETE', '/users/me')).body['code'], 'access.reauthentication_required')
  await ada.signsIn()
  assert.equal((await ada.asks('DELETE', '/users/me')).status, 204)
  assert.equal((await ada.asks('GET', '/users/me')).status, 401)
})
