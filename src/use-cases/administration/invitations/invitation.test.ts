import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days, hours } from '#foundation/kernel/time.ts'
import { isReminderDue, mailtoUri } from './invitation.ts'

test('a mailto URI holds one address, a subject and a body, whatever they contain', () => {
  const uri = mailtoUri({ to: 'a?cc=b&c%0a@example.org', subject: 'Your account & more', body: 'Hello 50% + ü,\n\nx' })
  assert.equal(
    uri,
    'mailto:a%3Fcc%3Db%26c%250a@example.org?subject=Your%20account%20%26%20more&body=Hello%2050%25%20%2B%20%C3%BC%2C%0D%0A%0D%0Ax',
  )
})

test('a mailed link is reminded of when a third of its lifetime is left, at most two days', () => {
  const firstDue = (expiresAt: number): number | undefined =>
    Array.from({ length: 61 * 24 }, (_, hour) => hours(hour)).find((now) =>
      isReminderDue({ createdAt: 0, expiresAt }, now),
    )
  assert.deepEqual([days(7), days(60), days(1), days(1) - 1].map(firstDue), [days(5), days(58), hours(16), undefined])
  assert.equal(isReminderDue({ createdAt: 0, expiresAt: days(7) }, days(7)), false)
})
