import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PERMISSIONS, permissionsOf } from './principal.ts'

test('nobody acts as admin without the role, a second factor and an active account', () => {
  const admin = { role: 'admin', secondFactorAt: 1, disabled: false } as const
  assert.deepEqual(permissionsOf(admin), PERMISSIONS)
  for (const lacking of [{ role: 'user' }, { secondFactorAt: null }, { disabled: true }] as const)
    assert.deepEqual(permissionsOf({ ...admin, ...lacking }), [])
})
