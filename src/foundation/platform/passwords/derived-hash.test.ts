// scrypt and PBKDF2 in the formats of other programs, against published vectors and hashes made with Node's own functions.
import assert from 'node:assert/strict'
import { pbkdf2Sync, scryptSync } from 'node:crypto'
import { after, suite, test } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { cheapHasher } from '#test/support/server/cheap-hasher.ts'
import { readDerivedHash } from './derived-hash.ts'

const hasher = cheapHasher({ after })

const check = (typed: string, stored: string) => hasher.verify(Secret.of(typed), stored)
const OLD = { matched: true, upgrade: true, tooLongForScheme: false }
const NO = { matched: false, upgrade: false, tooLongForScheme: false }

const b64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64').replaceAll('=', '')
const ab64 = (bytes: Uint8Array | string) => b64(bytes).replaceAll('+', '.')
const hexAsB64 = (hex: string) => b64(Buffer.from(hex, 'hex'))

suite('published vectors', () => {
  const vectors: [source: string, password: string, stored: string][] = [
    [
      'RFC 7914 §12, N = 1024',
      'password',
      `$scrypt$ln=10,r=8,p=16$${b64('NaCl')}$${hexAsB64('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640')}`,
    ],
    [
      'RFC 7914 §12, N = 16384',
      'pleaseletmein',
      'scrypt:16384:8:1$SodiumChloride$7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    ],
    [
      'RFC 7914 §11, PBKDF2 with SHA-256',
      'Password',
      'pbkdf2:sha256:80000$NaCl$4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d',
    ],
    ['RFC 6070, 4096 iterations', 'password', 'pbkdf2:sha1:4096$salt$4b007901b765489abead49d926f721d065a429c1'],
    [
      'RFC 6070, 25 bytes',
      'passwordPASSWORDpassword',
      'pbkdf2:sha1:4096$saltSALTsaltSALTsaltSALTsaltSALTsalt$3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038',
    ],
    ['RFC 6070, NULs within', 'pass\0word', 'pbkdf2:sha1:4096$sa\0lt$56fa6aa75548099dcc37d7f03425e0c3'],
    [
      'the manual of passlib, PBKDF2',
      'password',
      '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44',
    ],
    [
      'the manual of passlib, scrypt',
      'password',
      '$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E',
    ],
    ['Django, SHA-1', 'not a password', 'pbkdf2_sha1$10000$wz5B6WkasRoF$atJmJ1o+XfJxKq1+Nu1f1i57Z5I='],
    [
      'Django, scrypt',
      'lètmein',
      'scrypt$16384$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==',
    ],
  ]
  for (const [source, password, stored] of vectors) {
    test(source, async () => {
      assert.partialDeepStrictEqual(await check(password, stored), OLD)
      assert.partialDeepStrictEqual(await check(`${password}x`, stored), NO)
      assert.partialDeepStrictEqual(await check(password.slice(0, -1), stored), NO)
    })
  }
})

const SALT = 'a?~salt>of~bytes'
const pbkdf2 = (password: string, digest: string, size: number) => pbkdf2Sync(password, SALT, 1000, size, digest)
const scrypt = (password: string, size = 32) => scryptSync(password, SALT, size, { N: 1024, r: 8, p: 2 })

/** Each format, with a function that hashes a password in it. */
const SPELLINGS: Record<string, (password: string) => string> = {
  'PHC and passlib, scrypt': (password) => `$scrypt$ln=10,r=8,p=2$${b64(SALT)}$${b64(scrypt(password))}`,
  'Werkzeug, scrypt': (password) => `scrypt:1024:8:2$${SALT}$${scrypt(password, 64).toString('hex')}`,
  'Django, scrypt': (password) => `scrypt$1024$${SALT}$8$2$${scrypt(password, 64).toString('base64')}`,
  'passlib, PBKDF2 with SHA-1': (password) => `$pbkdf2$1000$${ab64(SALT)}$${ab64(pbkdf2(password, 'sha1', 20))}`,
  'passlib, PBKDF2 with SHA-256': (password) =>
    `$pbkdf2-sha256$1000$${ab64(SALT)}$${ab64(pbkdf2(password, 'sha256', 32))}`,
  'passlib, PBKDF2 with SHA-512': (password) =>
    `$pbkdf2-sha512$1000$${ab64(SALT)}$${ab64(pbkdf2(password, 'sha512', 64))}`,
  'PHC, PBKDF2': (password) => `$pbkdf2-sha512$i=1000$${b64(SALT)}$${b64(pbkdf2(password, 'sha512', 64))}`,
  'Django, PBKDF2': (password) => `pbkdf2_sha256$1000$${SALT}$${pbkdf2(password, 'sha256', 32).toString('base64')}`,
  'Werkzeug, PBKDF2 with SHA-256': (password) =>
    `pbkdf2:sha256:1000$${SALT}$${pbkdf2(password, 'sha256', 32).toString('hex')}`,
  'Werkzeug, PBKDF2 with SHA-512': (password) =>
    `pbkdf2:sha512:1000$${SALT}$${pbkdf2(password, 'sha512', 64).toString('hex')}`,
}

for (const [spelling, make] of Object.entries(SPELLINGS)) {
  suite(spelling, () => {
    test('matches its password only, and is marked for an upgrade', async () => {
      const stored = make('pässwörd'.normalize('NFC'))
      assert.partialDeepStrictEqual(await check('pässwörd'.normalize('NFC'), stored), OLD)
      for (const wrong of ['passwörd', 'Pässwörd', 'pässwörd ', ''])
        assert.partialDeepStrictEqual(await check(wrong, stored), NO)
    })

    test('the password is verified as typed, then in composed form', async () => {
      const [composed, decomposed] = ['ü'.normalize('NFC'), 'ü'.normalize('NFD')]
      assert.partialDeepStrictEqual(await check(decomposed, make(decomposed)), OLD)
      assert.partialDeepStrictEqual(await check(decomposed, make(composed)), OLD)
      assert.partialDeepStrictEqual(await check(composed, make(decomposed)), NO)
    })

    test('a password of hundreds of bytes is verified to its end', async () => {
      const long = 'three calm words '.repeat(15)
      assert.partialDeepStrictEqual(await check(long, make(long)), OLD)
      assert.partialDeepStrictEqual(await check(`${long}s`, make(long)), NO)
    })

    test('a password with a further NUL at its end, which HMAC ignores, does not match', async () => {
      assert.partialDeepStrictEqual(await check('secret\0', make('secret')), NO)
      assert.partialDeepStrictEqual(await check('secret\0', make('secret\0')), NO)
    })

    test('a hash with a changed salt or key does not match, and a truncated one is unreadable', async () => {
      const stored = make('secret')
      const [start, salt] = [stored.slice(0, stored.lastIndexOf('$') + 1), stored.slice(stored.lastIndexOf('$') + 1)]
      const turned = salt.startsWith('0') ? `1${salt.slice(1)}` : `0${salt.slice(1)}`
      assert.partialDeepStrictEqual(await check('secret', start + turned), NO)
      assert.equal(readDerivedHash(`${stored}\n`), undefined)
      assert.equal(readDerivedHash(stored.slice(0, start.length + 8)), undefined)
    })
  })
}

suite('a hash whose costs are out of bounds is unreadable', () => {
  const key = '0'.repeat(64)
  const bounds: [string, boolean][] = [
    [`scrypt:1024:8:1$salt$${key}`, true],
    [`scrypt:512:8:1$salt$${key}`, false],
    [`scrypt:1000:8:1$salt$${key}`, false],
    [`scrypt:0:8:1$salt$${key}`, false],
    [`scrypt:1024:0:1$salt$${key}`, false],
    [`scrypt:1024:8:0$salt$${key}`, false],
    [`scrypt:1024:8:17$salt$${key}`, false],
    [`scrypt:262144:8:1$salt$${key}`, true],
    [`scrypt:524288:8:1$salt$${key}`, false],
    [`scrypt:262144:8:3$salt$${key}`, false],
    [`$scrypt$ln=63,r=8,p=1$${b64(SALT)}$${b64(SALT + SALT)}`, false],
    [`pbkdf2:sha256:1000$salt$${key}`, true],
    [`pbkdf2:sha256:999$salt$${key}`, false],
    [`pbkdf2:sha256:10000000$salt$${key}`, true],
    [`pbkdf2:sha256:10000001$salt$${key}`, false],
    // A key of two blocks of SHA-1 doubles the work.
    [`pbkdf2:sha1:10000000$salt$${key}`, false],
    [`pbkdf2:sha256:1000$sal$${key}`, false],
    [`pbkdf2:sha256:1000$salt$${'0'.repeat(30)}`, false],
    [`pbkdf2:sha256:1000$salt$${'0'.repeat(130)}`, false],
    [`pbkdf2:md5:1000$salt$${key}`, false],
    [`pbkdf2:sha256$salt$${key}`, false],
    [`$pbkdf2-sha256$1000$${ab64('sal')}$${ab64(SALT + SALT)}`, false],
    ['', false],
  ]
  for (const [text, readable] of bounds) {
    test(`${text.slice(0, 34)} ${readable ? 'can' : 'cannot'} be read`, () => {
      assert.equal(readDerivedHash(text) !== undefined, readable)
    })
  }

  test('an unreadable hash never matches and costs a dummy hash', async () => {
    const stored = `pbkdf2:sha256:999$${SALT}$${pbkdf2Sync('secret', SALT, 999, 32, 'sha256').toString('hex')}`
    const before = hasher.stats()
    assert.partialDeepStrictEqual(await check('secret', stored), NO)
    assert.equal(hasher.stats().dummyHashes - before.dummyHashes, 1)
  })
})

test('every refusal waits as long as the verification of such a hash takes', async (t) => {
  for (const make of Object.values(SPELLINGS)) {
    const own = cheapHasher(t)
    await own.calibrate([make('secret')])
    assert.ok(own.stats().responseTimeFloor > 0)
  }
})
