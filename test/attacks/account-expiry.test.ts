// Threat: a user whose account has ended keeps access, by a session, an API token, a sign-in under way or an invitation; or the end of an
// account locks out the last admin. The end is checked at each access, and no job runs in these tests.
import assert from 'node:assert/strict'

import { actingAdminExists } from '#domain/users/user.service.ts'
import { hours, minutes, seconds, toRfc3339 } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertSignedOut, signedInBrowser } from '../support/pages/page-answers.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import {
  ask,
  newcomer,
  PASSWORD,
  type Person,
  postToken,
  type Reply,
  startWithAdmin,
} from '../support/people/people.ts'
import { beginsEnrolment, opensAttempt, provesSecondStep, rowOf } from '../support/people/second-factors.ts'
import { fieldErrorsIn, idOf, invitationIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

/** Ends the account of a user after a time; the admin must have signed in a moment ago. */
async function ends(root: Person, id: number, after: number): Promise<Reply> {
  return root.asks('PATCH', `/users/${id}`, { expires_at: toRfc3339(root.server.clock.now() + after) })
}

function endsInRow({ doorward, clock }: Server, id: number, after: number): Promise<unknown> {
  return doorward.db
    .updateTable('users')
    .set({ expires_at: clock.now() + after })
    .where('id', '=', id)
    .execute()
}

onEitherDatabase('a session and an API token stop at the instant at which the account ends', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect })
  const browser = await signedInBrowser(ada)
  await ada.signsIn()
  const script = await apiTokenOf(ada)
  await root.signsIn()
  const end = server.clock.now() + minutes(10)
  const { status } = await root.asks('PATCH', `/users/${await idOf(ada)}`, { expires_at: toRfc3339(end) })
  assert.equal(status, 200)
  server.clock.pass(end - server.clock.now() - 1)
  assert.equal((await ada.asks('GET', '/users/me')).status, 200)
  assert.equal((await asksWith(server, script, 'GET', '/users/me')).status, 200)
  server.clock.pass(1)
  assert.deepEqual(refusalIn(await ada.asks('GET', '/users/me')), [401, 'access.invalid_token'])
  assert.deepEqual(refusalIn(await asksWith(server, script, 'GET', '/users/me')), [401, 'access.invalid_token'])
  assertSignedOut(await browser.open('/account'))
})

leaveToTestAll()

onEitherDatabase(
  'an account that ends in the middle of a sign-in or an enrolment opens no session',
  async (t, dialect) => {
    const { server, root, ada } = await startWithUser(t, { dialect })
    const attempt = await opensAttempt(ada)
    const invited = await root.asks('POST', '/users', { username: 'guest' })
    const accepted = await ask(server, 'POST', '/invitations/accept', {
      payload: { token: invitationIn(invited), password: PASSWORD },
    })
    const enrolment = await beginsEnrolment(server, accepted.body['attempt'])
    const code = ada.code()
    for (const id of [await idOf(ada), Number(invited.body['id'])]) await endsInRow(server, id, 0)
    const proven = await provesSecondStep(server, attempt, ['totp', code])
    assert.deepEqual(refusalIn(proven), [403, 'sign_in.disabled'])
    const confirmed = await ask(server, 'POST', '/attempts/totp/confirm', { payload: enrolment })
    assert.deepEqual(refusalIn(confirmed), [401, 'attempt.ended'])
    const { db } = server.doorward
    const guest = db.selectFrom('users').select('second_factor_at').where('username', '=', 'guest')
    assert.equal((await guest.executeTakeFirstOrThrow()).second_factor_at, null)
  },
)

onEitherDatabase(
  'the code of an expired user is consumed by the refused sign-in, and the reason is recorded',
  async (t, dialect) => {
    const { server, ada } = await startWithUser(t, { dialect })
    const id = await idOf(ada)
    await endsInRow(server, id, 0)
    const code = ada.code()
    const payload = { username: 'ada', password: PASSWORD, code }
    assert.deepEqual(refusalIn(await ask(server, 'POST', '/attempts', { payload })), [403, 'sign_in.disabled'])
    const { db } = server.doorward
    await db.updateTable('users').set({ expires_at: null }).where('id', '=', id).execute()
    assert.equal((await ask(server, 'POST', '/attempts', { payload })).body['code'], 'attempt.code_used')
    const events = await db.selectFrom('audit_event').select('reason').where('action', '=', 'sign_in.refused').execute()
    assert.deepEqual(
      events.map(({ reason }) => reason),
      ['account_expired'],
    )
  },
)

onEitherDatabase('what an end has stopped does not work again when the end is lifted', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect })
  const invited = await root.asks('POST', '/users', { username: 'guest' })
  const [id, guest] = [await idOf(ada), Number(invited.body['id'])]
  for (const one of [id, guest]) assert.equal((await ends(root, one, minutes(5))).status, 200)
  server.clock.pass(minutes(6))
  for (const one of [id, guest])
    assert.equal((await root.asks('PATCH', `/users/${one}`, { expires_at: null })).status, 200)
  assert.deepEqual(refusalIn(await ada.asks('GET', '/users/me')), [401, 'access.invalid_token'])
  const payload = { token: invitationIn(invited), password: PASSWORD }
  assert.deepEqual(refusalIn(await ask(server, 'POST', '/invitations/accept', { payload })), [404, 'link.used'])
  await ada.signsIn()
  assert.equal((await ada.asks('GET', '/users/me')).status, 200)
})

