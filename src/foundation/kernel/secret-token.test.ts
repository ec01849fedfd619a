import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'

import { hashOf, newSecretToken } from './secret-token.ts'
import { Secret } from './secret.ts'

test('a token is 256 bits of the given source behind its prefix', () => {
  const asked: number[] = []
  const random = (size: number) => {
    asked.push(size)
    return new Uint8Array(size).fill(0xfb)
  }
  const token = newSecretToken(random, 'dwa_').reveal()
  assert.deepEqual(asked, [32])
  assert.deepEqual(Buffer.from(token.slice('dwa_'.length), 'base64url'), Buffer.alloc(32, 0xfb))
  assert.match(token, /^dwa_[\w-]{43}$/)
})

test('the stored form of a token is its SHA-256', () => {
  // FIPS 180-4, the example of one block.
  assert.equal(hashOf(Secret.of('abc')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  assert.equal(hashOf(Secret.of('dwa_ä')), createHash('sha256').update('dwa_ä').digest('hex'))
})
