// Threat: roles as a way around the two-person rule: two who may little make one who may more, or a role is widened behind its users.
import assert from 'node:assert/strict'

import { readRole } from '../../src/domain/roles/role.service.ts'
import { findUserByName } from '../../src/domain/users/user.service.ts'
import { hours } from '../../src/foundation/kernel/time.ts'
import { carryOutAllReady } from '../../src/use-cases/administration/approvals/approval-decision.service.ts'
import { changeRole, createRole } from '../../src/use-cases/administration/roles/roles.service.ts'
import { changeUser } from '../../src/use-cases/administration/users/change-user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { startWithRule } from '../support/people/admins.ts'
import type { Person } from '../support/people/people.ts'
import { idOf, refusalIn } from '../support/requests/replies.ts'
import type { Server } from '../support/server/start.ts'

async function waitingId(person: Person, method: 'POST' | 'PATCH', url: string, body: object): Promise<string> {
  const reply = await person.asks(method, url, body)
  assert.equal(reply.status, 202, reply.raw.body)
  return String(reply.body['id'])
}

async function permissionsOfRole(server: Server, name: string): Promise<string> {
  return (await readRole(server.operator(), name)).permissions.join(' ')
}

onEitherDatabase('further permissions of a role wait for a second admin, fewer do not', async (t, dialect) => {
  const { server, root, mia } = await startWithRule(t, dialect)
  assert.equal((await root.asks('POST', '/roles', { name: 'desk' })).status, 201)
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
