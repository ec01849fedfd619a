import assert from 'node:assert/strict'
import { test } from 'node:test'

import { distanceBetween, similarNames } from './similar-names.ts'

const CASES: readonly [string, string, number][] = [
  ['ada', 'ada', 0],
  ['', 'ada', 3],
  ['ada', '', 3],
  ['ada', 'adda', 1],
  ['ada', 'aad', 1],
  ['ada', 'bda', 1],
  ['grace', 'graec', 1],
  ['kitten', 'sitting', 3],
  ['\u{1F600}a', 'a', 1],
]

for (const [one, other, wanted] of CASES) {
  test(`from "${one}" to "${other}" it takes ${wanted}, and the same back`, () => {
    assert.equal(distanceBetween(one, other), wanted)
    assert.equal(distanceBetween(other, one), wanted)
  })
}

test('at most three names are suggested, the nearest first, and none at a distance above two', () => {
  const names = ['adam', 'ada', 'adbb', 'adaa', 'grace', 'addaa']
  assert.deepEqual(similarNames('adaa', names), ['adaa', 'ada', 'adam'])
  assert.deepEqual(similarNames('zzzz', names), [])
})
