// What admins do to other users' accounts, through HTTP.
import assert from 'node:assert/strict'

import { seconds } from '#foundation/kernel/time.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'
import { ask, newcomer, PASSWORD, type Person, postToken, startWithAdmin } from '../support/people/people.ts'
import { idOf, invitationIn, itemsOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

/** Creates a user, who has not accepted the invitation; returns the id. */
async function created(root: Person, username: string, fields: object = {}): Promise<number> {
  const reply = await root.asks('POST', '/users', { username, ...fields })
  assert.equal(reply.status, 200, reply.raw.body)
  return Number(reply.body['id'])
}

onEitherDatabase('a name or address that differs only in case or Unicode form is taken', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const id = await created(root, 'Straße', { email: 'Ångström@example.org' })
  const ada = await (await newcomer(root, 'ada', { email: 'ada@example.org' })).signsIn()
  for (const username of ['STRASSE', 'straße', 'ｓtrasse']) {
    const wanted = [409, 'user.username_taken']
    assert.deepEqual(refusalIn(await root.asks('POST', '/users', { username })), wanted, username)
    assert.deepEqual(refusalIn(await ada.asks('PATCH', '/users/me', { username })), wanted, username)
    const whole = { username, email: 'ada@example.org', password: PASSWORD }
    assert.deepEqual(refusalIn(await ada.asks('PUT', '/users/me', whole)), wanted, username)
  }
  for (const email of ['ÅNGSTRÖM@EXAMPLE.ORG', 'A\u030angstro\u0308m@example.org']) {
    const wanted = [409, 'user.email_taken']
    assert.deepEqual(refusalIn(await root.asks('POST', '/users', { username: 'new', email })), wanted, email)
    assert.deepEqual(refusalIn(await ada.asks('PATCH', '/users/me', { email })), wanted, email)
  }
  // The user's own name in another spelling is no conflict.
  const respelled = await root.asks('PATCH', `/users/${id}`, { username: 'STRASSE', email: 'ångström@example.org' })
  assert.deepEqual([respelled.status, respelled.body['username']], [200, 'STRASSE'])
  const { email, username } = (await ada.asks('GET', '/users/me')).body
  assert.deepEqual([username, email], ['ada', 'ada@example.org'])
})

leaveToTestAll()

onEitherDatabase('of two admins who read a user, the second to change it gets a conflict', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const eve = await (await newcomer(root, 'eve', { role: 'admin' })).signsIn()
  const path = `/users/${await created(root, 'grace', { full_name: 'Grace' })}`
  const etag = String((await root.asks('GET', path)).raw.headers['etag'])
  assert.equal((await eve.asks('GET', path)).raw.headers['etag'], etag)
  const first = await root.asks('PATCH', path, { full_name: 'Grace Hopper' }, { 'if-match': etag })
  assert.equal(first.status, 200)
  const second = await eve.asks('PATCH', path, { full_name: 'Gracie' }, { 'if-match': etag })
  assert.deepEqual(refusalIn(second), [412, 'resource.stale'])
  const { body, raw } = await eve.asks('GET', path)
  assert.equal(body['full_name'], 'Grace Hopper')
  assert.equal(raw.headers['etag'], first.raw.headers['etag'])
  const informed = await eve.asks('PATCH', path, { full_name: 'Gracie' }, { 'if-match': String(raw.headers['etag']) })
  assert.equal(informed.body['full_name'], 'Gracie')
  assert.equal((await root.asks('PATCH', path, { full_name: 'G' }, { 'if-match': '*' })).status, 200)
})

onEitherDatabase(
  'the last admin stays one, whatever is requested and however many other admins cannot act',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    const own = `/users/${await idOf(root)}`
    // One admin without a second factor, and a disabled one.
    await created(root, 'invited', { role: 'admin' })
    const off = await newcomer(root, 'off', { role: 'admin' })
    const offPath = `/users/${await idOf(await off.signsIn())}`
    assert.equal((await root.asks('POST', `${offPath}/disable`)).status, 200)
    const tries = [
      () => root.asks('PATCH', own, { role: 'user' }),
      () => root.asks('POST', `${own}/disable`),
      () => root.asks('POST', `${own}/reset-second-factor`, { reason: 'Lost phone.' }),
      () => root.asks('DELETE', own),
      () => root.asks('DELETE', '/users/me'),
    ]
    for (const attempt of tries) assert.deepEqual(refusalIn(await attempt()), [409, 'user.last_admin'])
    assert.equal((await root.asks('POST', `${offPath}/enable`)).status, 200)
    for (const attempt of tries.slice(0, 4)) assert.deepEqual(refusalIn(await attempt()), [409, 'user.own_account'])
    await off.signsIn()
    assert.equal((await off.asks('PATCH', own, { role: 'user' })).body['role'], 'user')
    assert.equal((await root.asks('GET', '/users/me')).status, 401)
    await root.signsIn()
    assert.deepEqual(refusalIn(await root.asks('GET', '/users')), [403, 'access.insufficient_permissions'])
    assert.deepEqual(refusalIn(await off.asks('DELETE', offPath)), [409, 'user.last_admin'])
  },
)

