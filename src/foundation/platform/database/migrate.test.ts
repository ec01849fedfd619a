import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'

import { newDatabase, newDatabaseUrl, onEachDatabase, openFor } from '#test/support/databases/each-database.ts'
import { newPostgresDatabase, temporaryFolder } from '#test/support/databases/temporary.ts'
import { VERSION } from '../project.ts'
import { columnsOf } from './database-facts.ts'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS, versionMadeBy } from './migrations/list.ts'
import type { Migration } from './migrations/migration.ts'
import { SchemaError, schemaStatus } from './schema-status.ts'

const TABLES = [
  'api_token',
  'attempt',
  'audit_event',
  'clock_jump',
  'consumed_totp_step',
  'job',
  'keyring_key',
  'link',
  'named_lock',
  'passkey',
  'passkey_challenge',
  'client',
  'client_secret',
  'client_attribute',
  'client_icon',
  'resource',
  'protected_host',
  'host_session',
  'host_code',
  'openid_setting',
  'client_consent',
  'client_session',
  'client_grant',
  'client_token',
  'signing_key',
  'recovery_code',
  'schema_version',
  'session',
  'throttle_bucket',
  'totp_factor',
  'user_search',
  'users',
] as const

/** The schema version of this program. */
const LATEST = MIGRATIONS.at(-1)?.version ?? 0

const next: Migration = {
  version: LATEST + 1,
  name: 'a later one',
  oldestProgram: 1,
  up: async (trx) => {
    await trx.schema.alterTable('users').addColumn('nickname', 'text').execute()
    return ['a remark']
  },
}

onEachDatabase('an empty database gets every table, once', async (t, dialect) => {
  const db = await openFor(t, await newDatabaseUrl(t, dialect))
  assert.equal((await schemaStatus(db)).state, 'empty')
  const first = await migrate(db, { now: 1000 })
  assert.deepEqual(first, { created: true, upgradedLegacy: false, from: 0, to: LATEST, notes: [] })
  for (const table of TABLES)
    assert.deepEqual(sorted(await db.selectFrom(table).selectAll().execute()), await rowsExpectedIn(db, table), table)
  const second = await migrate(db, { now: 2000 })
  assert.deepEqual(second, { created: false, upgradedLegacy: false, from: LATEST, to: LATEST, notes: [] })
  assert.equal((await db.selectFrom('schema_version').select('changed_at').executeTakeFirst())?.changed_at, 1000)
  assert.deepEqual(await schemaStatus(db), { state: 'current', version: LATEST, wanted: LATEST })
})

/** PostgreSQL returns rows in any order. */
function sorted(rows: object[]): object[] {
  return rows.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)))
}

async function rowsExpectedIn(db: Database, table: string): Promise<object[]> {
  if (table === 'named_lock')
    return [
      'admins',
      'endings',
      'external-rows',
      'migration',
      'policies',
      'seal',
      'set-up',
      'signing-keys',
      'user-counts',
    ].map((name) => ({
      name,
    }))
  if (table === 'openid_setting') return [{ id: 1, agents: 0, allowed_documents: '[]', revision: 1 }]
  return table === 'schema_version'
    ? db.selectFrom('schema_version').selectAll().where('version', '=', LATEST).execute()
    : []
}

onEachDatabase(
  'an externally inserted row with the eight columns gets a subject, an epoch and a revision',
  async (t, dialect) => {
    const { db } = await newDatabase(t, dialect)
    const disabled = dialect === 'sqlite' ? 'false' : "'false'"
    for (const name of ['ada', 'bob']) {
      await sql`insert into users (email, username, full_name, hashed_password, otp_secret, disabled, role)
      values (null, ${name}, null, 'h', 's', ${sql.raw(disabled)}, 'admin')`.execute(db)
    }
    await sql`insert into users (username) values ('cy')`.execute(db)
    const rows = await db.selectFrom('users').selectAll().orderBy('id').execute()
    for (const row of rows) assert.match(row.subject, /^[0-9a-f]{32}$/)
    assert.equal(new Set(rows.map(({ subject }) => subject)).size, 3)
    assert.deepEqual(
      rows.map((row) => [row.id, row.credential_epoch, row.revision, row.role, row.username_key]),
      [
        [1, 0, 0, 'admin', null],
        [2, 0, 0, 'admin', null],
        [3, 0, 0, 'user', null],
      ],
    )
  },
)

