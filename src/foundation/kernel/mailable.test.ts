import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isMailable, isRouted } from './mailable.ts'

test('an ordinary address can be sent to, also with tags and letters of other scripts', () => {
  for (const email of [
    'ada@example.org',
    'ada+x@example.org',
    'søren@exämple.org',
    "o'brien@example.org",
    'a@localhost',
  ])
    assert.ok(isMailable(email), email)
})

test('nothing that could name a further recipient, a header or a flag can', () => {
  const wrong = [
    '',
    'ada',
    '@example.org',
    'ada@',
    'a@b@c',
    'ada@example.org, eve@example.org',
    'ada@example.org;eve@example.org',
    'Ada <ada@example.org>',
    'ada@example.org\r\nRCPT TO:<eve@example.org>',
    '"a b"@example.org',
    '-oQ/tmp@example.org',
    'ada@example.org\u0000',
    'a\u202Eb@example.org',
    'ada\uFF20evil.example@example.org',
    'ada@example.org\uFE6Bevil.example',
    `${'a'.repeat(250)}@example.org`,
  ]
  for (const email of wrong) assert.ok(!isMailable(email), JSON.stringify(email))
})

test('a percent sign or an exclamation mark routes an address, in each of their forms; it can be sent to nevertheless', () => {
  for (const sign of ['%', '!', '\uFF05', '\uFE6A', '\uFF01', '\uFE57', '\uFE15', '\u203C', '\u2049']) {
    const email = `a${sign}b@example.org`
    assert.ok(isRouted(email), JSON.stringify(email))
    assert.ok(isMailable(email), JSON.stringify(email))
  }
  for (const email of ['ada+x@example.org', "o'brien/x=y#z@example.org", 'søren@exämple.org', '\u066A@example.org'])
    assert.ok(!isRouted(email), email)
})
