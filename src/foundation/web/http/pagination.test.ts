import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { decodeCursor, encodeCursor, linkToNext } from './pagination.ts'
import { Type } from './type.ts'

const Position = Type.Object({ name: Type.String({ maxLength: 20 }), id: Type.Integer() })

test('a cursor keeps its position, whatever its values', () =>
  fc.assert(
    fc.property(fc.string({ maxLength: 10, unit: 'grapheme' }), fc.integer(), (name, id) => {
      fc.pre(!name.includes('\0'))
      const cursor = encodeCursor({ name, id })
      assert.match(cursor, /^[\w-]+$/)
      assert.deepEqual(decodeCursor(Position, cursor), { name, id })
    }),
  ))

test('a cursor that this server did not make, or made for another list, is refused as an error of its field', () => {
  const position = { name: 'ada', id: 7 }
  const tampered = [
    '',
    '{}',
    'AAAA',
    '%%%',
    encodeCursor(null),
    encodeCursor([]),
    encodeCursor('ada'),
    encodeCursor({ name: 'ada' }),
    encodeCursor({ ...position, id: '7' }),
    encodeCursor({ ...position, role: 'admin' }),
    encodeCursor({ ...position, name: 'x'.repeat(21) }),
    encodeCursor({ ...position, name: '\0' }),
    encodeCursor(position).slice(0, -3),
  ]
  for (const cursor of tampered) {
    assert.throws(
      () => decodeCursor(Position, cursor),
      (error) =>
        error instanceof Refusal &&
        error.code === 'request.validation_failed' &&
        error.facts.fieldErrors?.[0]?.pointer === '/cursor',
      cursor,
    )
  }
})

test('the link to the next page keeps the query and replaces the cursor', () => {
  const link = linkToNext('https://id.example.org', '/users?limit=10&q=a%20b&cursor=old', 'new')
  assert.equal(link, '<https://id.example.org/users?limit=10&q=a+b&cursor=new>; rel="next"')
  // A path that begins with two slashes must not become another host.
  assert.match(linkToNext('https://id.example.org', '//evil.example/users', 'new'), /^<https:\/\/id\.example\.org\//)
})
