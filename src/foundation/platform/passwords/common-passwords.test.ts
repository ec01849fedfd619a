import assert from 'node:assert/strict'
import { test } from 'node:test'

import { dictionary } from '@zxcvbn-ts/language-common'

import { commonPasswords } from './common-passwords.ts'

test('more than the three thousand commonest passwords of enough length are known, all folded', async () => {
  const common = await commonPasswords()
  assert.ok(common.size > 15_000)
  for (const word of common) assert.equal(word, word.toLowerCase())
  const shortest = Math.min(...Array.from(common, ({ length }) => length))
  assert.equal(shortest, 8)
})

test('what is listed beside the package is not in it', async () => {
  const listed = dictionary['passwords-common'].filter(({ length }) => length >= 8)
  const common = await commonPasswords()
  assert.equal(common.size - new Set(listed).size, 6)
})

test('the password of the tutorial is not among them', async () => {
  const common = await commonPasswords()
  assert.ok(!common.has('whiterabbit') && common.has('password1'))
})

test('they are read once', async () => {
  assert.equal(await commonPasswords(), await commonPasswords())
})
