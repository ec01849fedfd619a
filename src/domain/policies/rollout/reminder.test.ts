import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days, hours } from '#foundation/kernel/time.ts'
import { dueReminder, remindersOf } from './reminder.ts'

const DEADLINE = days(100)
const planned = { inForceFrom: DEADLINE, cancelledAt: null, isEnd: false, reminder: null }

test('reminders are due at the announcement, a week and a day before the deadline, each once', () => {
  const cases = [
    [days(30), null, 1],
    [days(30), 1, undefined],
    [days(7) + 1, 1, undefined],
    [days(7), 1, 2],
    [days(2), 2, undefined],
    [days(1), 2, 3],
    [hours(1), 3, undefined],
    [0, 2, undefined],
  ] as const
  for (const [before, reminder, wanted] of cases)
    assert.equal(dueReminder({ ...planned, reminder }, DEADLINE - before), wanted, `${before} ${reminder}`)
})

test('a version that is announced late gets one reminder, and one that is cancelled or ends the policy gets none', () => {
  assert.equal(dueReminder(planned, DEADLINE - days(3)), 2)
  assert.equal(dueReminder(planned, DEADLINE - hours(3)), 3)
  assert.equal(dueReminder({ ...planned, cancelledAt: 1 }, DEADLINE - days(30)), undefined)
  assert.equal(dueReminder({ ...planned, isEnd: true }, DEADLINE - days(30)), undefined)
})

test('the reminders of a version are its announcement, a week and a day before, as far as they come after it', () => {
  const sent = (announced: number, reminder: number | null) =>
    remindersOf({ inForceFrom: DEADLINE, createdAt: DEADLINE - announced, reminder }).map(
      ({ at, isSent }) => `${(DEADLINE - at) / days(1)} ${isSent}`,
    )
  assert.deepEqual(sent(days(30), null), ['30 false', '7 false', '1 false'])
  assert.deepEqual(sent(days(30), 1), ['30 true', '7 false', '1 false'])
  assert.deepEqual(sent(days(30), 3), ['30 true', '7 true', '1 true'])
  // Announced late, users get the reminder that is due by then.
  assert.deepEqual(sent(days(3), 2), ['3 true', '1 false'])
  assert.deepEqual(sent(hours(12), 3), ['0.5 true'])
})
