// The same claim on SQLite and on PostgreSQL.
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { Secret } from '../../src/kernel/secret.ts'
import { openDatabase } from '../../src/platform/database/dialect.ts'
import type { Dialect, OpenOptions } from '../../src/platform/database/dialect.ts'
import { migrate } from '../../src/platform/database/migrate.ts'
import type { Database } from '../../src/platform/database/schema.ts'
import { newPostgresDatabase, temporaryFolder } from './databases.ts'

const DIALECTS: readonly Dialect[] = ['sqlite', 'postgres']

/** The URL of a database that does not hold anything yet; gone when the test has ended. */
export async function newDatabaseUrl(t: TestContext, dialect: Dialect): Promise<string> {
  if (dialect === 'postgres') return newPostgresDatabase(t)
  return `sqlite:${join(await temporaryFolder(t), 'doorward.db')}`
}

/** Opens a database as another process would: with handles of its own, closed when the test has ended. */
export async function openFor(t: TestContext, url: string, options: Partial<OpenOptions> = {}): Promise<Database> {
  const db = await openDatabase({ databaseUrl: Secret.of(url) }, { create: true, ...options })
  t.after(() => db.destroy())
  return db
}

/** A database with all tables and nothing in them. */
export async function newDatabase(t: TestContext, dialect: Dialect): Promise<{ db: Database; url: string }> {
  const url = await newDatabaseUrl(t, dialect)
  const db = await openFor(t, url)
  await migrate(db, { now: 0 })
  return { db, url }
}

/** One test per database. */
export function onEachDatabase(claim: string, prove: (t: TestContext, dialect: Dialect) => Promise<void>): void {
  for (const dialect of DIALECTS) test(`${claim} (${dialect})`, (t) => prove(t, dialect))
}
