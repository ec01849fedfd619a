import assert from 'node:assert/strict'

import { listEvents, recordEvent } from '#domain/audit/audit.service.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { listTotp } from '#domain/factors/totp/totp.service.ts'
import { readLink } from '#domain/links/link.service.ts'
import { sessionPolicy } from '#domain/policies/policy.service.ts'
import { listSessions } from '#domain/sessions/session.service.ts'
import { findUserById, insertUser } from '#domain/users/user.service.ts'
import { statusOf, type User } from '#domain/users/user.ts'
import type { Context } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { hours, toRfc3339 } from '#foundation/kernel/time.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { OPERATOR, signedInAs, wholeContext } from '#test/support/people/principals.ts'
import type { UserRef } from './access/access.service.ts'
import { deleteUser, disableUser, enableUser, signOutUser } from './account-status/account-status.service.ts'
import { listNamedEvents } from './audit/events.service.ts'
import { resetSecondFactor, revokeSession, setPassword } from './credentials/credentials.service.ts'
import { readOverview } from './dashboard/overview.service.ts'
import { checkUp } from './health/health.service.ts'
import { inviteUser } from './invitations/invitation.service.ts'
import { createUser } from './invitations/new-user.service.ts'
import { changeUser } from './users/change-user.service.ts'
import { findUserBy } from './users/find-user.service.ts'

const PASSWORD = Secret.of('a kettle full of stars')

function admin(ctx: Context, username: string): Promise<User> {
  return insertUser(ctx, { username, role: 'admin', secondFactorAt: ctx.now })
}

async function actionsAbout(ctx: Context, subject: string): Promise<string[]> {
  const { items } = await listEvents(ctx, { target: subject, limit: 200 })
  return items.map(({ action }) => action).toReversed()
}

onBothEngines('a new user comes with a valid invitation, and both are recorded', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { user, invitation } = await createUser(ctx, { username: 'grace', email: 'grace@example.org' })
  assert.equal(user.role, 'user')
  assert.equal(user.invitedAt, ctx.now)
  assert.ok(invitation)
  assert.equal(invitation.expiresAt, ctx.now + ctx.config.invitationLifetime)
  assert.equal((await readLink(ctx, invitation.token, 'invitation')).subject, user.subject)
  assert.deepEqual(await actionsAbout(ctx, user.subject), ['user.created', 'invitation.issued'])
  const [issued] = (await listEvents(ctx, { action: 'invitation.issued', limit: 1 })).items
  assert.equal(issued?.details?.['expires_at'], toRfc3339(invitation.expiresAt))
})

onBothEngines('a taken name rolls back everything about the new user', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { user } = await createUser(ctx, { username: 'grace', email: 'grace@example.org' })
  await assert.rejects(createUser(ctx, { username: 'GRACE' }), { code: 'user.username_taken' })
  await assert.rejects(createUser(ctx, { username: 'other', email: 'Grace@example.org' }), { code: 'user.email_taken' })
  const { items } = await listEvents(ctx, { limit: 10 })
  assert.deepEqual(new Set(items.map(({ target }) => target)), new Set([user.subject]))
})

onBothEngines('all field errors of a new user are returned together', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const wrong = { username: '', email: 'nowhere', password: Secret.of('short') }
  await assert.rejects(createUser(ctx, wrong), (error: Refusal) => {
    assert.deepEqual(
      error.facts.fieldErrors?.map(({ pointer }) => pointer),
      ['/username', '/email', '/password'],
    )
    return true
  })
})

onBothEngines('a new invitation withdraws the one before; an enrolled or disabled user gets none', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const first = await createUser(ctx, { username: 'grace' })
  const second = await inviteUser(ctx, first.user)
  assert.ok(first.invitation)
  await assert.rejects(readLink(ctx, first.invitation.token, 'invitation'), { code: 'link.unknown' })
  await readLink(ctx, second.invitation.token, 'invitation')
  await assert.rejects(inviteUser(ctx, await admin(ctx, 'ada')), { code: 'user.already_enrolled' })
  await disableUser(ctx, { id: first.user.id })
  await assert.rejects(inviteUser(ctx, { id: first.user.id }), { code: 'user.disabled' })
})

