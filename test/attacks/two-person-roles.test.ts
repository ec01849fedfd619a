// Threat: roles as a way around the two-person rule: two who may little make one who may more, or a role is widened behind its users.
import assert from 'node:assert/strict'

import { findDeciders } from '#domain/approvals/approval-permissions.service.ts'
import { readApproval } from '#domain/approvals/approval.service.ts'
import { listEvents } from '#domain/audit/audit.service.ts'
import { readRole } from '#domain/roles/role.service.ts'
import { findUserByName, insertUser } from '#domain/users/user.service.ts'
import { hours } from '#foundation/kernel/time.ts'
import { carryOutAllReady } from '#use-cases/administration/approvals/approval-decision.service.ts'
import { changeRole, createRole } from '#use-cases/administration/roles/roles.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { startSmtpServer } from '../support/mail/smtp-server.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { startWithRule } from '../support/people/admins.ts'
import { ask, newcomer, type Person } from '../support/people/people.ts'
import { newSignedInUser } from '../support/people/replaceable-users.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { idOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

async function waitingId(person: Person, method: 'POST' | 'PATCH', url: string, body: object): Promise<string> {
  const reply = await person.asks(method, url, body)
  assert.equal(reply.status, 202, reply.raw.body)
  return String(reply.body['id'])
}

async function permissionsOfRole(server: Server, name: string): Promise<string> {
  return (await readRole(server.operator(), name)).permissions.join(' ')
}

onEitherDatabase(
  'further permissions of a role wait for a second admin, fewer of one without users do not',
  async (t, dialect) => {
    const { server, root, mia } = await startWithRule(t, dialect)
    assert.equal((await root.asks('POST', '/roles', { name: 'desk' })).status, 200)
    const id = await waitingId(root, 'PATCH', '/roles/desk', { permissions: ['users:read', 'audit:read'] })
    assert.equal(await permissionsOfRole(server, 'desk'), '')
    assert.deepEqual(refusalIn(await root.asks('POST', `/approvals/${id}/approve`)), [409, 'approval.own_request'])
    const approved = await mia.asks('POST', `/approvals/${id}/approve`)
    assert.deepEqual([approved.status, approved.body['user']], [200, null], approved.raw.body)
    assert.equal(await permissionsOfRole(server, 'desk'), 'users:read audit:read')
    assert.equal((await root.asks('PATCH', '/roles/desk', { permissions: ['users:read'] })).status, 200)
    const made = await waitingId(root, 'POST', '/roles', { name: 'clerk', permissions: ['users:write'] })
    server.clock.pass(hours(24))
    await carryOutAllReady(server.operator())
    assert.equal(await permissionsOfRole(server, 'clerk'), 'users:write')
    assert.ok(made.length > 0)
  },
)

leaveToTestAll()