// The columns of PostgreSQL have types.
test('an end that another program has written as a text keeps the user out', async (t) => {
  const { server, ada } = await startWithUser(t)
  const { db } = server.doorward
  const id = await idOf(ada)
  await db
    .updateTable('users')
    .set({ expires_at: '2099-12-31' as unknown as number })
    .where('id', '=', id)
    .execute()
  assert.deepEqual(refusalIn(await ada.asks('GET', '/users/me')), [401, 'access.invalid_token'])
})

onEitherDatabase('of admins whose accounts have all ended, the one who ends last stays', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const others: Person[] = []
  for (const name of ['bob', 'cy']) {
    await root.signsIn()
    others.push(await newcomer(root, name, { role: 'admin' }))
  }
  const [bob, cy] = others
  assert.ok(bob && cy)
  const all = [root, bob, cy]
  for (const person of all) await person.signsIn()
  const [rootId, bobId, cyId] = [await rowOf(root), await rowOf(bob), await rowOf(cy)].map((row) => row.id)
  assert.ok(rootId !== undefined && bobId !== undefined && cyId !== undefined)
  const inside = async (): Promise<string[]> => {
    const read = await Promise.all(all.map((person) => person.asks('GET', '/users/me')))
    return all.filter((_person, at) => read[at]?.status === 200).map(({ username }) => username)
  }
  await endsInRow(server, rootId, minutes(1))
  await endsInRow(server, bobId, minutes(2))
  await endsInRow(server, cyId, minutes(3))
  server.clock.pass(minutes(4))
  assert.deepEqual(await inside(), ['cy'])
  // Of two that end at the same instant, exactly one stays.
  await endsInRow(server, bobId, -1)
  await endsInRow(server, cyId, -1)
  assert.deepEqual(await inside(), ['cy'])
  // An admin who may act for longer, but lacks the second factor, keeps nobody out; nor does a disabled one.
  await server.doorward.db.updateTable('users').set({ second_factor_at: null }).where('id', '=', bobId).execute()
  await server.doorward.db.updateTable('users').set({ disabled: 1 }).where('id', '=', rootId).execute()
  await server.doorward.db.updateTable('users').set({ expires_at: null }).where('id', 'in', [rootId, bobId]).execute()
  assert.deepEqual((await cy.asks('GET', '/users')).status, 200)
  assert.ok(await actingAdminExists(server.operator()))
  const reply = await postToken(server, { username: 'cy', password: PASSWORD + cy.code() })
  assert.equal(reply.status, 200, 'the admin who stays cannot sign in')
})

onEitherDatabase('the last admin is given no end, and nobody sets the end of the own account', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const rootId = await idOf(root)
  assert.deepEqual(refusalIn(await ends(root, rootId, hours(1))), [409, 'user.own_account'])
  const bob = await (await newcomer(root, 'bob', { role: 'admin' })).signsIn()
  const bobId = await idOf(bob)
  await root.signsIn()
  assert.equal((await ends(root, bobId, hours(1))).status, 200)
  // Bob ends first, so nobody would be left after Root.
  assert.deepEqual(refusalIn(await ends(bob, rootId, hours(2))), [409, 'user.last_admin'])
  assert.equal((await ends(bob, rootId, minutes(30))).status, 200)
  assert.deepEqual(refusalIn(await ends(root, bobId, hours(3))), [409, 'user.last_admin'])
  assert.deepEqual(fieldErrorsIn(await ends(root, bobId, -seconds(1))), ['/expires_at user.expiry_past'])
})

onEitherDatabase('an expired admin does not count where the last admin is to be removed', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const bob = await newcomer(root, 'bob', { role: 'admin' })
  await root.signsIn()
  const cy = await (await newcomer(root, 'cy', { role: 'admin' })).signsIn()
  await endsInRow(server, (await rowOf(bob)).id, -minutes(1))
  const rootId = await idOf(root)
  assert.equal((await cy.asks('POST', `/users/${rootId}/disable`)).status, 200)
  assert.deepEqual(refusalIn(await cy.asks('DELETE', '/users/me')), [409, 'user.last_admin'])
  assert.equal((await cy.asks('DELETE', `/users/${(await rowOf(bob)).id}`)).status, 204)
})

onEitherDatabase('the end of an admin needs recent authentication, in both directions', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const bob = await newcomer(root, 'bob', { role: 'admin' })
  const { id } = await rowOf(bob)
  server.clock.pass(minutes(20))
  for (const expiresAt of [toRfc3339(server.clock.now() + hours(1)), null]) {
    if (expiresAt === null) await endsInRow(server, id, hours(1))
    const reply = await root.asks('PATCH', `/users/${id}`, { expires_at: expiresAt })
    assert.deepEqual(refusalIn(reply), [401, 'access.reauthentication_required'])
  }
})
