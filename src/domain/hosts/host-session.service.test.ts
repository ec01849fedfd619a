import assert from 'node:assert/strict'

import { type Context, inTransaction } from '#foundation/context.ts'
import { CLOCK_TOLERANCE, hours } from '#foundation/kernel/time.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { storeTestHost } from '#test/support/people/hosts.ts'
import { signedInAs, wholeContext } from '#test/support/people/principals.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import {
  clampHostCodes,
  consumeHostCode,
  deleteExpiredHostSessions,
  endAllHostCodes,
  HOST_CODE_LIFETIME,
  hostCookieHash,
  hostUsesOf,
  issueHostCode,
  sessionAtHost,
  startHostSession,
} from './host-session.service.ts'

async function leftFor(ctx: Context) {
  const host = await storeTestHost(ctx)
  const { principal } = await signedInAs(ctx, (await createUser(ctx, { username: 'ada' })).user)
  const { session, user } = principal
  const issue = async (now = ctx.now) =>
    (await issueHostCode({ ...ctx, now }, { host, session, subject: user.subject, leaving: 'mine' })).reveal()
  return { host, session, user, issue }
}

onBothEngines('a code works once, at its host and in its browser, for a minute', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { host, session, issue } = await leftFor(ctx)
  const consumed = (code: string, { now = ctx.now, at = host.id, leaving = ['other', 'mine'] } = {}) =>
    inTransaction({ ...ctx, now }, (tx) => consumeHostCode(tx, { code, host: { id: at }, leaving }))
  const code = await issue()
  for (const wrong of [
    { at: 'another' },
    { leaving: ['other'] },
    { leaving: [] },
    { now: ctx.now + HOST_CODE_LIFETIME },
    { now: ctx.now - CLOCK_TOLERANCE - 1 },
  ])
    assert.equal(await consumed(code, wrong), undefined, JSON.stringify(wrong))
  for (const other of ['', 'dwhc_', code.toUpperCase(), code.replace('dwhc_', 'dwh_')])
    assert.equal(await consumed(other), undefined, other)
  assert.deepEqual(await consumed(code), { sessionId: session.id, leaving: 'mine' })
  assert.equal(await consumed(code), undefined)
  const both = await issue()
  const results = await Promise.all([consumed(both), consumed(both), consumed(both)])
  assert.equal(results.filter(Boolean).length, 1)
})

onBothEngines('the cookie of a host is found there alone, and ends with its session', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { host, session, user, issue } = await leftFor(ctx)
  const start = () =>
    inTransaction(ctx, (tx) => startHostSession(tx, { host, sessionId: session.id, subject: user.subject }))
  const cookie = (await start()).reveal()
  assert.match(cookie, /^dwh_/)
  const hash = hostCookieHash(cookie) ?? ''
  assert.equal(await sessionAtHost(ctx, hash, host.id), session.id)
  assert.equal(await sessionAtHost(ctx, hash, 'another'), undefined)
  for (const other of [undefined, '', cookie.replace('dwh_', 'dws_')]) assert.equal(hostCookieHash(other), undefined)

  assert.deepEqual(await hostUsesOf(ctx, [{ id: 'another' }, host]), [
    { living: 0, lastEnteredAt: null },
    { living: 1, lastEnteredAt: ctx.now },
  ])

  const count = async () =>
    Promise.all([
      db.selectFrom('host_session').select('hash').execute(),
      db.selectFrom('host_code').select('id').execute(),
    ])
  await issue()
  await deleteExpiredHostSessions(ctx, { absolute: hours(12) })
  assert.deepEqual(
    (await count()).map(({ length }) => length),
    [1, 1],
  )
  await db.updateTable('session').set({ revoked_at: ctx.now }).execute()
  await deleteExpiredHostSessions({ ...ctx, now: ctx.now + hours(1) + 1 }, { absolute: hours(12) })
  assert.deepEqual(
    (await count()).map(({ length }) => length),
    [0, 0],
  )
  await issue(ctx.now + hours(1))
  const now = await issue()
  await clampHostCodes(ctx)
  assert.equal((await count())[1].length, 1)
  await endAllHostCodes(ctx)
  const again = await inTransaction(ctx, (tx) => consumeHostCode(tx, { code: now, host, leaving: ['mine'] }))
  assert.equal(again, undefined)
})
