// The in-place upgrade of a legacy database: every user is kept, and no secret stays readable.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'

import { listEvents } from '#domain/audit/audit.service.ts'
import { openApplication } from '#entry/boot.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import { MIGRATIONS } from '#foundation/platform/database/migrations/list.ts'
import { isVacuumPending, markVacuumPending, secureVacuum } from '#foundation/platform/database/secure-vacuum.ts'
import { runInTransaction } from '#foundation/platform/database/transaction.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { CHEAP_HASH } from '../../clients/test/src/server-process.ts'
import { openFor } from '../support/databases/each-database.ts'
import {
  COLLIDING_USERS,
  LEGACY_USERS,
  legacyDatabase,
  legacyRows,
  type LegacyUser,
} from '../support/databases/legacy-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { Person, postToken } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

/** The bcrypt cost of the legacy app; other tests use less. */
const LEGACY_COST = 12
const LATEST = MIGRATIONS.at(-1)?.version ?? 0

function upgrade(t: TestContext, path: string, dataDir?: string): Promise<Server> {
  return start(t, { databaseUrl: `sqlite:${path}`, ...(dataDir !== undefined && { dataDir }) })
}

function personOf(server: Server, { username, password, secret }: LegacyUser): Person {
  return new Person(server, username, password, new Authenticator(secret))
}

function legacyUser(username: string, users: readonly LegacyUser[] = LEGACY_USERS): LegacyUser {
  const found = users.find((one) => one.username === username)
  if (found === undefined) throw new Error(`no user in the file is called ${username}`)
  return found
}

/** The users whom the legacy app would let in and who have a name. */
const CAN_SIGN_IN = LEGACY_USERS.filter(({ username, disabled }) => username !== '' && !disabled)

test('every user signs in with the password and the app they have, and keeps their id and record', async (t) => {
  const path = await legacyDatabase(t)
  const server = await upgrade(t, path)
  for (const user of CAN_SIGN_IN) {
    const person = await personOf(server, user).signsIn()
    const { body } = await person.asks('GET', '/users/me/')
    const { username, email, full_name, id, disabled, role } = body
    const wanted = {
      username: user.username,
      email: user.email,
      full_name: user.fullName,
      id: user.id,
      disabled: false,
      role: user.role,
    }
    assert.deepEqual({ username, email, full_name, id, disabled, role }, wanted)
  }
})

leaveToTestAll()

test('a hash as costly as the legacy app made them is accepted and replaced', async (t) => {
  const john = legacyUser('johndoe')
  const path = await legacyDatabase(t, { users: [john], cost: LEGACY_COST })
  assert.match(String(legacyRows(path)[0]?.hashed_password), /^\$2b\$12\$/)
  const server = await upgrade(t, path)
  await personOf(server, john).signsIn()
  assert.match(String(legacyRows(path)[0]?.hashed_password), /^\$argon2id\$/)
})

test('bcrypt becomes argon2id at the first sign-in, except for a password of which bcrypt saw only the beginning', async (t) => {
  const path = await legacyDatabase(t)
  const server = await upgrade(t, path)
  const asked: string[] = []
  const people = CAN_SIGN_IN.map((user) => ({ user, person: personOf(server, user) }))
  for (const { user, person } of people) {
    await person.signsIn()
    const { body } = await person.asks('GET', '/users/me')
    if (body['password_change_asked'] === true) asked.push(user.username)
  }
  assert.deepEqual(asked, ['longpw'])
  assert.deepEqual(await targetsOf(server, 'password.change_asked'), ['longpw'])
  const schemes = legacyRows(path).map(({ username, hashed_password: hashed }) => [username, schemeOf(String(hashed))])
  const bcrypt = schemes.filter(([, scheme]) => scheme === '2b').map(([username]) => username)
  assert.deepEqual(bcrypt, ['dave', '', 'longpw'])
  assert.deepEqual(new Set(schemes.map(([, scheme]) => scheme)), new Set(['argon2id', '2b']))
  assert.deepEqual(
    new Set(await targetsOf(server, 'password.upgraded')),
    new Set(people.map(({ user }) => user.username).filter((username) => username !== 'longpw')),
  )
  // The new hash is of the same password, and the user who was asked for a new one is not asked again.
  for (const { person } of people) await person.signsIn()
  assert.deepEqual(await targetsOf(server, 'password.change_asked'), ['longpw'])
})