onBothEngines('an admin cannot disable, delete, reset or demote their own account', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const ada = await admin(ctx, 'ada')
  await admin(ctx, 'bob')
  const asAda = await signedInAs(ctx, ada)
  for (const act of [
    disableUser,
    deleteUser,
    (...asked: [ChangeDeps, UserRef]) => resetSecondFactor(...asked, { reason: 'Lost phone.' }),
  ]) {
    await assert.rejects(act(asAda, ada), { code: 'user.own_account' })
  }
  await assert.rejects(changeUser(asAda, ada, { role: 'user' }), { code: 'user.own_account' })
  assert.equal((await changeUser(asAda, ada, { fullName: 'Ada' })).fullName, 'Ada')
})

onBothEngines('another role, disabling, a reset and a sign-out end the sessions of the user', async (t, db) => {
  const ctx = await wholeContext(t, db)
  await admin(ctx, 'ada')
  const bob = await admin(ctx, 'bob')
  const acts: ((user: User) => Promise<unknown>)[] = [
    (user) => changeUser(ctx, user, { role: 'user' }),
    (user) => disableUser(ctx, user),
    (user) => enableUser(ctx, user),
    (user) => resetSecondFactor(ctx, user, { reason: 'Lost phone.' }),
    async (user) => assert.equal(await signOutUser(ctx, user), 1),
  ]
  for (const act of acts) {
    const current = await findUserById(ctx, bob.id)
    assert.ok(current)
    await signedInAs(ctx, current)
    await act(current)
    assert.deepEqual(await listSessions(ctx, bob.subject, sessionPolicy(ctx)), [])
  }
  const actions = ['user.changed', 'user.disabled', 'user.enabled', 'totp.reset', 'user.signed_out']
  assert.deepEqual(await actionsAbout(ctx, bob.subject), actions)
})

onBothEngines('only a reset that includes the password returns an invitation', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const bob = await insertUser(ctx, {
    username: 'bob',
    role: 'user',
    hashedPassword: Secret.of('x'),
    secondFactorAt: 1,
  })
  const plain = await resetSecondFactor(ctx, bob, { reason: 'new phone' })
  assert.equal(plain.invitation, null)
  assert.equal(plain.user.secondFactorAt, null)
  assert.equal(plain.user.hashedPassword?.reveal(), 'x')
  const whole = await resetSecondFactor(ctx, bob, { reason: 'lost bag', resetPassword: true })
  assert.equal(whole.user.hashedPassword, null)
  assert.ok(whole.invitation)
  const link = await readLink(ctx, whole.invitation.token, 'invitation')
  assert.equal(link.epoch, whole.user.credentialEpoch)
})

onBothEngines('a change with an outdated precondition is refused, one without is retried', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const bob = await insertUser(ctx, { username: 'bob', role: 'user' })
  const changes = ['one', 'two', 'three'].map((fullName) => changeUser(ctx, bob, { fullName }))
  await Promise.all(changes)
  const stale = (user: User): void => {
    if (user.revision !== bob.revision) throw new Refusal('resource.stale')
  }
  await assert.rejects(changeUser(ctx, bob, { fullName: 'four' }, stale), { code: 'resource.stale' })
})

onBothEngines('a number that cannot be an id is user.not_found', async (t, db) => {
  const ctx = await wholeContext(t, db)
  for (const id of [0, -1, 2_147_483_648, 999_999_999_999_999, 1.5, 1e300, NaN, 77]) {
    await assert.rejects(changeUser(ctx, { id }, {}), { code: 'user.not_found' })
  }
})

onBothEngines(
  'a user is found by id, username, email and subject, and a misspelt name gets suggestions',
  async (t, db) => {
    const ctx = await wholeContext(t, db)
    const { user: ada } = await createUser(ctx, { username: 'Ada', email: 'ada@example.org' })
    for (const word of [String(ada.id), 'ada', 'ADA@example.org', ada.subject]) {
      assert.equal((await findUserBy(ctx, word)).user?.id, ada.id, word)
    }
    for (const word of ['adda', 'aad', 'adq']) {
      const { user, suggestions } = (await findUserBy(ctx, word)) as { user: undefined; suggestions: string[] }
      assert.equal(user, undefined)
      assert.deepEqual(
        suggestions.map((name) => name.toLowerCase()),
        ['ada'],
        word,
      )
    }
    assert.deepEqual(await findUserBy(ctx, 'zzz'), { user: undefined, suggestions: [] })
    await createUser(ctx, { username: String(ada.id) })
    await assert.rejects(findUserBy(ctx, String(ada.id)), { code: 'user.ambiguous' })
  },
)

