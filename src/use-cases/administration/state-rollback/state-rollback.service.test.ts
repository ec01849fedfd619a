import assert from 'node:assert/strict'

import { ensureSigningKeys, readableKeys } from '#domain/signing-keys/signing-key.service.ts'
import { insertUser } from '#domain/users/user.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { findIn, grantIn, issueIn } from '#test/support/people/grants.ts'
import { signedInAs, wholeContext } from '#test/support/people/principals.ts'
import { endWhatCouldReturn } from './state-rollback.service.ts'

onBothEngines('no code, token or grant of an app lives on, and no signing key is trusted', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const user = await insertUser(ctx, { username: 'ada', role: 'user', secondFactorAt: 1 })
  const session = await signedInAs(ctx, user)
  const { grantId } = await grantIn(session, { isOffline: true })
  const issued = {
    code: await issueIn(ctx, grantId, { kind: 'code' }),
    access: await issueIn(ctx, grantId, { kind: 'access' }),
    refresh: await issueIn(ctx, grantId, { kind: 'refresh', isOffline: true }),
  }
  await ensureSigningKeys(ctx)
  const before = (await readableKeys(ctx, undefined)) ?? assert.fail()
  for (const kind of ['code', 'access', 'refresh'] as const) assert.ok(await findIn(ctx, kind, issued[kind]), kind)

  await inTransaction(ctx, (tx) => endWhatCouldReturn(tx, undefined))
  // Even an epoch that is lowered by hand does not bring them back.
  await db.updateTable('users').set({ credential_epoch: user.credentialEpoch }).execute()
  for (const kind of ['code', 'access', 'refresh'] as const)
    assert.equal(await findIn(ctx, kind, issued[kind]), undefined, kind)
  assert.equal(await issueIn(ctx, grantId, { kind: 'access' }), undefined)
  const old = before.jwks().keys.map(({ kid }) => kid)
  const after = (await readableKeys(ctx, before.version))?.jwks().keys ?? []
  assert.deepEqual([after.length, after.filter(({ kid }) => old.includes(kid))], [2, []])
})
