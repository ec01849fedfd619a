// Brings the schema of a database up to date, and upgrades a legacy database in place.
import { sql } from 'kysely'
import { rmSync } from 'node:fs'

import { type Duration, type Instant, minutes } from '#foundation/kernel/time.ts'
import { VERSION } from '../project.ts'
import { columnsOf, databasePath } from './database-facts.ts'
import type { Database, Transaction } from './database.ts'
import { isBusy, isDown, isMadeMeanwhile } from './errors.ts'
import { lockFor, tryLockFor } from './lock.ts'
import { type MadeVersion, MIGRATIONS, versionMadeBy } from './migrations/list.ts'
import { textType } from './migrations/make-table.ts'
import type { Migration } from './migrations/migration.ts'
import { copyAside, isLegacyTable, restrictToOwner } from './migrations/upgrade-legacy-database.ts'
import { requireKnownVersion, type StoredVersion } from './schema-status.ts'
import { liftLimits, runInTransaction } from './transaction.ts'

export interface Birth {
  /** Whether this call created the tables. */
  readonly created: boolean
  /** Whether this call upgraded a legacy database in place. */
  readonly upgradedLegacy: boolean
}

export interface MigrationReport extends Birth {
  /** Schema version before and after; 0 for a database that had none. */
  readonly from: number
  readonly to: number
  /** The path of the copy of the legacy file, which still contains its secrets in plaintext. */
  readonly copiedTo?: string
  /** Remarks for the operator. */
  readonly notes: readonly string[]
}

export interface MigrateOptions {
  readonly now: Instant
  /** Runs on every call, in the same transaction, after the migrations; it may run again after a serialization failure. */
  readonly within?: (trx: Transaction, birth: Birth) => Promise<void>
  /** Called once when another process holds the lock. */
  readonly onLockWait?: () => void
  readonly migrations?: readonly Migration[]
}

/** How long to wait for another process, which may be migrating a large database. */
const MIGRATION_LOCK_TIMEOUT: Duration = minutes(1)

/**
 * Brings the schema up to date in one transaction, in one process at a time. Throws `SchemaError` without a change if the database belongs
 * to another program or needs a newer version of this one.
 */
export async function migrate(db: Database, options: MigrateOptions): Promise<MigrationReport> {
  // The version is checked again inside the transaction. This check without a lock leaves the file of another program unlocked.
  await requireKnownVersion(db, versionMadeBy(options.migrations).version)
  const report = await retryWhileLocked(() => migrateInTransaction(db, options), options.onLockWait)
  const exposed = report.upgradedLegacy ? await restrictUpgradedFile(db) : []
  await enableWriteAheadLog(db)
  return { ...report, notes: [...report.notes, ...exposed] }
}

/** Runs before the write-ahead log is created, because the log gets the mode of its file. */
async function restrictUpgradedFile(db: Database): Promise<string[]> {
  const path = await databasePath(db)
  if (path === undefined || restrictToOwner(path)) return []
  return [`The mode of ${path} could not be changed. Make sure that only this server can read the file.`]
}

async function migrateInTransaction(db: Database, options: MigrateOptions): Promise<MigrationReport> {
  const copies: string[] = []
  try {
    return await runInTransaction(db, (trx) => migrateWithin(trx, options, copies))
  } catch (error) {
    // Nothing was changed, so the copy is not needed. After a failure of the disk it stays, because the original may be damaged.
    if (!isDown(error)) copies.forEach((copy) => rmSync(copy, { force: true }))
    throw error
  }
}

