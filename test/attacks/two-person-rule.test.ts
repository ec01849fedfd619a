// Threat: one admin, or a thief of one admin's account, gets past the two-person rule: by approving alone, by a request that no longer
// fits, by a token, or by silencing the person concerned.
import assert from 'node:assert/strict'

import { findUserByName } from '#domain/users/user.service.ts'
import { PERMISSIONS } from '#foundation/kernel/principal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { hours, minutes } from '#foundation/kernel/time.ts'
import { carryOutAllReady } from '#use-cases/administration/approvals/approval-decision.service.ts'
import { resetSecondFactor, setPassword } from '#use-cases/administration/credentials/credentials.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { deliverQueuedMails, linksIn, startSmtpServer } from '../support/mail/smtp-server.ts'
import { startWithRule } from '../support/people/admins.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { ask, type Person } from '../support/people/people.ts'
import { idOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'
import { type Server, start } from '../support/server/start.ts'

async function asksToDisable(asker: Person, target: Person): Promise<string> {
  const { status, body, raw } = await asker.asks('POST', `/users/${await idOf(target)}/disable`)
  assert.equal(status, 202, raw.body)
  return String(body['id'])
}

async function isDisabled(server: Server, username: string): Promise<boolean | undefined> {
  return (await findUserByName(server.operator(), username))?.disabled
}

async function endOf(by: Person, id: string): Promise<unknown[]> {
  const { body } = await by.asks('GET', `/approvals/${id}`)
  return [body['state'], body['end_reason']]
}

onEitherDatabase(
  'nobody approves their own request: not by another session, and not after the role of a second account',
  async (t, dialect) => {
    const { server, root, mia } = await startWithRule(t, dialect)
    const id = await asksToDisable(root, mia)
    await root.signsIn()
    assert.deepEqual(refusalIn(await root.asks('POST', `/approvals/${id}/approve`)), [409, 'approval.own_request'])
    const wanted = { username: 'puppet', role: 'admin', password: 'three calm words' }
    const puppet = String((await root.asks('POST', '/users', wanted)).body['id'])
    assert.deepEqual(refusalIn(await root.asks('POST', `/approvals/${puppet}/approve`)), [409, 'approval.own_request'])
    assert.equal(await findUserByName(server.operator(), 'puppet'), undefined)
    assert.equal(await isDisabled(server, 'mia'), false)
  },
)

leaveToTestAll()

onEitherDatabase('an API token asks and never approves', async (t, dialect) => {
  const { server, root, mia, noa } = await startWithRule(t, dialect)
  const mine = await apiTokenOf(root, PERMISSIONS)
  const theirs = await apiTokenOf(noa, PERMISSIONS)
  const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
  const asked = await ask(server, 'POST', `/users/${await idOf(mia)}/disable`, withToken(mine.token))
  assert.equal(asked.status, 202)
  for (const decision of ['approve', 'decline', 'withdraw', 'carry-out']) {
    const reply = await ask(
      server,
      'POST',
      `/approvals/${String(asked.body['id'])}/${decision}`,
      withToken(theirs.token),
    )
    assert.deepEqual(refusalIn(reply), [403, 'access.session_required'])
  }
  const creation = { payload: { username: 'eve', role: 'admin' }, ...withToken(mine.token) }
  assert.deepEqual(refusalIn(await ask(server, 'POST', '/users', creation)), [403, 'access.session_required'])
  assert.equal(await isDisabled(server, 'mia'), false)
})

onEitherDatabase('a stolen session whose authentication is not recent does not decide', async (t, dialect) => {
  const { server, root, mia, noa } = await startWithRule(t, dialect)
  const id = await asksToDisable(root, mia)
  server.clock.pass(minutes(11))
  const refused = refusalIn(await noa.asks('POST', `/approvals/${id}/approve`))
  assert.deepEqual(refused, [401, 'access.reauthentication_required'])
})

onEitherDatabase('the request of an admin who was demoted lapses, by approval and by time', async (t, dialect) => {
  const { server, root, mia, noa } = await startWithRule(t, dialect)
  const id = await asksToDisable(root, mia)
  await changeUser(server.operator(), { id: await idOf(root) }, { role: 'user' })
  assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/approve`)), [409, 'approval.lapsed'])
  assert.deepEqual(await endOf(noa, id), ['lapsed', 'asker_changed'])
  const other = await asksToDisable(noa, mia)
  await changeUser(server.operator(), { id: await idOf(noa) }, { role: 'user' })
  server.clock.pass(hours(24))
  await carryOutAllReady(server.operator())
  await mia.signsIn()
  assert.deepEqual(await endOf(mia, other), ['lapsed', 'asker_changed'])
  assert.equal(await isDisabled(server, 'mia'), false)
})

onEitherDatabase(
  'what a thief asked for in an admin’s name lapses when the admin changes the password',
  async (t, dialect) => {
    const { server, root, mia, noa } = await startWithRule(t, dialect)
    const id = await asksToDisable(root, mia)
    const changed = { current: root.password, new: 'a kettle full of stars' }
    assert.equal((await root.asks('PUT', '/users/me/password', changed)).status, 200)
    assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/approve`)), [409, 'approval.lapsed'])
    assert.equal(await isDisabled(server, 'mia'), false)
  },
)

