import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { listTotp } from '#domain/factors/totp/totp.service.ts'
import { readLink } from '#domain/links/link.service.ts'
import { sessionPolicy } from '#domain/policies/policy.service.ts'
import { listSessions } from '#domain/sessions/session.service.ts'
import { findUser } from '#domain/users/user.service.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { Authenticator } from '../../../../clients/test/src/codes.ts'
import { changeUser } from '../users/change-user.service.ts'
import { beginEnrolmentFor, confirmEnrolmentFor } from './in-person-enrolment.service.ts'
import { createUser } from './new-user.service.ts'

onBothEngines('an app enrolled in person is valid after its first code, and each step is recorded', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { user, invitation } = await createUser(ctx, { username: 'ada' })
  const begun = await beginEnrolmentFor(ctx, user)
  const app = new Authenticator(begun.secret.reveal())
  const type = (code: string) => confirmEnrolmentFor(ctx, { user, id: begun.id, code })
  assert.equal(await type(app.code(ctx.now, 7)), 'wrong')
  assert.equal((await findUser(ctx, user.subject))?.secondFactorAt, null)
  assert.equal(await type(app.code(ctx.now)), 'confirmed')
  assert.equal((await findUser(ctx, user.subject))?.secondFactorAt, ctx.now)
  await assert.rejects(type(app.code(ctx.now)), { code: 'user.already_enrolled' })
  await assert.rejects(beginEnrolmentFor(ctx, user), { code: 'user.already_enrolled' })

  const { items } = await listEvents(ctx, { target: user.subject, limit: 10 })
  assert.deepEqual(items.map(({ action, result, reason, actor }) => [action, result, reason, actor]).toReversed(), [
    ['user.created', 'done', null, null],
    ['invitation.issued', 'done', null, null],
    ['totp.enrolment_started', 'done', null, null],
    ['totp.confirmed', 'refused', 'wrong_code', null],
    ['totp.confirmed', 'done', null, null],
    ['totp.confirmed', 'refused', 'already_enrolled', null],
    ['totp.enrolment_started', 'refused', 'already_enrolled', null],
  ])
  assert.ok(items.every(({ details }) => details?.['door'] === 'cli'))
  assert.ok(!JSON.stringify(items).includes(begun.secret.reveal()))
  assert.deepEqual(await listSessions(ctx, user.subject, sessionPolicy(ctx)), [], 'no session started')
  assert.ok(invitation)
  await assert.rejects(readLink(ctx, invitation.token, 'invitation'), { code: 'link.unknown' })
})

onBothEngines('of two concurrent set-ups one is pending', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { user } = await createUser(ctx, { username: 'ada' })
  // Several rounds: on PostgreSQL the first one also opens connections, which separates the two in time.
  for (let time = 0; time < 3; time++) {
    const begun = await Promise.all([beginEnrolmentFor(ctx, user), beginEnrolmentFor(ctx, user)])
    const waiting = await listTotp(ctx, user.subject)
    assert.equal(waiting.length, 1)
    assert.ok(begun.some(({ id }) => id === waiting[0]?.id))
  }
})

onBothEngines('a concurrent rename and confirmation are both stored', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { user } = await createUser(ctx, { username: 'ada' })
  const begun = await beginEnrolmentFor(ctx, user)
  const code = new Authenticator(begun.secret.reveal()).code(ctx.now)
  await Promise.all([
    confirmEnrolmentFor(ctx, { user, id: begun.id, code }),
    changeUser(ctx, user, { fullName: 'Ada Lovelace' }),
  ])
  const after = await findUser(ctx, user.subject)
  assert.deepEqual([after?.secondFactorAt, after?.fullName], [ctx.now, 'Ada Lovelace'])
})
