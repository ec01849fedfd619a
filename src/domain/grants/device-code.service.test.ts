import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { insertUser } from '#domain/users/user.service.ts'
import { inTransaction, type With } from '#foundation/context.ts'
import { DEVICE_CODE_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import { hours, minutes, seconds } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { dumpOf } from '#test/support/databases/database-dump.ts'
import { newKeyring, onBothEngines } from '#test/support/databases/stores.ts'
import { grantIn } from '#test/support/people/grants.ts'
import { signedInAs, type SignedInContext, wholeContext } from '#test/support/people/principals.ts'
import {
  approveDeviceCode,
  denyDeviceCode,
  findDeviceCode,
  findWaitingCode,
  notePoll,
  storeDeviceCode,
} from './device-code.service.ts'
import type { DeviceCode } from './device-code.ts'
import { revokeGrant } from './grant.service.ts'
import { consumeToken, deleteExpiredTokens, newTokenValue } from './token.service.ts'

const USER_CODE = 'BCDFGHJK'
const REQUEST = { clientId: 'player', clientName: 'Player', payload: '{}', isOffline: false }

async function twoUsers(t: TestContext, db: Database): Promise<readonly [SignedInContext, SignedInContext]> {
  const whole = await wholeContext(t, db)
  const of = async (username: string) =>
    signedInAs(whole, await insertUser(whole, { username, role: 'user', secondFactorAt: 1 }))
  return [await of('ada'), await of('ben')]
}

async function stored(ctx: SignedInContext, userCode = USER_CODE): Promise<string> {
  const value = newTokenValue(ctx, 'device')
  const code = {
    value,
    userCode,
    clientId: 'player',
    payload: '{"waits":true}',
    expiresAt: ctx.now + DEVICE_CODE_LIFETIME,
  }
  assert.ok(await storeDeviceCode(ctx, code))
  return value
}

async function waiting(ctx: SignedInContext): Promise<DeviceCode> {
  return (await findWaitingCode(ctx, USER_CODE)) ?? assert.fail('no device waits')
}

function approve(ctx: SignedInContext, code: DeviceCode): Promise<boolean> {
  return inTransaction(ctx, (tx) =>
    approveDeviceCode(tx, code, { ...REQUEST, codePayload: (sid) => JSON.stringify({ sid }) }),
  )
}

const find = (ctx: SignedInContext, value: string) => findDeviceCode(ctx, value, sessionRules(ctx))

function later<Ctx extends With<'now'>>(ctx: Ctx, by: number): Ctx {
  return { ...ctx, now: ctx.now + by }
}

onBothEngines(
  'a device waits under a code that cannot be read from the database, nor found with other keys',
  async (t, db) => {
    const [ada] = await twoUsers(t, db)
    const value = await stored(ada)
    const code = await waiting(ada)
    assert.equal((await find(ada, value))?.code.id, code.id)
    assert.equal((await find(ada, value))?.living, undefined)
    assert.equal(await find(ada, value.replace('dwv_', 'dwk_')), undefined)
    const dump = JSON.stringify(await dumpOf(db))
    for (const secret of [value, value.slice(4), USER_CODE]) assert.ok(!dump.includes(secret), secret)
    assert.equal(await findWaitingCode({ ...ada, keyring: newKeyring() }, USER_CODE), undefined)
  },
)

onBothEngines('two devices that wait never have one user code', async (t, db) => {
  const [ada] = await twoUsers(t, db)
  const value = await stored(ada)
  const again = { value: newTokenValue(ada, 'device'), userCode: USER_CODE, clientId: 'other', payload: '{}' }
  assert.equal(await storeDeviceCode(ada, { ...again, expiresAt: ada.now + 1 }), false)
  assert.ok(await denyDeviceCode(ada, await waiting(ada)))
  assert.equal(
    await storeDeviceCode(ada, { ...again, expiresAt: ada.now + 1 }),
    true,
    'the code of a denied one is not free',
  )
  assert.ok((await find(ada, value))?.code.deniedAt)
})

onBothEngines('of two users with one code the first has it, with a grant of its own', async (t, db, store) => {
  const [ada, ben] = await twoUsers(t, db)
  const { grantId: ofBrowser } = await grantIn(ada, { clientId: 'player' })
  const nodes = [ada, { ...ben, db: await store.open() }]
  for (let round = 0; round < 5; round++) {
    const value = await stored(ada)
    const code = await waiting(ada)
    const given = await Promise.all(nodes.map((ctx) => approve(ctx, code)))
    assert.equal(given.filter(Boolean).length, 1)
    const found = await find(ada, value)
    assert.equal(found?.living?.user.username, given[0] === true ? 'ada' : 'ben')
    assert.notEqual(found.living.grant.id, ofBrowser)
    assert.equal(await findWaitingCode(ada, USER_CODE), undefined)
    assert.equal(await denyDeviceCode(ada, code), false)
    assert.equal(await approve(ada, code), false)
  }
  const grants = await db.selectFrom('client_grant').select('id').execute()
  assert.equal(grants.length, 6, 'a loser has opened a grant')
})

onBothEngines('a device that was denied, or has waited for ten minutes, is given to nobody', async (t, db) => {
  const [ada, ben] = await twoUsers(t, db)
  const value = await stored(ada)
  const code = await waiting(ada)
  const late = later(ada, DEVICE_CODE_LIFETIME)
  assert.equal(await findWaitingCode(late, USER_CODE), undefined)
  assert.equal(await approve(late, code), false)
  assert.equal(await denyDeviceCode(late, code), false)
  assert.ok(await denyDeviceCode(ben, code))
  assert.equal(await approve(ada, code), false)
  assert.equal((await find(ada, value))?.living, undefined)
  assert.deepEqual(await db.selectFrom('client_grant').select('id').execute(), [])
  await deleteExpiredTokens(later(ada, DEVICE_CODE_LIFETIME + hours(1) + 1))
  assert.equal(await find(ada, value), undefined)
})

onBothEngines('what a device was given ends with its grant and its session, and is used once', async (t, db) => {
  const [ada] = await twoUsers(t, db)
  for (const end of [
    (grantId: string) => revokeGrant(ada, grantId),
    () => db.updateTable('session').set({ revoked_at: 1 }).execute(),
  ]) {
    const value = await stored(ada)
    await approve(ada, await waiting(ada))
    const found = (await find(ada, value))?.living ?? assert.fail()
    assert.equal(await consumeToken(ada, found.token), true)
    assert.equal(await consumeToken(ada, found.token), false)
    await end(found.grant.id)
    assert.equal(await find(ada, value), undefined)
  }
})

onBothEngines('a device that asks before its time is told so, at each node', async (t, db, store) => {
  const [ada] = await twoUsers(t, db)
  await stored(ada)
  const code = await waiting(ada)
  const other = { ...ada, db: await store.open() }
  const asks = [
    [ada, 0, true],
    [other, seconds(3), false],
    // One that was refused does not count.
    [ada, seconds(4), true],
    [other, seconds(8), true],
    [other, seconds(8), false],
    [ada, minutes(1), true],
    // A clock that was ahead stops no device.
    [ada, seconds(9), true],
  ] as const
  for (const [ctx, after, allowed] of asks)
    assert.equal(await notePoll(later(ctx, after), code), allowed, String(after))
  const [first, second] = await Promise.all([
    notePoll(later(ada, hours(1)), code),
    notePoll(later(other, hours(1)), code),
  ])
  assert.notEqual(first, second)
})
