// Sessions and stale permissions: vulnerabilities of similar products, each row of the attack book tested here.
//
// Rows that other files test:
//   D3, D8, D11, D14  test/attacks/api-tokens.test.ts for API tokens; D3 for sessions below; D11 and D14 for sessions in
//                     test/attacks/mass-assignment.test.ts and test/attacks/access-matrix.test.ts.
//   D12               test/attacks/access-matrix.test.ts.
//   D15               test/attacks/secrets-at-rest.test.ts: the log of a whole day. There are no refresh tokens.
// Rows that do not apply yet:
//   D4, D5, D16, D17, D18, D19  There are no refresh tokens and no end-session endpoint: a session is one token, looked up
//                     at each use.
//   D6                There is no userinfo and no introspection.
// Part of D7: there are no apps to authorize; a user disabled between password and second factor is tested.
import assert from 'node:assert/strict'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertSignedOut, signedInBrowser, signsIn } from '../support/pages/page-answers.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import { peopled } from '../support/people/password-guesses.ts'
import { ask, newcomer, PASSWORD, type Person, type Reply, startWithAdmin } from '../support/people/people.ts'
import { givePasskey, opensAttempt, provesSecondStep, rowOf, showsPasskey } from '../support/people/second-factors.ts'
import { idOf, itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { asks, twoNodes } from '../support/server/nodes.ts'

onEitherDatabase('D1 CVE-2021-45330: a copied token stops working when its user signs out', async (t, dialect) => {
  const { ada } = await peopled(t, { dialect })
  assert.equal((await ada.asks('DELETE', '/session')).status, 204)
  assert.equal((await ada.asks('GET', '/users/me')).status, 401)
  const browser = await signedInBrowser(ada)
  const kept = [...browser.cookies]
  await browser.open('/sign-out')
  await browser.submit('/sign-out', {})
  assert.ok(!browser.cookies.has('session'))
  for (const [name, value] of kept) browser.cookies.set(name, value)
  assertSignedOut(await browser.open('/account'))
})

leaveToTestAll()

type End = (admin: Person, id: number, person: Person) => Promise<Reply>

/** The ways in which an admin, or the user in another browser, ends a session. */
const ENDS: Readonly<Record<string, End>> = {
  'the person ends it in their list': async (_admin, _id, person) => {
    const others = itemsOf(await person.asks('GET', '/users/me/sessions')).filter((session) => !session['current'])
    const ids = others.map((session) => String(session['id']))
    const replies = await Promise.all(ids.map((id) => person.asks('DELETE', `/users/me/sessions/${id}`)))
    return replies[0] ?? assert.fail('no other session is listed')
  },
  'the person ends all others': (_admin, _id, person) => person.asks('DELETE', '/users/me/sessions'),
  'an admin signs them out': (admin, id) => admin.asks('POST', `/users/${id}/sign-out`),
  'an admin changes their role': (admin, id) => admin.asks('PATCH', `/users/${id}`, { role: 'admin' }),
  'an admin resets their second step': (admin, id) =>
    admin.asks('POST', `/users/${id}/reset-second-factor`, { reason: 'Lost phone.' }),
  'an admin turns them off': (admin, id) => admin.asks('POST', `/users/${id}/disable`),
  'an admin deletes them': (admin, id) => admin.asks('DELETE', `/users/${id}`),
}

onEitherDatabase(
  'D2 CVE-2025-29928: a revoked session is refused at every node, by whichever route it was revoked',
  async (t, dialect) => {
    const { nodes, root } = await twoNodes(t, dialect)
    for (const [number, [what, end]] of Object.entries(ENDS).entries()) {
      const person = await (await newcomer(await root.signsIn(), `person-${number}`)).signsIn()
      const stolen = { token: person.token }
      await person.signsIn()
      await root.signsIn()
      for (const node of nodes) assert.equal((await asks(node, stolen, 'GET', '/users/me')).status, 200, what)
      const { status, raw } = await end(root, await idOf(person), person)
      assert.ok(status === 200 || status === 204, `${what}: ${raw.body}`)
      for (const node of nodes) assert.equal((await asks(node, stolen, 'GET', '/users/me')).status, 401, what)
    }
  },
)

onEitherDatabase(
  'D3 GHSA-56p6-qw3c-fq2g, D7 CVE-2025-53942: disabling a user revokes sessions, tokens and unfinished sign-ins',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const ada = await (await newcomer(root, 'ada')).signsIn()
    const token = await apiTokenOf(ada)
    const phone = await givePasskey(ada)
    const browser = await signedInBrowser(ada)
    const attempt = await opensAttempt(ada)
    await root.signsIn()
    await root.asks('POST', '/users', { username: 'eve', password: PASSWORD })
    const enrolling = await opensAttempt({ server, username: 'eve', password: PASSWORD })
    for (const username of ['ada', 'eve']) {
      const { id } = await rowOf({ server, username })
      assert.equal((await root.asks('POST', `/users/${id}/disable`)).status, 200)
    }
    assert.equal((await ada.asks('GET', '/users/me')).status, 401)
    assert.equal((await asksWith(server, token, 'GET', '/users/me')).status, 401)
    assertSignedOut(await browser.open('/account'))
    assert.equal((await provesSecondStep(server, attempt, ['totp', ada.code()])).status, 401)
    assert.equal((await ask(server, 'POST', '/attempts/totp', { payload: { attempt: enrolling } })).status, 401)
    const { status, body } = await showsPasskey(server, phone)
    assert.deepEqual([status, body['code']], [403, 'sign_in.disabled'])
  },
)

