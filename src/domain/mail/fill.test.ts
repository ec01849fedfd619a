import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { anyText } from '#test/support/generators/any-text.ts'
import { blocksOf, factsNamedIn, fill } from './fill.ts'

test('facts stand where they are named', () => {
  assert.equal(fill('Hello {name} of {instance}.', { name: 'Ada' }, { instance: 'Club' }), 'Hello Ada of Club.')
  assert.deepEqual(factsNamedIn('{a} and {b_at}'), ['a', 'b_at'])
})

test('a text without a value for each of its facts is left out, also where a name is inherited', () => {
  assert.deepEqual(blocksOf(['One', 'With {reason}', 'And {toString}'], { reason: ' ' }), ['One'])
})

test('labelled facts that follow each other are one block, without those that have no value, and no value makes one', () => {
  const texts = ['Hello', 'When: {at}', 'Device: {device}', 'Done by: {admin}', 'Then: {at}.', 'IP address: {address}']
  const facts = { at: 'now', admin: 'a: b', address: 'Hello: you' }
  const [first, rows, ...others] = blocksOf(texts, facts)
  assert.equal(first, 'Hello')
  assert.deepEqual(rows, [
    ['When', 'now'],
    ['Done by', 'a: b'],
  ])
  assert.deepEqual(others, ['Then: now.', [['IP address', 'Hello: you']]])
})

test('a value is not read as a text with places', () => {
  assert.equal(fill('{name}', { name: '{password}', password: 'secret' }), '{password}')
  assert.equal(fill('{name}', { name: "$& $1 $'" }), "$& $1 $'")
})

/** What mail programs make links of. */
const LINKS = [
  'https://evil.example',
  'http://192.0.2.1/x',
  'evil.example',
  'see www.evil.example now',
  'mailto:eve@evil.example',
  'eve@evil.example',
  'EVIL.EXAMPLE/path',
  'пример.рф',
  'evil。example',
]

test('a value that contains a link is shown as it was typed, but is none', () => {
  for (const link of LINKS) {
    const shown = fill('{name}', { name: link }) ?? ''
    assert.equal(shown.replaceAll('\u2060', ''), link)
    assert.doesNotMatch(shown, /:\/\/|\p{L}[.@\u3002]\p{L}/u, link)
  }
})

test('numbers, times, IP addresses and names stay as they are', () => {
  for (const value of ['Dr. Ada Lovelace', '192.0.2.1', '22:05 UTC', '2001:db8::1', 'Firefox 151.0 on Linux', 'a. b'])
    assert.equal(fill('{x}', { x: value }), value)
})

test('no value adds a line, a control character or a change of direction', () => {
  fc.assert(
    fc.property(anyText(), (value) => {
      const shown = fill('a{x}b', { x: value }) ?? ''
      assert.doesNotMatch(shown, /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u)
    }),
  )
  assert.equal(fill('{x}', { x: 'a\r\nBcc: eve' }), 'a Bcc: eve')
})
