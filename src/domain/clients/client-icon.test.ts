import assert from 'node:assert/strict'
import { test } from 'node:test'

import { iconError, iconPath, isIconSize } from './client-icon.ts'

test('an icon is square or nearly so, and neither tiny nor huge', () => {
  for (const [width, height, expected] of [
    [16, 16, true],
    [15, 16, false],
    [16, 17, true],
    [17, 16, true],
    [16, 18, false],
    [512, 512, true],
    [512, 563, true],
    [512, 564, false],
    [1024, 1024, true],
    [1024, 1025, false],
    [0, 0, false],
  ] as const)
    assert.equal(isIconSize(width, height), expected, `${width} × ${height}`)
})

test('the error of a file says what is wanted', () => {
  assert.deepEqual(iconError('size'), {
    pointer: '/icon',
    code: 'app.icon_size',
    facts: { minimum: 16, maximum: 1024 },
  })
  assert.deepEqual(iconError('large'), { pointer: '/icon', code: 'app.icon_too_large', facts: { maximum: 64 } })
  assert.deepEqual(iconError('type'), { pointer: '/icon', code: 'app.icon_type' })
})

test('the path of an icon changes with its content, and holds no part of an id that would change its meaning', () => {
  assert.equal(iconPath('a.b', '0123456789abcdef0123'), '/apps/a.b/icon?v=0123456789abcdef')
  assert.equal(iconPath('../x?', 'f'.repeat(64)), `/apps/..%2Fx%3F/icon?v=${'f'.repeat(16)}`)
})
