import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { safePath, withBecause, withNext } from './redirect.ts'

const HOSTILE: readonly unknown[] = [
  '',
  'account',
  'https://evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '/\\/evil.example',
  '\\\\evil.example',
  '/%2f%2fevil.example',
  '/%2Fevil.example',
  '/%5cevil.example',
  '/%5Cevil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  '/ /evil.example',
  ' /account',
  '/.//evil.example',
  '/..//evil.example',
  '/%2e//evil.example',
  '/a/..//evil.example',
  '/a/.//../../evil.example/..//x',
  '/%09/evil.example\u0000',
  '/account\r\nset-cookie: a=b',
  'javascript:alert(1)',
  'http:/evil.example',
  '//user:pass@evil.example',
  '/\u2028//evil\u007f',
  undefined,
  null,
  7,
  ['/account'],
  `/${'x'.repeat(3000)}`,
]

test('values known from open redirects of other programs are refused', () => {
  assert.deepEqual(
    HOSTILE.filter((value) => safePath(value) !== undefined),
    [],
  )
})

test('a path of this site is kept with its query', () => {
  for (const path of ['/', '/account', '/account?tab=1&next=%2F', '/invitation/dwl_abc-_', '/users/7#top', '/a%20b']) {
    assert.equal(safePath(path), path)
  }
})

test('every accepted value stays on this site, however a browser parses it', () =>
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('/', '\\', '.', '%2f', '%5c', '@', ':', 'a', '?', '#', '\t', ' ', 'http') }),
      (tail) => {
        const path = safePath(`/${tail}`)
        if (path === undefined) return
        assert.equal(new URL(path, 'http://doorward.test').host, 'doorward.test')
        assert.doesNotMatch(path, /^\/[/\\]/)
      },
    ),
  ))

test('a path keeps where to go afterwards and the language of the pages, and nothing else of the query', () => {
  const kept: readonly [query: unknown, path: string][] = [
    [{}, '/sign-in'],
    [undefined, '/sign-in'],
    [{ next: '/account?tab=1', other: '1' }, '/sign-in?next=%2Faccount%3Ftab%3D1'],
    [{ ui_locales: 'fr de-AT en' }, '/sign-in?ui_locales=de'],
    [{ next: '/account', ui_locales: 'de' }, '/sign-in?next=%2Faccount&ui_locales=de'],
    [{ ui_locales: 'fr' }, '/sign-in'],
    [{ ui_locales: ['de', 'en'] }, '/sign-in'],
    [{ ui_locales: 'de&because=ended' }, '/sign-in'],
  ]
  for (const [query, path] of kept) assert.equal(withNext('/sign-in', query), path)
  assert.equal(withNext('/confirm?since=1', { ui_locales: 'de' }), '/confirm?since=1&ui_locales=de')
  assert.equal(withBecause('/sign-in', 'ended', { ui_locales: 'de' }), '/sign-in?ui_locales=de&because=ended')
})