onEitherDatabase(
  'a deleted user is gone with all their data, and the username is free for a new user',
  async (t, dialect) => {
    const { root, ada } = await startWithUser(t, { dialect }, { email: 'ada@example.org' })
    const id = await idOf(ada)
    assert.equal((await root.asks('DELETE', `/users/${id}`)).status, 204)
    assert.equal((await ada.asks('GET', '/users/me')).status, 401)
    assert.equal((await root.asks('GET', `/users/${id}`)).status, 404)
    assert.deepEqual(itemsOf(await root.asks('GET', '/users?q=ada')), [])
    const gone = await postToken(root.server, { username: 'ada', password: ada.password + ada.code() })
    assert.deepEqual(refusalIn(gone), [401, 'sign_in.incorrect'])
    const other = await (await newcomer(root, 'ADA', { email: 'Ada@Example.org' })).signsIn()
    assert.notEqual(await idOf(other), id)
    const theirs = itemsOf(await other.asks('GET', '/users/me/activity')).map(({ action }) => action)
    assert.ok(!theirs.includes('user.deleted'))
    // The event remains although the user is deleted.
    const deleted = itemsOf(await root.asks('GET', '/audit-events?action=user.deleted'))
    assert.deepEqual(
      deleted.map(({ details }) => (details as { username: string }).username),
      ['ada'],
    )
  },
)

onEitherDatabase('a new invitation revokes the one before, on every route that accepts it', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const reply = await root.asks('POST', '/users', { username: 'bob' })
  const token = invitationIn(reply)
  // The enrolment with the old invitation is unfinished: the app has the key, but no code has confirmed it.
  const begun = await ask(root.server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } })
  const { attempt } = begun.body
  const key = await ask(root.server, 'POST', '/attempts/totp', { payload: { attempt } })
  const again = await root.asks('POST', `/users/${String(reply.body['id'])}/invitation`)
  assert.equal(again.status, 200)
  assert.equal((await ask(root.server, 'GET', `/invitation/${token}`)).status, 404)
  const late = await ask(root.server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } })
  assert.deepEqual(refusalIn(late), [404, 'link.unknown'])
  const code = new Authenticator(String(key.body['secret'])).code(root.server.clock.now())
  const confirmed = await ask(root.server, 'POST', '/attempts/totp/confirm', { payload: { attempt, code } })
  assert.notEqual(confirmed.status, 200, 'an enrolment begun with the old link was finished')
  const payload = { token: invitationIn(again), password: PASSWORD }
  assert.equal((await ask(root.server, 'GET', `/invitation/${payload.token}`)).status, 200)
  const accepted = await ask(root.server, 'POST', '/invitations/accept', { payload })
  assert.deepEqual([accepted.status, accepted.body['stage']], [200, 'enrolment'])
})

onEitherDatabase(
  'a newcomer keeps the password they were given, or chooses another that counts from then on',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    const given = 'given by the admin'
    for (const [username, chosen] of Object.entries({ keeper: given, chooser: PASSWORD })) {
      const token = invitationIn(await root.asks('POST', '/users', { username, password: given }))
      const accepted = await ask(root.server, 'POST', '/invitations/accept', { payload: { token, password: chosen } })
      const { attempt } = accepted.body
      const key = await ask(root.server, 'POST', '/attempts/totp', { payload: { attempt } })
      const app = new Authenticator(String(key.body['secret']))
      // Until the first code nothing changes: the given password leads to an enrolment, the chosen one is not accepted yet.
      const before = await postToken(root.server, { username, password: chosen })
      assert.equal(before.status, chosen === given ? 403 : 401)
      const payload = { attempt, code: app.code(root.server.clock.now()) }
      assert.equal((await ask(root.server, 'POST', '/attempts/totp/confirm', { payload })).status, 200)
      const opens = async (password: string): Promise<boolean> => {
        root.server.clock.pass(seconds(30))
        const reply = await postToken(root.server, { username, password: password + app.code(root.server.clock.now()) })
        return reply.status === 200
      }
      assert.deepEqual([await opens(given), await opens(chosen)], [chosen === given, true], username)
    }
    const accepted = itemsOf(await root.asks('GET', '/audit-events?action=invitation.accepted'))
    assert.deepEqual(
      accepted.map(({ details }) => (details as { password: string }).password),
      ['set', 'kept'],
    )
  },
)

