import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { nextSignInStep, splitAppendedCode } from './sign-in.ts'

const right = { known: true, matched: true, shutOut: undefined, hasSecondFactor: true, needsSecondFactor: true }

const verdicts: [name: string, facts: object, verdict: object][] = [
  ['a right password with a second factor goes on to it', {}, { stage: 'second-factor' }],
  ['a right password without one goes on to enrolment', { hasSecondFactor: false }, { stage: 'enrolment' }],
  ['an unknown user is refused', { known: false, matched: false }, { stage: 'refused', reason: 'unknown_user' }],
  ['a match for an unknown user is refused', { known: false }, { stage: 'refused', reason: 'unknown_user' }],
  ['a wrong password is refused', { matched: false }, { stage: 'refused', reason: 'wrong_password' }],
  ['a disabled user with a second factor goes on to it', { shutOut: 'disabled' }, { stage: 'second-factor' }],
  [
    'a disabled user without one is refused as disabled after the password',
    { shutOut: 'disabled', hasSecondFactor: false },
    { stage: 'refused', reason: 'disabled' },
  ],
  [
    'a disabled user with a wrong password is refused like any user',
    { shutOut: 'disabled', matched: false },
    { stage: 'refused', reason: 'wrong_password' },
  ],
]
for (const [name, facts, verdict] of verdicts) {
  test(name, () => assert.deepEqual(nextSignInStep({ ...right, ...facts }), verdict))
}

const splits: [name: string, typed: string, password: string | undefined, code: string | undefined][] = [
  ['password and code', 'secret037963', 'secret', '037963'],
  ['a password that ends in digits', 'route66123456', 'route66', '123456'],
  ['nothing but a code', '123456', '', '123456'],
  ['full-width digits', 'secret１２３４５６', 'secret', '123456'],
  ['a space among the digits', 'secret123 456', undefined, undefined],
  ['five digits', 'secret12345', undefined, undefined],
  ['too short', 'abc', undefined, undefined],
  ['a character of two code units before the code', '🦊123456', '🦊', '123456'],
]
for (const [name, typed, password, code] of splits) {
  test(`an appended code: ${name}`, () => {
    const split = splitAppendedCode(Secret.of(typed))
    assert.equal(split?.password.reveal(), password)
    assert.equal(split?.code, code)
  })
}