onEitherDatabase('D9 GHSA-2vg6-77g8-24mp: deleting a user revokes every credential of the user', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const ada = await (await newcomer(root, 'ada')).signsIn()
  const token = await apiTokenOf(ada)
  const phone = await givePasskey(ada)
  await ada.signsIn()
  const attempt = await opensAttempt(ada)
  const { id } = await rowOf(ada)
  await server.doorward.db.deleteFrom('users').where('id', '=', id).execute()
  assert.equal((await ada.asks('GET', '/users/me')).status, 401, 'a row deleted by hand leaves a session alive')
  assert.equal((await asksWith(server, token, 'GET', '/users/me')).status, 401)
  assert.equal((await provesSecondStep(server, attempt, ['totp', ada.code()])).status, 401)
  assert.equal((await showsPasskey(server, phone)).status, 401)
  const kim = await (await newcomer(await root.signsIn(), 'kim')).signsIn()
  await apiTokenOf(kim)
  await givePasskey(kim)
  const theirs = (await rowOf(kim)).subject
  await root.signsIn()
  assert.equal((await root.asks('DELETE', `/users/${await idOf(kim)}`)).status, 204)
  for (const table of ['session', 'api_token', 'totp_factor', 'passkey', 'recovery_code'] as const) {
    const rows = server.doorward.db.selectFrom(table).select('id').where('subject', '=', theirs)
    assert.equal((await rows.execute()).length, 0, table)
  }
})

onEitherDatabase(
  'D10 CVE-2025-12390: in a browser whose cookie got lost, the next person has a session of their own',
  async (t, dialect) => {
    const { server, ada, bob } = await peopled(t, { dialect })
    const browser = await signedInBrowser(ada)
    const first = browser.cookies.get('session')
    browser.cookies.delete('session')
    await signsIn(browser, bob)
    assert.notEqual(browser.cookies.get('session'), first)
    assert.ok((await browser.open('/account')).body.includes('bob'))
    const { db } = server.doorward
    const sessions = db.selectFrom('session').select('subject').where('transport', '=', 'cookie').orderBy('id')
    const subjects = (await sessions.execute()).map(({ subject }) => subject)
    assert.deepEqual(subjects, [(await rowOf(ada)).subject, (await rowOf(bob)).subject])
  },
)

test('D13 CVE-2022-39328: parallel requests under load never get each other’s principal', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const ada = await (await newcomer(root, 'ada')).signsIn()
  await root.signsIn()
  const kinds = [
    { token: root.token, status: 200 },
    { token: undefined, status: 401 },
    { token: ada.token, status: 403 },
  ]
  for (let round = 0; round < 15; round++) {
    const replies = Array.from({ length: 200 }, async (_, number) => {
      const { token, status } = kinds[number % kinds.length] ?? assert.fail()
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const reply = await server.app.inject({ url: '/users?limit=1', headers })
      return reply.statusCode === status ? [] : [`${reply.statusCode} where ${status} was due`]
    })
    assert.deepEqual((await Promise.all(replies)).flat(), [])
  }
})
