// Runs a test on SQLite and on PostgreSQL, each time on a new database.
import { createHash } from 'node:crypto'
import { copyFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import type { Database, OpenOptions } from '#foundation/platform/database/database.ts'
import { type Dialect, openDatabase } from '#foundation/platform/database/dialect.ts'
import { migrate } from '#foundation/platform/database/migrate.ts'
import { count } from '../runner/cost.ts'
import { claimed, exhaustive } from '../runner/scope.ts'
import { newPostgresDatabase, postgresTemplate, sharedFolder, temporaryFolder } from './temporary.ts'

export const DIALECTS: readonly Dialect[] = ['sqlite', 'postgres']

type Prove = (t: TestContext, dialect: Dialect) => Promise<void>

/** The URL of a new, empty database; it is removed when the test has ended. */
export async function newDatabaseUrl(t: TestContext, dialect: Dialect): Promise<string> {
  if (dialect === 'postgres') return newPostgresDatabase(t)
  count('databases')
  return `sqlite:${join(await temporaryFolder(t), 'doorward.db')}`
}

/** Opens a database as another process would: with connections of its own, closed when the test has ended. */
export async function openFor(t: TestContext, url: string, options: Partial<OpenOptions> = {}): Promise<Database> {
  const db = await openDatabase({ databaseUrl: Secret.of(url) }, { create: true, ...options })
  t.after(() => db.destroy())
  return db
}

/** The URL of a database with all tables and no rows: a copy of a template, which takes a tenth of the time of migrating. */
export async function migratedDatabaseUrl(t: TestContext, dialect: Dialect): Promise<string> {
  return dialect === 'postgres' ? copyOnPostgres(t) : copyOnSqlite(t)
}

/** Opens a database with all tables and no rows. */
export async function newDatabase(t: TestContext, dialect: Dialect): Promise<{ db: Database; url: string }> {
  const url = await migratedDatabaseUrl(t, dialect)
  return { db: await openFor(t, url), url }
}

/** One test per engine: for claims about the database itself, such as queries, locks, migrations and races. */
export function onEachDatabase(claim: string, prove: Prove): void {
  for (const dialect of DIALECTS) claimed(`${claim} (${dialect})`, (t) => prove(t, dialect))
}

/** For claims that do not depend on the engine: SQLite, and in `npm run test:exhaustive` PostgreSQL. */
export function onEitherDatabase(claim: string, prove: Prove): void {
  claimed(`${claim} (sqlite)`, (t) => prove(t, 'sqlite'))
  exhaustive(`${claim} (postgres)`, (t) => prove(t, 'postgres'))
}

async function copyOnPostgres(t: TestContext): Promise<string> {
  return newPostgresDatabase(t, { template: await migratedTemplate() })
}

/** The name of a database on PostgreSQL with all tables and no rows. */
export async function migratedTemplate(): Promise<string> {
  return postgresTemplate(`template_${await hashOfMigrations()}`, migrateAt)
}

let sqliteTemplate: Promise<string> | undefined

async function copyOnSqlite(t: TestContext): Promise<string> {
  count('databases')
  const path = join(await temporaryFolder(t), 'doorward.db')
  await copyMigratedFile(path)
  return `sqlite:${path}`
}

/** Makes a SQLite file with all tables and no rows. */
export async function copyMigratedFile(path: string): Promise<void> {
  sqliteTemplate ??= makeSqliteTemplate()
  await copyFile(await sqliteTemplate, path)
}

/** One template per test process; removed when the process exits. */
async function makeSqliteTemplate(): Promise<string> {
  const folder = await sharedFolder('template')
  const path = join(folder, 'template.db')
  await migrateAt(`sqlite:${path}`)
  return path
}

async function migrateAt(url: string): Promise<void> {
  const db = await openDatabase({ databaseUrl: Secret.of(url) }, { create: true })
  await migrate(db, { now: 0 })
  await db.destroy()
}

async function hashOfMigrations(): Promise<string> {
  const folder = new URL('../../../src/foundation/platform/database/migrations/', import.meta.url)
  const hash = createHash('sha256')
  for (const name of (await readdir(folder)).toSorted()) hash.update(name).update(await readFile(new URL(name, folder)))
  return hash.digest('hex').slice(0, 16)
}
