// Which guesses count as failures, and when they are refunded: a correct value is not counted, and replacing a factor unlocks the
// guesses at it that untrusted clients had blocked.
import assert from 'node:assert/strict'

import { networkBucket } from '#domain/throttle/throttle.service.ts'
import { deviceBuckets, type GuessedFactor, userBuckets } from '#domain/throttle/throttle.ts'
import type { Context } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { resetSecondFactor, setPassword } from '#use-cases/administration/credentials/credentials.service.ts'
import { beginEnrolment, confirmEnrolment } from '#use-cases/enrolment/enrolment.service.ts'
import { beginSetup, issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { STRANGER } from '../support/databases/stores.ts'
import { failuresIn } from '../support/people/guess-buckets.ts'
import {
  ALLOWED_FAILURES,
  assertWait,
  blockBuckets,
  guess,
  guessInVain,
  peopled,
} from '../support/people/password-guesses.ts'
import { ask, PASSWORD, postToken } from '../support/people/people.ts'
import { newPhone, opensAttempt, provesSecondStep, rowOf } from '../support/people/second-factors.ts'
import { idOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

/** Locks the guesses at these factors, for untrusted clients and for one with a device cookie. */
function lock(server: Server, subject: string, kinds: readonly GuessedFactor[]): Promise<void> {
  return blockBuckets(server, [...userBuckets(subject, kinds), ...deviceBuckets(subject, kinds, 'a browser')])
}

/** The keys of the buckets with failures. */
async function counted({ doorward: { db } }: Server): Promise<string[]> {
  const rows = await db.selectFrom('throttle_bucket').select('key').where('failures', '>', 0).orderBy('key').execute()
  return rows.map(({ key }) => key)
}

test('successful re-authentications are not counted, however many a session makes', async (t) => {
  const { ada } = await peopled(t)
  for (let given = 0; given < 8; given++) {
    const { status, raw } = await ada.asks('POST', '/session/proof', { password: PASSWORD, code: ada.code() })
    assert.equal(status, 200, raw.body)
  }
})

leaveToTestAll()

test('a code that is sent repeatedly costs its network one guess', async (t) => {
  const { server, ada } = await peopled(t)
  const used = { username: 'ada', password: PASSWORD + ada.code() }
  assert.equal((await postToken(server, used)).status, 200)
  for (let shown = 0; shown < 3; shown++) assert.equal((await postToken(server, used)).status, 401)
  const { subject } = await rowOf(ada)
  const { db } = server.doorward
  for (const key of [networkBucket('127.0.0.1'), ...userBuckets(subject, ['code'])])
    assert.equal(await failuresIn(db, key), 1, key)
})

test('new recovery codes work although untrusted clients locked those before them', async (t) => {
  const { server, ada } = await peopled(t)
  await lock(server, (await rowOf(ada)).subject, ['recovery'])
  const { body } = await ada.asks('POST', '/users/me/recovery-codes')
  const [code = ''] = body['recovery_codes'] as string[]
  const { status, raw } = await provesSecondStep(server, await opensAttempt(ada), ['recovery-code', code])
  assert.equal(status, 200, raw.body)
})

test('an enrolment unlocks the factors that were locked before it', async (t) => {
  const { server, root, ada } = await peopled(t)
  const { subject, id } = await rowOf(ada)
  assert.equal((await root.asks('POST', `/users/${id}/reset-second-factor`, { reason: 'Lost phone.' })).status, 200)
  await lock(server, subject, ['code', 'recovery'])
  const attempt = await opensAttempt(ada)
  const { body: options } = await ask(server, 'POST', '/attempts/passkeys/options', { payload: { attempt } })
  const response = newPhone(server).register(options as never)
  const enrolled = await ask(server, 'POST', '/attempts/passkeys', { payload: { attempt, response } })
  assert.equal(enrolled.status, 200, enrolled.raw.body)
  assert.deepEqual(await counted(server), [])
})

test('the loser of two set-ups with a correct code is not counted as a guess', async (t) => {
  const server = await start(t)
  const ctx = { ...server.operator(), principal: STRANGER }
  const issued = await issueSetupLink(ctx)
  assert.ok(issued)
  const begin = async (username: string) => {
    const wanted = { token: issued.token, password: Secret.of(PASSWORD), username, email: null, fullName: null }
    const { attempt } = await beginSetup(ctx, wanted)
    const app = new Authenticator((await beginEnrolment(ctx, attempt)).secret.reveal())
    return { attempt, code: app.code(ctx.now), transport: 'bearer' } as const
  }
  const [first, second] = [await begin('ada'), await begin('bob')]
  await confirmEnrolment(ctx, first)
  await assert.rejects(confirmEnrolment(ctx, second), { code: 'setup.finished' })
  assert.deepEqual(await counted(server), [])
})

/** What an admin does for a user who is blocked. */
const RESETS: Readonly<Record<string, (ctx: Context, id: number) => Promise<unknown>>> = {
  'a reset of the second factor': (ctx, id) => resetSecondFactor(ctx, { id }, { reason: 'Lost phone.' }),
  'a password': (ctx, id) => setPassword(ctx, { id }, Secret.of(PASSWORD)),
}

for (const [what, reset] of Object.entries(RESETS)) {
  onEachDatabase(`${what} resets the block that another client’s guesses caused`, async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    const from = { ipAddress: '203.0.113.9' }
    await guessInVain(server, 'ada', ALLOWED_FAILURES, from)
    assertWait(await guess(server, 'ada', from))
    assertWait(await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD } }))
    await reset(server.operator(), await idOf(ada))
    await opensAttempt(ada)
  })
}