onEitherDatabase('what a role of others permits waits, also less of it; a description does not', async (t, dialect) => {
  const { server, root, mia, noa } = await startWithRule(t, dialect)
  const operator = server.operator()
  const chief = ['users:read', 'users:write', 'roles:write'] as const
  await createRole(operator, { name: 'chief', description: '', permissions: chief })
  await createRole(operator, { name: 'own', description: '', permissions: [...chief, 'audit:read'] })
  const changesRole = (person: Person, name: string, body: object) => person.asks('PATCH', `/roles/${name}`, body)
  await changeUser(operator, { id: await idOf(mia) }, { role: 'chief' })
  await mia.signsIn()

  // Of all who have it, one alone would take the permissions of everyone else; disabled users have the role too.
  await server.doorward.db.updateTable('users').set({ disabled: 1 }).where('username', '=', 'mia').execute()
  const less = await waitingId(root, 'PATCH', '/roles/chief', { permissions: [] })
  await server.doorward.db.updateTable('users').set({ disabled: 0 }).where('username', '=', 'mia').execute()
  const mixed = await waitingId(root, 'PATCH', '/roles/chief', { description: 'Gone', permissions: ['users:read'] })
  assert.notEqual(mixed, less)
  await waitingId(root, 'PATCH', '/roles/chief', { permissions: ['users:read', 'audit:read'] })
  assert.equal(await permissionsOfRole(server, 'chief'), chief.join(' '))
  const described = await changesRole(root, 'chief', { description: 'Leads', permissions: chief })
  assert.deepEqual([described.status, described.body['description']], [200, 'Leads'])
  const pages = await signedInBrowser(root)
  const submitted = await pages.submit('/admin/roles/chief/change', { 'permissions-users:read': 'yes' })
  assert.match(String(submitted.headers.location), /^\/admin\/approvals\//)

  assert.equal((await mia.asks('POST', `/approvals/${mixed}/approve`)).status, 200)
  assert.equal(await permissionsOfRole(server, 'chief'), 'users:read')
  assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${less}/approve`)), [409, 'approval.lapsed'])

  // A role that only the asker has: what one does to oneself.
  await changeUser(operator, { id: await idOf(noa) }, { role: 'own' })
  await noa.signsIn()
  assert.equal((await changesRole(noa, 'own', { permissions: chief })).status, 200)

  await changeRole(operator, 'own', { permissions: ['users:read'] })
  const { items } = await listEvents(operator, { action: 'approval.bypassed', limit: 1 })
  assert.deepEqual([items[0]?.details?.['username'], items[0]?.details?.['change']], ['own', 'change-role'])
})

onEitherDatabase('a request lapses when its role was narrowed since, and gives nothing back', async (t, dialect) => {
  const { server, root, mia } = await startWithRule(t, dialect)
  await createRole(server.operator(), { name: 'desk', description: '', permissions: ['users:read', 'users:write'] })
  const wanted = { permissions: ['users:read', 'users:write', 'audit:read'] }
  const id = await waitingId(root, 'PATCH', '/roles/desk', wanted)
  await changeRole(server.operator(), 'desk', { description: 'Answers the phone' })
  assert.equal(await waitingId(root, 'PATCH', '/roles/desk', wanted), id, 'relies on the permissions alone')
  assert.equal((await root.asks('PATCH', '/roles/desk', { permissions: ['users:read'] })).status, 200)
  assert.deepEqual(refusalIn(await mia.asks('POST', `/approvals/${id}/approve`)), [409, 'approval.lapsed'])
  assert.equal((await mia.asks('GET', `/approvals/${id}`)).body['end_reason'], 'role_changed')
  assert.equal(await permissionsOfRole(server, 'desk'), 'users:read')
  assert.notEqual(await waitingId(root, 'PATCH', '/roles/desk', wanted), id)
})

onEitherDatabase('two who may little cannot give, together, what only one of them has', async (t, dialect) => {
  const { server, root, mia, noa, ada } = await startWithRule(t, dialect)
  const operator = server.operator()
  const [clerk, chief] = [
    ['users:read', 'users:write'],
    ['users:read', 'users:write', 'roles:write', 'audit:read'],
  ] as const
  await createRole(operator, { name: 'clerk', description: '', permissions: clerk })
  await createRole(operator, { name: 'chief', description: '', permissions: chief })
  await createRole(operator, { name: 'auditor', description: '', permissions: ['audit:read'] })
  await changeUser(operator, { id: await idOf(mia) }, { role: 'chief' })
  await changeUser(operator, { id: await idOf(noa) }, { role: 'clerk' })
  await mia.signsIn()
  await noa.signsIn()
  const id = await waitingId(mia, 'PATCH', `/users/${await idOf(ada)}`, { role: 'auditor' })
  assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/approve`)), [403, 'role.beyond_own'])
  assert.equal((await findUserByName(operator, 'ada'))?.role, 'user')
  assert.equal((await root.asks('POST', `/approvals/${id}/approve`)).status, 200)
  assert.equal((await findUserByName(operator, 'ada'))?.role, 'auditor')
})

