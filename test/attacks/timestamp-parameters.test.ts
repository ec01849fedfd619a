// Timestamps out of range in each query parameter that takes one. Whatever the database would make of such a number, the answer
// is a refusal that names the parameter.
import assert from 'node:assert/strict'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import { pointersIn } from '../support/requests/openapi.ts'
import { startWithAdmin } from '../support/people/people.ts'

const IMPOSSIBLE = ['1e300', '-1e300', '99999999999999999999', '8640000000000001']

const asCursor = (text: string): string => Buffer.from(text).toString('base64url')

const CURSORS = IMPOSSIBLE.flatMap((moment) => [
  `/users/me/activity?cursor=${asCursor(`{"at":${moment},"id":"x"}`)}`,
  `/audit-events?cursor=${asCursor(`{"at":${moment},"id":"x"}`)}`,
  ...['created_at', '-created_at', '-last_sign_in_at'].map(
    (sort) => `/users?sort=${sort}&cursor=${asCursor(`{"sort":"${sort}","key":${moment},"id":1}`)}`,
  ),
])

onEitherDatabase('a cursor with an impossible timestamp is refused as an invalid cursor', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  for (const url of CURSORS) {
    const reply = await root.asks('GET', url)
    assert.equal(reply.status, 422, `${url}: ${reply.raw.body}`)
    assert.deepEqual(pointersIn(reply.raw), ['/cursor'])
  }
})

onEitherDatabase('a date that does not exist is refused by name', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  for (const side of ['since', 'until']) {
    for (const moment of ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59%2B01']) {
      const reply = await root.asks('GET', `/audit-events?${side}=${moment}`)
      assert.equal(reply.status, 422, `${side} ${moment}: ${reply.raw.body}`)
      assert.deepEqual(pointersIn(reply.raw), [`/${side}`])
    }
  }
})
