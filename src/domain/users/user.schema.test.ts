import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Value } from 'typebox/value'

import type { PrincipalUser } from '../../foundation/kernel/principal.ts'
import { presentUser, UserView } from './user.schema.ts'

const ADA: PrincipalUser = {
  id: 7,
  subject: 's7',
  username: 'ada',
  email: 'ada@example.org',
  emailVerifiedAt: null,
  fullName: 'Ada Lovelace',
  role: 'admin',
  disabled: false,
  credentialEpoch: 3,
  revision: 4,
  createdAt: 1_800_000_000_000,
  secondFactorAt: null,
  passkeyAt: null,
  lastSignInAt: null,
  invitedAt: 1_800_000_000_000,
  passwordChangeAskedAt: 1,
  locale: null,
  timeZone: 'Europe/Berlin',
}

test('an answer begins with the five fields of the legacy app and fits its schema', () => {
  const shown = presentUser(ADA)
  assert.deepEqual(Object.keys(shown).slice(0, 5), ['username', 'email', 'full_name', 'id', 'disabled'])
  assert.equal(Value.Check(Object.assign({}, UserView), shown), true)
  assert.deepEqual(
    [shown.status, shown.created_at, shown.email_verified, shown.password_change_asked],
    ['invited', '2027-01-15T08:00:00.000Z', false, true],
  )
})

test('an answer contains nothing of the password, even if the function gets the whole user', () => {
  const whole = { ...ADA, hashedPassword: 'canary', passwordChangedAt: 1 }
  assert.ok(!JSON.stringify(presentUser(whole)).includes('canary'))
  assert.ok(!Object.keys(presentUser(whole)).some((field) => /hash|epoch|revision/.test(field)))
})
