// Threat: an externally inserted row contains a plaintext TOTP secret that is not sealed yet. An attacker knows the password and
// no code, and tries to sign in before the owner.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

import { Secret } from '#foundation/kernel/secret.ts'
import { hours } from '#foundation/kernel/time.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { newDatabaseUrl, onEitherDatabase } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { peopled } from '../support/people/password-guesses.ts'
import { ask, firstAdmin, PASSWORD, Person, postToken, type Reply, startWithAdmin } from '../support/people/people.ts'
import { beginsEnrolment } from '../support/people/second-factors.ts'
import { invitationIn, itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { type Server, start } from '../support/server/start.ts'

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

async function type(server: Server, username: string, secret: string | null): Promise<void> {
  const hash = await server.doorward.hasher.hash(Secret.of(PASSWORD))
  const values = sql`${username}, ${hash}, ${secret}`
  await sql`insert into users (username, hashed_password, otp_secret) values (${values})`.execute(server.doorward.db)
}

async function stageOf(server: Server, username: string): Promise<unknown> {
  return (await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } })).body['stage']
}

onEitherDatabase('of many first sign-ins at once none gets past the code', async (t, dialect) => {
  const server = await start(t, { dialect })
  await type(server, 'ada', SECRET)
  const stages = await Promise.all(Array.from({ length: 4 }, () => stageOf(server, 'ada')))
  assert.deepEqual([...new Set(stages)], ['second-factor'])
})

leaveToTestAll()

onEitherDatabase(
  'a secret that cannot be read is not replaced by a client that has only the password',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    await type(server, 'eve', 'n0t base 1')
    assert.equal(await stageOf(server, 'eve'), 'second-factor')
    assert.equal(await stageOf(server, 'eve'), 'second-factor')
  },
)

onEitherDatabase(
  'an enrolment that began before a secret was inserted externally is not finished',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    await type(server, 'dan', null)
    const { body } = await ask(server, 'POST', '/attempts', { payload: { username: 'dan', password: PASSWORD } })
    assert.equal(body['stage'], 'enrolment')
    await assertEndedBySecret(server, 'dan', body['attempt'])
  },
)

onEitherDatabase(
  'an invitation that was followed before a secret was inserted externally is not finished',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const token = invitationIn(await root.asks('POST', '/users', { username: 'eve', password: PASSWORD }))
    const payload = { token, password: 'four rather calm words' }
    const { body } = await ask(server, 'POST', '/invitations/accept', { payload })
    await assertEndedBySecret(server, 'eve', body['attempt'])
    // The password is the earlier one, and the app the externally inserted one.
    await new Person(server, 'eve', PASSWORD, new Authenticator(SECRET)).signsIn()
  },
)

/** Inserts a secret while an enrolment is under way; asserts that the enrolment cannot be confirmed. */
async function assertEndedBySecret(server: Server, username: string, attempt: unknown): Promise<void> {
  const payload = await beginsEnrolment(server, attempt)
  await sql`update users set otp_secret = ${SECRET} where username = ${username}`.execute(server.doorward.db)
  assert.equal(await stageOf(server, username), 'second-factor')
  const confirmed = await ask(server, 'POST', '/attempts/totp/confirm', { payload })
  assert.equal(confirmed.body['code'], 'attempt.ended')
}

/** Values that SQLite stores although they are not of the column's type. */
const ODD_VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a TOTP secret in bytes': { otp_secret: `x'4A42535759334450'` },
  'a hash in bytes': { hashed_password: `x'24326224313224'` },
  'an invalid hash': { hashed_password: `'secret'`, otp_secret: 'null' },
  'names in bytes': { username: `x'6F6464'`, email: `x'6F6464'`, full_name: `x'00FF'` },
  'a role in bytes': { role: `x'61646D696E'` },
  'a moment that no clock shows': { created_at: '9223372036854775807', second_factor_at: '-9223372036854775807' },
  'words as moments': { created_at: `'yesterday'`, invited_at: `x'00'`, password_changed_at: '1.5e300' },
  'a huge epoch and revision': { credential_epoch: '9223372036854775807', revision: '9007199254740993' },
}
const FIRST_ODD_ID = 2

/** Inserts a row while the server runs, on a connection of another program. */
function insertRow({ databaseUrl }: Pick<Server, 'databaseUrl'>, row: Readonly<Record<string, string>>): void {
  using db = new DatabaseSync(databaseUrl.slice('sqlite:'.length), { timeout: 5000 })
  db.exec(`insert into users (${Object.keys(row).join(', ')}) values (${Object.values(row).join(', ')})`)
}

test('an externally inserted value of any type grants no access, locks no user out and is reported', async (t) => {
  const installation = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const clock = new TestClock()
  let root: Person | undefined
  await t.test('while the server runs', async (inner) => {
    const server = await start(inner, { ...installation, clock })
    root = await firstAdmin(server)
    const hash = await server.doorward.hasher.hash(Secret.of(PASSWORD))
    for (const [index, inserted] of Object.values(ODD_VALUES).entries()) {
      const row = { username: `'odd-${index}'`, hashed_password: `'${hash}'`, otp_secret: `'${SECRET}'` }
      insertRow(installation, { ...row, ...inserted })
    }
    await nothingBreaks(root)
  })
  await t.test('at the next start', async (inner) => {
    assert.ok(root)
    clock.pass(hours(2))
    const server = await start(inner, { ...installation, clock })
    await nothingBreaks(new Person(server, root.username, root.password, root.authenticator))
  })
})

