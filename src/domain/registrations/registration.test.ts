import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { anyText } from '#test/support/generators/any-text.ts'
import { domainOf, fieldErrorsInRegistration, limitKeyOf } from './registration.ts'

test('the domain of an address is in its ASCII form; what a mail server could read otherwise is none', () => {
  for (const [email, domain] of [
    ['a@example.org', 'example.org'],
    ['a@EXAMPLE.org', 'example.org'],
    ['a@bücher.example', 'xn--bcher-kva.example'],
    ['a@bu\u0308cher.example', 'xn--bcher-kva.example'],
    ['a@xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['a@straße.example', 'xn--strae-oqa.example'],
  ] as const)
    assert.equal(domainOf(email), domain, email)
  for (const typed of [
    'example.org.',
    'ｅxample.org',
    'example.org?x',
    'example.org#x',
    'example.org%2ex',
    '[::1]',
    '',
  ])
    assert.equal(domainOf(`a@${typed}`), undefined, typed)
})

test('an allowed domain admits itself only, in each of its spellings', () => {
  const codes = (email: string, domains: readonly string[]) =>
    fieldErrorsInRegistration(email, domains).map(({ code }) => code)
  assert.deepEqual(codes('a@sub.example.org', ['example.org']), ['registration.domain_not_allowed'])
  assert.deepEqual(codes('a@xn--bcher-kva.example', ['bücher.example']), [])
  assert.deepEqual(codes('a@elsewhere.example', []), [])
  assert.deepEqual(codes('a', ['example.org']), ['user.email_malformed'])
})

test('an address and its subaddresses count as one, whatever their case', () => {
  const key = limitKeyOf('ada@example.org')
  for (const email of ['ADA@EXAMPLE.ORG', 'ada+a@example.org', 'ada+a+b@example.org'])
    assert.equal(limitKeyOf(email), key)
  assert.notEqual(limitKeyOf('+ada@example.org'), limitKeyOf('+eve@example.org'))
  assert.notEqual(limitKeyOf('eve@example.org'), key)
})

test('no text makes these rules throw', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      fieldErrorsInRegistration(text, ['example.org'])
      fieldErrorsInRegistration(`a@${text}`, [text])
      limitKeyOf(text)
    }),
  )
})
