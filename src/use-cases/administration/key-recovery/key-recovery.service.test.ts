import assert from 'node:assert/strict'

import { storeSuccessor, successorOf } from '#domain/grants/token.service.ts'
import { ensureSigningKeys, readableKeys } from '#domain/signing-keys/signing-key.service.ts'
import { insertUser } from '#domain/users/user.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { newKeyring, onBothEngines } from '#test/support/databases/stores.ts'
import { findIn, grantIn, issueIn } from '#test/support/people/grants.ts'
import { signedInAs, wholeContext } from '#test/support/people/principals.ts'
import { revokeSecretsOf } from './key-recovery.service.ts'

onBothEngines('successors and signing keys that a lost key has sealed are forgotten, others stay', async (t, db) => {
  const lost = await wholeContext(t, db)
  const ctx = { ...lost, keyring: newKeyring() }
  const user = await insertUser(ctx, { username: 'ada', role: 'user', secondFactorAt: 1 })
  const { grantId } = await grantIn(await signedInAs(ctx, user))
  const refresh = async () => (await findIn(ctx, 'refresh', await issueIn(ctx, grantId, { kind: 'refresh' })))?.token
  const [one, other] = [(await refresh()) ?? assert.fail(), (await refresh()) ?? assert.fail()]
  const value = (await issueIn(ctx, grantId, { kind: 'refresh' })) ?? assert.fail()
  await storeSuccessor(lost, one.id, value)
  await storeSuccessor(ctx, other.id, value)
  await ensureSigningKeys(lost)
  const before = (await readableKeys(lost, undefined)) ?? assert.fail()

  const keyIds = lost.keyring.keys.map(({ id }) => id)
  await inTransaction(ctx, (tx) => revokeSecretsOf(tx, keyIds))
  const successors = await db.selectFrom('client_token').select(['id', 'successor']).execute()
  assert.equal(successors.find(({ id }) => id === one.id)?.successor, null)
  const { successor = null } = successors.find(({ id }) => id === other.id) ?? {}
  assert.equal(await successorOf(ctx, { ...other, consumedAt: ctx.now, successor }), value)
  const after = (await readableKeys(ctx, before.version)) ?? assert.fail()
  const old = before.jwks().keys.map(({ kid }) => kid)
  assert.deepEqual([after.jwks().keys.length, after.jwks().keys.filter(({ kid }) => old.includes(kid))], [2, []])
  await inTransaction(ctx, (tx) => revokeSecretsOf(tx, keyIds))
  assert.equal((await readableKeys(ctx, undefined))?.version, after.version)
})
