import assert from 'node:assert/strict'
import { test } from 'node:test'

import { mailtoUri } from './invitation.ts'

test('a mailto URI holds one address, a subject and a body, whatever they contain', () => {
  const uri = mailtoUri({ to: 'a?cc=b&c%0a@example.org', subject: 'Your account & more', body: 'Hello 50% + ü,\n\nx' })
  assert.equal(
    uri,
    'mailto:a%3Fcc%3Db%26c%250a@example.org?subject=Your%20account%20%26%20more&body=Hello%2050%25%20%2B%20%C3%BC%2C%0D%0A%0D%0Ax',
  )
})
