import fc from 'fast-check'
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { countedLength, isGuessable, passwordStrength } from './password-strength.ts'
import { fieldErrorInPassword, type PasswordStandard } from './password.ts'

const standard: PasswordStandard = {
  policy: { minimum: 8, maximum: 256 },
  user: { username: 'gracehopper', email: 'grace@example.org', fullName: 'Grace Hopper' },
  site: { instanceName: 'Navy Yard', publicUrl: 'https://id.navy.example' },
  common: new Set(['sunshine', 'correcthorse']),
}

const cases: [why: string, password: string, strength: string][] = [
  ['too short', 'sevench', 'weak'],
  ['common', 'Sunshine', 'weak'],
  ['common, with digits and punctuation around it', '1. Sun-Shine 2026!!!!', 'weak'],
  ['a run of keys', 'qwertzuiop', 'weak'],
  ['the username', 'GraceHopper1906!', 'weak'],
  ['the site', 'Navy Yard 2026', 'weak'],
  ['eight characters', 'eightchr', 'fair'],
  ['eleven characters', 'eightchrxkw', 'fair'],
  ['twelve characters', 'whiterabbits', 'good'],
  ['fourteen characters', 'whiterabbits 7', 'good'],
  ['fifteen characters', 'three calm word', 'strong'],
  ['four words', 'a kettle full of stars', 'strong'],
  ['letters of two bytes', 'белый кролик дома', 'strong'],
  ['one character again and again, then another', `${'z'.repeat(20)}k`, 'weak'],
  ['a word with a long run of digits', 'walrus1234567890', 'weak'],
  ['four characters in changing order', 'abacadbcbdacabdcabdbcadc', 'fair'],
  ['longer than a password may be, so that only its form is wrong', 'three calm words '.repeat(20), 'strong'],
]

suite('the strength of a new password', () => {
  for (const [why, password, strength] of cases) {
    test(`${why}: ${strength}`, () => assert.equal(passwordStrength(password, standard), strength))
  }

  test('is weak below the length that a policy requires', () => {
    const stricter = { ...standard, policy: { minimum: 15, maximum: 256 } }
    assert.equal(passwordStrength('whiterabbits 7', stricter), 'weak')
  })

  test('is weak for each password that a rule refuses as guessable', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('abcdsunhie 129!')), maxLength: 20 }), (password) => {
        const code = fieldErrorInPassword(password, standard)?.code
        return !isGuessable(code) || passwordStrength(password, standard) === 'weak'
      }),
    )
  })
})

test('a refusal about the form of a password says nothing about its strength', () => {
  const form = ['password.too_long', 'password.characters', 'field.missing', undefined]
  assert.deepEqual(form.map(isGuessable), [false, false, false, false])
  assert.ok(isGuessable('password.breached'))
})

test('what is typed behind a password takes one counted character away at most', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, more) => countedLength(text + more) + 1 >= countedLength(text)),
  )
})