/** The targets of the events of one action, oldest first. */
async function targetsOf({ doorward }: Server, action: string): Promise<string[]> {
  const rows = await doorward.db
    .selectFrom('audit_event')
    .innerJoin('users', 'users.subject', 'audit_event.target')
    .select('users.username')
    .where('audit_event.action', '=', action)
    .orderBy('audit_event.at')
    .execute()
  return rows.map(({ username }) => username ?? '')
}

function schemeOf(hash: string): string {
  return hash.split('$')[1] ?? ''
}

test('a disabled user stays refused, with the same answer as others', async (t) => {
  const server = await upgrade(t, await legacyDatabase(t))
  const { username, password, secret } = legacyUser('dave')
  const code = new Authenticator(secret).code(server.clock.now())
  const refused = await postToken(server, { username, password: password + code })
  assert.equal(refused.status, 401)
  assert.equal(refused.body['detail'], 'Incorrect username or password')
})

test('a row without a username is kept and cannot sign in', async (t) => {
  const path = await legacyDatabase(t)
  const server = await upgrade(t, path)
  const { password, secret } = legacyUser('')
  const code = new Authenticator(secret).code(server.clock.now())
  const refused = await postToken(server, { username: '', password: password + code })
  assert.deepEqual([refused.status, refused.body['detail']], [401, 'Incorrect username or password'])
  assert.equal(legacyRows(path).filter(({ username }) => username === '').length, 1)
})

test('all legacy rows are kept as they are, and their anomalies are reported to admins', async (t) => {
  const path = await legacyDatabase(t)
  const before = legacyRows(path)
  const server = await upgrade(t, path)
  assert.deepEqual(
    legacyRows(path),
    before.map((row) => ({ ...row, otp_secret: null })),
  )
  const { upgradedLegacy, sealed, scrubbed } = server.doorward.report
  assert.deepEqual([upgradedLegacy, sealed, scrubbed], [true, LEGACY_USERS.length, true])
  const { items } = await listEvents(server.operator(), { action: 'database.upgraded', limit: 9 })
  assert.deepEqual(
    items.map(({ details }) => [details?.['users'], details?.['sealed'], details?.['door']]),
    [[LEGACY_USERS.length, LEGACY_USERS.length, 'cli']],
  )
  const odd = await findingsFor(personOf(server, legacyUser('johndoe')))
  assert.deepEqual(odd, [
    ['email-malformed', 7],
    ['username-empty', 9],
  ])
})

/** The check-up's findings about single users, read by an admin who signs in. */
async function findingsFor(admin: Person): Promise<[string, number][]> {
  await admin.signsIn()
  const checkup = await admin.asks('GET', '/checkup')
  assert.equal(checkup.status, 200, checkup.raw.body)
  const findings = checkup.body['findings'] as { code: string; user_id: number | null }[]
  return findings
    .flatMap(({ code, user_id: id }): [string, number][] => (id === null ? [] : [[code, id]]))
    .toSorted(([, a], [, b]) => a - b)
}

test('two users whose names differ only in case sign in by the exact spelling', async (t) => {
  const server = await upgrade(t, await legacyDatabase(t, { users: COLLIDING_USERS }))
  const people = COLLIDING_USERS.map((user) => personOf(server, user))
  for (const [index, person] of people.entries()) {
    await person.signsIn()
    assert.equal((await person.asks('GET', '/users/me')).body['id'], COLLIDING_USERS[index]?.id)
  }
  const [admin] = people
  assert.ok(admin)
  const odd = await findingsFor(admin)
  assert.deepEqual(odd.map(([code]) => code).toSorted(), ['email-collides', 'username-collides'])
  assert.deepEqual(new Set(odd.map(([, id]) => id)), new Set([2]))
})

