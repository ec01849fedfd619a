// The legacy app's tutorial from its first line to its last, on both databases, with the one step that changed: a created user
// enrols an authenticator app of their own.
import { hash } from '@node-rs/bcrypt'
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'

import { seconds } from '#foundation/kernel/time.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { setupKeyOf } from '../support/databases/legacy-database.ts'
import { ask, Person, postToken } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const SETUP_KEY = setupKeyOf('johndoe', 10)
/** The bcrypt cost of the legacy app; other tests use less. */
const LEGACY_COST = 12

/** Runs a statement as a database tool does: in another program, while the server runs. */
async function runStatement(server: Server, statement: string): Promise<Record<string, unknown>[]> {
  if (server.databaseUrl.startsWith('sqlite:')) {
    const db = new DatabaseSync(server.databaseUrl.slice('sqlite:'.length), { timeout: 5000 })
    try {
      return db.prepare(statement).all()
    } finally {
      db.close()
    }
  }
  const client = new Client({ connectionString: server.databaseUrl })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}

interface InsertedRow {
  readonly username?: string
  readonly email?: string
  readonly hashed: string
  readonly secret: string
  /** An SQL expression. */
  readonly disabled?: string
  readonly role?: string
}

function insertUserRow(server: Server, row: InsertedRow): Promise<unknown> {
  const {
    username = 'johndoe',
    email = `${username}@example.com`,
    hashed,
    secret,
    disabled = '0',
    role = 'admin',
  } = row
  return runStatement(
    server,
    `insert into users (username, email, full_name, hashed_password, otp_secret, disabled, role)
     values ('${username}', '${email}', 'John Doe', '${hashed}', '${secret}', ${disabled}, '${role}')`,
  )
}

onEitherDatabase('the tutorial works from its first line to its last', async (t, dialect) => {
  const server = await start(t, { dialect })
  await insertUserRow(server, { hashed: await hash('secret', LEGACY_COST), secret: SETUP_KEY })

  const john = await new Person(server, 'johndoe', 'secret', new Authenticator(SETUP_KEY)).signsIn()
  const me = await john.asks('GET', '/users/me/')
  assert.equal(me.status, 200)
  assert.deepEqual(legacyFields(me.body), {
    username: 'johndoe',
    email: 'johndoe@example.com',
    full_name: 'John Doe',
    id: 1,
    disabled: false,
  })
  await assertSealed(server)

  const created = await john.asks('POST', '/users/', {
    username: 'alicewonderland',
    email: 'alice@example.com',
    full_name: 'Alice Wonderland',
    password: 'whiterabbit',
  })
  assert.equal(created.status, 200, created.raw.body)
  assert.deepEqual(legacyFields(created.body), {
    username: 'alicewonderland',
    email: 'alice@example.com',
    full_name: 'Alice Wonderland',
    id: 2,
    disabled: false,
  })
  assert.ok(!created.raw.body.includes('whiterabbit'))

  const early = await postToken(server, { username: 'alicewonderland', password: 'whiterabbit' })
  assert.deepEqual([early.status, early.body['code']], [403, 'sign_in.enrolment_needed'])

  const alice = await enrolsByInvitation(server, created.body['invitation'] as { url: string })
  await alice.signsIn()
  assert.equal((await alice.asks('GET', '/users/me/')).body['username'], 'alicewonderland')

  const updated = await alice.asks('PUT', '/users/me/', {
    username: 'alicewonderland',
    email: 'alice@wonderland.example',
    full_name: 'Alice in Wonderland',
    password: 'whiterabbit',
  })
  assert.equal(updated.status, 200, updated.raw.body)
  assert.equal(updated.body['email'], 'alice@wonderland.example')
  const read = await alice.asks('GET', '/users/me/')
  assert.equal(read.body['full_name'], 'Alice in Wonderland')

  for (const refused of [
    await alice.asks('GET', '/users/1'),
    await alice.asks('POST', '/users/', { username: 'other', password: 'whiterabbit' }),
  ]) {
    assert.deepEqual([refused.status, refused.body['detail']], [403, 'User has insufficient permissions'])
  }
  const byId = await john.asks('GET', '/users/2')
  assert.equal(byId.status, 200)
  assert.deepEqual(legacyFields(byId.body), legacyFields(read.body))
})

leaveToTestAll()

/** The five fields that the legacy app answered with. */
function legacyFields({ username, email, full_name, id, disabled }: Record<string, unknown>): object {
  return { username, email, full_name, id, disabled }
}

/** Accepts the invitation and enrols an app, with nothing but the link. */
async function enrolsByInvitation(server: Server, { url }: { url: string }): Promise<Person> {
  const token = new URL(url).pathname.split('/').at(-1)
  const accepted = await ask(server, 'POST', '/invitations/accept', { payload: { token, password: 'whiterabbit' } })
  assert.deepEqual([accepted.status, accepted.body['stage']], [200, 'enrolment'], accepted.raw.body)
  const { attempt } = accepted.body
  const key = await ask(server, 'POST', '/attempts/totp', { payload: { attempt } })
  assert.equal(key.status, 200, key.raw.body)
  const secret = String(key.body['secret'])
  assert.match(String(key.body['otpauth_uri']), /^otpauth:\/\/totp\/.*alicewonderland.*[?&]secret=/)
  assert.match(String(key.body['qr_svg']), /^<svg /)
  const alice = new Person(server, 'alicewonderland', 'whiterabbit', new Authenticator(secret))
  const confirmed = await ask(server, 'POST', '/attempts/totp/confirm', { payload: { attempt, code: alice.code() } })
  assert.deepEqual([confirmed.status, confirmed.body['stage']], [200, 'complete'], confirmed.raw.body)
  return alice
}