onEachDatabase('usernames are sorted byte by byte', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  for (const username of ['b', 'B', 'ä', 'a-b', 'ab', 'z'])
    await db.insertInto('users').values({ username, disabled: 0 }).execute()
  const rows = await db.selectFrom('users').select('username').orderBy('username').execute()
  const sorted = rows.map(({ username }) => username)
  assert.deepEqual(sorted, ['B', 'a-b', 'ab', 'b', 'z', 'ä'])
})

test('every text column on PostgreSQL is compared byte by byte, independent of the locale of the server', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  const { rows } = await sql<{ column: string }>`
    select table_name || '.' || column_name as column from information_schema.columns
    where table_schema = 'public' and data_type = 'text' and collation_name is distinct from 'C'`.execute(db)
  // Trigrams depend on the locale of the server, and no list is sorted by these words.
  assert.deepEqual(rows, [{ column: 'user_search.words' }])
})

onEachDatabase('the deletion of a user deletes sessions, factors and links, and no attempts', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await sql`insert into users (username, subject) values ('ada', 's')`.execute(db)
  await sql`insert into session
    (id, subject, token_hash, epoch, transport, methods, address, started_at, last_seen_at, authenticated_at)
    values ('a', 's', 'h', 0, 'cookie', '', '', 1, 1, 1)`.execute(db)
  await sql`insert into link (id, subject, token_hash, epoch, purpose, created_at, expires_at)
    values ('a', 's', 'h', 0, 'invitation', 1, 2)`.execute(db)
  await sql`insert into attempt (id, subject, token_hash, epoch, purpose, stage, methods, created_at, expires_at)
    values ('a', 's', 'h', 0, 'sign-in', 'enrolment', '', 1, 2)`.execute(db)
  await sql`insert into totp_factor (id, subject, name, sealed_secret, algorithm, digits, period, created_at)
    values ('a', 's', 'n', 's', 'SHA1', 6, 30, 1)`.execute(db)
  await db.deleteFrom('users').execute()
  const left = []
  for (const table of ['session', 'link', 'attempt', 'totp_factor'] as const)
    left.push((await db.selectFrom(table).select('id').execute()).length)
  assert.deepEqual(left, [0, 0, 1, 0])
})

onEachDatabase('the id of a deleted user is not reused', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  const insert = () =>
    db.insertInto('users').values({ username: 'ada', disabled: 0 }).returning('id').executeTakeFirstOrThrow()
  const { id } = await insert()
  await db.deleteFrom('users').execute()
  assert.ok((await insert()).id > id)
})

onEachDatabase('only pending migrations run, and their remarks are reported', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  const report = await migrate(db, { now: 5, migrations: [...MIGRATIONS, next] })
  assert.deepEqual(report, { created: false, upgradedLegacy: false, from: LATEST, to: LATEST + 1, notes: ['a remark'] })
  assert.ok((await columnsOf(db, 'users')).includes('nickname'))
  assert.deepEqual(await schemaStatus(db), { state: 'ahead', version: LATEST + 1, wanted: LATEST })
  assert.equal((await migrate(db, { now: 6 })).to, LATEST + 1)
})

