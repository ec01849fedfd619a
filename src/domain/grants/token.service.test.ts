import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { insertUser } from '#domain/users/user.service.ts'
import { inTransaction, type With } from '#foundation/context.ts'
import { days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { dumpOf } from '#test/support/databases/database-dump.ts'
import { newKeyring, onBothEngines } from '#test/support/databases/stores.ts'
import { findIn, grantIn, issueIn } from '#test/support/people/grants.ts'
import { signedInAs, type SignedInContext, wholeContext } from '#test/support/people/principals.ts'
import { grantJob } from './grant.job.ts'
import { revokeGrant } from './grant.service.ts'
import type { GrantToken, TokenKind } from './grant.ts'
import {
  consumeToken,
  deleteExpiredTokens,
  deleteInteraction,
  findInteraction,
  putInteraction,
  readTokenAgain,
  storeSuccessor,
  successorOf,
} from './token.service.ts'

const KINDS: readonly TokenKind[] = ['code', 'access', 'refresh']

interface App {
  readonly ctx: SignedInContext
  readonly grantId: string
  /** Issues a token; returns its value. */
  readonly issue: (kind: TokenKind, expiresAt?: number) => Promise<string>
  /** Issues a refresh token; returns its row. */
  readonly refreshToken: () => Promise<GrantToken>
}

async function signedInApp(t: TestContext, db: Database): Promise<App> {
  const whole = await wholeContext(t, db)
  const ctx = await signedInAs(whole, await insertUser(whole, { username: 'ada', role: 'user', secondFactorAt: 1 }))
  const { grantId } = await grantIn(ctx)
  const issue = async (kind: TokenKind, expiresAt = ctx.now + days(30)) =>
    (await issueIn(ctx, grantId, { kind, expiresAt })) ?? assert.fail()
  const refreshToken = async () => (await findIn(ctx, 'refresh', await issue('refresh')))?.token ?? assert.fail()
  return { ctx, grantId, issue, refreshToken }
}

function later<Ctx extends With<'now'>>(ctx: Ctx, by: number): Ctx {
  return { ...ctx, now: ctx.now + by }
}

onBothEngines('a value is found as its own kind only, and is nowhere in the database', async (t, db, store) => {
  const { ctx, issue } = await signedInApp(t, db)
  const values = { code: await issue('code'), access: await issue('access'), refresh: await issue('refresh') }
  assert.match(Object.values(values).join(' '), /^dwk_[\w-]{43} dwt_[\w-]{43} dwr_[\w-]{43}$/)
  const statements: string[] = []
  const heard = { ...ctx, db: await store.open({ onStatement: (text) => void statements.push(text) }) }
  for (const kind of KINDS)
    for (const [of, value] of Object.entries(values)) {
      const found = await findIn(heard, kind, value)
      assert.equal(found?.token.kind, kind === of ? kind : undefined)
      assert.equal(statements.length > 0, kind === of, 'a value of another kind is refused without a query')
      statements.length = 0
    }
  // Nor is one found that has only the prefix of another kind.
  assert.equal(await findIn(ctx, 'access', values.refresh.replace('dwr_', 'dwt_')), undefined)
  const dump = JSON.stringify(await dumpOf(db))
  for (const value of Object.values(values)) assert.ok(!dump.includes(value.slice(4)))
})

onBothEngines('of twenty that bring a token at the same time one consumes it', async (t, db, store) => {
  const { ctx, issue } = await signedInApp(t, db)
  const nodes = [ctx, { ...ctx, db: await store.open() }]
  for (const kind of ['code', 'refresh'] as const) {
    const { token } = (await findIn(ctx, kind, await issue(kind))) ?? assert.fail()
    const consuming = Array.from({ length: 20 }, (_, index) => consumeToken(nodes[index % 2] ?? ctx, token))
    assert.deepEqual((await Promise.all(consuming)).filter(Boolean), [true])
    assert.equal((await readTokenAgain(ctx, token))?.consumedAt, ctx.now)
  }
})

onBothEngines('nothing is issued to a revoked grant, in the transaction that revokes it neither', async (t, db) => {
  const { ctx, grantId } = await signedInApp(t, db)
  await inTransaction(ctx, async (tx) => {
    await revokeGrant(tx, grantId)
    assert.equal(await issueIn(tx, grantId, { kind: 'access' }), undefined)
  })
  assert.equal(await issueIn(ctx, grantId, { kind: 'access' }), undefined)
  assert.equal(await issueIn(ctx, 'no-grant', { kind: 'access' }), undefined)
  assert.deepEqual(await db.selectFrom('client_token').select('id').execute(), [])
})

onBothEngines('a grant that is revoked while a token is issued leaves no living token', async (t, db, store) => {
  const { ctx } = await signedInApp(t, db)
  const other = { ...ctx, db: await store.open() }
  for (let round = 0; round < 10; round++) {
    const { grantId } = await grantIn(ctx)
    const [value] = await Promise.all([issueIn(ctx, grantId, { kind: 'access' }), revokeGrant(other, grantId)])
    assert.equal(await findIn(ctx, 'access', value), undefined)
  }
})

onBothEngines(
  'a client that lost the answer gets the same successor, for half a minute and until it is used',
  async (t, db) => {
    const { ctx, issue, refreshToken } = await signedInApp(t, db)
    const token = await refreshToken()
    const value = await issue('refresh')
    const following = (await findIn(ctx, 'refresh', value))?.token ?? assert.fail()
    await storeSuccessor(ctx, token.id, value)
    const read = async () => (await readTokenAgain(ctx, token)) ?? assert.fail()
    assert.equal(await successorOf(ctx, await read()), undefined, 'it was not consumed')
    await consumeToken(ctx, token)
    const consumed = await read()
    assert.ok(consumed.successor !== null && !consumed.successor.includes(value))
    for (const [after, expected] of [
      [0, value],
      [seconds(30) - 1, value],
      [seconds(30), undefined],
      [-seconds(30) + 1, value],
      [-seconds(30), undefined],
    ] as const)
      assert.equal(await successorOf(later(ctx, after), consumed), expected, String(after))

    const swapped = { ...consumed, id: following.id }
    assert.equal(await successorOf(ctx, swapped), undefined, 'it belongs to its row')
    assert.equal(await successorOf({ ...ctx, keyring: newKeyring() }, consumed), undefined, 'its key is lost')
    await consumeToken(ctx, following)
    assert.equal(await successorOf(ctx, consumed), undefined, 'its use ends the grace')
  },
)

onBothEngines('a successor that was deleted is not given again', async (t, db) => {
  const { ctx, issue, refreshToken } = await signedInApp(t, db)
  const token = await refreshToken()
  const value = await issue('refresh')
  await storeSuccessor(ctx, token.id, value)
  await consumeToken(ctx, token)
  await db.deleteFrom('client_token').where('kind', '=', 'refresh').where('consumed_at', 'is', null).execute()
  assert.equal(await successorOf(ctx, (await readTokenAgain(ctx, token)) ?? assert.fail()), undefined)
})

onBothEngines('an interaction says what it said last, until its end', async (t, db) => {
  const { ctx } = await signedInApp(t, db)
  const expiresAt = ctx.now + minutes(5)
  await putInteraction(ctx, { uid: 'a', payload: '{"step":1}', expiresAt })
  await putInteraction(ctx, { uid: 'a', payload: '{"step":2}', expiresAt })
  assert.equal((await findInteraction(ctx, 'a'))?.payload, '{"step":2}')
  assert.equal(await findInteraction(ctx, 'b'), undefined)
  assert.ok(await findInteraction(later(ctx, minutes(5) - 1), 'a'))
  assert.equal(await findInteraction(later(ctx, minutes(5)), 'a'), undefined)
  // Its id is the one in the path of a page, so it must not be found as a token.
  for (const kind of KINDS) assert.equal(await findIn(ctx, kind, 'a'), undefined)
  await deleteInteraction(ctx, 'a')
  assert.equal(await findInteraction(ctx, 'a'), undefined)
})

onBothEngines('tokens are deleted an hour after their end, and no earlier', async (t, db) => {
  const { ctx, issue } = await signedInApp(t, db)
  const ended = await issue('access', ctx.now + minutes(10))
  const living = await issue('refresh')
  await putInteraction(ctx, { uid: 'a', payload: '{}', expiresAt: ctx.now + minutes(10) })
  const count = async () => (await db.selectFrom('client_token').select('id').execute()).length
  await deleteExpiredTokens(later(ctx, minutes(10) + hours(1)))
  assert.equal(await count(), 3)
  await deleteExpiredTokens(later(ctx, minutes(10) + hours(1) + 1))
  assert.equal(await findIn(ctx, 'access', ended), undefined)
  assert.ok(await findIn(ctx, 'refresh', living))
  assert.equal(await count(), 1)
})

onBothEngines('the job deletes what ended, with the user everything is deleted', async (t, db) => {
  const { ctx, issue } = await signedInApp(t, db)
  await issue('access', ctx.now)
  await issue('refresh', ctx.now + days(400))
  const kept = async () =>
    Promise.all(
      (['client_session', 'client_grant', 'client_token'] as const).map(
        async (table) => (await db.selectFrom(table).selectAll().execute()).length,
      ),
    )
  assert.deepEqual(await kept(), [1, 1, 2])
  await grantJob.run(later(ctx, days(2)) as never, AbortSignal.abort())
  assert.deepEqual(await kept(), [1, 1, 1])
  await db.deleteFrom('users').execute()
  assert.deepEqual(await kept(), [0, 0, 0])
})
