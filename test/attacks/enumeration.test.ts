// Threat (enumeration): an outsider learns which users exist. Every refusal has the same bytes, after the same work.
import { hash } from '@node-rs/bcrypt'
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import {
  ALLOWED_FAILURES,
  assertAlike,
  peopled,
  seen,
  type Watched,
  watchedServer,
  WRONG,
} from '../support/people/password-guesses.ts'
import {
  ask,
  newcomer,
  PASSWORD,
  type Person,
  postToken,
  type Reply,
  startWithAdmin,
} from '../support/people/people.ts'
import { givePasskey, rowOf } from '../support/people/second-factors.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const KINDS = ['unknown', 'app', 'passkey', 'keyholder', 'invited', 'factorless', 'disabled', 'imported'] as const

/** Users of every kind; no user has the name `unknown`. */
async function populate(admin: Person): Promise<{ disabled: Person }> {
  const { server } = admin
  await newcomer(admin, 'app')
  const disabled = await newcomer(admin, 'disabled')
  await givePasskey(await newcomer(admin, 'passkey'))
  await keyholder(admin, 'keyholder')
  await admin.asks('POST', '/users', { username: 'invited' })
  assert.equal((await admin.asks('POST', '/users', { username: 'factorless', password: PASSWORD })).status, 200)
  await admin.signsIn()
  assert.equal((await admin.asks('POST', `/users/${(await rowOf(disabled)).id}/disable`)).status, 200)
  const hashed = await hash('secret', 4)
  await sql`insert into users (username, email, hashed_password, otp_secret, disabled, role)
    values ('imported', 'imported@example.com', ${hashed}, 'JBSWY3DPEHPK3PXP', '0', 'user')`.execute(server.doorward.db)
  // The first sign-in completes the externally inserted row; the answers compared afterwards are those of an imported hash.
  await postToken(server, { username: 'imported', password: `${WRONG}000000` })
  await freshBuckets(server)
  return { disabled }
}

/** Creates a user with a passkey and no app; returns the id. */
async function keyholder(admin: Person, username: string, password = PASSWORD): Promise<number> {
  assert.equal((await admin.asks('POST', '/users', { username, password })).status, 200)
  await givePasskey({ server: admin.server, username })
  return (await rowOf({ server: admin.server, username })).id
}

const ROUTES: Readonly<Record<string, (server: Server, username: string) => Promise<Reply>>> = {
  'POST /token, code appended': (server, username) => postToken(server, { username, password: `${WRONG}123456` }),
  'POST /token, code apart': (server, username) => postToken(server, { username, password: WRONG, totp: '123456' }),
  'POST /token, no code': (server, username) => postToken(server, { username, password: WRONG }),
  'POST /attempts': (server, username) => ask(server, 'POST', '/attempts', { payload: { username, password: WRONG } }),
  'POST /attempts with a code': (server, username) =>
    ask(server, 'POST', '/attempts', { payload: { username, password: WRONG, code: '123456' } }),
}

onEitherDatabase(
  'an existing and an unknown user are blocked alike: each answer up to the block, and the block, are the same',
  async (t, dialect) => {
    const { server, root, watched } = await watchedServer(t, dialect)
    await populate(root)
    for (const [route, guess] of Object.entries(ROUTES)) {
      const unknown: (Watched | undefined)[] = []
      for (const kind of KINDS) {
        for (let tries = 0; tries < ALLOWED_FAILURES + 2; tries++) {
          const about = `${route}: ${kind}, guess ${tries + 1}`
          const answer = await watched(() => guess(server, kind))
          const isAllowed = tries < ALLOWED_FAILURES
          assert.deepEqual([answer.reply.status, answer.hashes], isAllowed ? [401, 1] : [429, 0], about)
          const first = (unknown[tries] ??= answer)
          assertAlike(first, answer, about)
        }
        await freshBuckets(server)
      }
    }
  },
)

leaveToTestAll()

/** Deletes all buckets, so that every guess is the first one. */
async function freshBuckets({ doorward }: Server): Promise<void> {
  await doorward.db.deleteFrom('throttle_bucket').execute()
}