onEitherDatabase('a request does not apply to an account that has changed since', async (t, dialect) => {
  const { server, root, mia, noa, ada } = await startWithRule(t, dialect)
  const promotion = await root.asks('PATCH', `/users/${await idOf(ada)}`, { role: 'admin' })
  const id = String(promotion.body['id'])
  // Another person's email under the approved name.
  await root.asks('PATCH', `/users/${await idOf(ada)}`, { email: 'thief@example.org' })
  assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/approve`)), [409, 'approval.lapsed'])
  assert.deepEqual(await endOf(noa, id), ['lapsed', 'target_changed'])
  assert.equal((await findUserByName(server.operator(), 'ada'))?.role, 'user')
  const gone = await asksToDisable(root, mia)
  await setPassword(server.operator(), { id: await idOf(mia) }, Secret.of('four rather calm words'))
  assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${gone}/approve`)), [409, 'approval.lapsed'])
})

onEitherDatabase('an approver who is no longer an admin approves nothing', async (t, dialect) => {
  const { server, root, mia, noa } = await startWithRule(t, dialect)
  const id = await asksToDisable(root, mia)
  await changeUser(server.operator(), { id: await idOf(noa) }, { role: 'user' })
  assert.equal((await noa.asks('POST', `/approvals/${id}/approve`)).status, 401)
  await noa.signsIn()
  const refused = refusalIn(await noa.asks('POST', `/approvals/${id}/approve`))
  assert.deepEqual(refused, [403, 'access.insufficient_permissions'])
})

onEitherDatabase('a thief’s change of password and second step does not end the objection link', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const { server, root, ada } = await startWithRule(t, dialect, smtp.settings)
  const id = await idOf(ada)
  const asked = await root.asks('PATCH', `/users/${id}`, { role: 'admin' })
  await deliverQueuedMails(server.doorward)
  const token = smtp.to('ada@example.org').flatMap(linksIn)[0]?.split('/').at(-1)
  await setPassword(server.operator(), { id }, Secret.of('four rather calm words'))
  await resetSecondFactor(server.operator(), { id }, { reason: 'a thief has it' })
  assert.equal((await ask(server, 'POST', '/objections', { payload: { token } })).status, 204)
  assert.deepEqual(await endOf(root, String(asked.body['id'])), ['objected', null])
})

onEitherDatabase('an objection link works once, until the change is due, and is no credential', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const { server, root, mia } = await startWithRule(t, dialect, smtp.settings)
  await asksToDisable(root, mia)
  await deliverQueuedMails(server.doorward)
  const token = smtp.to('mia@example.org').flatMap(linksIn)[0]?.split('/').at(-1)
  const bearer = { headers: { authorization: `Bearer ${token}` } }
  assert.equal((await ask(server, 'GET', '/users/me', bearer)).status, 401)
  const accept = { payload: { token, password: 'a kettle full of stars' } }
  assert.deepEqual(refusalIn(await ask(server, 'POST', '/invitations/accept', accept)), [404, 'link.unknown'])
  server.clock.pass(hours(24))
  const late = refusalIn(await ask(server, 'POST', '/objections', { payload: { token } }))
  assert.equal(late[1], 'link.expired')
  await carryOutAllReady(server.operator())
  assert.equal(await isDisabled(server, 'mia'), true)
})

onEachDatabase('the same wish at two nodes at once is one request', async (t, dialect) => {
  const { server, root, mia, noa } = await startWithRule(t, dialect)
  const { databaseUrl, dataDir, clock } = server
  const node = await start(t, { databaseUrl, dataDir, clock, settings: { two_person_rule: 'on' } })
  const url = `/users/${await idOf(mia)}/disable`
  for (let round = 0; round < 5; round++) {
    const replies = await Promise.all([asks(server, root, 'POST', url), asks(node, noa, 'POST', url)])
    assert.deepEqual(
      replies.map(({ status }) => status),
      [202, 202],
    )
    const [id, ...others] = new Set(replies.map(({ body }) => String(body['id'])))
    assert.deepEqual(others, [])
    assert.equal((await mia.asks('POST', `/users/me/approvals/${id}/object`)).status, 204)
  }
})