onEachDatabase('a database of the first version keeps its users, sessions and events', async (t, dialect) => {
  const db = await openFor(t, await newDatabaseUrl(t, dialect))
  await migrate(db, { now: 1, migrations: MIGRATIONS.slice(0, 1) })
  await sql`insert into users (username, subject, second_factor_at) values ('ada', 's1', 1)`.execute(db)
  await sql`insert into session (id, token_hash, subject, epoch, carrier, methods, address, started_at, last_seen_at, proven_at)
    values ('1', 'h', 's1', 0, 'bearer', 'password totp', '192.0.2.1', 1, 1, 1)`.execute(db)
  await sql`insert into audit_event (id, at, action, result, details_digest, details, key_id, mac)
    values ('1', 1, 'sign_in.succeeded', 'done', 'd', ${JSON.stringify({ address: '192.0.2.1', salt: 's' })}, 'k', 'm')`.execute(
    db,
  )
  assert.deepEqual([(await migrate(db, { now: 2 })).from, (await schemaStatus(db)).state], [1, 'current'])
  const [user, session, event] = await Promise.all([
    db.selectFrom('users').select(['second_factor_at', 'passkey_at']).executeTakeFirst(),
    db.selectFrom('session').select(['methods', 'authentication_methods']).executeTakeFirst(),
    db.selectFrom('audit_event').select('address_key').executeTakeFirst(),
  ])
  assert.deepEqual(user, { second_factor_at: 1, passkey_at: null })
  assert.deepEqual(session, { methods: 'password totp', authentication_methods: null })
  assert.deepEqual(event, { address_key: '4c0000201' })
})

onEachDatabase('roles and API tokens with users:read keep what it opened before server:read', async (t, dialect) => {
  const db = await openFor(t, await newDatabaseUrl(t, dialect))
  const before = MIGRATIONS.slice(
    0,
    MIGRATIONS.findIndex(({ name }) => name === 'help'),
  )
  await migrate(db, { now: 1, migrations: before })
  for (const permissions of ['users:read audit:read', 'audit:read', 'users:write', '', 'users:read'])
    await sql`insert into role (name, description, permissions, revision, created_at, is_configured)
      values (${`role-${permissions}`}, '', ${permissions}, 1, 1, 0)`.execute(db)
  await sql`insert into users (username, subject) values ('ada', 's1')`.execute(db)
  for (const scopes of ['self:read users:read', 'self:read'])
    await sql`insert into api_token (id, token_hash, subject, name, scopes, created_at, expires_at)
      values (${scopes}, ${scopes}, 's1', 'Script', ${scopes}, 1, 2)`.execute(db)
  await migrate(db, { now: 2 })
  const roles = await db.selectFrom('role').select('permissions').orderBy('permissions').execute()
  assert.deepEqual(
    roles.map(({ permissions }) => permissions),
    ['', 'audit:read', 'users:read audit:read server:read', 'users:read server:read', 'users:write'],
  )
  const tokens = await db.selectFrom('api_token').select('scopes').orderBy('scopes').execute()
  assert.deepEqual(
    tokens.map(({ scopes }) => scopes),
    ['self:read', 'self:read users:read server:read'],
  )
})

onEachDatabase('exemptions that the help desk gave before are marked as given by it', async (t, dialect) => {
  const db = await openFor(t, await newDatabaseUrl(t, dialect))
  const before = MIGRATIONS.slice(
    0,
    MIGRATIONS.findIndex(({ name }) => name === 'exemptions by the help desk'),
  )
  await migrate(db, { now: 1, migrations: before })
  for (const subject of ['ada', 'bob', 'cy'])
    await sql`insert into users (username, subject) values (${subject}, ${subject})`.execute(db)
  for (const subject of ['ada', 'bob', 'cy'])
    await sql`insert into policy_exemption (policy_id, subject, reason, ends_at, created_at)
      values ('keys', ${subject}, 'On leave', 9, 5)`.execute(db)
  // The help desk exempted ada then, and bob at another time.
  await sql`insert into help_exemption (subject, exempted_at) values ('ada', 5), ('bob', 4)`.execute(db)
  await migrate(db, { now: 2 })
  const rows = await db.selectFrom('policy_exemption').select(['subject', 'by_help']).orderBy('subject').execute()
  assert.deepEqual(
    rows.map(({ subject, by_help: isMarked }) => `${subject} ${isMarked}`),
    ['ada 1', 'bob null', 'cy null'],
  )
})

