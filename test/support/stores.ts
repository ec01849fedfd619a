// Migrated databases of both engines, copied from a template, and contexts to call services with.
import { createHash } from 'node:crypto'
import { copyFile, mkdtemp, readdir, readFile } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import type { With } from '../../src/context.ts'
import type { Caller } from '../../src/kernel/caller.ts'
import { Secret } from '../../src/kernel/secret.ts'
import type { Instant } from '../../src/kernel/time.ts'
import { openDatabase } from '../../src/platform/database/dialect.ts'
import type { Dialect, OpenOptions } from '../../src/platform/database/dialect.ts'
import { migrate } from '../../src/platform/database/migrate.ts'
import type { Database } from '../../src/platform/database/schema.ts'
import { generateKeyring } from '../../src/platform/keyring-file.ts'
import { keyringOf } from '../../src/platform/keyring.ts'
import type { Keyring } from '../../src/platform/keyring.ts'
import { newId, randomBytes } from '../../src/platform/random.ts'
import { newPostgresDatabase, postgresTemplate, temporaryFolder } from './databases.ts'

const ENGINES = ['sqlite', 'postgres'] as const satisfies readonly Dialect[]

export interface Store {
  readonly engine: Dialect
  readonly url: string
  readonly db: Database
  /** The same database as another process sees it: with connections of its own, closed when the test has ended. */
  open(options?: Partial<OpenOptions>): Promise<Database>
}

/** One test per engine, each with a database that has all tables and nothing in them. */
export function onBothEngines(
  claim: string,
  prove: (t: TestContext, db: Database, store: Store) => Promise<void>,
): void {
  for (const engine of ENGINES) {
    test(`${claim} (${engine})`, async (t) => {
      const store = await newStore(t, engine)
      await prove(t, store.db, store)
    })
  }
}

export async function newStore(t: TestContext, engine: Dialect): Promise<Store> {
  const url = engine === 'postgres' ? await copyOnPostgres(t) : await copyOnSqlite(t)
  const open = async (options: Partial<OpenOptions> = {}): Promise<Database> => {
    const db = await openDatabase({ databaseUrl: Secret.of(url) }, { create: false, ...options })
    t.after(() => db.destroy())
    return db
  }
  return { engine, url, open, db: await open() }
}

async function copyOnPostgres(t: TestContext): Promise<string> {
  const template = await postgresTemplate(`template_${await contentOfMigrations()}`, migrateAt)
  return newPostgresDatabase(t, { template })
}

let sqliteTemplate: Promise<string> | undefined

async function copyOnSqlite(t: TestContext): Promise<string> {
  sqliteTemplate ??= makeSqliteTemplate()
  const path = join(await temporaryFolder(t), 'doorward.db')
  await copyFile(await sqliteTemplate, path)
  return `sqlite:${path}`
}

/** One per test process, gone with it. */
async function makeSqliteTemplate(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-template-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'template.db')
  await migrateAt(`sqlite:${path}`)
  return path
}

async function migrateAt(url: string): Promise<void> {
  const db = await openDatabase({ databaseUrl: Secret.of(url) }, { create: true })
  await migrate(db, { now: 0 })
  await db.destroy()
}

async function contentOfMigrations(): Promise<string> {
  const folder = new URL('../../src/platform/database/migrations/', import.meta.url)
  const hash = createHash('sha256')
  for (const name of (await readdir(folder)).toSorted()) hash.update(name).update(await readFile(new URL(name, folder)))
  return hash.digest('hex').slice(0, 16)
}

/** Keys of this test only. */
export function newKeyring(): Keyring {
  return keyringOf(generateKeyring(randomBytes, 0), randomBytes)
}

/** Somebody who has not signed in, at an address from the range for documentation. */
export const STRANGER: Caller = {
  kind: 'anyone',
  origin: { address: '192.0.2.1', network: '192.0.2.1', agent: 'test', browser: null },
}

/** The powers that most services ask for. */
export function contextOn(
  db: Database,
  {
    now = 1_800_000_000_000,
    caller = STRANGER,
    keyring = newKeyring(),
  }: { now?: Instant; caller?: Caller; keyring?: Keyring } = {},
): With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'caller'> {
  return { db, now, caller, keyring, newId: () => newId(now), random: randomBytes }
}
