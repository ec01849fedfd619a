import assert from 'node:assert/strict'
import { test } from 'node:test'

import { contrast, mixed } from './colour.ts'

const pairs: readonly [one: string, other: string, ratio: string][] = [
  ['#000000', '#ffffff', '21.00'],
  ['#ffffff', '#000000', '21.00'],
  ['#777777', '#ffffff', '4.48'],
  ['#767676', '#ffffff', '4.54'],
  ['#0f6b5c', '#0f6b5c', '1.00'],
]
for (const [one, other, ratio] of pairs) {
  test(`${one} against ${other} is ${ratio} to 1`, () => assert.equal(contrast(one, other).toFixed(2), ratio))
}

test('a mixture lies between its colours, and is one of them at the ends', () => {
  assert.equal(mixed('#102030', '#ffffff', 0), '#102030')
  assert.equal(mixed('#102030', '#ffffff', 1), '#ffffff')
  assert.equal(mixed('#000000', '#ffffff', 0.5), '#808080')
  assert.equal(mixed('#00ff00', '#000000', 0.9), '#001a00')
})
