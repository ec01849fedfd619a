import assert from 'node:assert/strict'

import { NO_GUESS } from '#domain/throttle/throttle.service.ts'
import { deleteUserRow, insertUser } from '#domain/users/user.service.ts'
import { inTransaction } from '#foundation/context.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { putSetupKey } from './attempt.queries.ts'
import { finishSignIn, openAttempt, readAttempt } from './attempt.service.ts'

onBothEngines('a user who was deleted since their password was verified is not signed in', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const user = await insertUser(ctx, { username: 'ada', role: 'user', secondFactorAt: 1 })
  const verified = {
    user,
    methods: ['password', 'totp'],
    transport: 'bearer',
    attemptId: null,
    guess: NO_GUESS,
  } as const
  const finish = () => inTransaction(ctx, (tx) => finishSignIn(tx, verified))
  assert.equal((await finish()).stage, 'complete')
  await deleteUserRow(ctx, { ...user })
  await assert.rejects(finish, (error: Refusal) => error.code === 'sign_in.incorrect')
})

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
