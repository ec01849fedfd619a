// Roles beside admin and user, through HTTP: made, given, changed, declared by the configuration, deleted.
import assert from 'node:assert/strict'

import { applyConfiguredRoles } from '#use-cases/administration/roles/configured-roles.service.ts'
import { listRoles } from '#use-cases/administration/roles/roles.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import { newcomer, type Person, type Reply, startWithAdmin } from '../support/people/people.ts'
import { fieldErrorsIn, idOf, itemsOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { newInstallation, start } from '../support/server/start.ts'

async function eventsOf(root: Person, action: string): Promise<Record<string, unknown>[]> {
  return itemsOf(await root.asks('GET', `/audit-events?action=${action}`))
}

onEitherDatabase(
  'a role is made, given and narrowed, and what it permits follows at the next request',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    const wanted = {
      name: 'help-desk',
      description: 'Resets second steps',
      permissions: ['users:read', 'users:reset-factors'],
    }
    const made = await root.asks('POST', '/roles', wanted)
    assert.equal(made.status, 200, made.raw.body)
    const { created_at: createdAt, ...shown } = made.body
    assert.deepEqual(shown, { ...wanted, origin: 'pages', users: 0 })
    assert.match(String(createdAt), /^2/)

    const hal = await (await newcomer(root, 'hal', { role: 'help-desk' })).signsIn()
    const ada = await (await newcomer(root, 'ada')).signsIn()
    assert.equal((await hal.asks('GET', '/users/me')).body['role'], 'help-desk')
    assert.equal((await hal.asks('GET', '/users')).status, 200)
    const url = `/users/${await idOf(ada)}`
    assert.deepEqual(refusalIn(await hal.asks('POST', `${url}/disable`)), [403, 'access.insufficient_permissions'])
    const reset = { reason: 'Lost phone', reset_password: true }
    const both = await hal.asks('POST', `${url}/reset-second-factor`, reset)
    assert.deepEqual(refusalIn(both), [403, 'access.insufficient_permissions'])
    assert.equal((await hal.asks('POST', `${url}/reset-second-factor`, { reason: 'Lost phone' })).status, 200)

    const narrowed = await root.asks('PATCH', '/roles/help-desk', { permissions: ['audit:read'] })
    assert.deepEqual([narrowed.status, narrowed.body['permissions'], narrowed.body['users']], [200, ['audit:read'], 1])
    assert.deepEqual(refusalIn(await hal.asks('GET', '/users')), [403, 'access.insufficient_permissions'])
    assert.equal((await hal.asks('GET', '/audit-events')).status, 200)

    const inUse = await root.asks('DELETE', '/roles/help-desk')
    assert.deepEqual([...refusalIn(inUse), inUse.body['users']], [409, 'role.in_use', 1])
    await root.asks('PATCH', `/users/${await idOf(hal)}`, { role: 'user' })
    assert.equal((await root.asks('DELETE', '/roles/help-desk')).status, 204)
    assert.deepEqual(refusalIn(await root.asks('GET', '/roles/help-desk')), [404, 'role.not_found'])

    const [changed] = await eventsOf(root, 'role.changed')
    const { role, added, removed } = (changed?.['details'] ?? {}) as Record<string, unknown>
    assert.deepEqual([role, added, removed], ['help-desk', 'audit:read', 'users:read users:reset-factors'])
    const results = (await eventsOf(root, 'role.deleted')).map(({ result, reason }) => [result, reason])
    assert.deepEqual(results, [
      ['done', null],
      ['refused', 'in_use'],
    ])
  },
)

leaveToTestAll()

onEitherDatabase('names and permissions of a role are validated, and built-in roles stay', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  for (const name of ['admin', 'user', 'new'])
    assert.deepEqual(fieldErrorsIn(await root.asks('POST', '/roles', { name })), ['/name role.name_reserved'])
  for (const name of ['a', 'Desk', 'help desk', '-desk', 'desk-', 'd'.repeat(33), 'dësk'])
    assert.deepEqual(fieldErrorsIn(await root.asks('POST', '/roles', { name })), ['/name role.name_characters'], name)
  const long = await root.asks('POST', '/roles', { name: 'desk', description: 'd'.repeat(201) })
  assert.deepEqual(fieldErrorsIn(long), ['/description field.too_long'])
  assert.equal((await root.asks('POST', '/roles', { name: 'desk', permissions: ['users:fly'] })).status, 422)
  assert.equal((await root.asks('POST', '/roles', { name: 'desk' })).status, 200)
  assert.deepEqual(refusalIn(await root.asks('POST', '/roles', { name: 'desk' })), [409, 'role.name_taken'])
  for (const name of ['admin', 'user']) {
    const change = await root.asks('PATCH', `/roles/${name}`, { permissions: [] })
    assert.deepEqual(refusalIn(change), [409, 'role.fixed'])
    assert.deepEqual(refusalIn(await root.asks('DELETE', `/roles/${name}`)), [409, 'role.fixed'])
  }
  const listed = itemsOf(await root.asks('GET', '/roles')).map(({ name, origin, users }) => [name, origin, users])
  assert.deepEqual(listed, [
    ['admin', 'built-in', 1],
    ['user', 'built-in', 0],
    ['desk', 'pages', 0],
  ])
  const unknown = await root.asks('POST', '/users', { username: 'eve', role: 'desc' })
  assert.deepEqual(fieldErrorsIn(unknown), ['/role role.unknown'])
})