async function nothingBreaks(root: Person): Promise<void> {
  const { server } = root
  await root.signsIn()
  for (const [index, [what, inserted]] of Object.entries(ODD_VALUES).entries()) {
    for (const reply of await triesToComeIn(server, `odd-${index}`)) {
      assert.ok(reply.status === 200 || reply.status === 401, `${what}: ${reply.raw.body}`)
      const token = reply.body['access_token']
      if (typeof token === 'string') assert.equal(await mayListUsers(server, token), false, what)
    }
    const id = FIRST_ODD_ID + index
    assert.equal((await root.asks('GET', `/users/${id}`)).status, 200, what)
    const { findings } = (await root.asks('GET', '/checkup')).body as { findings: Record<string, unknown>[] }
    const found = findings.find(({ code, user_id: about }) => code === 'value-unreadable' && about === id)
    const columns = Object.keys(inserted).filter((column) => inserted[column] !== 'null')
    const sentence = `The value in ${columns.join(', ')} can’t be read and is ignored.`
    assert.equal(found?.['sentence'], sentence, what)
  }
  for (const url of ['/users', '/users?sort=created_at', '/users?sort=-last_sign_in_at', '/overview']) {
    assert.equal((await root.asks('GET', url)).status, 200, url)
  }
}

async function triesToComeIn(server: Server, username: string): Promise<Reply[]> {
  const code = new Authenticator(SECRET).code(server.clock.now())
  return [
    await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } }),
    await postToken(server, { username, password: PASSWORD + code }),
  ]
}

async function mayListUsers(server: Server, token: string): Promise<boolean> {
  const { status } = await ask(server, 'GET', '/users', { headers: { authorization: `Bearer ${token}` } })
  assert.ok([200, 401, 403].includes(status))
  return status === 200
}

test('a huge number in the disabled column disables, as any number but zero', async (t) => {
  const { server, root } = await startWithAdmin(t)
  insertRow(server, { username: `'off'`, otp_secret: `'${SECRET}'`, disabled: '9007199254740993' })
  assert.equal((await root.asks('GET', '/users/2')).body['disabled'], true)
})

test('an external change to the row of a signed-in user makes no request fail', async (t) => {
  const { ada } = await peopled(t)
  for (const [what, inserted] of Object.entries(ODD_VALUES)) {
    if (!('credential_epoch' in inserted)) await readsOwnAccount(await ada.signsIn(), inserted, what)
  }
})

async function readsOwnAccount(ada: Person, inserted: Readonly<Record<string, string>>, what: string): Promise<void> {
  const { server } = ada
  using db = new DatabaseSync(server.databaseUrl.slice('sqlite:'.length), { timeout: 5000 })
  const kept = db.prepare(`select * from users where username = 'ada'`).get() ?? assert.fail('no row')
  const change = (text: string, ...values: SQLInputValue[]) => db.prepare(text).run(...values, kept['subject'] ?? null)
  const columns = Object.keys(inserted)
  try {
    change(`update users set ${columns.map((name) => `${name} = ${inserted[name]}`).join(', ')} where subject = ?`)
    for (const path of ['/users/me', '/session', '/users/me/sessions', '/users/me/factors']) {
      const { status, raw } = await ada.asks('GET', path)
      assert.equal(status, 200, `${what}, ${path}: ${raw.body}`)
    }
  } finally {
    const old = columns.map((name) => kept[name] ?? null)
    change(`update users set ${columns.map((name) => `${name} = ?`).join(', ')} where subject = ?`, ...old)
  }
}

test('a user with an id beyond the range of PostgreSQL is found, disabled and listed, and so are those after them', async (t) => {
  const { server, root } = await startWithAdmin(t)
  for (const id of ['3000000001', '0', '-7']) insertRow(server, { id, username: `'inserted ${id}'` })
  const created = await root.asks('POST', '/users', { username: 'after' })
  assert.equal(created.body['id'], 3_000_000_002)
  for (const id of [3_000_000_002, 3_000_000_001, 0, -7]) {
    assert.equal((await root.asks('GET', `/users/${id}`)).status, 200)
    assert.equal((await root.asks('POST', `/users/${id}/disable`)).body['disabled'], true)
  }
  for (const sort of ['username', '-username', 'email', 'created_at']) {
    const listed = (await idsOneByOne(root, sort)).toSorted((one, other) => one - other)
    assert.deepEqual(listed, [-7, 0, 1, 3_000_000_001, 3_000_000_002], sort)
  }
})

async function idsOneByOne(root: Person, sort: string): Promise<number[]> {
  const ids: number[] = []
  let cursor: unknown = null
  do {
    const from = typeof cursor === 'string' ? `&cursor=${cursor}` : ''
    const { body, raw } = await root.asks('GET', `/users?limit=1&sort=${sort}${from}`)
    ids.push(...((body['items'] as { id: number }[] | undefined) ?? assert.fail(raw.body)).map(({ id }) => id))
    cursor = body['next_cursor']
  } while (cursor !== null)
  return ids
}

test('an externally inserted id beyond the safe integer range is refused by a constraint whose name says why', async (t) => {
  const server = await start(t)
  for (const id of ['9007199254740992', '-9007199254740992', '9223372036854775807']) {
    assert.throws(() => insertRow(server, { id, username: `'far'` }), /id_at_most_9007199254740991/)
  }
  const root = await (await firstAdmin(server)).signsIn()
  assert.equal((await root.asks('GET', '/users/1')).status, 200)
})

onEitherDatabase('a timestamp out of range in one row does not stop the others from being read', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  await type(server, 'far', SECRET)
  await sql`update users set created_at = 9223372036854775807 where username = 'far'`.execute(server.doorward.db)
  const names = itemsOf(await root.asks('GET', '/users?sort=created_at')).map((user) => user['username'])
  assert.deepEqual(names, ['root', 'far'])
})
