import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'

import { principalUser } from '#test/support/people/principal-user.ts'
import { presentUser, UserView } from './user.schema.ts'

const ADA = principalUser({
  email: 'ada@example.org',
  fullName: 'Ada Lovelace',
  invitedAt: 1_800_000_000_000,
  passwordChangeAskedAt: 1,
  timeZone: 'Europe/Berlin',
})

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
