import assert from 'node:assert/strict'
import { test } from 'node:test'

import { heldRole } from '../roles/role.ts'
import { mayBeLeftWith } from './last-factor.ts'

test('the last second factor can be removed only if none is required, and never of a user with permissions', () => {
  const none = { apps: 0, passkeys: 0 }
  const cases = [
    [{ apps: 1, passkeys: 0 }, 'admin', 'required', true],
    [{ apps: 0, passkeys: 1 }, 'user', 'required', true],
    [none, 'user', 'required', false],
    [none, 'admin', 'required', false],
    [none, 'admin', 'optional', false],
    [none, 'user', 'optional', true],
    [none, 'auditor', 'optional', false],
  ] as const
  for (const [left, role, secondFactor, may] of cases)
    assert.equal(
      mayBeLeftWith(left, { ...heldRole(role, 'audit:read'), secondFactor }),
      may,
      `${role} ${secondFactor} ${JSON.stringify(left)}`,
    )
})
