import assert from 'node:assert/strict'

import { contextOn, onBothEngines } from '#test/support/databases/stores.ts'
import { importedHashes, usersPepperedWith } from './imported-hashes.service.ts'

const [CHEAP, DEAR] = ['pbkdf2:sha256:100000$salt$00', 'pbkdf2:sha256:1000009$salt$00']

onBothEngines('the result includes the costliest of hashes whose costs begin alike', async (_, db) => {
  const rows = [CHEAP, DEAR].map((hash, index) => ({ username: `u${index}`, hashed_password: hash, disabled: 0 }))
  await db.insertInto('users').values(rows).execute()
  assert.ok((await importedHashes(contextOn(db))).includes(DEAR))
})

onBothEngines(
  'the first and the last hash of each imported scheme and cost are found, and argon2id is not',
  async (_, db) => {
    const kinds = ['$2a$10$', '$2b$12$', '$argon2i$v=19$m=4096', 'scrypt:32768:8:1$', '$scrypt$ln=16,r=8,p=1$']
    const hashes = [...kinds, '$argon2id$v=19$m=64,t=1'].flatMap((kind) =>
      ['a', 'b', 'c'].map((salt) => kind + salt.repeat(22)),
    )
    const rows = [...hashes, '', null].map((hash) => ({ hashed_password: hash, disabled: 0 }))
    await db.insertInto('users').values(rows).execute()
    const wanted = kinds.flatMap((kind) => ['a', 'c'].map((salt) => kind + salt.repeat(22)))
    assert.deepEqual((await importedHashes(contextOn(db))).toSorted(), wanted.toSorted())
  },
)

onBothEngines(
  'the statements that find the imported hashes are no more for many rows than for few',
  async (_t, db, store) => {
    let statements = 0
    const other = await store.open({ onStatement: () => (statements += 1) })
    const counted: number[] = []
    for (const count of [2, 500]) {
      const salts = Array.from({ length: count }, (_unused, index) => String(index).padStart(22, 's'))
      await db
        .insertInto('users')
        .values(salts.map((salt) => ({ hashed_password: `$2b$12$${salt}`, disabled: 0 })))
        .execute()
      statements = 0
      await importedHashes(contextOn(other))
      counted.push(statements)
    }
    assert.equal(counted[0], counted[1])
  },
)

const hashWith = (keyId: string) => `$argon2id$v=19$m=64,t=1,p=1,keyid=${keyId}$${'a'.repeat(22)}$${'a'.repeat(43)}`

onBothEngines('users whose password needs a key are found by its exact id', async (_, db) => {
  const rows = ['pepper_1', 'pepper-1', 'pepper_12'].map((keyId) => {
    return { username: keyId, hashed_password: hashWith(keyId), disabled: 0 }
  })
  await db.insertInto('users').values(rows).execute()
  const found = await usersPepperedWith(contextOn(db), 'pepper_1')
  assert.deepEqual(
    found.map(({ username }) => username),
    ['pepper_1'],
  )
})