onEachDatabase('the function `within` runs in the same transaction on every call', async (t, dialect) => {
  const db = await openFor(t, await newDatabaseUrl(t, dialect))
  const key = { id: 'k', purpose: 'seal', fingerprint: 'f', created_at: 1 }
  const failing = migrate(db, {
    now: 1,
    within: async (trx) => {
      await trx.insertInto('keyring_key').values(key).execute()
      throw new Error('no keyring')
    },
  })
  await assert.rejects(failing, /no keyring/)
  assert.equal((await schemaStatus(db)).state, 'empty')
  const births: object[] = []
  const within = async (_trx: Database, birth: object) => void births.push(birth)
  await migrate(db, { now: 1, within })
  await migrate(db, { now: 2, within })
  assert.deepEqual(births, [
    { created: true, upgradedLegacy: false },
    { created: false, upgradedLegacy: false },
  ])
})

onEachDatabase('a migration that fails changes nothing', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  const broken: Migration = {
    ...next,
    up: async (trx) => {
      await trx.schema.createTable('half').addColumn('a', 'integer').execute()
      throw new Error('broken')
    },
  }
  await assert.rejects(migrate(db, { now: 5, migrations: [...MIGRATIONS, broken] }), /broken/)
  assert.deepEqual(await columnsOf(db, 'half'), [])
  assert.deepEqual(await schemaStatus(db), { state: 'current', version: LATEST, wanted: LATEST })
})

onEachDatabase(
  'a database that needs a newer program is refused with the versions and that program',
  async (t, dialect) => {
    const { db } = await newDatabase(t, dialect)
    const later = { ...next, version: LATEST + 2, oldestProgram: LATEST + 1 }
    await migrate(db, { now: 5, migrations: [...MIGRATIONS, later] })
    await db.updateTable('schema_version').set({ changed_by: '9.8.7' }).execute()
    const refused = `schema version ${LATEST + 2}, made by Doorward 9.8.7, .* version ${LATEST + 1}\\. .* ${VERSION}, which knows ${LATEST}\\. Start Doorward 9.8.7 or newer`
    await assert.rejects(migrate(db, { now: 6 }), { name: 'SchemaError', message: new RegExp(refused) })
    assert.equal((await schemaStatus(db)).state, 'too-new')

    await db.updateTable('schema_version').set({ changed_by: null }).execute()
    await assert.rejects(migrate(db, { now: 6 }), { name: 'SchemaError', message: /Start a newer Doorward/ })
  },
)

onEachDatabase('the version of the program that made a schema is stored', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  const made = await db.selectFrom('schema_version').select('changed_by').executeTakeFirst()
  assert.deepEqual(made, { changed_by: VERSION })
})

onEachDatabase(
  'a program that knows an earlier version only is refused on the schema of all migrations',
  async (t, dialect) => {
    const { db } = await newDatabase(t, dialect)
    const { oldestProgram } = versionMadeBy(MIGRATIONS)
    const known = (version: number) => migrate(db, { now: 6, migrations: MIGRATIONS.slice(0, version) })
    await assert.rejects(known(oldestProgram - 1), { name: 'SchemaError' })
    await known(oldestProgram)
  },
)

onEachDatabase('a later migration with a lower requirement does not readmit older programs', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await migrate(db, { now: 5, migrations: [...MIGRATIONS, { ...next, oldestProgram: 1 }] })
  await assert.rejects(migrate(db, { now: 6, migrations: MIGRATIONS.slice(0, 1) }), { name: 'SchemaError' })
})

