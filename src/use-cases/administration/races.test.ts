// Concurrent administrative changes of one user, and of two admins by each other.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { insertUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { Context } from '#foundation/context.ts'
import type { RefusalCode } from '#foundation/kernel/refusal.ts'
import { newStore, onBothEngines } from '#test/support/databases/stores.ts'
import { signedInAs, wholeContext } from '#test/support/people/principals.ts'
import { refusedWith } from '#test/support/refused-with.ts'
import type { UserRef } from './access/access.service.ts'
import { deleteUser, disableUser, enableUser } from './account-status/account-status.service.ts'
import { resetSecondFactor, revokeSession } from './credentials/credentials.service.ts'
import { changeUser } from './users/change-user.service.ts'

type Removal = (from: Context, user: User) => Promise<unknown>

/** The changes after which an admin no longer acts as one; the operator may also reset the only admin. */
const REMOVALS: readonly Removal[] = [disableUser, deleteUser, (from, user) => changeUser(from, user, { role: 'user' })]

function admin(ctx: Context, username: string): Promise<User> {
  return insertUser(ctx, { username, role: 'admin', secondFactorAt: ctx.now })
}

async function assertOneIsRefused(removals: readonly Promise<unknown>[], code: RefusalCode, round: number) {
  const outcomes = await Promise.allSettled(removals)
  const refused = outcomes.filter(({ status }) => status === 'rejected')
  assert.equal(refused.length, 1, `round ${round}`)
  assert.ok(refusedWith(code)((refused[0] as PromiseRejectedResult).reason), `round ${round}`)
}

onBothEngines('of two admins who remove each other concurrently one stays', async (t, db, store) => {
  const ctx = await wholeContext(t, db)
  const elsewhere = { ...ctx, db: await store.open() }
  for (const [round, remove] of [
    ...REMOVALS,
    (...asked: [ChangeDeps, UserRef]) => resetSecondFactor(...asked, { reason: 'Lost phone.' }),
  ].entries()) {
    const [ada, bob] = [await admin(ctx, `ada${round}`), await admin(ctx, `bob${round}`)]
    const asAda = await signedInAs(ctx, ada)
    const asBob = await signedInAs(elsewhere, bob)
    // The second transaction finds its principal's session ended.
    await assertOneIsRefused([remove(asAda, bob), remove(asBob, ada)], 'access.invalid_token', round)
    await db.deleteFrom('users').execute()
  }
})

onBothEngines('of the last two admins, removed concurrently by an operator, one stays', async (t, db, store) => {
  const ctx = await wholeContext(t, db)
  const elsewhere = { ...ctx, db: await store.open() }
  for (const [round, remove] of REMOVALS.entries()) {
    const [ada, bob] = [await admin(ctx, `ada${round}`), await admin(ctx, `bob${round}`)]
    await assertOneIsRefused([remove(ctx, bob), remove(elsewhere, ada)], 'user.last_admin', round)
    await db.deleteFrom('users').execute()
  }
})

onBothEngines('of two admins who end the session of each other concurrently one stays', async (t, db, store) => {
  const ctx = await wholeContext(t, db)
  const elsewhere = { ...ctx, db: await store.open() }
  for (let round = 0; round < 5; round++) {
    const asAda = await signedInAs(ctx, await admin(ctx, `ada${round}`))
    const asBob = await signedInAs(elsewhere, await admin(ctx, `bob${round}`))
    const [ofAda, ofBob] = [asAda.principal.session.id, asBob.principal.session.id]
    await assertOneIsRefused([revokeSession(asAda, ofBob), revokeSession(asBob, ofAda)], 'access.invalid_token', round)
  }
})

// On PostgreSQL only: SQLite has one writer, so no transaction conflicts.
test('a user who keeps changing their account can still be disabled', async (t) => {
  const store = await newStore(t, 'postgres')
  const { db } = store
  const ctx = await wholeContext(t, db)
  const elsewhere = { ...ctx, db: await store.open() }
  const bob = await insertUser(ctx, { username: 'bob', role: 'user' })
  let isOver = false
  const change = async (who: number): Promise<void> => {
    for (let time = 0; !isOver && time < 1000; time++) {
      await changeUser(elsewhere, bob, { fullName: `${who} ${time}` }).catch((error: unknown) => {
        assert.ok(refusedWith('service.busy')(error))
      })
    }
  }
  const changes = Array.from({ length: 8 }, (_, who) => change(who))
  for (let time = 0; time < 5; time++) {
    assert.equal((await disableUser(ctx, bob)).disabled, true)
    await enableUser(ctx, bob)
  }
  isOver = true
  await Promise.all(changes)
})