onBothEngines('a subject finds its own user, though another user has it as username', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { user: ada } = await createUser(ctx, { username: 'ada' })
  const { user: eve } = await createUser(ctx, { username: ada.subject })
  assert.equal((await findUserBy(ctx, ada.subject)).user?.id, ada.id)
  assert.equal((await findUserBy(ctx, eve.subject)).user?.id, eve.id)
  const targetsFound = async (target: string) => {
    const { items } = await listNamedEvents(ctx, { target, limit: 9 })
    return [...new Set(items.map(({ event }) => event.target))]
  }
  assert.deepEqual(await targetsFound(ada.subject), [ada.subject])
  await deleteUser(ctx, ada)
  assert.equal((await findUserBy(ctx, ada.subject)).user?.id, eve.id, 'no other user has it now')
  assert.deepEqual(await targetsFound(ada.subject), [ada.subject], 'the events of a deleted user')
})

onBothEngines('a user whose password the operator has set waits for no invitation', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { user } = await createUser(ctx, { username: 'grace', invite: true })
  assert.equal(statusOf(user), 'invited')
  assert.equal(statusOf(await setPassword(ctx, user, PASSWORD)), 'no-factor')
})

onBothEngines('a password set by the operator keeps the sessions only if requested', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { user } = await createUser(ctx, { username: 'grace', password: PASSWORD })
  await signedInAs(ctx, user)
  const kept = await setPassword(ctx, user, Secret.of('another long one'), { keepSessions: true, mustChange: true })
  assert.equal((await listSessions(ctx, user.subject, sessionPolicy(ctx))).length, 1)
  assert.equal(kept.passwordChangeAskedAt, ctx.now)
  const { passwordChangeAskedAt } = await setPassword(ctx, user, PASSWORD)
  assert.equal(passwordChangeAskedAt, null)
  assert.deepEqual(await listSessions(ctx, user.subject, sessionPolicy(ctx)), [])
})

onBothEngines('a password set by the operator ends the sessions for good', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { user } = await createUser(ctx, { username: 'grace', password: PASSWORD })
  await signedInAs(ctx, user)
  await setPassword(ctx, user, Secret.of('another long one'))
  const sessions = await db.selectFrom('session').select('revoked_at').execute()
  assert.deepEqual(sessions, [{ revoked_at: ctx.now }])
})

onBothEngines('one session is ended by its id, once', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { user } = await createUser(ctx, { username: 'grace' })
  const { principal } = await signedInAs(ctx, user)
  await revokeSession(ctx, principal.session.id)
  await assert.rejects(revokeSession(ctx, principal.session.id), { code: 'session.not_found' })
  await assert.rejects(revokeSession(ctx, 'none'), { code: 'session.not_found' })
})

onBothEngines(
  'the overview counts users and sessions, and the check-up returns each finding',
  async (t, db, { engine }) => {
    const ctx = await wholeContext(t, db)
    const ada = await admin(ctx, 'ada')
    await signedInAs(ctx, ada)
    await createUser(ctx, { username: 'grace' })
    await insertUser(ctx, { username: 'keyed', role: 'user', secondFactorAt: ctx.now, passkeyAt: ctx.now })
    await insertUser(ctx, { username: 'old', role: 'user', hashedPassword: Secret.of('$2b$04$x') })
    await db.insertInto('users').values({ username: '', role: 'root', disabled: 1, otp_secret: '!' }).execute()
    const { users, sessions, days } = await readOverview(ctx)
    const counts = { total: 5, active: 2, invited: 1, noFactor: 1, disabled: 1, withPasskey: 1, withApp: 1 }
    assert.deepEqual(users, { ...counts, actingAdmins: 1, waitingAdmins: 0, importedHashes: 1, admins: 1 })
    assert.equal(sessions, 1)
    assert.deepEqual(
      days.map(({ succeeded, refused }) => succeeded + refused),
      Array.from({ length: 30 }, () => 0),
    )
    const { level, findings } = await checkUp({ ...ctx, principal: OPERATOR } as Context)
    const levels = Object.fromEntries(findings.map((finding) => [finding.code, finding.level]))
    assert.equal(level, engine === 'postgres' ? 'failure' : 'warning')
    const wanted = {
      address: 'ok',
      // The clock of this test stands still, and PostgreSQL's goes on.
      clock: engine === 'postgres' ? 'failure' : 'ok',
      'clock-jumps': 'ok',
      jobs: 'ok',
      mail: 'note',
      keyring: 'ok',
      'audit-chain': 'ok',
      version: 'ok',
      admins: 'warning',
      'second-steps': 'note',
      attributes: 'ok',
      policies: 'ok',
      'password-hash': 'warning',
      'old-password-hashes': 'note',
      'external-rows': 'note',
      'code-secrets': 'warning',
      'audit-checkpoint': 'note',
      database: 'ok',
      'username-empty': 'warning',
      'role-unknown': 'warning',
      'code-secret-unreadable': 'warning',
    }
    assert.deepEqual(levels, wanted)
  },
)