/** Asserts that the plaintext secret is gone from the row, and on SQLite from every byte on disk; the password is hashed anew. */
async function assertSealed(server: Server): Promise<void> {
  const [row] = await runStatement(server, `select hashed_password, otp_secret from users where username = 'johndoe'`)
  assert.equal(row?.['otp_secret'], null)
  assert.match(String(row?.['hashed_password']), /^\$argon2id\$/)
  if (server.databaseUrl.startsWith('sqlite:')) assert.deepEqual(filesWith(server, SETUP_KEY), [])
}

/** The database's files (itself, the write-ahead log and its index) that contain a text. */
function filesWith(server: Server, text: string): string[] {
  const path = server.databaseUrl.slice('sqlite:'.length)
  const files = readdirSync(dirname(path)).filter((name) => name.startsWith(basename(path)))
  return files.filter((name) => readFileSync(join(dirname(path), name)).includes(text))
}

/** Inserts a row while the server runs; returns whether its user can sign in. */
async function canSignInAfterInsert(server: Server, row: Omit<InsertedRow, 'hashed' | 'secret'>): Promise<boolean> {
  const username = row.username ?? 'johndoe'
  const secret = setupKeyOf(username, 20)
  await insertUserRow(server, { ...row, hashed: await hash('secret', 4), secret })
  const code = new Authenticator(secret).code(server.clock.now())
  const reply = await postToken(server, { username, password: `secret${code}` })
  assert.ok(reply.status === 200 || reply.status === 401, reply.raw.body)
  return reply.status === 200
}

onEitherDatabase(
  'an externally inserted row signs in with every value of the disabled column that means no',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const values = { zero: '0', no: 'false', unknown: 'null', text: `'0'`, word: `'false'` }
    for (const [username, disabled] of Object.entries(values)) {
      assert.equal(await canSignInAfterInsert(server, { username, disabled }), true, disabled)
    }
  },
)

onEitherDatabase('an externally inserted disabled row does not sign in', async (t, dialect) => {
  const server = await start(t, { dialect })
  const values = { one: '1', yes: 'true', text: `'1'`, word: `'true'` }
  for (const [username, disabled] of Object.entries(values)) {
    assert.equal(await canSignInAfterInsert(server, { username, disabled }), false, disabled)
  }
})

test('secrets that a database browser inserts cell by cell are not left in the file either', async (t) => {
  const server = await start(t)
  const names = Array.from({ length: 40 }, (_, index) => `typed-${index}`)
  for (const username of names) await insertUserRow(server, { username, hashed: '?', secret: setupKeyOf(username, 20) })
  // Each update writes the row anew; the old bytes stay in the gaps, and pages that overflow leave copies behind.
  const hashed = await hash('secret', 4)
  for (const username of names.toReversed()) {
    await runStatement(server, `update users set hashed_password = '${hashed}' where username = '${username}'`)
  }
  await runStatement(server, 'pragma wal_checkpoint(full)')
  const left = names.filter((username) => countIn(server, setupKeyOf(username, 20)) > 1)
  assert.ok(left.length > 0, 'nothing was left behind that could go')
  for (const username of left) {
    const secret = setupKeyOf(username, 20)
    await new Person(server, username, 'secret', new Authenticator(secret)).signsIn()
    assert.deepEqual(filesWith(server, secret), [], username)
  }
})

/** The number of occurrences of a text in the database file. */
function countIn(server: Server, text: string): number {
  return readFileSync(server.databaseUrl.slice('sqlite:'.length)).toString('latin1').split(text).length - 1
}

onEitherDatabase('an externally inserted username with capitals is found in lower case', async (t, dialect) => {
  const server = await start(t, { dialect })
  const secret = setupKeyOf('Grace', 20)
  await insertUserRow(server, { username: 'Grace', hashed: await hash('secret', 4), secret })
  const app = new Authenticator(secret)
  // The first sign-in finds the row by the name as inserted; it then gets the columns of a complete row.
  assert.equal(
    (await postToken(server, { username: 'Grace', password: `secret${app.code(server.clock.now())}` })).status,
    200,
  )
  server.clock.pass(seconds(30))
  assert.equal(
    (await postToken(server, { username: 'grace', password: `secret${app.code(server.clock.now())}` })).status,
    200,
  )
})

onEitherDatabase('an externally inserted row is admin only if its role says so', async (t, dialect) => {
  const server = await start(t, { dialect })
  const secret = setupKeyOf('plain', 20)
  await insertUserRow(server, { username: 'plain', role: 'user', hashed: await hash('secret', 4), secret })
  const person = await new Person(server, 'plain', 'secret', new Authenticator(secret)).signsIn()
  const refused = await person.asks('POST', '/users/', { username: 'other', password: 'whiterabbit' })
  assert.deepEqual([refused.status, refused.body['detail']], [403, 'User has insufficient permissions'])
})
