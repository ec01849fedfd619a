import assert from 'node:assert/strict'
import { test } from 'node:test'

import { faultsInPassword } from './password.ts'

const about = { username: 'gracehopper', email: 'grace.m.h@example.org', instanceName: 'Navy Yard 7' }
const policy = { minimum: 8, maximum: 256 }

const cases: [name: string, password: string, code: string | undefined][] = [
  ['seven characters', 'sevench', 'password.too_short'],
  ['eight characters', 'eightchr', undefined],
  ['seven characters of two code units each', '🦊'.repeat(7), 'password.too_short'],
  ['eight such characters', '🦊🦉'.repeat(4), undefined],
  ['256 characters', 'ab'.repeat(128), undefined],
  ['257 characters', `${'ab'.repeat(128)}c`, 'password.too_long'],
  ['digits alone', '4081623577', undefined],
  ['words with spaces', 'three calm words', undefined],
  ['Cyrillic', 'белыйкролик', undefined],
  ['a letter and its accent, which count as one', 'e\u0301'.repeat(7), 'password.too_short'],
  ['a NUL', 'eight\u0000chr', 'password.characters'],
  ['a line feed', 'eight\nchars', 'password.characters'],
  ['a lone surrogate', 'eightch\ud800', 'password.characters'],
  ['one everybody tries', 'PassWord123', 'password.common'],
  ['one character again and again', 'zzzzzzzzzz', 'password.common'],
  ['the username', 'GraceHopper', 'password.own_name'],
  ['the address', 'grace.m.h@example.org', 'password.own_name'],
  ['what stands before the @', 'grace.m.h', 'password.own_name'],
  ["the site's name", 'navy yard 7', 'password.own_name'],
  ['the username with more to it', 'gracehopper at sea', undefined],
  ["the tutorial's", 'whiterabbit', undefined],
]

for (const [name, password, code] of cases) {
  test(`a new password: ${name}`, () => {
    assert.equal(faultsInPassword(password, about, policy)[0]?.code, code)
  })
}
