import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { listEvents } from '#domain/audit/audit.service.ts'
import { setClientDisabled } from '#domain/clients/client.service.ts'
import { deleteResource, updateResource } from '#domain/clients/resource.service.ts'
import { endSession } from '#domain/sessions/session.service.ts'
import { findUser, insertUser, updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { inTransaction, type With } from '#foundation/context.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { LARGE_APP } from '#test/support/databases/grown-apps.ts'
import { growDatabase } from '#test/support/databases/grown-database.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { findIn, grantIn, issueIn } from '#test/support/people/grants.ts'
import { signedInAs, type SignedInContext, wholeContext } from '#test/support/people/principals.ts'
import { storeTestClient, storeTestResource } from '#test/support/people/resources.ts'
import { storePolicyVersion } from '#test/support/policies/stored-policies.ts'
import {
  clampGrants,
  clientSessionsOf,
  deleteExpiredGrants,
  moveGrantsToEpoch,
  moveGrantsToSession,
  noteGrantUse,
  revokeGrant,
  revokeGrantsOf,
  revokeGrantsOfUser,
} from './grant.service.ts'
import { revokeReused } from './reported-end.service.ts'

async function signedIn(t: TestContext, db: Database, username = 'ada'): Promise<SignedInContext> {
  const ctx = await wholeContext(t, db)
  return signedInAs(ctx, await insertUser(ctx, { username, role: 'user', secondFactorAt: 1 }))
}

/** The same session at a later time. */
function later<Ctx extends With<'now'>>(ctx: Ctx, by: number): Ctx {
  return { ...ctx, now: ctx.now + by }
}

/** Another session of the same user. */
function again(ctx: SignedInContext, by = 0): Promise<SignedInContext> {
  return signedInAs(later(ctx, by), ctx.principal.user)
}

async function userOf(ctx: SignedInContext): Promise<User> {
  return (await findUser(ctx, ctx.principal.user.subject)) ?? assert.fail()
}

async function signIns(ctx: SignedInContext): Promise<object[]> {
  const { items } = await listEvents(ctx, { limit: 10, action: 'app.signed_in' })
  return items.map(({ target, details }) => ({ target, app: details?.['app'], session: details?.['session'] }))
}

onBothEngines(
  'the first authorization of a session opens a grant and is an event, a further one is neither',
  async (t, db) => {
    const ctx = await signedIn(t, db)
    const { session, user, terms } = ctx.principal
    const first = await grantIn(ctx, { payload: '{"a":1}' })
    assert.match(first.sid, /^[\w-]{22}$/)
    assert.deepEqual(await grantIn(later(ctx, hours(1)), { payload: '{"a":1}' }), first)
    assert.deepEqual(await signIns(ctx), [{ target: user.subject, app: 'Photos', session: session.id }])
    const [row, ...others] = await db.selectFrom('client_grant').selectAll().execute()
    assert.deepEqual(
      { ...row },
      {
        id: first.grantId,
        client_id: 'photos',
        subject: user.subject,
        epoch: user.credentialEpoch,
        session_id: session.id,
        methods: 'password totp',
        authenticated_at: session.authenticatedAt,
        payload: '{"a":1}',
        created_at: ctx.now,
        last_used_at: ctx.now,
        expires_at: session.startedAt + terms.absolute,
        revoked_at: null,
        resource_id: null,
      },
    )
    assert.deepEqual(others, [])
    assert.deepEqual(
      (await clientSessionsOf(ctx, session.id)).map(({ clientId, sid }) => [clientId, sid]),
      [['photos', first.sid]],
    )
  },
)

/** The same session after its user has authenticated again, by these factors. */
function authenticated(ctx: SignedInContext, by: number, authenticationMethods: readonly string[]): SignedInContext {
  const { principal } = ctx
  const session = { ...principal.session, authenticatedAt: ctx.now + by, authenticationMethods }
  return later({ ...ctx, principal: { ...principal, session } }, by)
}

onBothEngines('what was issued before becomes neither stronger nor longer by another authentication', async (t, db) => {
  const ctx = authenticated(await signedIn(t, db), 0, ['passkey'])
  const { grantId, sid } = await grantIn(ctx, { isOffline: true })
  const stolen = await issueIn(ctx, grantId, { kind: 'refresh', isOffline: true })
  const then = authenticated(ctx, hours(2), ['password', 'totp'])
  const opened = await grantIn(then, { isOffline: true })
  assert.equal(opened.sid, sid)
  assert.ok(await findIn(then, 'refresh', stolen), 'another tab of the app is signed out')
  const value = await issueIn(then, opened.grantId, { kind: 'refresh', isOffline: true })
  const lives = async (by: number) => [
    (await findIn(later(ctx, by), 'refresh', stolen)) !== undefined,
    (await findIn(later(ctx, by), 'refresh', value)) !== undefined,
  ]
  assert.deepEqual(await lives(days(180) - 1), [true, true])
  assert.deepEqual(await lives(days(180)), [false, true])
  assert.deepEqual(await lives(days(180) + hours(2)), [false, false])
  await storePolicyVersion(db, { id: 'all', factors: ['totp'] })
  assert.deepEqual(await lives(hours(3)), [false, true])
  assert.equal((await signIns(ctx)).length, 1)
})

onBothEngines('what was issued before keeps what was asked for then', async (t, db) => {
  const ctx = await signedIn(t, db)
  const first = await grantIn(ctx, { payload: '{"scope":"openid profile"}' })
  const value = await issueIn(ctx, first.grantId, { kind: 'access' })
  const second = await grantIn(ctx, { payload: '{"scope":"openid"}' })
  assert.equal(second.sid, first.sid)
  assert.equal((await findIn(ctx, 'access', value))?.grant.payload, '{"scope":"openid profile"}')
})

onBothEngines(
  'what is for a resource has a family of its own, and lives as long as the app may ask for it',
  async (t, db) => {
    const ctx = await signedIn(t, db)
    const serving = await storeTestClient(ctx, 'shop')
    await storeTestClient(ctx, 'photos')
    const orders = await storeTestResource(ctx, { tokenFormat: 'opaque', servedBy: 'shop', allowedClients: ['photos'] })
    const own = await grantIn(ctx)
    const first = await grantIn(ctx, { resourceId: orders.id })
    assert.notEqual(first.grantId, own.grantId)
    assert.deepEqual(await grantIn(ctx, { resourceId: orders.id }), first)
    const other = await issueIn(ctx, own.grantId, { kind: 'access' })
    const value = await issueIn(ctx, first.grantId, { kind: 'access' })
    const lives = async () => (await findIn(ctx, 'access', value)) !== undefined
    assert.equal((await findIn(ctx, 'access', value))?.resource?.uri, orders.uri)
    assert.equal((await findIn(ctx, 'access', other))?.resource, null)

    const served = await inTransaction(ctx, (tx) => setClientDisabled(tx, serving, true))
    assert.equal(await lives(), false, 'its app is disabled')
    await inTransaction(ctx, (tx) => setClientDisabled(tx, served, false))
    assert.equal(await lives(), true)
    const closed = await inTransaction(ctx, (tx) => updateResource(tx, orders, { ...orders, allowedClients: [] }))
    assert.equal(await lives(), false, 'the app may no longer ask for it')
    const open = await inTransaction(ctx, (tx) => updateResource(tx, closed, { ...closed, allowedClients: ['photos'] }))
    assert.equal(await lives(), true)
    await inTransaction(ctx, (tx) => deleteResource(tx, open))
    assert.equal(await lives(), false)
    const again = await storeTestResource(ctx, { tokenFormat: 'opaque', servedBy: 'shop' })
    assert.equal(again.uri, orders.uri)
    assert.equal(await lives(), false, 'another resource under the same URI')
    assert.notEqual((await grantIn(ctx, { resourceId: again.id })).grantId, first.grantId)
    assert.ok(await findIn(ctx, 'access', other))
  },
)

onBothEngines(
  'two tabs that sign in to an app at the same time share one grant, first and after its end',
  async (t, db, store) => {
    const one = await signedIn(t, db)
    const other = { ...one, db: await store.open() }
    const [first, same] = await Promise.all([grantIn(one), grantIn(other)])
    assert.deepEqual(first, same)
    assert.equal((await signIns(one)).length, 1)
    assert.equal(await revokeGrant(one, first.grantId), true)
    assert.equal(await revokeGrant(one, first.grantId), false)
    const [second, equal] = await Promise.all([grantIn(one), grantIn(other)])
    assert.deepEqual(second, equal)
    assert.notEqual(second.grantId, first.grantId)
    assert.equal(second.sid, first.sid)
    const living = await db.selectFrom('client_grant').select('id').where('revoked_at', 'is', null).execute()
    assert.deepEqual(
      living.map(({ id }) => id),
      [second.grantId],
    )
    assert.equal((await signIns(one)).length, 1)
  },
)

onBothEngines('each session and each app has a grant of its own, and a reuse ends one of them', async (t, db) => {
  const laptop = await signedIn(t, db)
  const phone = await again(laptop)
  const opened = [
    await grantIn(laptop),
    await grantIn(phone),
    await grantIn(laptop, { clientId: 'notes', clientName: 'Notes' }),
  ]
  assert.equal(new Set(opened.map(({ sid }) => sid)).size, 3)
  const tokens = await Promise.all(opened.map(({ grantId }) => issueIn(laptop, grantId, { kind: 'access' })))
  const { session, user } = laptop.principal
  await revokeReused(laptop, opened[0]?.grantId ?? '')
  await revokeReused(laptop, opened[0]?.grantId ?? '')
  const found = await Promise.all(tokens.map((value) => findIn(laptop, 'access', value)))
  assert.deepEqual(
    found.map((living) => living !== undefined),
    [false, true, true],
  )
  const { items } = await listEvents(laptop, { limit: 10, action: 'app.token_reused' })
  assert.deepEqual(
    items.map(({ target, details }) => [target, details?.['client'], details?.['session']]),
    [[user.subject, 'photos', session.id]],
  )
  assert.equal(await issueIn(laptop, opened[0]?.grantId ?? '', { kind: 'access' }), undefined)
})

/** What can happen to a session with an app, and whether a token that ends with the session lives on, and one that outlives it. */
const FATES: readonly [
  name: string,
  happens: (ctx: SignedInContext) => Promise<unknown>,
  lives: { readonly after: number; readonly inSession: boolean; readonly offline: boolean },
][] = [
  ['nothing', async () => undefined, { after: 0, inSession: true, offline: true }],
  ['an idle session', async () => undefined, { after: hours(23), inSession: true, offline: true }],
  ['the absolute limit', async () => undefined, { after: hours(24), inSession: false, offline: true }],
  ['half a year', async () => undefined, { after: days(180) - 1, inSession: false, offline: true }],
  ['the end of the family', async () => undefined, { after: days(180), inSession: false, offline: false }],
  [
    'a sign-out',
    (ctx) => endSession(ctx, { subject: ctx.principal.user.subject, id: ctx.principal.session.id }),
    { after: 0, inSession: false, offline: true },
  ],
  [
    'a disabled user',
    async (ctx) => updateUser(ctx, await userOf(ctx), { disabled: true }),
    { after: 0, inSession: false, offline: false },
  ],
  [
    'a user who is disabled by hand, without a new epoch',
    (ctx) => ctx.db.updateTable('users').set({ disabled: 1 }).execute(),
    { after: 0, inSession: false, offline: false },
  ],
  [
    'an account that will expire',
    async (ctx) => updateUser(ctx, await userOf(ctx), { expiresAt: ctx.now + 2 }),
    { after: 1, inSession: true, offline: true },
  ],
  [
    'an expired account',
    async (ctx) => updateUser(ctx, await userOf(ctx), { expiresAt: ctx.now + 2 }),
    { after: 2, inSession: false, offline: false },
  ],
  [
    'changed credentials',
    async (ctx) => updateUser(ctx, await userOf(ctx), {}, { bumpEpoch: true }),
    { after: 0, inSession: false, offline: false },
  ],
  [
    'a stricter policy',
    (ctx) => storePolicyVersion(ctx.db, { id: 'all', secondFactor: 'phishing-resistant' }),
    { after: 0, inSession: false, offline: false },
  ],
  [
    'a policy with shorter sessions',
    (ctx) => storePolicyVersion(ctx.db, { id: 'all', sessionIdle: hours(1), sessionAbsolute: hours(2) }),
    { after: hours(2), inSession: false, offline: true },
  ],
  ['a deleted user', (ctx) => ctx.db.deleteFrom('users').execute(), { after: 0, inSession: false, offline: false }],
]

onBothEngines(
  'a token lives as long as its session, an offline one as long as its user and factors are good',
  async (t, db) => {
    const ctx = await wholeContext(t, db)
    for (const [name, happens, { after, inSession, offline }] of FATES) {
      const user = await insertUser(ctx, { username: 'ada', role: 'user', secondFactorAt: 1 })
      const session = await signedInAs(ctx, user)
      const { grantId } = await grantIn(session, { isOffline: true })
      const bound = await issueIn(ctx, grantId, { kind: 'refresh' })
      const free = await issueIn(ctx, grantId, { kind: 'refresh', isOffline: true })
      await happens(session)
      const then = later(ctx, after)
      const [one, other] = [await findIn(then, 'refresh', bound), await findIn(then, 'refresh', free)]
      assert.deepEqual([one !== undefined, other !== undefined], [inSession, offline], name)
      const living = [one, other].filter((found) => found !== undefined)
      assert.ok(
        living.every((found) => found.user.username === 'ada' && found.grant.id === grantId),
        name,
      )
      for (const table of ['policy_version', 'policy', 'users'] as const) await db.deleteFrom(table).execute()
    }
  },
)

onBothEngines('a grant answers for its own user only', async (t, db) => {
  const ada = await signedIn(t, db)
  const eve = await signedIn(t, db, 'eve')
  const value = await issueIn(ada, (await grantIn(ada)).grantId, { kind: 'access' })
  await db.updateTable('client_grant').set({ session_id: eve.principal.session.id }).execute()
  assert.equal(await findIn(ada, 'access', value), undefined)
})

onBothEngines(
  'offline tokens are carried into a new epoch like other sessions, but not those of an older one',
  async (t, db) => {
    const ctx = await signedIn(t, db)
    const { grantId } = await grantIn(ctx, { isOffline: true })
    const value = await issueIn(ctx, grantId, { kind: 'refresh', isOffline: true })
    const { subject, credentialEpoch: from } = ctx.principal.user
    const { credentialEpoch: to } = await updateUser(ctx, await userOf(ctx), {}, { bumpEpoch: true })
    await moveGrantsToEpoch(ctx, 'somebody else', { from, to })
    assert.equal(await findIn(ctx, 'refresh', value), undefined)
    await moveGrantsToEpoch(ctx, subject, { from: to, to: to + 1 })
    assert.equal(await findIn(ctx, 'refresh', value), undefined)
    await moveGrantsToEpoch(ctx, subject, { from, to })
    assert.ok(await findIn(ctx, 'refresh', value))
  },
)

onBothEngines('an authorization after changed credentials does not revive what they have ended', async (t, db) => {
  const ctx = await signedIn(t, db)
  const { grantId, sid } = await grantIn(ctx, { isOffline: true })
  const stolen = await issueIn(ctx, grantId, { kind: 'refresh', isOffline: true })
  const changed = await updateUser(ctx, await userOf(ctx), {}, { bumpEpoch: true })
  await db.updateTable('session').set({ epoch: changed.credentialEpoch }).execute()
  const user = { ...ctx.principal.user, credentialEpoch: changed.credentialEpoch }
  const opened = await grantIn({ ...ctx, principal: { ...ctx.principal, user } }, { isOffline: true })
  assert.equal(opened.sid, sid)
  assert.equal(await findIn(ctx, 'refresh', stolen), undefined)
  const value = await issueIn(ctx, opened.grantId, { kind: 'refresh', isOffline: true })
  assert.ok(await findIn(ctx, 'refresh', value))
})

onBothEngines('a new session takes over the apps of another one, and ends them', async (t, db) => {
  const idle = await signedIn(t, db)
  const opened = await grantIn(idle)
  const value = await issueIn(idle, opened.grantId, { kind: 'access' })
  const current = await again(idle, hours(20))
  const { session, user } = current.principal
  await moveGrantsToSession(current, idle.principal.session.id, session.id)
  await endSession(current, { subject: user.subject, id: idle.principal.session.id })
  assert.ok(await findIn(current, 'access', value))
  assert.deepEqual(await clientSessionsOf(current, idle.principal.session.id), [])
  const further = await grantIn(current)
  assert.equal(further.sid, opened.sid)
  const other = await issueIn(current, further.grantId, { kind: 'access' })
  const [known] = await clientSessionsOf(current, session.id)
  assert.equal(known?.expiresAt, session.startedAt + current.principal.terms.absolute)
  await endSession(current, { subject: user.subject, id: session.id })
  for (const ended of [value, other]) assert.equal(await findIn(current, 'access', ended), undefined)
})

onBothEngines('an app that both sessions have signed in to keeps its name of each', async (t, db) => {
  const one = await signedIn(t, db)
  const second = await again(one)
  const [first, own] = [await grantIn(one), await grantIn(second)]
  await moveGrantsToSession(one, one.principal.session.id, second.principal.session.id)
  const sids = async (ctx: SignedInContext) =>
    (await clientSessionsOf(ctx, ctx.principal.session.id)).map(({ sid }) => sid)
  assert.deepEqual([await sids(one), await sids(second)], [[first.sid], [own.sid]])
})

onBothEngines('the grants of an app, of a user, of a user at an app are ended together', async (t, db) => {
  const ada = await signedIn(t, db)
  const phone = await again(ada)
  const eve = await signedIn(t, db, 'eve')
  const notes = { clientId: 'notes', clientName: 'Notes' }
  const open = async () => {
    await db.deleteFrom('client_session').execute()
    await db.deleteFrom('client_grant').execute()
    const opened = [await grantIn(ada), await grantIn(ada, notes), await grantIn(phone), await grantIn(eve)]
    return opened.map(({ grantId }) => grantId)
  }
  const left = async (grants: readonly string[]) => {
    const rows = await db.selectFrom('client_grant').select('id').where('revoked_at', 'is', null).execute()
    return grants.map((id) => rows.some((row) => row.id === id))
  }
  const { subject } = ada.principal.user
  const endings: [(ctx: SignedInContext) => Promise<number>, number, boolean[]][] = [
    [(ctx) => revokeGrantsOf(ctx, { clientId: 'photos' }), 3, [false, true, false, false]],
    [(ctx) => revokeGrantsOf(ctx, { clientId: 'photos', subject }), 2, [false, true, false, true]],
    [(ctx) => revokeGrantsOfUser(ctx, subject), 3, [false, false, false, true]],
    [
      (ctx) => revokeGrantsOfUser(ctx, subject, { exceptSession: ctx.principal.session.id }),
      1,
      [true, true, false, true],
    ],
  ]
  for (const [end, count, expected] of endings) {
    const grants = await open()
    assert.equal(await end(ada), count)
    assert.deepEqual(await left(grants), expected)
    assert.equal(await end(ada), 0)
  }
})

onBothEngines('the grants of an app of many users are ended by many statements', async (t, _, store) => {
  const statements: string[] = []
  const db = await store.open({ onStatement: (text) => void statements.push(text) })
  const ctx = await wholeContext(t, db)
  await growDatabase(db, { users: 100, events: 1, hash: 'hash', apps: { count: 10, grants: 6500 } }, ctx.now)
  statements.length = 0
  assert.equal(await inTransaction(ctx, (tx) => revokeGrantsOf(tx, { clientId: LARGE_APP })), 1170)
  assert.equal(statements.filter((text) => text.startsWith('update "client_grant"')).length, 4)
  const living = await db.selectFrom('client_grant').select('client_id').where('revoked_at', 'is', null).execute()
  assert.deepEqual([living.length, living.filter((one) => one.client_id === LARGE_APP)], [4680, []])
})

onBothEngines('grants and sign-ins to apps are deleted a week after their end, and no earlier', async (t, db) => {
  const ctx = await signedIn(t, db)
  const end = ctx.principal.session.startedAt + ctx.principal.terms.absolute
  await grantIn(ctx)
  const { grantId } = await grantIn(ctx, { clientId: 'notes', isOffline: true })
  await noteGrantUse(later(ctx, 5), grantId)
  const { last_used_at: used } = await db
    .selectFrom('client_grant')
    .select('last_used_at')
    .where('id', '=', grantId)
    .executeTakeFirstOrThrow()
  assert.equal(used, ctx.now + 5)
  const counts = async () => [
    (await db.selectFrom('client_grant').select('id').execute()).length,
    (await db.selectFrom('client_session').select('sid').execute()).length,
  ]
  await deleteExpiredGrants({ ...ctx, now: end + days(7) })
  assert.deepEqual(await counts(), [2, 2])
  await deleteExpiredGrants({ ...ctx, now: end + days(7) + 1 })
  assert.deepEqual(await counts(), [1, 0])
  await revokeGrant({ ...ctx, now: end + days(10) }, grantId)
  await deleteExpiredGrants({ ...ctx, now: end + days(17) })
  assert.deepEqual(await counts(), [1, 0])
  await deleteExpiredGrants({ ...ctx, now: end + days(17) + 1 })
  assert.deepEqual(await counts(), [0, 0])
})

onBothEngines('a family that began while a clock was ahead ends after its usual time', async (t, db) => {
  const ctx = await signedIn(t, db)
  const ahead = await again(ctx, days(365))
  const { grantId } = await grantIn(ctx)
  const late = await inTransaction(ahead, (tx) => grantIn(tx, { isOffline: true }))
  const idAhead = `ffffffff${late.grantId.slice(8)}`
  await db.updateTable('client_grant').set({ id: idAhead }).where('id', '=', late.grantId).execute()
  await clampGrants(ctx)
  const rows = await db.selectFrom('client_grant').select(['id', 'created_at', 'expires_at']).execute()
  const { created_at: begun, expires_at: end } = rows.find(({ id }) => id === idAhead) ?? assert.fail()
  assert.deepEqual([begun, end], [ctx.now, ctx.now + days(180)])
  const { expires_at: kept } = rows.find(({ id }) => id === grantId) ?? assert.fail()
  assert.equal(kept, ctx.principal.session.startedAt + ctx.principal.terms.absolute)
})
