import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readPolicyForm } from './policy-form.ts'

function deadline(day: string, time?: string): string | undefined {
  const values = { second_factor: 'required', start: 'later', day, ...(time !== undefined && { time }) }
  const { inForceFrom, fieldErrors } = readPolicyForm(values, 'Europe/Berlin')
  return fieldErrors.length > 0 || inForceFrom === null ? undefined : new Date(inForceFrom).toISOString()
}

test('a deadline is what the clock of the admin shows on that day, also where it is changed on it', () => {
  assert.equal(deadline('2026-06-01'), '2026-05-31T22:00:00.000Z')
  assert.equal(deadline('2026-06-01', ' 08:30 '), '2026-06-01T06:30:00.000Z')
  assert.equal(deadline('2026-03-29', '08:00'), '2026-03-29T06:00:00.000Z')
  assert.equal(deadline('2026-10-25', '08:00'), '2026-10-25T07:00:00.000Z')
})

test('a day or a time that there is not is no deadline', () => {
  for (const day of ['', '2026-02-30', '2026-13-01', '01.06.2026']) assert.equal(deadline(day), undefined, day)
  for (const time of ['24:00', '8:00', '08:60', 'noon']) assert.equal(deadline('2026-06-01', time), undefined, time)
})
