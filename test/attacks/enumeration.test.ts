// Threat (enumeration): an outsider learns which users exist. Every refusal has the same bytes, after the same work.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'

import { hash } from '@node-rs/bcrypt'
import { Client } from 'pg'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import { ask, firstAdmin, newcomer, PASSWORD, postToken } from '../support/people/people.ts'
import type { Person, Reply } from '../support/people/people.ts'
import { ALLOWED_FAILURES, seen } from '../support/people/password-guesses.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { givePasskey, rowOf } from '../support/people/second-factors.ts'
import { start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'

/** The password of no user. */
const WRONG = 'not the password'
const KINDS = ['unknown', 'known', 'disabled', 'factorless', 'imported', 'keyholder'] as const
type Kind = (typeof KINDS)[number]

/** Users of every kind; no user has the name `unknown`. */
async function populate(server: Server): Promise<Record<'known' | 'disabled', Person>> {
  const admin = await (await firstAdmin(server)).signsIn()
  const known = await newcomer(admin, 'known')
  const disabled = await newcomer(admin, 'disabled')
  const { body: me } = await admin.asks('GET', '/users?q=disabled')
  const [found] = me['items'] as { id: number }[]
  assert.equal((await admin.asks('POST', `/users/${found?.id}/disable`)).status, 200)
  assert.equal(
    (await admin.asks('POST', '/users', { username: 'factorless', password: 'three calm words' })).status,
    200,
  )
  await keyholder(admin, 'keyholder')
  await insertRow(server, await hash('secret', 4))
  // The first sign-in completes the externally inserted row; the answers compared afterwards are those of an imported hash.
  await postToken(server, { username: 'imported', password: `${WRONG}000000` })
  return { known, disabled }
}

/** Creates a user with a passkey and no app; returns the id. */
async function keyholder(admin: Person, username: string, password = PASSWORD): Promise<number> {
  assert.equal((await admin.asks('POST', '/users', { username, password })).status, 200)
  await givePasskey({ server: admin.server, username })
  return (await rowOf({ server: admin.server, username })).id
}

/** Inserts a row as another program does: with the hash of another scheme. */
async function insertRow({ databaseUrl }: Server, hashed: string): Promise<void> {
  const statement = `insert into users (username, email, full_name, hashed_password, otp_secret, disabled, role)
    values ('imported', 'imported@example.com', null, '${hashed}', 'JBSWY3DPEHPK3PXP', '0', 'user')`
  if (databaseUrl.startsWith('sqlite:')) {
    const db = new DatabaseSync(databaseUrl.slice('sqlite:'.length), { timeout: 5000 })
    db.exec(statement)
    return db.close()
  }
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const ROUTES: Readonly<Record<string, (server: Server, username: string) => Promise<Reply>>> = {
  'POST /token, code appended': (server, username) => postToken(server, { username, password: `${WRONG}123456` }),
  'POST /token, code apart': (server, username) => postToken(server, { username, password: WRONG, totp: '123456' }),
  'POST /token, no code': (server, username) => postToken(server, { username, password: WRONG }),
  'POST /attempts': (server, username) => ask(server, 'POST', '/attempts', { payload: { username, password: WRONG } }),
  'POST /attempts with a code': (server, username) =>
    ask(server, 'POST', '/attempts', { payload: { username, password: WRONG, code: '123456' } }),
}

interface Work {
  readonly hashes: number
  readonly statements: readonly string[]
}

async function workOf(
  server: Server,
  heard: string[],
  guess: () => Promise<Reply>,
): Promise<{ reply: Reply; work: Work }> {
  const before = server.doorward.hasher.stats().hashes
  heard.length = 0
  const reply = await guess()
  return { reply, work: { hashes: server.doorward.hasher.stats().hashes - before, statements: [...heard] } }
}

onEitherDatabase(
  'with a wrong password every kind of user answers as an unknown user does, after the same work',
  async (t, dialect) => {
    const heard: string[] = []
    const server = await start(t, { dialect, onStatement: (text) => heard.push(text) })
    await populate(server)
    for (const [route, guess] of Object.entries(ROUTES)) {
      const found = new Map<Kind, { reply: Reply; work: Work }>()
      for (const kind of KINDS) {
        await freshBuckets(server)
        found.set(kind, await workOf(server, heard, () => guess(server, kind)))
      }
      const unknown = found.get('unknown')
      assert.ok(unknown)
      assert.equal(unknown.reply.status, 401, route)
      assert.equal(unknown.work.hashes, 1, route)
      for (const [kind, { reply, work }] of found) {
        assert.deepEqual(seen(reply), seen(unknown.reply), `${route}: ${kind}`)
        assert.deepEqual(work, unknown.work, `${route}: ${kind}`)
      }
    }
  },
)

/** Deletes all buckets, so that every guess is the first one. */
async function freshBuckets({ doorward }: Server): Promise<void> {
  await doorward.db.deleteFrom('throttle_bucket').execute()
}

onEitherDatabase(
  'a disabled user is refused at POST /token with correct credentials as with wrong ones',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const { disabled } = await populate(server)
    const wrong = await postToken(server, { username: 'nobody', password: `${WRONG}123456` })
    const right = await postToken(server, { username: 'disabled', password: disabled.password + disabled.code() })
    assert.equal(right.status, 401)
    assert.deepEqual(seen(right), seen(wrong))
  },
)

onEitherDatabase(
  'only the right password of a user with a passkey and no app gets the answer that this route cannot sign in, after one hash',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const admin = await (await firstAdmin(server)).signsIn()
    const password = 'ends in digits 123456'
    await keyholder(admin, 'kim', password)
    const id = await keyholder(admin, 'off')
    assert.equal((await admin.asks('POST', `/users/${id}/disable`)).status, 200)
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
    const server = await start(t, { dialect })
    const admin = await (await firstAdmin(server)).signsIn()
    await keyholder(admin, 'kim')
    const statuses: number[] = []
    for (let tries = 0; tries <= ALLOWED_FAILURES; tries++) {
      statuses.push((await postToken(server, { username: 'kim', password: PASSWORD })).status)
    }
    assert.deepEqual(statuses, [...Array.from({ length: ALLOWED_FAILURES }, () => 403), 429])
    const begun = await ask(server, 'POST', '/attempts', { payload: { username: 'kim', password: PASSWORD } })
    assert.deepEqual([begun.status, begun.body['offered']], [200, ['passkey']])
    const [event] = itemsOf(await admin.asks('GET', '/audit-events?action=sign_in.refused'))
    assert.equal(event?.['reason'], 'second_factor_elsewhere')
  },
)

onEitherDatabase(
  'a right password with a wrong code answers POST /token as a wrong password does',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const { known } = await populate(server)
    const wrong = await postToken(server, { username: 'known', password: `${WRONG}123456` })
    const used = known.password + known.code()
    assert.equal((await postToken(server, { username: 'known', password: used })).status, 200)
    const answers = [
      await postToken(server, { username: 'known', password: used }),
      await postToken(server, { username: 'known', password: known.password, totp: 'abcdef' }),
      await postToken(server, { username: 'known', password: known.password }),
    ]
    for (const answer of answers) assert.deepEqual(seen(answer), seen(wrong))
  },
)

onEitherDatabase(
  'imported hashes delay every refusal to one response time, and argon2id alone delays none',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const { hasher } = server.doorward
    assert.equal(hasher.stats().responseTimeFloor, 0)
    await populate(server)
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
