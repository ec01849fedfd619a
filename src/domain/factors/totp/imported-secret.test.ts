import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { toBase32 } from './base32.ts'
import { readImportedSecret } from './imported-secret.ts'
import { setupKeyOf } from './setup-key.ts'
import { TOTP_ALGORITHMS, totpCode, totpStep } from './totp.ts'

const KEY = 'JBSWY3DPEHPK3PXP'
const URI = `otpauth://totp/Acme:ada@example.org?secret=${KEY}&issuer=Acme`

/** The text, and the result: algorithm, digits and period, or undefined. */
const CASES: Readonly<Record<string, string | undefined>> = {
  [KEY]: 'SHA1 6 30',
  'jbsw y3dp-ehpk 3pxp==': 'SHA1 6 30',
  [URI]: 'SHA1 6 30',
  [` ${URI}\n`]: 'SHA1 6 30',
  [`${URI}&algorithm=SHA1&digits=6&period=30`]: 'SHA1 6 30',
  [`${URI}&algorithm=SHA256&digits=8&period=30`]: 'SHA256 8 30',
  [`${URI}&algorithm=sha-512`]: 'SHA512 6 30',
  [`${URI}&digits=8`]: 'SHA1 8 30',
  [`OTPAUTH://TOTP/ada?secret=${KEY.toLowerCase()}%3D%3D`]: 'SHA1 6 30',
  [`otpauth://totp/Größe%20&%20Co:ada?secret=${KEY}&image=https%3A%2F%2Fexample.org%2Fa.png`]: 'SHA1 6 30',
  [`otpauth://totp?secret=${KEY}`]: 'SHA1 6 30',

  [`${URI}&period=60`]: undefined,
  [`${URI}&period=`]: undefined,
  [`${URI}&period=30.0`]: undefined,
  [`${URI}&digits=7`]: undefined,
  [`${URI}&digits=5`]: undefined,
  [`${URI}&digits=08`]: undefined,
  [`${URI}&algorithm=MD5`]: undefined,
  [`${URI}&algorithm=SHA3-256`]: undefined,
  [`${URI}&algorithm=`]: undefined,
  // A parameter twice is ambiguous.
  [`${URI}&secret=${KEY}`]: undefined,
  [`${URI}&digits=6&digits=8`]: undefined,
  [`otpauth://hotp/ada?secret=${KEY}&counter=1`]: undefined,
  [`otpauth://totp.example.org/ada?secret=${KEY}`]: undefined,
  [`otpauth-migration://offline?data=${KEY}`]: undefined,
  [`otpauth:totp/ada?secret=${KEY}`]: undefined,
  [`https://totp/ada?secret=${KEY}`]: undefined,
  'otpauth://totp/ada': undefined,
  'otpauth://totp/ada?secret=': undefined,
  'otpauth://totp/ada?secret=n0t-base-32': undefined,
  'otpauth://[/ada': undefined,
  'otpauth:': undefined,
  'n0t base 1': undefined,
  '': undefined,
}

for (const [text, wanted] of Object.entries(CASES)) {
  test(`${JSON.stringify(text)} is ${wanted ?? 'unreadable'}`, () => {
    const read = readImportedSecret(text)
    const { algorithm, digits, period } = read?.parameters ?? {}
    assert.equal(read && [algorithm, digits, period].join(' '), wanted)
    if (read) assert.equal(toBase32(read.secret), KEY)
  })
}

test('a setup key and a key URI of this program are read back', () => {
  const bytes = fc.uint8Array({ minLength: 10, maxLength: 64 })
  fc.assert(
    fc.property(bytes, fc.string(), fc.string(), (secret, issuer, account) => {
      const uri = setupKeyOf(Secret.of(secret), { issuer, account }).otpauthUri.reveal()
      assert.deepEqual(readImportedSecret(uri)?.secret, Uint8Array.from(secret))
    }),
    { numRuns: 25 },
  )
})

test('a key URI with the keys of RFC 6238 appendix B yields the codes of that appendix', () => {
  const codes = { SHA1: '94287082', SHA256: '46119246', SHA512: '90693936' }
  const lengths = { SHA1: 20, SHA256: 32, SHA512: 64 }
  for (const algorithm of TOTP_ALGORITHMS) {
    const key = toBase32(Buffer.from('1234567890'.repeat(7).slice(0, lengths[algorithm])))
    const read = readImportedSecret(`otpauth://totp/x?secret=${key}&algorithm=${algorithm}&digits=8`)
    assert.ok(read)
    const { secret, parameters } = read
    assert.equal(totpCode(secret, totpStep(seconds(59), parameters), parameters), codes[algorithm])
  }
})
