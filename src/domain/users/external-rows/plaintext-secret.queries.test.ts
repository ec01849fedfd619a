import assert from 'node:assert/strict'

import { onBothEngines } from '#test/support/databases/stores.ts'
import { clearPlaintextSecret, selectPlaintextSecretRow } from './plaintext-secret.queries.ts'

onBothEngines('a plaintext TOTP secret is removed from its row once', async (_, db) => {
  const row = { username: 'ada', subject: 's1', otp_secret: 'JBSWY3DPEHPK3PXP', disabled: 0 }
  const { id } = await db.insertInto('users').values(row).returning('id').executeTakeFirstOrThrow()
  const secret = await selectPlaintextSecretRow(db, id)
  assert.ok(secret)
  assert.equal(await clearPlaintextSecret(db, secret, 1), true)
  assert.equal(await clearPlaintextSecret(db, secret, 2), false)
  const rows = await db.selectFrom('users').select(['otp_secret', 'second_factor_at']).execute()
  assert.deepEqual(rows, [{ otp_secret: null, second_factor_at: 1 }])
})