async function migrateWithin(trx: Transaction, options: MigrateOptions, copies: string[]): Promise<MigrationReport> {
  const { migrations = MIGRATIONS, within, now } = options
  await waitForLock(trx, options.onLockWait)
  const made = versionMadeBy(migrations)
  const stored = await requireKnownVersion(trx, made.version)
  const from = stored?.version ?? 0
  const copiedTo = from === 0 ? await copyLegacyFile(trx) : undefined
  if (copiedTo !== undefined) copies.push(copiedTo)
  const notes = copiedTo === undefined ? [] : [copyNote(copiedTo)]
  const pending = migrations.filter(({ version }) => version > from)
  for (const migration of pending) notes.push(...((await migration.up(trx)) ?? []))
  if (exceedsStored(made, stored)) await writeVersion(trx, made, now)
  const upgradedLegacy = copiedTo !== undefined
  const birth = { created: from === 0 && !upgradedLegacy, upgradedLegacy }
  await within?.(trx, birth)
  return { ...birth, from, to: Math.max(from, made.version), notes, ...(upgradedLegacy && { copiedTo }) }
}

/** Copies a file of the legacy app while the lock excludes other writers; returns the path of the copy, undefined for other databases. */
async function copyLegacyFile(trx: Database): Promise<string | undefined> {
  const path = await databasePath(trx)
  return path !== undefined && (await isLegacyTable(trx)) ? copyAside(path) : undefined
}

function copyNote(path: string): string {
  return `A copy of the previous database is at ${path}, readable by its owner only. It still contains the TOTP secrets in plaintext. Delete it once you have checked the new one.`
}

async function waitForLock(trx: Transaction, onLockWait: MigrateOptions['onLockWait']): Promise<void> {
  if (trx.dialect === 'sqlite') return
  await liftLimits(trx)
  if (await tryLockFor(trx, 'migration')) return
  onLockWait?.()
  await lockFor(trx, 'migration')
}

/**
 * Runs a migration again while another process migrates. The database driver waits for a lock for a few seconds only, which is right for
 * requests. On PostgreSQL behind a pooler without advisory locks, the second of two concurrent first migrations fails at a name that the
 * first one has created; it runs once more and finds the tables.
 */
async function retryWhileLocked<Result>(
  work: () => Promise<Result>,
  onLockWait: MigrateOptions['onLockWait'],
  since = performance.now(),
  turn = 1,
): Promise<Result> {
  const isLast = performance.now() - since >= MIGRATION_LOCK_TIMEOUT
  try {
    return await work()
  } catch (error) {
    if (isLast || !(isBusy(error) || (turn === 1 && isMadeMeanwhile(error)))) throw error
  }
  if (turn === 1) onLockWait?.()
  return retryWhileLocked(work, onLockWait, since, turn + 1)
}

/**
 * Whether the stored version must be raised: also without a migration, as an incompatibility with earlier programs can be found later. It is
 * never lowered.
 */
function exceedsStored(made: MadeVersion, stored: StoredVersion | undefined): boolean {
  if (stored === undefined || stored.version < made.version) return true
  return stored.version === made.version && stored.oldestProgram < made.oldestProgram
}

async function writeVersion(trx: Database, { version, oldestProgram }: MadeVersion, now: Instant): Promise<void> {
  await prepareVersionTable(trx)
  const values = { version, oldest_program: oldestProgram, changed_at: now, changed_by: VERSION }
  await trx
    .insertInto('schema_version')
    .values({ id: 1, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute()
}

/** Creates the table of the version outside the migrations, because a version is stored in it from the first migration on. */
async function prepareVersionTable(trx: Database): Promise<void> {
  const found = await columnsOf(trx, 'schema_version')
  if (found.length === 0) {
    await trx.schema
      .createTable('schema_version')
      .addColumn('id', 'integer', (id) => id.primaryKey())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('oldest_program', 'integer', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .execute()
  }
  if (found.includes('changed_by')) return
  await trx.schema.alterTable('schema_version').addColumn('changed_by', textType(trx)).execute()
}

/** Sets WAL mode for a file that another program created. If other programs use the file, the next start does it. */
async function enableWriteAheadLog(db: Database): Promise<void> {
  if (db.dialect === 'postgres') return
  const { rows } = await sql<{ journal_mode: string }>`select journal_mode from pragma_journal_mode`.execute(db)
  if (rows[0]?.journal_mode === 'wal') return
  try {
    await sql`pragma journal_mode = wal`.execute(db)
  } catch (error) {
    if (!isBusy(error)) throw error
  }
}