onEachDatabase(
  'a lower requirement in the version table of an earlier program is raised without a migration, with the program',
  async (t, dialect) => {
    const { db } = await newDatabase(t, dialect)
    await db.updateTable('schema_version').set({ oldest_program: 1 }).execute()
    await db.schema.alterTable('schema_version').dropColumn('changed_by').execute()
    await migrate(db, { now: 6 })
    const raised = await db.selectFrom('schema_version').selectAll().executeTakeFirst()
    const { version, oldestProgram: oldest_program } = versionMadeBy(MIGRATIONS)
    assert.deepEqual(raised, { id: 1, version, oldest_program, changed_at: 6, changed_by: VERSION })
    assert.ok(oldest_program >= 2)
  },
)

onEachDatabase('of concurrent migrations one creates the tables and the others wait', async (t, dialect) => {
  const url = await newDatabaseUrl(t, dialect)
  const all = [await openFor(t, url), await openFor(t, url), await openFor(t, url)]
  let runs = 0
  const within = async () => void (runs += 1)
  const reports = await Promise.all(all.map((db) => migrate(db, { now: 1, within })))
  assert.equal(reports.filter(({ created }) => created).length, 1)
  assert.equal(runs, 3)
})

test('a migration that waits for another one calls onLockWait', async (t) => {
  const { db, url } = await newDatabase(t, 'postgres')
  const other = await openFor(t, url)
  const begun = Promise.withResolvers<void>()
  const waiting = Promise.withResolvers<void>()
  const within = (): Promise<void> => {
    begun.resolve()
    return waiting.promise
  }
  const first = migrate(db, { now: 1, within })
  // Only the second migration waits, so it must not begin before the first has the lock.
  await begun.promise
  const second = migrate(other, { now: 2, onLockWait: () => waiting.resolve() })
  await Promise.all([first, second])
})

onEachDatabase('a foreign table `users` is refused with its name, found and wanted columns', async (t, dialect) => {
  const db = await openFor(t, await newDatabaseUrl(t, dialect))
  await sql`create table users (id integer primary key, login text, pw text)`.execute(db)
  const message = /id, login, pw.*id, email, username, full_name, hashed_password, otp_secret, disabled, role/s
  await assert.rejects(migrate(db, { now: 1 }), { name: 'SchemaError', message })
  assert.equal((await schemaStatus(db)).state, 'foreign')
  assert.deepEqual(await columnsOf(db, 'attempt'), [])
})

onEachDatabase('a foreign table with any other name of the schema is refused too', async (t, dialect) => {
  const db = await openFor(t, await newDatabaseUrl(t, dialect))
  await sql`create table session (id integer primary key, data text)`.execute(db)
  await assert.rejects(migrate(db, { now: 1 }), /are not Doorward’s \(session\)/)
  assert.deepEqual(await columnsOf(db, 'users'), [])
})

onEachDatabase('a foreign database is refused even if all its tables have other names', async (t, dialect) => {
  const db = await openFor(t, await newDatabaseUrl(t, dialect))
  for (const name of ['f', 'e', 'd', 'c', 'b', 'a']) {
    await sql`create table ${sql.table(name)} (id integer primary key)`.execute(db)
  }
  await assert.rejects(migrate(db, { now: 1 }), {
    name: 'SchemaError',
    message: /another program \(a, b, c, d, e and 1 more\) and none of Doorward’s.*Nothing was changed/,
  })
  assert.equal((await schemaStatus(db)).state, 'foreign')
  assert.deepEqual([await columnsOf(db, 'users'), await columnsOf(db, 'schema_version')], [[], []])
})

onEachDatabase('tables that another program adds later are ignored', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await sql`create table notes (id integer primary key)`.execute(db)
  assert.equal((await schemaStatus(db)).state, 'current')
  assert.equal((await migrate(db, { now: 1 })).to, LATEST)
})

test('the tables of SQLite itself and of Litestream do not count as another program’s', async (t) => {
  const db = await openFor(t, await newDatabaseUrl(t, 'sqlite'))
  await sql`create table notes (id integer primary key autoincrement)`.execute(db)
  await sql`insert into notes default values`.execute(db)
  await sql`drop table notes`.execute(db)
  await sql`create table _litestream_seq (id integer primary key, seq integer)`.execute(db)
  const { rows } = await sql`select name from sqlite_master order by name`.execute(db)
  assert.deepEqual(rows, [{ name: '_litestream_seq' }, { name: 'sqlite_sequence' }])
  assert.equal((await migrate(db, { now: 1 })).created, true)
})

