// Migrated databases of both engines, copied from a template, and contexts for calling services.
import type { TestContext } from 'node:test'

import type { With } from '#foundation/context.ts'
import type { Principal } from '#foundation/kernel/principal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { generateKeyring } from '#foundation/platform/crypto/keyring-file.ts'
import { type Keyring, keyringOf } from '#foundation/platform/crypto/keyring.ts'
import type { Database, OpenOptions } from '#foundation/platform/database/database.ts'
import { type Dialect, openDatabase } from '#foundation/platform/database/dialect.ts'
import { idMaker } from '#foundation/platform/ids.ts'
import { newLimits } from '#foundation/platform/limits.ts'
import { randomBytes } from '#foundation/platform/system.ts'
import { migratedDatabaseUrl, onEachDatabase } from './each-database.ts'

export interface Store {
  readonly engine: Dialect
  readonly url: string
  readonly db: Database
  /** Opens the database as another process would: with connections of its own, closed when the test has ended. */
  open(options?: Partial<OpenOptions>): Promise<Database>
}

/** One test per engine, each with a database that has all tables and no rows. */
export function onBothEngines(
  claim: string,
  prove: (t: TestContext, db: Database, store: Store) => Promise<void>,
): void {
  onEachDatabase(claim, async (t, engine) => {
    const store = await newStore(t, engine)
    await prove(t, store.db, store)
  })
}

export async function newStore(t: TestContext, engine: Dialect): Promise<Store> {
  const url = await migratedDatabaseUrl(t, engine)
  const open = async (options: Partial<OpenOptions> = {}): Promise<Database> => {
    const db = await openDatabase({ databaseUrl: Secret.of(url) }, { create: false, ...options })
    t.after(() => db.destroy())
    return db
  }
  return { engine, url, open, db: await open() }
}

/** A keyring with new keys. */
export function newKeyring(): Keyring {
  return keyringOf(generateKeyring(randomBytes, 0), randomBytes)
}

/** The anonymous principal, with an IP address of the range for documentation (RFC 5737). */
export const STRANGER: Principal = {
  kind: 'anonymous',
  source: { ipAddress: '192.0.2.1', network: '192.0.2.1', userAgent: 'test', deviceCookie: null },
}

const makeId = idMaker(randomBytes)

/** The dependencies that most services take. */
export function contextOn(
  db: Database,
  {
    now = 1_800_000_000_000,
    principal = STRANGER,
    keyring = newKeyring(),
  }: { now?: Instant; principal?: Principal; keyring?: Keyring } = {},
): With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'limits' | 'principal'> {
  return { db, now, principal, keyring, newId: () => makeId(now), random: randomBytes, limits: newLimits() }
}
