import assert from 'node:assert/strict'
import { test } from 'node:test'

import { NO_TERMS } from '#domain/policies/policy.ts'
import { days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { readPolicyForm, suggestedDeadline, valuesOfTerms } from './policy-form.ts'

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

test('a duration is a number in its unit, or a text that names its unit', () => {
  const idle = (session_idle: string, session_idle_unit?: string) => {
    const unit = session_idle_unit === undefined ? {} : { session_idle_unit }
    const { terms, fieldErrors } = readPolicyForm({ session_idle, ...unit }, null)
    return fieldErrors.length > 0 ? 'refused' : terms.sessionIdle
  }
  assert.deepEqual(
    [
      idle('30', 'm'),
      idle(' 12 ', 'h'),
      idle('7', 'd'),
      idle('90', 's'),
      idle('30m'),
      idle('30m', 'd'),
      idle('0', 'd'),
    ],
    [minutes(30), hours(12), days(7), seconds(90), minutes(30), minutes(30), 0],
  )
  assert.equal(idle('', 'h'), null)
  for (const [text, unit] of [['30'], ['30', 'w'], ['1.5', 'h'], ['-1', 'h'], ['long', 'h'], ['1234567', 's']] as const)
    assert.equal(idle(text, unit), 'refused', text)
})

test('what a policy says is shown as a number and a unit that are read again as the same', () => {
  for (const sessionIdle of [null, seconds(90), minutes(30), hours(12), days(7)]) {
    const terms = { ...NO_TERMS, sessionIdle, rememberFor: 0 }
    assert.deepEqual(readPolicyForm(valuesOfTerms(terms), null).terms, terms)
  }
})

test('the suggested deadline is two weeks ahead at nine by the clock of the admin, also across a change of it', () => {
  const at = (timeZone: string | null) => {
    const { day, time, at: instant } = suggestedDeadline(Date.UTC(2026, 9, 13, 23, 30), timeZone)
    return [day, time, new Date(instant).toISOString()]
  }
  assert.deepEqual(at(null), ['2026-10-27', '09:00', '2026-10-27T09:00:00.000Z'])
  assert.deepEqual(at('Europe/Berlin'), ['2026-10-28', '09:00', '2026-10-28T08:00:00.000Z'])
})
