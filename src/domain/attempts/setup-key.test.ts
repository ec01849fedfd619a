import assert from 'node:assert/strict'

import { wholeContext } from '../../../test/support/people/principals.ts'
import { onBothEngines } from '../../../test/support/databases/stores.ts'
import { insertUser } from '../users/user.service.ts'
import { putSetupKey } from './attempt.queries.ts'
import { openAttempt, readAttempt } from './attempt.service.ts'

onBothEngines('an attempt keeps its first setup key', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { subject, credentialEpoch: epoch } = await insertUser(ctx, { username: 'ada', role: 'user' })
  const wanted = { purpose: 'sign-in', stage: 'enrolment', subject, epoch, methods: ['password'] } as const
  const { attempt: token } = await openAttempt(ctx, wanted)
  const { id } = (await readAttempt(ctx, token)).attempt
  assert.equal(await putSetupKey(db, id, { factorId: 'first', sealedSecret: 'of the first' }), true)
  assert.equal(await putSetupKey(db, id, { factorId: 'second', sealedSecret: 'of the second' }), false)
  const { factorId, sealedSecret } = (await readAttempt(ctx, token)).attempt
  assert.deepEqual([factorId, sealedSecret], ['first', 'of the first'])
})
