import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { listEvents } from '#domain/audit/audit.service.ts'
import { newPasswordHash } from '#domain/factors/password/password.service.ts'
import { fromBase32 } from '#domain/factors/totp/base32.ts'
import { checkCode } from '#domain/factors/totp/totp-check.service.ts'
import { totpCode, totpStep } from '#domain/factors/totp/totp.ts'
import { sessionPolicy } from '#domain/policies/policy.service.ts'
import { listSessions } from '#domain/sessions/session.service.ts'
import { throttleState } from '#domain/throttle/throttle-state.service.ts'
import { findUser, insertUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { Context } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { minutes, seconds } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { signedInAs, type SignedInContext, under, wholeContext } from '#test/support/people/principals.ts'
import { refusedWith } from '#test/support/refused-with.ts'
import { changeOwnPassword } from './password/own-password.service.ts'
import { changeProfile, deleteOwnAccount, replaceProfile } from './profile/profile.service.ts'
import { listOwnFactors } from './security/own-factors.service.ts'
import { endOwnSession, signOutElsewhere } from './sessions/own-sessions.service.ts'
import { beginOwnTotp, confirmOwnTotp, removeOwnTotp, renameOwnTotp } from './totp/own-apps.service.ts'

const PASSWORD = Secret.of('a kettle full of stars')
const ANOTHER = Secret.of('nine lanterns at sea')

interface Scene {
  readonly ctx: Context
  readonly ada: User
  readonly here: SignedInContext
}

/** Ada, with a password and a second session. */
async function scene(t: TestContext, db: Database): Promise<Scene> {
  const ctx = await wholeContext(t, db)
  const hashedPassword = await newPasswordHash(ctx, PASSWORD)
  const profile = { username: 'ada', email: 'ada@example.org', fullName: 'Ada', role: 'user' } as const
  const ada = await insertUser(ctx, { ...profile, hashedPassword, secondFactorAt: ctx.now })
  await signedInAs(ctx, ada)
  return { ctx, ada, here: await signedInAs(ctx, ada) }
}

const later = <Ctx extends { readonly now: number }>(ctx: Ctx, span: number): Ctx => ({ ...ctx, now: ctx.now + span })

async function sessionIds({ ctx, ada }: Scene): Promise<string[]> {
  return (await listSessions(ctx, ada.subject, sessionPolicy(ctx))).map(({ id }) => id)
}

const currentUser = async ({ ctx, ada }: Scene): Promise<User> => {
  const user = await findUser(ctx, ada.subject)
  assert.ok(user)
  return user
}

const codeOf = (secret: Secret, now: number): string => {
  const bytes = fromBase32(secret.reveal())
  assert.ok(bytes)
  return totpCode(bytes, totpStep(now))
}

/** Adds a confirmed app; returns it with the context of the renewed session. */
async function enrol(here: SignedInContext): Promise<{ id: string; secret: Secret; after: SignedInContext }> {
  const begun = await beginOwnTotp(here, {})
  const { token } = await confirmOwnTotp(here, { id: begun.id, code: codeOf(begun.secret, here.now) })
  return { ...begun, after: under(here, token) }
}

onBothEngines('replacing the record empties fields left out, and the same password changes nothing', async (t, db) => {
  const all = await scene(t, db)
  const old = later(all.here, minutes(30))
  const whole = { username: 'lovelace', email: null, fullName: null, password: PASSWORD }
  const { user: changed, token } = await replaceProfile(old, whole)
  assert.equal(token, undefined)
  assert.deepEqual([changed.username, changed.email, changed.fullName], ['lovelace', null, null])
  assert.equal(changed.hashedPassword?.reveal(), all.ada.hashedPassword?.reveal())
  assert.equal(changed.credentialEpoch, all.ada.credentialEpoch)
  assert.equal((await sessionIds(all)).length, 2)
  assert.ok((await throttleState(all.ctx, all.ada.subject)).every(({ failures }) => failures === 0))
})

onBothEngines(
  'another password in a replaced record requires re-authentication, and without it counts as a guess',
  async (t, db) => {
    const all = await scene(t, db)
    const whole = { username: 'ada', email: null, fullName: null, password: ANOTHER }
    const old = later(all.here, all.ctx.config.reauthenticationLifetime + 1)
    for (let tries = 0; tries < 5; tries++) {
      await assert.rejects(replaceProfile(old, whole), refusedWith('access.reauthentication_required'))
    }
    await assert.rejects(replaceProfile(old, { ...whole, password: PASSWORD }), refusedWith('throttle.blocked'))
    assert.equal((await currentUser(all)).revision, all.ada.revision)
  },
)

onBothEngines(
  'changing the password after re-authentication ends the other sessions and keeps this one',
  async (t, db) => {
    const all = await scene(t, db)
    const whole = { username: 'ada', email: null, fullName: null, password: ANOTHER }
    const { user: changed } = await replaceProfile(all.here, whole)
    assert.ok(changed.credentialEpoch > all.ada.credentialEpoch)
    assert.deepEqual(await sessionIds(all), [all.here.principal.session.id])
    assert.equal((await all.ctx.hasher.verify(ANOTHER, changed.hashedPassword?.reveal() ?? null)).matched, true)
  },
)

onBothEngines('a weak password in a replaced record changes nothing, not even the name sent with it', async (t, db) => {
  const all = await scene(t, db)
  const whole = { username: 'new-name', email: null, fullName: null, password: Secret.of('short') }
  await assert.rejects(replaceProfile(all.here, whole), refusedWith('request.validation_failed'))
  await assert.rejects(
    replaceProfile(all.here, { ...whole, password: Secret.of('12345678') }),
    refusedWith('request.validation_failed'),
  )
  assert.equal((await currentUser(all)).revision, all.ada.revision)
})

onBothEngines('a taken name in a replaced record rolls the new password back too', async (t, db) => {
  const all = await scene(t, db)
  await insertUser(all.ctx, { username: 'bob', role: 'user' })
  const whole = { username: 'Bob', email: null, fullName: null, password: ANOTHER }
  await assert.rejects(replaceProfile(all.here, whole), refusedWith('user.username_taken'))
  assert.equal((await currentUser(all)).hashedPassword?.reveal(), all.ada.hashedPassword?.reveal())
})

onBothEngines(
  'a profile change writes only the given fields, and a failed precondition is resource.stale',
  async (t, db) => {
    const all = await scene(t, db)
    const changed = await changeProfile(all.here, { timeZone: 'Europe/Berlin', email: 'new@example.org' })
    assert.equal(changed.fullName, 'Ada')
    assert.equal(changed.timeZone, 'Europe/Berlin')
    assert.equal(changed.emailVerifiedAt, null)
    const unchanged = (user: User): void => {
      if (user.revision !== all.ada.revision) throw new Refusal('resource.stale')
    }
    await assert.rejects(changeProfile(all.here, { fullName: 'A' }, unchanged), refusedWith('resource.stale'))
    await assert.rejects(
      changeProfile(all.here, { timeZone: 'Mars/Olympus' }),
      refusedWith('request.validation_failed'),
    )
    await assert.rejects(
      changeProfile(all.here, { locale: 'not a language' }),
      refusedWith('request.validation_failed'),
    )
    await changeProfile(all.here, { username: 'lovelace' })
    const { items } = await listEvents(all.ctx, { target: all.ada.subject, limit: 10 })
    assert.deepEqual(
      items.map(({ action }) => action),
      ['user.renamed', 'user.changed'],
    )
  },
)

onBothEngines(
  'a wrong current password is refused, counted and recorded; a right one ends every other session',
  async (t, db) => {
    const all = await scene(t, db)
    await assert.rejects(
      changeOwnPassword(all.here, { current: ANOTHER, next: ANOTHER }),
      refusedWith('password.wrong'),
    )
    const { items } = await listEvents(all.ctx, { target: all.ada.subject, result: 'refused', limit: 10 })
    assert.deepEqual(
      items.map(({ reason }) => reason),
      ['wrong_password'],
    )
    const [bucket] = await throttleState(all.ctx, all.ada.subject)
    assert.equal(bucket?.failures, 1)
    await assert.rejects(
      changeOwnPassword(all.here, { current: PASSWORD, next: Secret.of('x') }),
      (error: Refusal) => error.facts.fieldErrors?.[0]?.pointer === '/new',
    )
    const { user } = await changeOwnPassword(all.here, { current: PASSWORD, next: ANOTHER })
    assert.equal(user.passwordChangedAt, all.ctx.now)
    assert.deepEqual(await sessionIds(all), [all.here.principal.session.id])
  },
)

onBothEngines('of two concurrent password changes only one succeeds', async (t, db) => {
  const all = await scene(t, db)
  const wanted = [ANOTHER, Secret.of('seven hills of rain')]
  const outcomes = await Promise.allSettled(
    wanted.map((next) => changeOwnPassword(all.here, { current: PASSWORD, next })),
  )
  assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
})

onBothEngines('a user ends their own session by its id, and another user’s is session.not_found', async (t, db) => {
  const all = await scene(t, db)
  const bob = await insertUser(all.ctx, { username: 'bob', role: 'user' })
  const { principal } = await signedInAs(all.ctx, bob)
  await assert.rejects(endOwnSession(all.here, principal.session.id), refusedWith('session.not_found'))
  assert.equal(await signOutElsewhere(all.here), 1)
  await endOwnSession(all.here, all.here.principal.session.id)
  assert.deepEqual(await sessionIds(all), [])
  assert.equal((await listSessions(all.ctx, bob.subject, sessionPolicy(all.ctx))).length, 1)
})

onBothEngines('a replaced app is valid until the new one is confirmed, and not afterwards', async (t, db) => {
  const all = await scene(t, db)
  const old = await enrol(all.here)
  const here = await signedInAs(all.ctx, await currentUser(all))
  await signedInAs(all.ctx, await currentUser(all))
  const at = later(here, minutes(2))
  const begun = await beginOwnTotp(at, { name: 'New phone', replaces: old.id })
  const valid = (secret: Secret, ctx: typeof at) => checkCode(ctx, all.ada.subject, codeOf(secret, ctx.now))
  assert.equal((await valid(old.secret, at)).outcome, 'matched')
  assert.equal((await valid(begun.secret, at)).outcome, 'wrong')
  await assert.rejects(confirmOwnTotp(at, { id: begun.id, code: '000000' }), refusedWith('totp.code_wrong'))
  assert.equal((await valid(old.secret, at)).outcome, 'matched')
  const code = codeOf(begun.secret, at.now)
  assert.equal((await confirmOwnTotp(at, { id: begun.id, code })).name, 'New phone')
  assert.equal((await valid(old.secret, at)).outcome, 'wrong')
  // The confirmation consumed its step; the next step is valid.
  assert.equal((await valid(begun.secret, at)).outcome, 'used')
  assert.equal((await valid(begun.secret, later(at, seconds(30)))).outcome, 'matched')
  const { apps } = await listOwnFactors(at)
  assert.deepEqual(
    apps.map(({ id }) => id),
    [begun.id],
  )
  assert.deepEqual(await sessionIds(all), [here.principal.session.id])
})

onBothEngines('an app is replaced only by its owner', async (t, db) => {
  const all = await scene(t, db)
  const { id, after } = await enrol(all.here)
  const bob = await insertUser(all.ctx, { username: 'bob', role: 'user', secondFactorAt: 1 })
  const asBob = await signedInAs(all.ctx, bob)
  await assert.rejects(beginOwnTotp(asBob, { replaces: id }), refusedWith('totp.not_found'))
  await assert.rejects(renameOwnTotp(asBob, { id, name: 'mine' }), refusedWith('totp.not_found'))
  await assert.rejects(removeOwnTotp(asBob, id), refusedWith('totp.not_found'))
  assert.equal((await renameOwnTotp(after, { id, name: 'mine' })).name, 'mine')
})

onBothEngines('of two concurrent removals one is refused, so that the last app stays', async (t, db) => {
  const all = await scene(t, db)
  const one = await enrol(all.here)
  const two = await enrol(one.after)
  const outcomes = await Promise.allSettled([one, two].map(({ id }) => removeOwnTotp(two.after, id)))
  const lost = outcomes.filter(({ status }) => status === 'rejected')
  assert.equal(lost.length, 1)
  // The other removal renewed the session's token, or left this app as the last one.
  const { reason } = lost[0] as PromiseRejectedResult
  assert.ok(refusedWith('access.invalid_token')(reason) || refusedWith('totp.last_one')(reason), String(reason))
  assert.equal((await listOwnFactors(all.here)).apps.length, 1)
})

onBothEngines('a user deletes their own account, unless they are the last admin', async (t, db) => {
  const all = await scene(t, db)
  const bob = await insertUser(all.ctx, { username: 'bob', role: 'admin', secondFactorAt: 1 })
  await assert.rejects(deleteOwnAccount(await signedInAs(all.ctx, bob)), refusedWith('user.last_admin'))
  await deleteOwnAccount(all.here)
  assert.equal(await findUser(all.ctx, all.ada.subject), undefined)
  await assert.rejects(changeProfile(all.here, { fullName: 'ghost' }), refusedWith('access.invalid_token'))
})