onEitherDatabase(
  'two of whom none may change policies let nobody out of a role that a policy names',
  async (t, dialect) => {
    const { server, root, mia, noa, ada } = await startWithRule(t, dialect)
    const operator = server.operator()
    const own = ['users:write', 'roles:write', 'audit:read'] as const
    await createRole(operator, { name: 'chief', description: '', permissions: own })
    await createRole(operator, { name: 'auditor', description: '', permissions: ['audit:read'] })
    for (const person of [mia, noa]) {
      await changeUser(operator, { id: await idOf(person) }, { role: 'chief' })
      await person.signsIn()
    }
    const path = `/users/${await idOf(ada)}`
    const early = await waitingId(mia, 'PATCH', path, { role: 'auditor' })
    const { db } = server.doorward
    await storePolicyVersion(db, { id: 'Users', scope: 'role', scopeRef: 'user', secondFactor: 'phishing-resistant' })
    assert.deepEqual(refusalIn(await mia.asks('PATCH', path, { role: 'auditor' })), [403, 'role.policy_needed'])
    const asked = await waitingId(root, 'PATCH', path, { role: 'auditor' })
    for (const id of [early, asked])
      assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/approve`)), [403, 'role.beyond_own'])
    assert.deepEqual(refusalIn(await root.asks('POST', `/approvals/${early}/approve`)), [409, 'approval.lapsed'])
    assert.equal((await findUserByName(operator, 'ada'))?.role, 'user')
  },
)

onEitherDatabase('a request lapses when the role of who asked loses the permission for it', async (t, dialect) => {
  const { server, mia, noa, ada } = await startWithRule(t, dialect)
  const operator = server.operator()
  await createRole(operator, {
    name: 'chief',
    description: '',
    permissions: ['users:write', 'roles:write', 'audit:read'],
  })
  await createRole(operator, { name: 'auditor', description: '', permissions: ['audit:read'] })
  await changeUser(operator, { id: await idOf(mia) }, { role: 'chief' })
  await mia.signsIn()
  const id = await waitingId(mia, 'PATCH', `/users/${await idOf(ada)}`, { role: 'auditor' })
  await changeRole(operator, 'chief', { permissions: ['users:write'] })
  assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/approve`)), [409, 'approval.lapsed'])
  assert.equal((await findUserByName(operator, 'ada'))?.role, 'user')
})

onEitherDatabase(
  'who may not approve a request declines none, and who asked withdraws it at any time',
  async (t, dialect) => {
    const { server, root, mia, noa, ada } = await startWithRule(t, dialect)
    const operator = server.operator()
    const clerk = ['users:read', 'users:write'] as const
    await createRole(operator, { name: 'clerk', description: '', permissions: clerk })
    await changeUser(operator, { id: await idOf(noa) }, { role: 'clerk' })
    await noa.signsIn()
    for (const [url, body] of [
      [`/users/${await idOf(ada)}`, { role: 'admin' }],
      [`/users/${await idOf(mia)}`, { role: 'user' }],
      ['/roles/clerk', { permissions: [...clerk, 'audit:read'] }],
    ] as const) {
      const id = await waitingId(root, 'PATCH', url, body)
      for (const decision of ['decline', 'approve'])
        assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/${decision}`)), [403, 'role.beyond_own'])
      assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/withdraw`)), [409, 'approval.not_yours'])
      const page = await (await signedInBrowser(noa)).page(`/admin/approvals/${id}`)
      assert.deepEqual(page.main.actions(), [])
      assert.equal((await root.asks('POST', `/approvals/${id}/withdraw`)).status, 200)
      await noa.signsIn()
    }
    await createRole(operator, { name: 'role-maker', description: '', permissions: ['roles:write'] })
    await changeUser(operator, { id: await idOf(mia) }, { role: 'role-maker' })
    await mia.signsIn()
    const own = await waitingId(mia, 'POST', '/roles', { name: 'second', permissions: ['roles:write'] })
    await changeUser(operator, { id: await idOf(mia) }, { role: 'user' })
    await mia.signsIn()
    assert.equal((await mia.asks('POST', `/approvals/${own}/withdraw`)).body['state'], 'withdrawn')
  },
)

onEitherDatabase(
  'who asks without permission to view users is led to a page that says that the change waits',
  async (t, dialect) => {
    const { server, mia } = await startWithRule(t, dialect)
    const operator = server.operator()
    await createRole(operator, { name: 'role-maker', description: '', permissions: ['roles:write'] })
    await changeUser(operator, { id: await idOf(mia) }, { role: 'role-maker' })
    const browser = await signedInBrowser(mia)
    const asked = await browser.submit('/admin/roles/new', { name: 'second', 'permissions-roles:write': 'yes' })
    assertLeadsTo(asked, '/admin/roles?done=asked')
    assert.match(
      (await browser.page('/admin/roles?done=asked')).text,
      /It waits for a second admin, so nothing has changed yet/,
    )
  },
)

