// Password hashes with a pepper.
import { hashSync, verifySync } from '@node-rs/argon2'
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, suite, test } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { cheapHasher } from '#test/support/server/cheap-hasher.ts'
import { generateKeyring, type StoredKey } from '../crypto/keyring-file.ts'
import { keyringOf } from '../crypto/keyring.ts'
import { randomBytes } from '../system.ts'
import type { Peppers } from './password-hasher.ts'
import { readStoredHash, withoutPepper, withPepper } from './stored-hash.ts'

const hasher = cheapHasher({ after })

const keys = generateKeyring(randomBytes, 1_800_000_000_000).keys
const peppered = keys.find(({ purpose }) => purpose === 'pepper') as StoredKey
const ring = keyringOf({ version: 1, keys }, randomBytes)
const ON: Peppers = { wanted: peppered.id, mix: ring.pepper }
const OFF: Peppers = { wanted: null, mix: ring.pepper }
const LOST: Peppers = { wanted: null, mix: () => undefined }

const MATCHED = { matched: true, upgrade: false, tooLongForScheme: false }
const UPGRADE = { matched: true, upgrade: true, tooLongForScheme: false }
const NO = { matched: false, upgrade: false, tooLongForScheme: false }

const secret = Secret.of('three calm wörds')

suite('a peppered hash', () => {
  test('contains the id of its key as in the PHC format, and is argon2id over HMAC-SHA-256 of the password', async () => {
    const stored = await hasher.hash(secret, ON)
    assert.match(stored, /^\$argon2id\$v=19\$m=64,t=1,p=1,keyid=pepper-[0-9a-f]{12}\$[\w+/]{22}\$[\w+/]{43}$/)
    const about = readStoredHash(stored)
    assert.ok(about.scheme === 'argon2id' && about.pepper === peppered.id)
    const mac = createHmac('sha256', Buffer.from(peppered.secret, 'base64url')).update(secret.reveal()).digest('hex')
    assert.ok(verifySync(withoutPepper(stored), mac))
    assert.equal(withPepper(withoutPepper(stored), peppered.id), stored)
  })

  test('matches with its key only, and with either Unicode form of the password', async () => {
    const stored = await hasher.hash(Secret.of(secret.reveal().normalize('NFD')), ON)
    assert.partialDeepStrictEqual(await hasher.verify(secret, stored, ON), MATCHED)
    assert.partialDeepStrictEqual(await hasher.verify(Secret.of(secret.reveal().normalize('NFD')), stored, ON), MATCHED)
    assert.partialDeepStrictEqual(await hasher.verify(Secret.of('three calm words'), stored, ON), NO)
    const others = keyringOf(generateKeyring(randomBytes, 0), randomBytes)
    const mix: Peppers['mix'] = (_, plain) => others.pepper(others.newestPepper ?? '', plain)
    assert.partialDeepStrictEqual(await hasher.verify(secret, stored, { wanted: null, mix }), NO)
    assert.partialDeepStrictEqual(await hasher.verify(secret, withoutPepper(stored), ON), NO)
  })

  test('still matches after peppers are disabled, and is then marked for an upgrade', async () => {
    assert.partialDeepStrictEqual(await hasher.verify(secret, await hasher.hash(secret, ON), OFF), UPGRADE)
    assert.partialDeepStrictEqual(await hasher.verify(secret, await hasher.hash(secret, OFF), OFF), MATCHED)
  })

  test('replaces a hash without pepper or with an older one once peppers are enabled', async () => {
    assert.partialDeepStrictEqual(await hasher.verify(secret, await hasher.hash(secret), ON), UPGRADE)
    const stored = await hasher.hash(secret, ON)
    const newer = { ...ON, wanted: 'pepper-newer' }
    assert.partialDeepStrictEqual(await hasher.verify(secret, stored, newer), UPGRADE)
  })

  test('whose key is lost never matches and costs as many dummy hashes as forms of the password', async () => {
    const stored = await hasher.hash(secret, ON)
    for (const typed of [secret, Secret.of(secret.reveal().normalize('NFD'))]) {
      const before = hasher.stats()
      assert.partialDeepStrictEqual(await hasher.verify(typed, stored, LOST), NO)
      const forms = typed === secret ? 1 : 2
      assert.equal(hasher.stats().dummyHashes - before.dummyHashes, forms)
      assert.equal(hasher.stats().hashes - before.hashes, forms)
    }
  })

  test('cannot name a key of another purpose', async () => {
    for (const { id } of keys.filter(({ purpose }) => purpose !== 'pepper')) {
      const made = ring.macWith(id, secret.reveal()) ?? secret.reveal()
      const stored = withPepper(hashSync(made, { memoryCost: 64, timeCost: 1, parallelism: 1 }), id)
      assert.partialDeepStrictEqual(await hasher.verify(secret, stored, ON), NO)
    }
    assert.equal(ring.macWith(peppered.id, 'x'), undefined)
  })

  test('does not delay refusals, because its verification takes no longer', async (t) => {
    const own = cheapHasher(t)
    await own.verify(secret, await own.hash(secret), ON)
    await own.verify(secret, await own.hash(secret, ON), OFF)
    assert.equal(own.stats().responseTimeFloor, 0)
  })

  test('cannot be made with a missing key', async () => {
    await assert.rejects(hasher.hash(secret, { wanted: 'pepper-none', mix: ring.pepper }), /no key pepper-none/)
  })

  test('is made from a copy of the password that is wiped afterwards', async () => {
    const seen: Uint8Array[] = []
    const mix: Peppers['mix'] = (keyId, plain) => {
      seen.push(plain)
      return ring.pepper(keyId, plain)
    }
    await hasher.verify(secret, await hasher.hash(secret, { ...ON, mix }), { ...ON, mix })
    assert.equal(seen.length, 2)
    for (const plain of seen) assert.ok(plain.every((byte) => byte === 0))
  })
})
