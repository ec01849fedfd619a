import { rmSync } from 'node:fs'

import { sql } from 'kysely'

import { minutes } from '../../kernel/time.ts'
import type { Duration, Instant } from '../../kernel/time.ts'
import { VERSION } from '../version.ts'
import { columnsOf, databasePath } from './database-facts.ts'
import { isBusy, isDown, isMadeMeanwhile } from './errors.ts'
import { liftLimits } from './transaction-limits.ts'
import { lockFor, tryLockFor } from './lock.ts'
import { textType } from './migrations/column-types.ts'
import { copyAside, isOriginTable, keepForOwner } from './migrations/upgrade-legacy-database.ts'
import { MIGRATIONS, versionMadeBy } from './migrations/list.ts'
import type { MadeVersion } from './migrations/list.ts'
import type { Migration } from './migrations/migration.ts'
import type { Database } from './schema.ts'
import { readOwnVersion, requireSupportedVersion } from './schema-status.ts'
import type { StoredVersion } from './schema-status.ts'
import { runInTransaction } from './transaction.ts'

export interface Birth {
  /** Whether the tables were made just now. */
  readonly created: boolean
  /** Whether the users of the origin app were taken over just now. */
  readonly adopted: boolean
}

export interface MigrationReport extends Birth {
  /** Schema version before and after; 0 for a database that had none. */
  readonly from: number
  readonly to: number
  /** Where the origin app's file was copied to; it still holds its secrets in plain. */
  readonly copiedTo?: string
  /** Remarks for the operator. */
  readonly notes: readonly string[]
}

export interface MigrateOptions {
  readonly now: Instant
  /** Runs in the same transaction after the tables are up to date, on every call; may run again when PostgreSQL asks. */
  readonly within?: (trx: Database, birth: Birth) => Promise<void>
  /** Called once when another process holds the lock. */
  readonly onLockWait?: () => void
  readonly migrations?: readonly Migration[]
}

/** Another process may be moving a large database. */
const MIGRATION_LOCK_TIMEOUT: Duration = minutes(1)

/**
 * Brings the tables up to date, all or nothing: one transaction, one process at a time. Throws before anything is
 * changed when the database belongs to another program, or to a Doorward too new for this one.
 */
export async function migrate(db: Database, options: MigrateOptions): Promise<MigrationReport> {
  // Also checked inside; here without a lock, so that a foreign file is not even locked.
  await requireKnownVersion(db, options.migrations ?? MIGRATIONS)
  const report = await whenFree(() => allOrNothing(db, options), options.onLockWait)
  const exposed = report.adopted ? await keepAdopted(db) : []
  await keepJournal(db)
  return { ...report, notes: [...report.notes, ...exposed] }
}

/** Before the write-ahead log is made, which gets the mode of its file. */
async function keepAdopted(db: Database): Promise<string[]> {
  const path = await databasePath(db)
  if (path === undefined || keepForOwner(path)) return []
  return [`The mode of ${path} could not be changed: see to it that nobody but this server can read it.`]
}

async function allOrNothing(db: Database, options: MigrateOptions): Promise<MigrationReport> {
  const copies: string[] = []
  try {
    return await runInTransaction(db, (trx) => migrateWithin(trx, options, copies))
  } catch (error) {
    // Nothing was changed, so the copy is one too many; unless the disk failed, when any copy is welcome.
    if (!isDown(error)) copies.forEach((copy) => rmSync(copy, { force: true }))
    throw error
  }
}

async function migrateWithin(trx: Database, options: MigrateOptions, copies: string[]): Promise<MigrationReport> {
  const { migrations = MIGRATIONS, within, now } = options
  await waitForLock(trx, options.onLockWait)
  const stored = await requireKnownVersion(trx, migrations)
  const from = stored?.version ?? 0
  const copiedTo = from === 0 ? await copyOrigin(trx) : undefined
  if (copiedTo !== undefined) copies.push(copiedTo)
  const notes = copiedTo === undefined ? [] : [copyNote(copiedTo)]
  const pending = migrations.filter(({ version }) => version > from)
  for (const migration of pending) notes.push(...(await migration.up(trx, trx.dialect)))
  const made = versionMadeBy(migrations)
  if (asksForMore(made, stored)) await writeVersion(trx, made, now)
  const adopted = copiedTo !== undefined
  const birth = { created: from === 0 && !adopted, adopted }
  await within?.(trx, birth)
  return { ...birth, from, to: Math.max(from, made.version), notes, ...(adopted && { copiedTo }) }
}

/** Keeps a file of the origin app aside while the lock holds everyone off; gives the copy's path. */
async function copyOrigin(trx: Database): Promise<string | undefined> {
  const path = await databasePath(trx)
  return path !== undefined && (await isOriginTable(trx)) ? copyAside(path) : undefined
}

function copyNote(path: string): string {
  return `The database as it was is kept at ${path}, readable by its owner only. It still holds the code secrets in plain: delete it once you trust the new one.`
}

async function requireKnownVersion(db: Database, migrations: readonly Migration[]): Promise<StoredVersion | undefined> {
  const stored = await readOwnVersion(db)
  if (stored) requireSupportedVersion(stored, migrations.at(-1)?.version ?? 0)
  return stored
}

async function waitForLock(trx: Database, onLockWait: MigrateOptions['onLockWait']): Promise<void> {
  if (trx.dialect === 'sqlite') return
  await liftLimits(trx)
  if (await tryLockFor(trx, 'migration')) return
  onLockWait?.()
  await lockFor(trx, 'migration')
}

/**
 * SQLite gives up waiting after a few seconds, which suits requests; a migration waits longer. Without advisory locks on
 * PostgreSQL, the second of two first migrations fails at a name of the first, runs once more and finds the tables.
 */
async function whenFree<Result>(
  work: () => Promise<Result>,
  onLockWait: MigrateOptions['onLockWait'],
): Promise<Result> {
  const since = performance.now()
  for (let turn = 1; performance.now() - since < MIGRATION_LOCK_TIMEOUT; turn++) {
    const outcome = await unlessAnother(work, (error) => isBusy(error) || (turn === 1 && isMadeMeanwhile(error)))
    if (outcome) return outcome.result
    if (turn === 1) onLockWait?.()
  }
  return work()
}

/** Undefined where another process was in the way. */
async function unlessAnother<Result>(
  work: () => Promise<Result>,
  wasInTheWay: (error: unknown) => boolean,
): Promise<{ result: Result } | undefined> {
  try {
    return { result: await work() }
  } catch (error) {
    if (wasInTheWay(error)) return undefined
    throw error
  }
}

/** Also without a pending migration, because an incompatibility can be found later. Never lowers the requirement. */
function asksForMore(made: MadeVersion, stored: StoredVersion | undefined): boolean {
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

/** Beside the list of migrations, because the first version is noted before any of them could note it. */
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
  await trx.schema
    .alterTable('schema_version')
    .addColumn('changed_by', textType(trx.dialect) as never)
    .execute()
}

/** A file made elsewhere gets the write-ahead log now that it is ours; left for the next start when others have it open. */
async function keepJournal(db: Database): Promise<void> {
  if (db.dialect === 'postgres') return
  const { rows } = await sql<{ journal_mode: string }>`select journal_mode from pragma_journal_mode`.execute(db)
  if (rows[0]?.journal_mode === 'wal') return
  try {
    await sql`pragma journal_mode = wal`.execute(db)
  } catch (error) {
    if (!isBusy(error)) throw error
  }
}