test('the original file is kept as a copy, readable by its owner only', async (t) => {
  const path = await legacyDatabase(t)
  const before = legacyRows(path)
  const server = await upgrade(t, path)
  const { copiedTo, notes } = server.doorward.report
  assert.equal(copiedTo, `${path}.before-doorward`)
  assert.equal(statSync(copiedTo).mode & 0o777, 0o600)
  assert.deepEqual(legacyRows(copiedTo), before)
  assert.ok(
    notes.some((note) => note.includes(copiedTo)),
    'the copy is not announced to the operator',
  )
})

test('no TOTP secret is readable in any byte of the database after the upgrade', async (t) => {
  const path = await legacyDatabase(t)
  assert.deepEqual(secretsIn(path).length, LEGACY_USERS.length)
  const server = await upgrade(t, path)
  const files = databaseFiles(path)
  assert.ok(files.includes('twofactor_app.db-wal'), 'the write-ahead log is not there to be read')
  assert.deepEqual(
    files.flatMap((name) => secretsIn(join(dirname(path), name))),
    [],
  )
  for (const user of CAN_SIGN_IN) await personOf(server, user).signsIn()
  assert.deepEqual(
    databaseFiles(path).flatMap((name) => secretsIn(join(dirname(path), name))),
    [],
  )
  assert.deepEqual(
    LEGACY_USERS.filter(({ secret }) => server.logText().includes(secret)),
    [],
  )
})

/** The database, its write-ahead log and the log's index; without the copy, which contains the secrets as announced. */
function databaseFiles(path: string): string[] {
  return readdirSync(dirname(path)).filter((name) => !name.includes('before-doorward'))
}

function secretsIn(file: string): string[] {
  const bytes = readFileSync(file)
  return LEGACY_USERS.map(({ secret }) => secret).filter((secret) => bytes.includes(secret))
}

/** A value that the legacy app deleted, whose bytes are left in the gaps of its file. */
const DELETED = 'DELETEDSECRETOFNOBODY'

async function databaseWithGaps(t: TestContext): Promise<string> {
  const path = await legacyDatabase(t)
  const db = new DatabaseSync(path)
  db.exec('pragma secure_delete = off; create table old (a)')
  // Many more pages than the new tables take of those that become free.
  for (let page = 0; page < 500; page++) db.prepare('insert into old values (?)').run(DELETED.repeat(200))
  db.exec('drop table old')
  db.close()
  return path
}

/** Opens the file as `serve` does, or as a command does, and closes it; returns the statements. */
function starter(path: string, dataDir: string) {
  const flags = { ...CHEAP_HASH, data_dir: dataDir, database_url: `sqlite:${path}`, log_level: 'silent' }
  const { config } = loadConfig({ flags, env: {} })
  return async (atVacuum: () => void = () => undefined, createDatabase = true, largestScrub = Infinity) => {
    const heard: string[] = []
    const onStatement = (text: string): void => {
      heard.push(text)
      if (text === 'vacuum') atVacuum()
    }
    const doorward = await openApplication(config, { createDatabase, onStatement, largestScrub })
    await doorward.close()
    const { sealed, scrubbed } = doorward.report
    return { sealed, scrubbed, rewrites: heard.filter((text) => text === 'vacuum').length }
  }
}

test('a file whose secrets were sealed and that could not be rewritten at once is rewritten at a later start', async (t) => {
  const path = await databaseWithGaps(t)
  const starts = starter(path, await temporaryFolder(t))
  const isLeft = (): boolean =>
    databaseFiles(path).some((name) => readFileSync(join(dirname(path), name)).includes(DELETED))
  await assert.rejects(
    starts(() => {
      throw new Error('power cut')
    }),
    /power cut/,
  )
  assert.ok(isLeft())
  const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })
  const onFullDisk = await starts(() => {
    throw full
  })
  assert.deepEqual([onFullDisk, isLeft()], [{ sealed: 0, scrubbed: false, rewrites: 1 }, true])
  const beside = await starts(undefined, false)
  assert.deepEqual([beside, isLeft()], [{ sealed: 0, scrubbed: false, rewrites: 0 }, true])
  const tooLarge = await starts(undefined, true, 1000)
  assert.deepEqual([tooLarge, isLeft()], [{ sealed: 0, scrubbed: false, rewrites: 0 }, true])
  assert.deepEqual([await starts(), isLeft()], [{ sealed: 0, scrubbed: true, rewrites: 1 }, false])
  assert.deepEqual(await starts(), { sealed: 0, scrubbed: true, rewrites: 0 })
})

