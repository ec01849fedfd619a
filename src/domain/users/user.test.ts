import assert from 'node:assert/strict'
import { test } from 'node:test'

import { principalUser } from '#test/support/people/principal-user.ts'
import {
  fieldErrorsInEmail,
  fieldErrorsInFullName,
  fieldErrorsInNewEmail,
  fieldErrorsInUsername,
  isDisabled,
  statusOf,
} from './user.ts'

const NAMES: readonly [name: string, outcome: string | undefined][] = [
  ['ada', undefined],
  ['Jürgen Müller', undefined],
  ['o’neil-2.x_y', undefined],
  ['李雷', undefined],
  ['😀'.repeat(64), undefined],
  ['😀'.repeat(65), 'user.username_too_long'],
  ['e\u0301'.repeat(64), undefined],
  ['', 'user.username_empty'],
  [' \u00a0', 'user.username_empty'],
  [' ada', 'user.username_characters'],
  ['ada\u3000', 'user.username_characters'],
  ['ada@example.org', 'user.username_characters'],
  ['ada＠example', 'user.username_characters'],
  ['ada﹫example', 'user.username_characters'],
  ['a\0b', 'user.username_characters'],
  ['a\nb', 'user.username_characters'],
  ['a\u2028b', 'user.username_characters'],
  ['a\ud800', 'user.username_characters'],
  ['a\ufffd', 'user.username_characters'],
  ['a\u202eb', 'user.username_characters'],
  ['a\u2066b', 'user.username_characters'],
  ['a\u200bb', 'user.username_characters'],
  ['a\u00adb', 'user.username_characters'],
  ['\u3164', 'user.username_characters'],
  ['a\u2800', 'user.username_characters'],
  ['a\u{1D159}', 'user.username_characters'],
  ['a\u1680b', 'user.username_characters'],
  ['a\u{13441}', 'user.username_characters'],
  ['a\u{16FE4}', 'user.username_characters'],
  ['иван', undefined],
  ['r\u043eot', 'user.username_mixed_scripts'],
  ['r\u03bfot', 'user.username_mixed_scripts'],
  ['Ada  Lovelace', 'user.username_characters'],
  ['Ada \u00a0Lovelace', 'user.username_characters'],
]

for (const [name, outcome] of NAMES) {
  test(`the username ${JSON.stringify(name).slice(0, 40)} is ${outcome ?? 'fine'}`, () => {
    const fieldErrors = fieldErrorsInUsername(name)
    assert.deepEqual([fieldErrors[0]?.code, fieldErrors[0]?.pointer], [outcome, outcome && '/username'])
  })
}

const EMAILS: readonly [email: string, outcome: string | undefined][] = [
  ['ada@example.org', undefined],
  ['ada+tag@mail.example.org', undefined],
  ['root@localhost', undefined],
  ['jürgen@müller.example', undefined],
  [`${'a'.repeat(242)}@example.org`, undefined],
  [`${'a'.repeat(243)}@example.org`, 'user.email_too_long'],
  ['', 'user.email_malformed'],
  ['ada', 'user.email_malformed'],
  ['ada@', 'user.email_malformed'],
  ['@example.org', 'user.email_malformed'],
  ['ada@example', 'user.email_malformed'],
  ['ada@example..org', 'user.email_malformed'],
  ['ada@.example.org', 'user.email_malformed'],
  ['a@b@example.org', 'user.email_malformed'],
  ['a＠b@example.org', 'user.email_malformed'],
  ['ada＠example.org', 'user.email_malformed'],
  ['ada @example.org', 'user.email_malformed'],
  ['Ada <ada@example.org>', 'user.email_malformed'],
  ['ada@example.org\r\nBcc:x', 'user.email_malformed'],
  ['ada\u200b@example.org', 'user.email_malformed'],
  ['ada\u2800@example.org', 'user.email_malformed'],
]

test('an address that mail servers route elsewhere is well-formed, and refused where it is entered', () => {
  for (const email of ['a%b@example.org', 'b!a@example.org', 'a\uFF05b@example.org']) {
    assert.deepEqual(fieldErrorsInEmail(email), [], email)
    assert.deepEqual(fieldErrorsInNewEmail(email), [{ pointer: '/email', code: 'user.email_routed' }], email)
  }
  assert.deepEqual(fieldErrorsInNewEmail('"a%b"@example.org'), [{ pointer: '/email', code: 'user.email_malformed' }])
  assert.deepEqual(fieldErrorsInNewEmail('ada+tag@example.org'), [])
})

for (const [email, outcome] of EMAILS) {
  test(`the email ${JSON.stringify(email).slice(0, 40)} is ${outcome ?? 'fine'}`, () => {
    const fieldErrors = fieldErrorsInEmail(email)
    assert.deepEqual([fieldErrors[0]?.code, fieldErrors[0]?.pointer], [outcome, outcome && '/email'])
  })
}

test('a full name has at most 200 code points and no control characters', () => {
  assert.deepEqual(fieldErrorsInFullName('Ada, Countess of Lovelace'), [])
  assert.deepEqual(fieldErrorsInFullName('😀'.repeat(200)), [])
  assert.equal(fieldErrorsInFullName('😀'.repeat(201))[0]?.code, 'user.full_name_too_long')
  assert.equal(fieldErrorsInFullName('Ada\u0007')[0]?.code, 'user.full_name_characters')
})

test('a full name of either writing direction does not change the direction of the text around it', () => {
  assert.deepEqual(fieldErrorsInFullName('נועה בן־דוד'), [])
  // A combining mark and a joiner, which Arabic, Hebrew and Persian need.
  assert.deepEqual(fieldErrorsInFullName('\u200fمی\u200cخواهم'), [])
  for (const turn of '\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069') {
    assert.deepEqual(fieldErrorsInFullName(`Not ${turn}evil`), [
      { pointer: '/full_name', code: 'user.full_name_characters' },
    ])
  }
})

const DISABLED: readonly [value: unknown, disabled: boolean][] = [
  [null, false],
  [0, false],
  ['0', false],
  ['false', false],
  [false, false],
  [1, true],
  ['1', true],
  ['true', true],
  [true, true],
  ['', true],
  ['no', true],
  [2, true],
]

for (const [value, disabled] of DISABLED) {
  test(`${JSON.stringify(value)} in the column means ${disabled ? 'disabled' : 'active'}`, () => {
    assert.equal(isDisabled(value), disabled)
  })
}

const ADMIN = principalUser({ role: 'admin', secondFactorAt: 1, invitedAt: 1 })

test('the status says the first thing that keeps a user out', () => {
  assert.equal(statusOf(ADMIN), 'active')
  assert.equal(statusOf({ ...ADMIN, disabled: true, secondFactorAt: null }), 'disabled')
  assert.equal(statusOf({ ...ADMIN, secondFactorAt: null }), 'invited')
  assert.equal(statusOf({ ...ADMIN, secondFactorAt: null, invitedAt: null }), 'no-factor')
})
