import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  arrivedAt,
  arrivedValue,
  forgottenLeavings,
  type KeptLeaving,
  leavingCookieName,
  leavingsIn,
  leavingValue,
  namesUser,
  presentedToken,
} from './credentials.ts'

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

for (const [authorization, expected] of [
  ['Bearer dwp_x', { token: 'dwp_x', username: undefined }],
  ['bearer  dwp_x ', { token: 'dwp_x', username: undefined }],
  [basic('ada:dwp_x'), { token: 'dwp_x', username: 'ada' }],
  [basic('ada:a:b'), { token: 'a:b', username: 'ada' }],
  [basic(':dwp_x'), { token: 'dwp_x', username: '' }],
  [basic('dwp_x'), undefined],
  ['Digest username="ada"', undefined],
  ['Bearer', undefined],
  ['', undefined],
  [undefined, undefined],
] as const)
  test(`a token in ${authorization ?? 'no header'} is read`, () =>
    assert.deepEqual(presentedToken(authorization), expected))

test('the name beside a token is that of its user, whatever its case', () => {
  assert.ok(namesUser({ username: undefined }, 'ada'))
  assert.ok(namesUser({ username: 'ADA' }, 'ada'))
  for (const username of ['', 'root']) assert.ok(!namesUser({ username }, 'ada'), username)
})

const NONCE = 'n'.repeat(43)
const PREFIX = '__Host-doorward-leaving-'

test('what a browser keeps when it leaves is read again, and nothing else', () => {
  const leaving = { nonce: NONCE, wanted: '/page?x=1;2&y="ä"', again: true }
  const value = leavingValue(leaving)
  const cookies = `a=b; ${PREFIX}0123=${value}; ${PREFIX}x=${NONCE}.2.YQ; __Host-doorward=${value}`
  assert.deepEqual(leavingsIn(PREFIX, cookies), [{ ...leaving, cookie: 'doorward-leaving-0123' }])
  assert.deepEqual(leavingsIn('doorward-leaving-', cookies), [])
  assert.deepEqual(leavingsIn(PREFIX, undefined), [])
  assert.equal(leavingCookieName('0123456789abcdef'), 'doorward-leaving-0123456789ab')
})

test('a wanted path that is too long for a cookie loses its query, then everything', () => {
  const kept = (wanted: string) =>
    leavingsIn(PREFIX, `${PREFIX}x=${leavingValue({ nonce: NONCE, wanted, again: false })}`)[0]?.wanted
  assert.equal(kept(`/page?${'x'.repeat(1990)}`), `/page?${'x'.repeat(1990)}`)
  assert.equal(kept(`/page?${'x'.repeat(4000)}`), '/page')
  assert.equal(kept(`/${'x'.repeat(4000)}`), '/')
})

test('of many who left, the first are forgotten, so that their cookies fit into one header line', () => {
  const left = (count: number, length: number): KeptLeaving[] =>
    Array.from({ length: count }, (_, index) => {
      return { nonce: NONCE, wanted: `/${'x'.repeat(length)}`, again: false, cookie: String(index) }
    })
  assert.deepEqual(forgottenLeavings(left(9, 10)), [])
  assert.deepEqual(forgottenLeavings(left(13, 10)), ['0', '1'])
  assert.deepEqual(forgottenLeavings(left(4, 1000)), ['0', '1'])
})

test('when a browser arrived is known for the path where it arrived last', () => {
  const [digest, other] = ['a'.repeat(64), 'b'.repeat(64)]
  const value = arrivedValue(digest, 1_700_000_000_000)
  assert.equal(arrivedAt(value, digest), 1_700_000_000_000)
  for (const wrong of [arrivedAt(value, other), arrivedAt(undefined, digest), arrivedAt(`x.${digest}`, digest)])
    assert.equal(wrong, undefined)
})