test('another program’s schema in the same PostgreSQL, and the tables of an extension, do not count', async (t) => {
  const db = await openFor(t, await newPostgresDatabase(t))
  await sql`create schema shop create table orders (id integer) create table users (id integer)`.execute(db)
  await sql`create table of_extension (id integer)`.execute(db)
  await assert.rejects(migrate(db, { now: 1 }), /another program \(of_extension\)/)
  await sql`create extension pg_trgm`.execute(db)
  await sql`alter extension pg_trgm add table of_extension`.execute(db)
  assert.equal((await migrate(db, { now: 1 })).created, true)
})

test('where another program uses the default schema, a schema of its own contains all tables', async (t) => {
  const url = new URL(await newPostgresDatabase(t))
  const owner = await openFor(t, url.href)
  await sql`create table users (id integer primary key, login text)`.execute(owner)
  await sql`create schema doorward`.execute(owner)
  url.searchParams.set('options', '-c search_path=doorward')
  const db = await openFor(t, url.href)
  assert.deepEqual((await migrate(db, { now: 1 })).notes, [])
  assert.equal((await schemaStatus(db)).state, 'current')
  const { rows } = await sql<{ tables: number }>`
    select count(*)::int as tables from pg_tables where schemaname = 'public'`.execute(owner)
  assert.deepEqual(rows, [{ tables: 1 }])
})

test('no byte of another program’s SQLite file changes', async (t) => {
  const file = join(await temporaryFolder(t), 'shop.db')
  const shop = new DatabaseSync(file)
  shop.exec('create table users (id integer primary key, login text); insert into users (login) values (1), (2)')
  shop.close()
  const before = readFileSync(file)
  const db = await openFor(t, `sqlite:${file}`, { create: false })
  await assert.rejects(migrate(db, { now: 1 }), SchemaError)
  await db.destroy()
  assert.deepEqual(readFileSync(file), before)
})

test('the table of the legacy app on PostgreSQL counts as another program’s', async (t) => {
  const db = await openFor(t, await newPostgresDatabase(t))
  await sql`create table users (id serial primary key, email text, username text, full_name text, hashed_password text,
    otp_secret text, disabled boolean, role text)`.execute(db)
  await assert.rejects(migrate(db, { now: 1 }), SchemaError)
})

test('if PostgreSQL refuses the extension for searching, the tables are created and a remark is reported', async (t) => {
  const owner = await openFor(t, await newPostgresDatabase(t))
  const { url, role } = await limitedAccount(owner)
  const db = await openFor(t, url)
  const { notes } = await migrate(db, { now: 1 })
  assert.equal(notes.length, 1)
  assert.match(notes[0] ?? '', /pg_trgm/)
  assert.deepEqual(await db.selectFrom('user_search').selectAll().execute(), [])
  await db.destroy()
  await sql`drop owned by ${sql.id(role)}`.execute(owner)
  await sql`drop role ${sql.id(role)}`.execute(owner)
})

/** An account that may create tables, but no extension. */
async function limitedAccount(owner: Database): Promise<{ url: string; role: string }> {
  const { rows } = await sql<{ database: string; host: string; port: number }>`
    select current_database() as database, host(inet_server_addr()) as host, inet_server_port() as port`.execute(owner)
  const { database, host, port } = rows[0] ?? assert.fail('no answer')
  const role = `limited_${database}`
  await sql`create role ${sql.id(role)} login password 'limited'`.execute(owner)
  await sql`grant create, usage on schema public to ${sql.id(role)}`.execute(owner)
  return { url: `postgres://${role}:limited@${host}:${port}/${database}`, role }
}
