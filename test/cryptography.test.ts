// docs/cryptography.md is the inventory of cryptography: files, algorithms and sizes are compared with the source.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { newSecretToken } from '#foundation/kernel/secret-token.ts'
import { generateKeyring } from '#foundation/platform/crypto/keyring-file.ts'
import { readPage, ROOT } from './support/documentation/markdown.ts'

const SOURCES = new Map(
  globSync('src/**/*.{ts,js}', { cwd: ROOT })
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]),
)
const { text: PAGE } = readPage('docs/cryptography.md')

/** An import of a value, not only of a type, from Node's cryptography or from a package of ours that does cryptography. */
const USES =
  /^import (?!type\b)[^\n]*'(?:node:crypto|@node-rs\/[^']*)'|import\('(?:node:crypto|@node-rs\/|@simplewebauthn\/)/m

test('every file that uses cryptography is in the inventory, by a library of Node or a package named there', () => {
  const using = [...SOURCES].filter(([, text]) => USES.test(text)).map(([file]) => file)
  assert.ok(using.length > 10)
  assert.deepEqual(
    using.filter((file) => !PAGE.includes(`\`${file}\``)),
    [],
  )
  const named = [...PAGE.matchAll(/`(src\/[^`]+)`/g)].map(([, file = '']) => file)
  assert.deepEqual(
    named.filter((file) => !using.includes(file)),
    [],
  )
})

/** The algorithms that are named in calls, with the files that may use them; without files, any may. */
const ALGORITHMS: Readonly<Record<string, readonly string[] | undefined>> = {
  'aes-256-gcm': ['src/foundation/platform/crypto/sealing.ts'],
  sha256: undefined,
  sha1: ['src/foundation/platform/passwords/breached-passwords.ts', 'src/domain/factors/totp/totp.ts'],
}
const NAMES_ALGORITHM =
  /\b(?:hash|createHash|createHmac|createCipheriv|createDecipheriv|createSign|createVerify|sign|verify)\('([\w-]+)'/g

test('every algorithm is one of the inventory: SHA-256, AES-256-GCM, and SHA-1 only where a protocol has it', () => {
  const used = [...SOURCES].flatMap(([file, text]) =>
    [...text.matchAll(NAMES_ALGORITHM)].map(([, algorithm = '']) => ({ file, algorithm })),
  )
  assert.ok(used.length > 10)
  const unlisted = used.filter(
    ({ file, algorithm }) => !Object.hasOwn(ALGORITHMS, algorithm) || !(ALGORITHMS[algorithm]?.includes(file) ?? true),
  )
  assert.deepEqual(unlisted, [])
  const ciphers = [...SOURCES.values()].join('\n').match(/(?<=')(?:aes|des|rc4|chacha20|bf|camellia)-[\w-]+(?=')/gi)
  assert.deepEqual([...new Set(ciphers)], ['aes-256-gcm'])
  assert.doesNotMatch([...SOURCES.values()].join('\n'), /['"`]md5['"`]/i)
})

const SIZES: Readonly<Record<string, readonly [file: string, bytes: number]>> = {
  TOKEN_BYTES: ['src/foundation/kernel/secret-token.ts', 32],
  KEY_BYTES: ['src/foundation/platform/crypto/keyring-file.ts', 32],
  SECRET_BYTES: ['src/domain/factors/totp/setup-key.ts', 20],
  CHALLENGE_BYTES: ['src/domain/factors/passkeys/challenge.service.ts', 32],
  SALT_BYTES: ['src/domain/audit/audit.service.ts', 16],
}

test('every key and every random value that must not be guessed has at least 128 bits', () => {
  for (const [name, [file, bytes]] of Object.entries(SIZES)) {
    assert.match(SOURCES.get(file) ?? '', new RegExp(`const ${name} = ${bytes}\\b`), file)
    assert.ok(bytes * 8 >= 128, name)
  }
  const asked: number[] = []
  const random = (size: number) => {
    asked.push(size)
    return new Uint8Array(size).fill(7)
  }
  const { keys } = generateKeyring(random, 0)
  for (const { secret } of keys) assert.equal(Buffer.from(secret, 'base64url').length, 32)
  newSecretToken(random, 'dwl_')
  assert.equal(asked.at(-1), 32)
})
