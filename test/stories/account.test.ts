// A user's own account, through HTTP: record, password, apps, sessions, activity, deletion.
import assert from 'node:assert/strict'

import { minutes, seconds } from '#foundation/kernel/time.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser, signsIn } from '../support/pages/page-answers.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'
import { ask, newcomer, PASSWORD, type Person, postToken } from '../support/people/people.ts'
import { fieldErrorsIn, idOf, itemsOf, nextPageOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const ANOTHER = 'a kettle full of stars'
const ADA = { email: 'ada@example.org', full_name: 'Ada' }

/** Whether the token still authenticates its user. */
async function opens({ server }: Person, token: string | undefined): Promise<boolean> {
  const reply = await ask(server, 'GET', '/users/me', { headers: { authorization: `Bearer ${token}` } })
  assert.ok(reply.status === 200 || reply.status === 401, reply.raw.body)
  return reply.status === 200
}

async function tokenStatus({ server, username }: Person, password: string): Promise<number> {
  return (await postToken(server, { username, password })).status
}

onEachDatabase('users change their own record, and an admin sees the same', async (t, dialect) => {
  const { root, ada } = await startWithUser(t, { dialect }, ADA)
  const { body: before, raw } = await ada.asks('GET', '/users/me')
  const path = `/users/${String(before['id'])}`
  const patched = await ada.asks('PATCH', '/users/me', { full_name: 'Ada Lovelace', time_zone: 'Europe/London' })
  assert.equal(patched.status, 200)
  const unchanged = { ...before, full_name: 'Ada Lovelace', time_zone: 'Europe/London' }
  assert.deepEqual(
    { ...patched.body, updated_at: before['updated_at'] },
    { ...unchanged, updated_at: before['updated_at'] },
  )
  assert.deepEqual((await root.asks('GET', path)).body, patched.body)
  const stale = await ada.asks('PATCH', '/users/me', { full_name: null }, { 'if-match': String(raw.headers['etag']) })
  assert.deepEqual(refusalIn(stale), [412, 'resource.stale'])
  const whole = await ada.asks('PUT', '/users/me', {
    username: 'ada',
    email: 'countess@example.org',
    password: PASSWORD,
  })
  const { email, full_name: fullName, email_verified: verified } = whole.body
  assert.deepEqual([whole.status, email, fullName, verified], [200, 'countess@example.org', null, false])
  assert.ok(await opens(ada, ada.token), 'the present password ended the session')
  const byIpAddress = { username: 'countess@example.org', password: PASSWORD }
  assert.equal((await ask(root.server, 'POST', '/attempts', { payload: byIpAddress })).status, 401)
})

leaveToTestAll()

onEitherDatabase('a user cannot set their own role, id or status', async (t, dialect) => {
  const { ada } = await startWithUser(t, { dialect }, ADA)
  const { body: before } = await ada.asks('GET', '/users/me')
  const wishes = { role: 'admin', id: 1, subject: 'x', disabled: true, email_verified: true, second_factor_at: null }
  for (const [field, value] of Object.entries(wishes)) {
    assert.deepEqual(fieldErrorsIn(await ada.asks('PATCH', '/users/me', { [field]: value })), [
      `/${field} field.unknown`,
    ])
  }
  const { username, email, full_name } = before
  const whole = await ada.asks('PUT', '/users/me', { username, email, full_name, password: PASSWORD, ...wishes })
  assert.deepEqual([whole.status, whole.body], [200, before])
})

onEitherDatabase('a new password keeps this session, ends the others and is the only valid one', async (t, dialect) => {
  const { ada } = await startWithUser(t, { dialect }, ADA)
  const elsewhere = ada.token
  await ada.signsIn()
  const change = { current: PASSWORD, new: ANOTHER }
  assert.deepEqual(refusalIn(await ada.asks('PUT', '/users/me/password', { ...change, current: 'no' })), [
    403,
    'password.wrong',
  ])
  assert.ok(await opens(ada, elsewhere), 'a refused change ended a session')
  assert.equal((await ada.asks('PUT', '/users/me/password', change)).status, 200)
  assert.deepEqual([await opens(ada, ada.token), await opens(ada, elsewhere)], [true, false])
  assert.equal(await tokenStatus(ada, PASSWORD + ada.code()), 401)
  assert.equal(await tokenStatus(ada, ANOTHER + ada.code()), 200)
})

onEitherDatabase('guesses at the password in a stolen session are limited', async (t, dialect) => {
  const { ada } = await startWithUser(t, { dialect }, ADA)
  const statuses: number[] = []
  for (let guess = 0; guess < 6; guess++) {
    const reply = await ada.asks('PUT', '/users/me/password', { current: `guess ${guess}`, new: ANOTHER })
    statuses.push(reply.status)
  }
  assert.deepEqual(statuses, [403, 403, 403, 403, 403, 429])
  const right = await ada.asks('PUT', '/users/me', { username: 'ada', password: PASSWORD })
  assert.deepEqual(refusalIn(right), [429, 'throttle.blocked'])
})

onEitherDatabase(
  'another password in the whole record requires re-authentication, and then acts as a change of password',
  async (t, dialect) => {
    const { ada } = await startWithUser(t, { dialect }, ADA)
    const elsewhere = ada.token
    await ada.signsIn()
    ada.server.clock.pass(minutes(11))
    const whole = { username: 'countess', email: 'ada@example.org', password: ANOTHER }
    assert.deepEqual(refusalIn(await ada.asks('PUT', '/users/me', whole)), [401, 'access.reauthentication_required'])
    assert.equal((await ada.asks('GET', '/users/me')).body['username'], 'ada', 'half of the record was taken')
    const proof = await ada.asks('POST', '/session/proof', { password: PASSWORD, code: ada.code() })
    assert.equal(proof.status, 200)
    const done = await ada.asks('PUT', '/users/me', whole)
    assert.deepEqual([done.status, done.body['username']], [200, 'countess'])
    assert.deepEqual([await opens(ada, ada.token), await opens(ada, elsewhere)], [true, false])
  },
)

onEitherDatabase('users see their sessions and end those they do not know', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect }, ADA)
  const fields = new URLSearchParams({ username: 'ada', password: PASSWORD + ada.code() }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Strange 1.0' }
  const elsewhere = await server.app.inject({
    method: 'POST',
    url: '/token',
    headers,
    payload: fields,
    remoteAddress: '203.0.113.7',
  })
  const { access_token: token } = elsewhere.json<{ access_token: string }>()
  const sessions = itemsOf(await ada.asks('GET', '/users/me/sessions'))
  assert.equal(sessions.length, 3)
  const found = sessions.find(({ address }) => address === '203.0.113.7')
  assert.deepEqual(
    [found?.['agent'], found?.['transport'], found?.['methods'], found?.['current']],
    ['Strange 1.0', 'bearer', ['password', 'totp'], false],
  )
  const path = `/users/me/sessions/${String(found?.['id'])}`
  assert.deepEqual(refusalIn(await root.asks('DELETE', path)), [404, 'session.not_found'])
  assert.ok(await opens(ada, token))
  assert.equal((await ada.asks('DELETE', path)).status, 204)
  assert.deepEqual([await opens(ada, token), await opens(ada, ada.token)], [false, true])
  assert.deepEqual(refusalIn(await ada.asks('DELETE', path)), [404, 'session.not_found'])
  assert.deepEqual((await ada.asks('DELETE', '/users/me/sessions')).body, { ended: 1 })
  const left = itemsOf(await ada.asks('GET', '/users/me/sessions'))
  assert.deepEqual(
    left.map(({ current }) => current),
    [true],
  )
  assert.ok(await opens(root, root.token))
})