onEitherDatabase(
  'a disabled user is refused at POST /token with correct credentials as with wrong ones',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const { disabled } = await populate(root)
    const wrong = await postToken(server, { username: 'nobody', password: `${WRONG}123456` })
    const right = await postToken(server, { username: 'disabled', password: disabled.password + disabled.code() })
    assert.equal(right.status, 401)
    assert.deepEqual(seen(right), seen(wrong))
  },
)

onEitherDatabase(
  'only the right password of a user with a passkey and no app gets the answer that this route cannot sign in, after one hash',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const password = 'ends in digits 123456'
    await keyholder(root, 'kim', password)
    const id = await keyholder(root, 'off')
    assert.equal((await root.asks('POST', `/users/${id}/disable`)).status, 200)
    const answersTo = async (form: { username: string; password: string; totp?: string }) => {
      await freshBuckets(server)
      const before = server.doorward.hasher.stats().hashes
      const reply = await postToken(server, form)
      assert.equal(server.doorward.hasher.stats().hashes - before, 1)
      return reply
    }
    for (const totp of [undefined, '123456']) {
      const { status, body } = await answersTo({ username: 'kim', password, ...(totp !== undefined && { totp }) })
      assert.deepEqual([status, body['code']], [403, 'sign_in.second_factor_elsewhere'])
    }
    const wrong = await answersTo({ username: 'nobody', password: `${WRONG}123456` })
    const refused = [
      await answersTo({ username: 'kim', password: `${password}123456` }),
      await answersTo({ username: 'kim', password: 'ends in digits ' }),
      await answersTo({ username: 'off', password: PASSWORD }),
      await answersTo({ username: 'off', password: PASSWORD, totp: '123456' }),
    ]
    for (const reply of refused) assert.deepEqual(seen(reply), seen(wrong))
  },
)

onEitherDatabase(
  'a right password that POST /token cannot complete counts as a wrong code, and not as a wrong password',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    await keyholder(root, 'kim')
    const statuses: number[] = []
    for (let tries = 0; tries <= ALLOWED_FAILURES; tries++) {
      statuses.push((await postToken(server, { username: 'kim', password: PASSWORD })).status)
    }
    assert.deepEqual(statuses, [...Array.from({ length: ALLOWED_FAILURES }, () => 403), 429])
    const begun = await ask(server, 'POST', '/attempts', { payload: { username: 'kim', password: PASSWORD } })
    assert.deepEqual([begun.status, begun.body['offered']], [200, ['passkey']])
    const [event] = itemsOf(await root.asks('GET', '/audit-events?action=sign_in.refused'))
    assert.equal(event?.['reason'], 'second_factor_elsewhere')
  },
)

onEitherDatabase(
  'a right password with a wrong code answers POST /token as a wrong password does',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    const username = 'ada'
    const wrong = await postToken(server, { username, password: `${WRONG}123456` })
    const used = PASSWORD + ada.code()
    assert.equal((await postToken(server, { username, password: used })).status, 200)
    const answers = [
      await postToken(server, { username, password: used }),
      await postToken(server, { username, password: PASSWORD, totp: 'abcdef' }),
      await postToken(server, { username, password: PASSWORD }),
    ]
    for (const answer of answers) assert.deepEqual(seen(answer), seen(wrong))
  },
)

onEitherDatabase(
  'imported hashes delay every refusal to one response time, and argon2id alone delays none',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const { hasher } = server.doorward
    assert.equal(hasher.stats().responseTimeFloor, 0)
    await populate(root)
    assert.ok(hasher.stats().responseTimeFloor > 0, 'refusals do not wait for the slowest scheme')
    let { delayed } = hasher.stats()
    for (const kind of KINDS) {
      await freshBuckets(server)
      const reply = await postToken(server, { username: kind, password: `${WRONG}123456` })
      assert.equal(reply.status, 401)
      delayed += 1
      assert.equal(hasher.stats().delayed, delayed, `${kind} was refused before the moment`)
    }
  },
)
