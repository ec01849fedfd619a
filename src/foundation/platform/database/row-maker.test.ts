import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'

import { rowMakerFor } from './row-maker.ts'

test('each value stands under the name of its column', () => {
  const toRow = rowMakerFor(['id', 'full name', 'null'])
  assert.deepEqual(toRow([1, 'Ada', null]), { id: 1, 'full name': 'Ada', null: null })
  assert.deepEqual(toRow([2, 'Bob', 'x']), { id: 2, 'full name': 'Bob', null: 'x' })
})

test('a row without columns is empty', () => {
  assert.deepEqual(rowMakerFor([])([]), {})
})

test('whatever a column is called stays a name and is never run', () => {
  const names = [
    '"',
    "'",
    '`',
    '\\',
    '\n',
    '\u2028',
    '${values}',
    '"]: (globalThis.ran = true), ["x',
    '} //',
    'ä',
    '',
    '__proto__',
  ]
  const row = rowMakerFor(names)(names)
  assert.deepEqual(Object.keys(row), names)
  assert.deepEqual(Object.values(row), names)
  assert.equal('ran' in globalThis, false)
})

test('a row of many columns is no dictionary to V8, which would be slow to read', () => {
  setFlagsFromString('--allow-natives-syntax')
  const isFast = runInThisContext('(row) => %HasFastProperties(row)') as (row: object) => boolean
  const names = Array.from({ length: 40 }, (_, index) => `column${index}`)
  assert.ok(isFast(rowMakerFor(names)(names)))
  const oneByOne: Record<string, string> = {}
  for (const name of names) oneByOne[name] = name
  assert.equal(isFast(oneByOne), false, 'names one by one are no different any more')
})