onEitherDatabase(
  'the old authenticator app is accepted until the new one is confirmed, and not after',
  async (t, dialect) => {
    const { ada } = await startWithUser(t, { dialect }, ADA)
    const { clock } = ada.server
    const elsewhere = ada.token
    await ada.signsIn()
    const { totp } = (await ada.asks('GET', '/users/me/factors')).body as { totp: { id: string }[] }
    const begun = await ada.asks('POST', '/users/me/totp', { name: 'New phone', replaces: totp[0]?.id })
    assert.equal(begun.status, 200, begun.raw.body)
    const phone = new Authenticator(String(begun.body['secret']))
    const old = ada.authenticator

    clock.pass(seconds(30))
    assert.equal(await tokenStatus(ada, PASSWORD + phone.code(clock.now())), 401, 'an unconfirmed app signs in')
    assert.equal(await tokenStatus(ada, PASSWORD + ada.code()), 200, 'the old app stopped before the new one counts')
    const confirm = `/users/me/totp/${String(begun.body['id'])}/confirm`
    const oldCode = old.code(clock.now(), 1)
    assert.deepEqual(refusalIn(await ada.asks('POST', confirm, { code: oldCode })), [403, 'totp.code_wrong'])
    const confirmed = await ada.asks('POST', confirm, { code: phone.code(clock.now()) })
    assert.deepEqual([confirmed.status, confirmed.body['name']], [200, 'New phone'])

    assert.equal(await tokenStatus(ada, PASSWORD + oldCode), 401, 'the old app still signs in')
    assert.equal(await tokenStatus(ada, PASSWORD + phone.code(clock.now())), 401, 'the confirming code works twice')
    assert.deepEqual([await opens(ada, ada.token), await opens(ada, elsewhere)], [true, false])
    clock.pass(seconds(30))
    assert.equal(await tokenStatus(ada, PASSWORD + phone.code(clock.now())), 200)
    const factors = await ada.asks('GET', '/users/me/factors')
    assert.deepEqual(
      (factors.body['totp'] as { name: string }[]).map(({ name }) => name),
      ['New phone'],
    )
  },
)

