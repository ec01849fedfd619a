import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { seconds } from '#foundation/kernel/time.ts'
import { fromBase32, toBase32 } from './base32.ts'
import { DEFAULT_PARAMETERS, matchTotp, normaliseCode, type TotpAlgorithm, totpCode, totpStep } from './totp.ts'

const DIGITS = '1234567890'
const keyOf = (length: number) => Buffer.from(DIGITS.repeat(7).slice(0, length))

test('the codes are the HOTP values of RFC 4226 appendix D', () => {
  const values = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ')
  assert.deepEqual(
    values.map((_, counter) => totpCode(keyOf(20), counter)),
    values,
  )
})

const RFC_6238: [seconds: number, sha1: string, sha256: string, sha512: string][] = [
  [59, '94287082', '46119246', '90693936'],
  [1_111_111_109, '07081804', '68084774', '25091201'],
  [1_111_111_111, '14050471', '67062674', '99943326'],
  [1_234_567_890, '89005924', '91819424', '93441116'],
  [2_000_000_000, '69279037', '90698825', '38618901'],
  [20_000_000_000, '65353130', '77737706', '47863826'],
]
const KEY_LENGTHS: [TotpAlgorithm, number][] = [
  ['SHA1', 20],
  ['SHA256', 32],
  ['SHA512', 64],
]

for (const [at, ...codes] of RFC_6238) {
  for (const [index, [algorithm, length]] of KEY_LENGTHS.entries()) {
    test(`RFC 6238 appendix B: ${algorithm} at ${at} s`, () => {
      const parameters = { algorithm, digits: 8, period: 30 }
      assert.equal(totpCode(keyOf(length), totpStep(seconds(at), parameters), parameters), codes[index])
    })
  }
}

const key = { ...DEFAULT_PARAMETERS, secret: keyOf(20), lastUsedStep: null }

test('a code is accepted one step early and one step late, and no further', () => {
  const now = seconds(1_700_000_000)
  const offsets = [-2, -1, 0, 1, 2].map((offset) => matchTotp(key, totpCode(key.secret, totpStep(now) + offset), now))
  assert.deepEqual(
    offsets.map((match) => match?.step),
    [undefined, totpStep(now) - 1, totpStep(now), totpStep(now) + 1, undefined],
  )
})

test('a code is accepted at most once', () => {
  fc.assert(
    fc.property(fc.nat(2_000_000_000), (second) => {
      const now = seconds(second + 60)
      const code = totpCode(key.secret, totpStep(now))
      const match = matchTotp(key, code, now)
      assert.equal(match?.used, false)
      assert.equal(matchTotp({ ...key, lastUsedStep: match?.step ?? null }, code, now)?.used, true)
    }),
  )
})

test('a code of an earlier step than the last used one is not accepted', () => {
  const now = seconds(1_700_000_000)
  const earlier = totpCode(key.secret, totpStep(now) - 1)
  assert.equal(matchTotp({ ...key, lastUsedStep: totpStep(now) }, earlier, now)?.used, true)
})

test('base32 is decoded to the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes) => {
      assert.deepEqual(fromBase32(toBase32(bytes)), bytes)
    }),
  )
})

const base32Cases: [name: string, text: string, bytes: string | undefined][] = [
  ['RFC 4648 §10, padded', 'MZXW6YTBOI======', 'foobar'],
  ['RFC 4648 §10, unpadded', 'MZXW6YQ', 'foob'],
  ['lower case in groups', 'mzxw 6ytb-oi', 'foobar'],
  ['a digit that is none', 'MZXW1', undefined],
  ['empty', '', undefined],
]
for (const [name, text, bytes] of base32Cases) {
  test(`base32: ${name}`, () => {
    assert.deepEqual(fromBase32(text), bytes === undefined ? undefined : Uint8Array.from(Buffer.from(bytes)))
  })
}

const typedCodes: [name: string, typed: string, code: string | undefined][] = [
  ['plain', '123456', '123456'],
  ['in two groups', '123 456', '123456'],
  ['with a hyphen', '123-456', '123456'],
  ['full-width', '１２３４５６', '123456'],
  ['Arabic-Indic', '١٢٣٤٥٦', '123456'],
  ['eight digits', '12345678', '12345678'],
  ['five digits', '12345', undefined],
  ['nine digits', '123456789', undefined],
  ['a letter', '12345a', undefined],
  ['a superscript, which NFKC makes a digit', '12345⁶', '123456'],
  ['empty', '', undefined],
]
for (const [name, typed, code] of typedCodes) {
  test(`a typed code: ${name}`, () => assert.equal(normaliseCode(typed), code))
}
