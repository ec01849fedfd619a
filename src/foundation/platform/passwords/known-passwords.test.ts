import { dictionary } from '@zxcvbn-ts/language-common'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { commonPasswords } from './known-passwords.ts'

test('more than 15,000 common passwords of at least 8 characters are listed, all in lower case', async () => {
  const common = await commonPasswords()
  assert.ok(common.size > 15_000)
  for (const word of common) assert.equal(word, word.toLowerCase())
  const shortest = Math.min(...Array.from(common, ({ length }) => length))
  assert.equal(shortest, 8)
})

test('each of the further passwords is missing from the package', async () => {
  const listed = dictionary['passwords-common'].filter(({ length }) => length >= 8)
  const common = await commonPasswords()
  assert.equal(common.size - new Set(listed).size, 6)
})

test('the password of the tutorial is not listed', async () => {
  const common = await commonPasswords()
  assert.ok(!common.has('whiterabbit') && common.has('password1'))
})

test('the list is loaded once', async () => {
  assert.equal(await commonPasswords(), await commonPasswords())
})
