import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PERMISSIONS } from '#foundation/kernel/principal.ts'
import { heldRole } from './role.ts'

test('an unknown role gives no permissions and counts as user', () => {
  const none = { role: 'user', rolePermissions: [] }
  for (const text of ['user', 'Admin', 'root', '', null, 7]) assert.deepEqual(heldRole(text, null), none)
  for (const stored of [null, 7, undefined]) assert.deepEqual(heldRole('support', stored), none)
  assert.deepEqual(heldRole(7, 'users:read'), none)
})

test('an admin has all permissions, whatever the table of roles says, and a user none', () => {
  for (const stored of [null, '', 'users:read'])
    assert.deepEqual(heldRole('admin', stored), { role: 'admin', rolePermissions: PERMISSIONS })
  assert.deepEqual(heldRole('user', 'users:read'), { role: 'user', rolePermissions: [] })
})

test('another role has the permissions that are stored for it, without those that this program does not know', () => {
  const held = heldRole('support', 'audit:read users:read rockets:launch')
  assert.deepEqual(held, { role: 'support', rolePermissions: ['users:read', 'audit:read'] })
  assert.deepEqual(heldRole('nothing', ''), { role: 'nothing', rolePermissions: [] })
})