onBothEngines('sign-ins and refusals are counted by day in UTC and over the last 24 hours', async (t, db) => {
  const midnight = Date.UTC(2026, 10, 24)
  const ctx = { ...(await wholeContext(t, db)), now: midnight + hours(1) }
  const ada = await admin(ctx, 'ada')
  const events = [
    { span: -30 * 24, action: 'sign_in.succeeded' },
    { span: -29 * 24, action: 'sign_in.succeeded' },
    { span: -24, action: 'sign_in.refused' },
    { span: -23, action: 'sign_in.second_step_refused' },
    { span: -2, action: 'sign_in.succeeded' },
    { span: 0, action: 'sign_in.succeeded' },
    { span: 0, action: 'session.ended' },
  ] as const
  for (const { span, action } of events) {
    await recordEvent({ ...ctx, now: ctx.now + hours(span) }, { action, target: ada.subject })
  }
  const quiet = Array.from({ length: 27 }, () => 0)
  const { days, last24Hours } = await readOverview(ctx)
  assert.deepEqual(last24Hours, { succeeded: 2, refused: 2 })
  assert.deepEqual(
    days.map(({ succeeded }) => succeeded),
    [1, ...quiet, 1, 1],
  )
  assert.deepEqual(
    days.map(({ refused }) => refused),
    [0, ...quiet, 2, 0],
  )
  assert.equal(days.at(-1)?.day, midnight)
})

onBothEngines(
  'for each day the overview counts the users who existed and those with a second factor',
  async (t, db) => {
    const midnight = Date.UTC(2026, 10, 24)
    const ctx = { ...(await wholeContext(t, db)), now: midnight + hours(1) }
    const daysAgo = (days: number): Context => ({ ...ctx, now: ctx.now - hours(24 * days) })
    await insertUser(daysAgo(400), { username: 'long', role: 'user', secondFactorAt: midnight - hours(48) })
    await insertUser(daysAgo(29), { username: 'first', role: 'user', secondFactorAt: daysAgo(29).now })
    await insertUser(daysAgo(1), { username: 'late', role: 'user' })
    await db.insertInto('users').values({ username: 'typed', role: 'user', disabled: 0 }).execute()
    await db.insertInto('users').values({ username: 'gone', role: 'user', disabled: 1 }).execute()
    const { adoption } = await readOverview(ctx)
    assert.equal(adoption.length, 30)
    assert.deepEqual(adoption[0], { day: midnight - hours(29 * 24), users: 3, withFactor: 1 })
    assert.deepEqual(
      adoption.slice(-4).map(({ users, withFactor }) => [users, withFactor]),
      [
        [3, 1],
        [3, 2],
        [4, 2],
        [4, 2],
      ],
    )
  },
)

onBothEngines('an externally inserted TOTP secret counts before the first sign-in with it', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const external = (username: string) =>
    db
      .insertInto('users')
      .values({ username, username_key: username.toUpperCase(), otp_secret: 'JBSWY3DPEHPK3PXP', disabled: 0 })
      .returning('id')
      .executeTakeFirstOrThrow()
  await assert.rejects(inviteUser(ctx, await external('ada')), { code: 'user.already_enrolled' })
  const bob = await external('bob')
  const { user } = await resetSecondFactor(ctx, bob, { reason: 'Lost phone.' })
  assert.equal(user.secondFactorAt, null)
  const left = await db.selectFrom('users').select('otp_secret').where('id', '=', bob.id).executeTakeFirst()
  assert.equal(left?.otp_secret, null)
  assert.deepEqual(await listTotp(ctx, user.subject), [])
})
