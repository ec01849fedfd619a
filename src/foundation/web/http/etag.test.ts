import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { etagOf, preconditionIn } from './etag.ts'

const TAG = etagOf('{"id":7}')

test('a tag changes with the representation and with nothing else', () => {
  assert.equal(etagOf('{"id":7}'), TAG)
  assert.notEqual(etagOf('{"id":8}'), TAG)
  assert.match(TAG, /^"[\w-]+"$/)
})

test('a change is accepted without a condition, with a star or with the current tag', () => {
  for (const match of [undefined, '*', TAG, `"old", ${TAG}`]) {
    const precondition = preconditionIn({ headers: match === undefined ? {} : { 'if-match': match } }, () => TAG)
    precondition?.(undefined)
  }
})

test('a change with an outdated tag is refused', () => {
  for (const match of ['"old"', `W/${TAG}`, '', TAG.slice(1, -1), '"old", "older"', '"o*d"', '"old", *']) {
    assert.throws(
      () => preconditionIn({ headers: { 'if-match': match } }, () => TAG)?.(undefined),
      (error) => error instanceof Refusal && error.code === 'resource.stale',
      match,
    )
  }
})