test('a secret inserted while a file is rewritten leaves the next rewriting pending', async (t) => {
  const db = await openFor(t, `sqlite:${await legacyDatabase(t)}`)
  const owe = (): Promise<void> => runInTransaction(db, markVacuumPending)
  await owe()
  const scrubbing = secureVacuum(db)
  await owe()
  assert.equal(await scrubbing, true)
  assert.equal(await isVacuumPending(db), true)
  assert.equal(await secureVacuum(db), true)
  assert.equal(await isVacuumPending(db), false)
})

test('a second start changes nothing', async (t) => {
  const path = await legacyDatabase(t)
  const dataDir = await temporaryFolder(t)
  await t.test('the first one', async (inner) => {
    await personOf(await upgrade(inner, path, dataDir), legacyUser('alice')).signsIn()
  })
  const after = contentOf(path)
  await t.test('the second one', async (inner) => {
    const { report } = (await upgrade(inner, path, dataDir)).doorward
    assert.deepEqual(
      [report.upgradedLegacy, report.created, report.sealed, report.from, report.to],
      [false, false, 0, LATEST, LATEST],
    )
    assert.deepEqual(contentOf(path), after)
  })
  assert.deepEqual(contentOf(path), after)
  assert.equal(readdirSync(dirname(path)).filter((name) => name.includes('before-doorward')).length, 1)
})

/** Every row of every table, and the statements that created the tables. */
function contentOf(path: string): Record<string, unknown> {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const made = db.prepare('select name, type, sql from sqlite_master order by name').all()
    const tables = made.filter(({ type }) => type === 'table').map(({ name }) => String(name))
    const rows = tables.map((table) => [table, db.prepare(`select * from "${table}"`).all()] as const)
    return { made, ...Object.fromEntries(rows) }
  } finally {
    db.close()
  }
}

test('the id of a deleted user is never given to another', async (t) => {
  const path = await legacyDatabase(t)
  const server = await upgrade(t, path)
  const john = await personOf(server, legacyUser('johndoe')).signsIn()
  assert.equal((await john.asks('DELETE', '/users/11')).status, 204)
  const created = await john.asks('POST', '/users/', { username: 'successor', password: 'whiterabbit' })
  assert.deepEqual([created.status, created.body['id']], [200, 12])
})

test('a users table that the legacy app did not make is refused, and the file keeps every byte', async (t) => {
  const changes = {
    'a ninth column': 'alter table users add column phone varchar',
    'a column less': 'alter table users drop column role',
    'a table that refers to it': 'create table notes (id integer primary key, owner integer references users (id))',
  }
  for (const [what, change] of Object.entries(changes)) {
    const path = await legacyDatabase(t)
    const db = new DatabaseSync(path)
    db.exec(change)
    db.close()
    const before = readFileSync(path)
    await assert.rejects(upgrade(t, path), /nothing was changed/i, what)
    assert.deepEqual(readFileSync(path), before, what)
    assert.deepEqual(readdirSync(dirname(path)), ['twofactor_app.db'], what)
  }
})

test('a keyring that does not fit leaves the file as it was', async (t) => {
  const path = await legacyDatabase(t)
  const before = readFileSync(path)
  const dataDir = await temporaryFolder(t)
  writeFileSync(join(dataDir, 'keyring.json'), '{"keys": []}')
  await assert.rejects(upgrade(t, path, dataDir), { name: 'KeyringError' })
  assert.deepEqual(readFileSync(path), before)
  assert.deepEqual(readdirSync(dirname(path)), ['twofactor_app.db'])
})