onEitherDatabase(
  'a change of a role that others have changed meanwhile is refused by its entity tag',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    const etagIn = ({ raw }: Reply): string => String(raw.headers['etag'])
    // In another order than the one in which they are stored.
    const made = await root.asks('POST', '/roles', { name: 'desk', permissions: ['audit:read', 'users:read'] })
    const again = await root.asks('PATCH', '/roles/desk', { permissions: ['roles:write', 'users:read'] })
    assert.notEqual(etagIn(made), etagIn(again))
    const tag = etagIn(await root.asks('GET', '/roles/desk'))
    assert.equal(etagIn(again), tag)
    const changed = await root.asks('PATCH', '/roles/desk', { permissions: [] }, { 'if-match': tag })
    assert.equal(changed.status, 200, changed.raw.body)
    for (const method of ['PATCH', 'DELETE'] as const) {
      const late = await root.asks(method, '/roles/desk', method === 'PATCH' ? {} : undefined, { 'if-match': tag })
      assert.deepEqual(refusalIn(late), [412, 'resource.stale'])
    }
  },
)

onEitherDatabase(
  'a role that is widened adds nothing to API tokens, and what it loses they lose for good',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    await root.asks('POST', '/roles', { name: 'desk', permissions: ['users:read'] })
    const hal = await (await newcomer(root, 'hal', { role: 'desk' })).signsIn()
    const token = await apiTokenOf(hal, ['self:read', 'users:read'])
    await root.asks('PATCH', '/roles/desk', { permissions: ['users:read', 'audit:read'] })
    assert.equal((await hal.asks('GET', '/audit-events')).status, 200)
    const asked = (url: string) => asksWith(server, token, 'GET', url)
    assert.deepEqual(refusalIn(await asked('/audit-events')), [403, 'access.insufficient_scope'])
    assert.equal((await asked('/users')).status, 200)
    await root.asks('PATCH', '/roles/desk', { permissions: ['audit:read'] })
    await root.asks('PATCH', '/roles/desk', { permissions: ['users:read', 'audit:read'] })
    assert.equal((await hal.asks('GET', '/users')).status, 200)
    assert.deepEqual(refusalIn(await asked('/users')), [403, 'access.insufficient_scope'])
    assert.equal((await asked('/users/me')).status, 200)
  },
)

onEitherDatabase(
  'an API token acts on a user only with the permissions of that user among its scopes',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    await root.asks('POST', '/roles', { name: 'auditor', permissions: ['audit:read'] })
    const olga = await (await newcomer(root, 'olga', { role: 'auditor' })).signsIn()
    const url = `/users/${await idOf(olga)}/sign-out`
    const narrow = await apiTokenOf(root, ['users:write'])
    assert.deepEqual(refusalIn(await asksWith(server, narrow, 'POST', url)), [403, 'role.beyond_own'])
    const wide = await apiTokenOf(root, ['users:write', 'audit:read'])
    assert.equal((await asksWith(server, wide, 'POST', url)).status, 200)
  },
)

onEitherDatabase(
  'a user whose role gets a permission needs a second step, where others may go without',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect, settings: { second_factor: 'optional' } })
    await root.asks('POST', '/roles', { name: 'desk', permissions: ['users:read'] })
    const hal = await (await newcomer(root, 'hal', { role: 'desk' })).signsIn()
    const { totp } = (await hal.asks('GET', '/users/me/factors')).body as { totp: { id: string }[] }
    const path = `/users/me/totp/${totp[0]?.id}`
    assert.deepEqual(refusalIn(await hal.asks('DELETE', path)), [409, 'totp.last_one'])
    await root.asks('PATCH', '/roles/desk', { permissions: [] })
    assert.equal((await hal.asks('DELETE', path)).status, 200)
  },
)

onEitherDatabase('the configuration declares roles, which only it changes, once for all nodes', async (t, dialect) => {
  const installation = await newInstallation(t, dialect)
  const { server, root } = await startWithAdmin(t, {
    ...installation,
    settings: { roles: 'support=users:read; auditor=audit:read' },
  })
  const another = await start(t, { ...installation, settings: { roles: 'support=users:read; auditor=audit:read' } })
  await Promise.all([applyConfiguredRoles(server.operator()), applyConfiguredRoles(another.operator())])
  await applyConfiguredRoles(server.operator())
  const names = (await eventsOf(root, 'role.configured')).map(({ details }) => (details as { role: string }).role)
  assert.deepEqual(names.toSorted(), ['auditor', 'support'])
  assert.deepEqual(refusalIn(await root.asks('PATCH', '/roles/support', { permissions: [] })), [409, 'role.fixed'])
  assert.deepEqual(refusalIn(await root.asks('DELETE', '/roles/support')), [409, 'role.fixed'])
  const hal = await (await newcomer(root, 'hal', { role: 'support' })).signsIn()
  assert.equal((await hal.asks('GET', '/users')).status, 200)

  const next = await start(t, { ...installation, settings: { roles: 'auditor=audit:read,users:read' } })
  await applyConfiguredRoles(next.operator())
  assert.deepEqual(refusalIn(await hal.asks('GET', '/users')), [403, 'access.insufficient_permissions'])
  const roles = (await listRoles(next.operator())).map(({ role }) => [
    role.name,
    role.origin,
    role.permissions.join(' '),
  ])
  assert.deepEqual(roles.slice(2), [
    ['auditor', 'configuration', 'users:read audit:read'],
    ['support', 'pages', ''],
  ])
})
