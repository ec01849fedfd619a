// Lost update: a user replaces the whole record as it was read, and an admin changes it while the password is hashed. The admin's
// change is not lost.
import assert from 'node:assert/strict'

import type { User } from '#domain/users/user.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { replaceProfile } from '#use-cases/account/profile/profile.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { newcomer, PASSWORD, startWithAdmin } from '../support/people/people.ts'
import { signedInAs } from '../support/people/principals.ts'
import { rowOf } from '../support/people/second-factors.ts'

onEitherDatabase('a record that changed while a password was compared is not replaced', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const read = await rowOf(await newcomer(root, 'ada'))
  const ctx = await signedInAs(server.operator(), read)
  const verify: typeof ctx.hasher.verify = async (...compared) => {
    assert.equal((await root.asks('PATCH', `/users/${read.id}`, { full_name: 'Countess' })).status, 200)
    return ctx.hasher.verify(...compared)
  }
  const unchanged = ({ revision }: User): void => {
    if (revision !== read.revision) throw new Refusal('resource.stale')
  }
  const wanted = { username: 'ada', email: null, fullName: 'Ada', password: Secret.of(PASSWORD) }
  const replaced = replaceProfile({ ...ctx, hasher: { ...ctx.hasher, verify } }, wanted, unchanged)
  await assert.rejects(replaced, { code: 'resource.stale' })
  assert.equal((await rowOf({ server, username: 'ada' })).fullName, 'Countess')
})
