import fc from 'fast-check'
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import {
  fieldErrorInPassword,
  isOneOf,
  isPredictablePattern,
  type PasswordStandard,
  wordsOfSite,
  wordsOfUser,
} from './password.ts'

const standard: PasswordStandard = {
  policy: { minimum: 8, maximum: 256 },
  user: { username: 'gracehopper', email: 'grace.m.h@example.org', fullName: 'Grace Brewster Hopper' },
  site: { instanceName: 'Navy Yard 7', publicUrl: 'https://id.navy.example:8443' },
  common: new Set(['sunshine', 'correcthorse', 'straße1906']),
}
const codeOf = (password: string, changed: Partial<PasswordStandard> = {}) =>
  fieldErrorInPassword(password, { ...standard, ...changed })?.code

const LONGEST = 'three calm words '.repeat(16).slice(0, 256)

const cases: [name: string, password: string, code: string | undefined][] = [
  ['seven characters', 'sevench', 'password.too_short'],
  ['eight characters', 'eightchr', undefined],
  ['seven characters of two code units each', '🦊'.repeat(7), 'password.too_short'],
  ['eight such characters', '🦊🦉🐢🦔🐈🐎🦆🐝', undefined],
  ['64 characters', LONGEST.slice(0, 64), undefined],
  ['256 characters', LONGEST, undefined],
  ['257 characters', `${LONGEST}s`, 'password.too_long'],
  ['digits alone', '4081623577', undefined],
  ['words with spaces', 'three calm words', undefined],
  ['spaces at both ends, which count', ' 2 words', undefined],
  ['Cyrillic', 'белыйкролик', undefined],
  ['a letter and its accent, which count as one', 'e\u0301'.repeat(7), 'password.too_short'],
  ['256 letters with an accent each', LONGEST.replaceAll('e', 'e\u0301'), undefined],
  ['a NUL', 'eight\u0000chr', 'password.characters'],
  ['a line feed', 'eight\nchars', 'password.characters'],
  ['a lone surrogate', 'eightch\ud800', 'password.characters'],
  ['one that many use', 'SunShine', 'password.common'],
  ['one with a letter that has no upper case of its own', 'STRASSE1906', undefined],
  ['the same in lower case', 'straße1906', 'password.common'],
  ['one that many use, with more to it', 'sunshine at sea', undefined],
  ['one character again and again', 'zzzzzzzzzz', 'password.pattern'],
  ['a run along the keyboard', 'Qwertzuiop', 'password.pattern'],
  ['the username', 'GraceHopper', 'password.own_name'],
  ['the username with digits after it', 'GraceHopper1906!', 'password.own_name'],
  ['the address', 'grace.m.h@example.org', 'password.own_name'],
  ['what stands before the @, hyphens for dots', '1-grace-m-h-1', 'password.own_name'],
  ['the full name', 'Grace Brewster Hopper', 'password.own_name'],
  ['the full name the other way round', 'hopperbrewstergrace', 'password.own_name'],
  ['one of the names', 'brewster', 'password.own_name'],
  ['a short one of the names with digits', '1906hopper', 'password.own_name'],
  ["the site's name", 'navy yard 7', 'password.site_name'],
  ["the site's name with other digits", 'NavyYard2026', 'password.site_name'],
  ["the site's host", 'id.navy.example', 'password.site_name'],
  ['the end of its host', 'navy.example!', 'password.site_name'],
  ["the product's name", 'doorward!', 'password.site_name'],
  ['the username with more to it', 'gracehopper at sea', undefined],
  ["the tutorial's", 'whiterabbit', undefined],
]

suite('a new password', () => {
  for (const [name, password, code] of cases) {
    test(name, () => assert.equal(codeOf(password), code))
  }

  test('needs the fifteen characters that a policy requires', () => {
    const policy = { minimum: 15, maximum: 256 }
    assert.equal(codeOf('fourteen chars', { policy }), 'password.too_short')
    assert.deepEqual(fieldErrorInPassword('x', { ...standard, policy })?.facts, { minimum: 15 })
    assert.equal(codeOf('fifteen charact', { policy }), undefined)
  })

  test('of a user whose names are not known yet is checked', () => {
    const user = { username: '', email: null, fullName: null }
    assert.equal(codeOf('gracehopper', { user }), undefined)
    assert.equal(codeOf('4081623577', { user }), undefined)
  })
})

test('context-specific words are rejected with any digits, punctuation and separators around them, and never inside a phrase', () => {
  const words = [...wordsOfUser(standard.user), ...wordsOfSite(standard.site)]
  const around = fc.string({ unit: fc.constantFrom(...Array.from('0123456789!?#-_ .*')), maxLength: 8 })
  const word = fc.constantFrom('gracehopper', 'Brewster', 'grace m h', 'NAVY-YARD')
  fc.assert(fc.property(around, word, around, (before, own, after) => isOneOf(before + own + after, words)))
  const letters = fc.string({ unit: fc.constantFrom(...Array.from('bcdfjkl')), minLength: 1, maxLength: 8 })
  fc.assert(fc.property(letters, word, letters, (before, own, after) => !isOneOf(before + own + after, words)))
})

suite('a plain pattern', () => {
  const plain = [
    'abcdefgh',
    '87654321',
    '12341234',
    'abcabcabc',
    'qwertz123',
    '1qaz2wsx',
    'asdf1234',
    'zyxwvuts',
    '90123456',
  ]
  for (const text of plain) test(`${text} is one`, () => assert.ok(isPredictablePattern(text)))
  const none = ['4081623577', 'powertrain', 'passwordpassword', 'ab12ab13', 'whiterabbit', 'three calm words']
  for (const text of none) test(`${text} is none`, () => assert.ok(!isPredictablePattern(text)))
})