onEitherDatabase(
  'after a reset the old app is refused, and the password leads to a new enrolment',
  async (t, dialect) => {
    const { root, ada } = await startWithUser(t, { dialect })
    const id = await idOf(ada)
    const reset = await root.asks('POST', `/users/${id}/reset-second-factor`, { reason: 'Lost the phone' })
    const { status } = reset.body['user'] as { status: string }
    assert.deepEqual([reset.status, status, reset.body['invitation']], [200, 'no-factor', null])
    assert.equal((await ada.asks('GET', '/users/me')).status, 401)
    const { server } = root
    const appended = await postToken(server, { username: 'ada', password: PASSWORD + ada.code() })
    assert.deepEqual(refusalIn(appended), [401, 'sign_in.incorrect'])
    const alone = await postToken(server, { username: 'ada', password: PASSWORD })
    assert.deepEqual(refusalIn(alone), [403, 'sign_in.enrolment_needed'])
    const begun = await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD } })
    assert.equal(begun.body['stage'], 'enrolment')
    const { attempt } = begun.body
    const key = await ask(server, 'POST', '/attempts/totp', { payload: { attempt } })
    ada.authenticator = new Authenticator(String(key.body['secret']))
    const done = await ask(server, 'POST', '/attempts/totp/confirm', { payload: { attempt, code: ada.code() } })
    assert.deepEqual([done.status, done.body['stage']], [200, 'complete'], done.raw.body)
    await ada.signsIn()
    assert.equal((await root.asks('GET', `/users/${id}`)).body['status'], 'active')
  },
)

onEitherDatabase('a sign-out by an admin ends every session there is and none that comes after', async (t, dialect) => {
  const { root, ada } = await startWithUser(t, { dialect })
  const first = ada.token
  await ada.signsIn()
  // The third session began with the enrolment.
  assert.deepEqual((await root.asks('POST', `/users/${await idOf(ada)}/sign-out`)).body, { ended: 3 })
  for (const token of [first, ada.token]) {
    const reply = await ask(root.server, 'GET', '/users/me', { headers: { authorization: `Bearer ${token}` } })
    assert.equal(reply.status, 401)
  }
  await ada.signsIn()
  assert.equal((await ada.asks('GET', '/users/me')).status, 200)
  assert.equal((await root.asks('GET', '/users/me')).status, 200)
})

onEitherDatabase(
  'a rename keeps the session, and the next user of the old name inherits nothing',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    const chief = await (await newcomer(root, 'chief', { role: 'admin' })).signsIn()
    const renamed = await chief.asks('PATCH', '/users/me', { username: 'boss' })
    assert.equal(renamed.status, 200)
    const heir = await (await newcomer(root, 'chief')).signsIn()

    const { body: still } = await chief.asks('GET', '/users/me')
    assert.deepEqual([still['username'], still['role']], ['boss', 'admin'])
    const { body: me } = await heir.asks('GET', '/users/me')
    assert.deepEqual([me['username'], me['role']], ['chief', 'user'])
    assert.notEqual(me['id'], still['id'])
    assert.deepEqual(refusalIn(await heir.asks('GET', '/users')), [403, 'access.insufficient_permissions'])
    assert.equal((await chief.asks('GET', '/users')).status, 200)

    const own = itemsOf(await heir.asks('GET', '/users/me/activity')).map(({ action }) => action)
    assert.ok(!own.includes('user.renamed'), 'the heir sees what happened to the other')
    assert.equal(itemsOf(await heir.asks('GET', '/users/me/sessions')).length, 2)
    chief.server.clock.pass(seconds(30))
    const byOldName = await postToken(root.server, { username: 'chief', password: PASSWORD + chief.code() })
    assert.deepEqual(refusalIn(byOldName), [401, 'sign_in.incorrect'])
    const byNewName = await postToken(root.server, { username: 'BOSS', password: PASSWORD + chief.code() })
    assert.equal(byNewName.status, 200)
  },
)
