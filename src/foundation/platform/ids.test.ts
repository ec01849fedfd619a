import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days } from '#foundation/kernel/time.ts'
import { idMaker, idsFrom } from './ids.ts'
import { randomBytes } from './system.ts'

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('an id is a UUIDv7 that begins with its timestamp', () => {
  // The timestamp of the example in RFC 9562, appendix A.6.
  const id = idMaker(randomBytes)(0x017f22e279b0)
  assert.match(id, UUID_V7)
  assert.ok(id.startsWith('017f22e2-79b0-7'))
})

test('each id is greater than the one before, also within one millisecond and after a small step back of the clock', () => {
  const makeId = idMaker(randomBytes)
  const moments = [...Array.from({ length: 10_000 }, () => 5000), 4000, 4999, 5000, 5001, 9000]
  const ids = moments.map((now) => makeId(now))
  assert.deepEqual(ids, ids.toSorted())
  assert.equal(new Set(ids).size, ids.length)
  assert.ok(ids.every((id) => UUID_V7.test(id)))
})

test('ids made after a large correction of the clock begin with their timestamp', () => {
  const makeId = idMaker(randomBytes)
  assert.ok(makeId(days(2)) > idsFrom(days(2)))
  const id = makeId(days(1))
  assert.ok(id > idsFrom(days(1)) && id < idsFrom(days(1) + 1))
})

test('ids of the same millisecond have different random bits', () => {
  const makeId = idMaker(randomBytes)
  const [one, other] = [makeId(1), makeId(1)]
  assert.notEqual(one.slice(19), other.slice(19))
})

test('idsFrom sorts before every id of that moment or later, and after every earlier id', () => {
  const made = [999, 1000, 1001].map((now) => idMaker(randomBytes)(now))
  assert.deepEqual(
    made.map((id) => id > idsFrom(1000)),
    [false, true, true],
  )
  assert.ok(idMaker(randomBytes)(Date.now()) > idsFrom(-1))
})
