import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { headerText, IDENTITY_HEADERS, identityHeaders, ANONYMOUS } from './identity-headers.ts'

const ADA = {
  username: 'ada',
  subject: 'sub-1',
  fullName: 'Ada Lovelace',
  email: 'ada@example.org',
  emailVerifiedAt: 1,
}

test('an app learns name, subject, full name, confirmed email and groups', () => {
  assert.deepEqual(identityHeaders(ADA, ['staff', 'admins']), {
    'Remote-User': 'ada',
    'Remote-Subject': 'sub-1',
    'Remote-Name': 'Ada Lovelace',
    'Remote-Email': 'ada@example.org',
    'Remote-Groups': 'staff,admins',
  })
})

test('what is not known is empty, and all headers are there', () => {
  const bare = identityHeaders({ ...ADA, fullName: null, emailVerifiedAt: null }, [])
  assert.deepEqual([bare['Remote-Name'], bare['Remote-Email'], bare['Remote-Groups']], ['', '', ''])
  assert.deepEqual(Object.keys(ANONYMOUS), IDENTITY_HEADERS)
  assert.ok(Object.values(ANONYMOUS).every((value) => value === ''))
})

test('a value is printable ASCII, and a comma in a name separates nothing', () => {
  const { 'Remote-Groups': groups } = identityHeaders(ADA, ['x,admins', '100%', 'Zürich'])
  assert.equal(groups, 'x%2Cadmins,100%25,Z%C3%BCrich')
  assert.equal(headerText('a\r\nRemote-User: root'), 'a%0D%0ARemote-User: root')
  assert.equal(headerText('\uD800'), '%EF%BF%BD')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const value = headerText(text)
      assert.match(value, /^[\x20-\x2B\x2D-\x7E]*$/)
      assert.equal(decodeURIComponent(value), text.toWellFormed())
    }),
  )
})