onEitherDatabase('a request is mailed to those who may approve it, and to no one else', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const { server, root, mia, noa, ada } = await startWithRule(t, dialect, smtp.settings)
  const operator = server.operator()
  const staff = ['users:read', 'users:write', 'users:reset-factors'] as const
  await createRole(operator, { name: 'staff', description: '', permissions: staff })
  await createRole(operator, { name: 'clerk', description: '', permissions: ['users:read', 'users:write'] })
  await createRole(operator, { name: 'blind', description: '', permissions: ['users:write', 'users:reset-factors'] })
  const blind = await (await newcomer(root, 'bea', { email: 'bea@example.org' })).signsIn()
  const desk = await (await newcomer(root, 'dan', { email: 'dan@example.org' })).signsIn()
  const [deskId, miaId] = [await idOf(desk), await idOf(mia)]
  const roles = [
    [noa, 'clerk'],
    [ada, 'staff'],
    [blind, 'blind'],
    [desk, 'staff'],
  ] as const
  for (const [person, role] of roles) await changeUser(operator, { id: await idOf(person) }, { role })
  const notified = async (): Promise<string[]> => {
    const rows = await server.doorward.db
      .selectFrom('outbox')
      .select('recipient')
      .where('template', '=', 'approval-waiting')
      .execute()
    await server.doorward.db.deleteFrom('outbox').execute()
    return rows.map(({ recipient }) => String(recipient)).toSorted()
  }
  await notified()
  await root.signsIn()
  const reset = { reason: 'Lost phone' }
  assert.equal((await root.asks('POST', `/users/${deskId}/reset-second-factor`, reset)).status, 202)
  assert.deepEqual(await notified(), ['ada@example.org', 'mia@example.org'])
  assert.equal((await root.asks('PATCH', `/users/${miaId}`, { role: 'user' })).status, 202)
  assert.deepEqual(await notified(), [])
})

onEitherDatabase('of many who may approve a request a hundred are told, the admins first', async (t, dialect) => {
  const { server, root, mia, noa, ada } = await startWithRule(t, dialect)
  const operator = server.operator()
  await createRole(operator, {
    name: 'chief',
    description: '',
    permissions: ['users:read', 'users:write', 'roles:write'],
  })
  const ids = [await idOf(mia), await idOf(noa)]
  for (const id of ids) await changeUser(operator, { id }, { role: 'user' })
  for (let more = 0; more < 101; more++)
    await insertUser(operator, { username: `chief-${more}`, role: 'chief', secondFactorAt: 1 })
  await insertUser(operator, { username: 'last', role: 'admin', secondFactorAt: 1 })
  const id = await waitingId(root, 'PATCH', `/users/${await idOf(ada)}`, { role: 'chief' })
  const deciders = await findDeciders(operator, await readApproval(operator, id))
  assert.deepEqual([deciders.length, deciders[0]?.username], [100, 'last'])
})

onEitherDatabase('without server:read one sees the requests one made, and no others', async (t, dialect) => {
  const { server } = await startWithRule(t, dialect)
  const operator = server.operator()
  const permissions = ['users:read', 'users:reset-factors'] as const
  await createRole(operator, { name: 'resetter', description: '', permissions })
  await createRole(operator, { name: 'viewer', description: '', permissions: ['users:read'] })
  const asker = await newSignedInUser(server, 'resetter')
  const viewer = await newSignedInUser(server, 'viewer')
  const asks = (by: typeof asker, method: 'GET' | 'POST', url: string, payload?: object) =>
    ask(server, method, url, { headers: { authorization: `Bearer ${by.token}` }, payload })
  const url = `/users/${viewer.user.id}/reset-second-factor`
  const asked = await asks(asker, 'POST', url, { reason: 'Lost phone' })
  assert.equal(asked.status, 202, asked.raw.body)
  const request = `/approvals/${String(asked.body['id'])}`
  assert.equal((await asks(asker, 'GET', request)).status, 200)
  assert.deepEqual(refusalIn(await asks(viewer, 'GET', request)), [404, 'approval.not_found'])
  for (const one of [asker, viewer]) assert.equal((await asks(one, 'GET', '/approvals')).status, 403)
})
