import assert from 'node:assert/strict'
import { test } from 'node:test'

import { MOST_COUNTED, totalIn, userRangeOf } from './user-range.ts'

const TALLY = {
  all: 2000,
  active: 1200,
  withPasskey: 300,
  withApp: 900,
  invited: 500,
  noFactor: 200,
  disabled: 100,
  admins: 3,
}

test('the total is the number of the filter', () => {
  assert.equal(totalIn(TALLY, {}), 2000)
  assert.equal(totalIn(TALLY, { status: 'active' }), 1200)
  assert.equal(totalIn(TALLY, { status: 'no-factor' }), 200)
  assert.equal(totalIn(TALLY, { role: 'admin' }), 3)
  assert.equal(totalIn(TALLY, { role: 'user' }), null, 'only admins are counted apart')
  assert.equal(totalIn(TALLY, { role: 'user', status: 'active' }), null)
  assert.equal(totalIn(TALLY, { status: 'active', secondFactor: 'passkey' }), 300)
  assert.equal(totalIn(TALLY, { status: 'active', secondFactor: 'app' }), 900)
  assert.equal(totalIn(TALLY, { secondFactor: 'app' }), null, 'disabled users have an app too')
  assert.equal(totalIn(TALLY, { status: 'disabled', secondFactor: 'app' }), null)
  assert.equal(totalIn(TALLY, { status: 'active', role: 'admin', secondFactor: 'app' }), null)
})

test('the matches of a search are counted up to a limit', () => {
  assert.equal(totalIn({ ...TALLY, all: MOST_COUNTED }, { q: 'ada' }), MOST_COUNTED)
  assert.equal(totalIn({ ...TALLY, all: MOST_COUNTED + 1 }, { q: 'ada' }), 'more')
  assert.equal(totalIn(TALLY, { q: '  ' }), 2000)
  assert.equal(totalIn(null, { q: 'ada' }), 'more')
})

test('a page begins after the users of the pages before it', () => {
  assert.deepEqual(userRangeOf({ before: 0, shown: 50, isLast: false }, 883), { first: 1, last: 50, total: 883 })
  assert.deepEqual(userRangeOf({ before: 850, shown: 33, isLast: true }, 883), { first: 851, last: 883, total: 883 })
  assert.deepEqual(userRangeOf({ before: 50, shown: 50, isLast: false }, 'more'), {
    first: 51,
    last: 100,
    total: 'more',
  })
  assert.deepEqual(userRangeOf({ before: 0, shown: 50, isLast: false }, null), { first: 1, last: 50, total: null })
})

test('the total is never smaller than what was shown, and the last page tells it', () => {
  assert.equal(userRangeOf({ before: 50, shown: 50, isLast: false }, 90)?.total, 100)
  assert.equal(userRangeOf({ before: 50, shown: 7, isLast: true }, 'more')?.total, 57)
})

test('a page without users, or after a cursor without a count, has no range', () => {
  assert.equal(userRangeOf({ before: 0, shown: 0, isLast: true }, 0), undefined)
  assert.equal(userRangeOf({ before: undefined, shown: 50, isLast: false }, 883), undefined)
})