onEitherDatabase('an unfinished replacement of an app changes nothing', async (t, dialect) => {
  const { ada } = await startWithUser(t, { dialect }, ADA)
  const { totp } = (await ada.asks('GET', '/users/me/factors')).body as { totp: { id: string }[] }
  const begun = await ada.asks('POST', '/users/me/totp', { replaces: totp[0]?.id })
  ada.server.clock.pass(minutes(16))
  const code = new Authenticator(String(begun.body['secret'])).code(ada.server.clock.now())
  const late = await ada.asks('POST', `/users/me/totp/${String(begun.body['id'])}/confirm`, { code })
  assert.deepEqual(refusalIn(late), [404, 'totp.not_found'])
  assert.equal(await tokenStatus(ada, PASSWORD + ada.code()), 200)
})

onEitherDatabase('users see the events of their account, and none of others', async (t, dialect) => {
  const { root, ada } = await startWithUser(t, { dialect }, ADA)
  await postToken(root.server, { username: 'ada', password: 'not hers000000' })
  await ada.asks('PATCH', '/users/me', { username: 'countess' })
  await root.asks('PATCH', `/users/${await idOf(ada)}`, { full_name: 'Countess' })
  await root.asks('POST', '/users', { username: 'bob' })
  const seen: string[] = []
  for (let path: string | undefined = '/users/me/activity?limit=2'; path !== undefined;) {
    const reply = await ada.asks('GET', path)
    assert.ok(itemsOf(reply).length <= 2 && seen.length < 50)
    seen.push(...itemsOf(reply).map(({ action, by, result }) => `${String(by)}: ${String(action)} ${String(result)}`))
    path = nextPageOf(reply)
  }
  assert.deepEqual(seen, [
    'admin: user.changed done',
    'you: user.renamed done',
    'nobody: sign_in.refused refused',
    'you: sign_in.succeeded done',
    'you: sign_in.succeeded done',
    'you: recovery_codes.made done',
    'you: totp.confirmed done',
    'you: invitation.accepted done',
    'admin: invitation.issued done',
    'admin: user.created done',
  ])
})

onEitherDatabase('actions on other users name them, also once they are deleted', async (t, dialect) => {
  const { root, ada } = await startWithUser(t, { dialect }, ADA)
  const bob = await (await newcomer(root, 'bob')).signsIn()
  const path = `/users/${await idOf(bob)}`
  const activity = async (limit: number): Promise<string[]> =>
    itemsOf(await root.asks('GET', `/users/me/activity?limit=${limit}`)).map(({ action, target }) =>
      [action, (target as { username: string | null } | null)?.username].join(' '),
    )
  const browser = await signedInBrowser(root)
  const [action = ''] = (await browser.page(`/admin${path}/sign-in`)).actions().filter((one) => one.endsWith('/end'))
  assert.equal((await browser.submit(action, {})).statusCode, 303)
  await root.asks('PATCH', path, { username: 'robert' })
  // An event that stores the user's name shows that one, the others the user's current name.
  assert.deepEqual(await activity(5), [
    'user.renamed robert',
    'session.ended robert',
    'sign_in.succeeded ',
    'invitation.issued bob',
    'user.created bob',
  ])
  await root.asks('PATCH', `/users/${await idOf(ada)}`, { role: 'admin' })
  await ada.signsIn()
  const rootPath = `/users/${await idOf(root)}`
  assert.equal((await ada.asks('PATCH', rootPath, { role: 'user' })).status, 200)
  await root.signsIn()
  const asUser = await activity(8)
  assert.ok(asUser.includes('session.ended '), 'a former admin learns the present name')
  assert.ok(asUser.includes('user.renamed robert'))
  await ada.asks('PATCH', rootPath, { role: 'admin' })
  await root.signsIn()
  assert.equal((await root.asks('DELETE', path)).status, 204)
  await signsIn(browser, root)
  const words = (await browser.page('/account/activity')).text
  for (const line of [
    'Account deleted: robert',
    'Session ended: another user',
    'Account created: bob',
    'Server set up ',
  ])
    assert.ok(words.includes(line), `the activity lacks ${line}`)
  assert.ok(!words.includes('Server set up:'))
  // Security shows the latest five events.
  assert.match((await browser.page('/account/security')).part('activity').text, /Account deleted: robert/)
})

onEitherDatabase('deleting one’s account requires re-authentication and takes effect at once', async (t, dialect) => {
  const { root, ada } = await startWithUser(t, { dialect }, ADA)
  const id = await idOf(ada)
  ada.server.clock.pass(minutes(11))
  assert.deepEqual(refusalIn(await ada.asks('DELETE', '/users/me')), [401, 'access.reauthentication_required'])
  const elsewhere = ada.token
  await ada.signsIn()
  assert.equal((await ada.asks('DELETE', '/users/me')).status, 204)
  assert.deepEqual([await opens(ada, ada.token), await opens(ada, elsewhere)], [false, false])
  assert.equal(await tokenStatus(ada, PASSWORD + ada.code()), 401)
  assert.equal((await root.asks('GET', `/users/${id}`)).status, 404)
})
