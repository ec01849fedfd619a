import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Dialect } from 'kysely'

import { DataFolderError, makeDataFolder } from '../../folder.ts'
import { withEngine } from '../database.ts'
import { isBusy } from '../errors.ts'
import { accessProblem } from './file-access.ts'
import { BUSY_TIMEOUT, retryWhileBusy } from '../busy-retry.ts'
import type { Database, Schema } from '../schema.ts'
import { SqliteDriver, readingHandle } from './sqlite-driver.ts'
import type { SqliteHandles } from './sqlite-driver.ts'
import { SqliteHandle } from './sqlite-handle.ts'
import { SqliteReader } from './sqlite-reader.ts'

export interface SqliteOptions {
  readonly create: boolean
  /** The folder that is made for a new file; any other must be there. */
  readonly dataDir?: string
  readonly onStatement?: (text: string) => void
  /** Whether a transaction that ended may wait a moment for others to share its commit; never, when left out. */
  readonly shouldBatch?: () => boolean
}

/** The file that was named cannot be a database of ours; the message is a sentence for the operator. */
export class DatabaseFileError extends Error {
  override readonly name = 'DatabaseFileError'
}

/** Longer would stop the event loop; the driver waits beyond this without blocking. */
const HANDLE_TIMEOUT = 20

/**
 * Opens a SQLite file. A new file is readable by its owner only. A file with content keeps its journal mode until
 * `migrate` has accepted it, so that a foreign database is not altered by one byte. Throws a
 * `DatabaseFileError` naming the file when it is missing (and not to be made), no database or out of reach, and
 * `service.busy` when others do not let go of it.
 */
export async function openSqlite(path: string, options: SqliteOptions): Promise<Database> {
  const file = resolve(path)
  const handles = await openHandles(file, options).catch((error: unknown) => refuseFile(file, error))
  const kysely = new Kysely<Schema>({ dialect: sqliteDialect(handles, options.shouldBatch ?? (() => false)) })
  // Kysely closes only what it has used once.
  await kysely.connection().execute(async () => undefined)
  return withEngine(kysely, {
    dialect: 'sqlite',
    keepsStatements: async () => true,
    shortcuts: {
      read: (query, values) => retryWhileBusy(() => readingHandle(handles).run(query.sql, values).rows),
      runInTransaction: (query, values) => handles.writer.run(query.sql, values).rows,
    },
  })
}

function refuseFile(file: string, error: unknown): never {
  if (isBusy(error) || error instanceof DatabaseFileError || error instanceof DataFolderError) throw error
  const said = error instanceof Error ? error.message : 'unknown reason'
  const reason = accessProblem(file) ?? said
  throw new DatabaseFileError(`The database ${file} cannot be opened: ${reason}.`, { cause: error })
}

function prepareFile(file: string, { create, dataDir }: SqliteOptions): void {
  if (existsSync(file)) {
    if (!statSync(file).isFile()) throw new DatabaseFileError(`The database ${file} is not a file.`)
    return
  }
  if (!create) throw new DatabaseFileError(`There is no database at ${file}. "serve" or "db migrate" makes one.`)
  if (dirname(file) === dataDir) makeDataFolder(dataDir)
  else requireFolder(file)
  closeSync(openSync(file, 'a', 0o600))
}

/** A path with a slip in it would otherwise become an empty database, and everybody in the other one seem lost. */
function requireFolder(file: string): void {
  const folder = statSync(dirname(file), { throwIfNoEntry: false })
  if (folder?.isDirectory()) return
  const problem = folder === undefined ? 'there is no folder' : 'there is a file, and no folder, at'
  throw new DatabaseFileError(
    `There is no database at ${file}, and none can be made: ${problem} ${dirname(file)}. Is the path in database_url right? If it is, make the folder first.`,
  )
}

async function openHandles(file: string, options: SqliteOptions): Promise<SqliteHandles> {
  const { onStatement } = options
  prepareFile(file, options)
  const opened: DatabaseSync[] = []
  const open = (): DatabaseSync => {
    const handle = new DatabaseSync(file, {
      timeout: HANDLE_TIMEOUT,
      enableForeignKeyConstraints: true,
      allowExtension: false,
    })
    opened.push(handle)
    return handle
  }
  try {
    const writer = open()
    // Another process may be making the same file.
    await retryWhileBusy(() => applyPragmas(writer))
    const reader = open()
    // What is on disk stays the writer's; cleared secrets are overwritten, not just forgotten.
    reader.exec('pragma query_only = on; pragma temp_store = memory')
    return {
      writer: new SqliteHandle(writer, onStatement),
      reader: new SqliteHandle(reader, onStatement),
      thread: new SqliteReader({ file, busyTimeout: BUSY_TIMEOUT, cache: CACHE, ...(onStatement && { onStatement }) }),
    }
  } catch (error) {
    for (const handle of opened) handle.close()
    throw error
  }
}

/** KiB of pages kept: with SQLite's own 2 MiB, every look-up among some ten thousand people asks the system for pages again. */
const CACHE = 8192

function applyPragmas(writer: DatabaseSync): void {
  writer.exec('pragma secure_delete = on; pragma synchronous = full; pragma temp_store = memory')
  writer.exec(`pragma cache_size = -${CACHE}`)
  const { page_count: pages } = writer.prepare('pragma page_count').get() as { page_count: number }
  if (pages === 0) writer.exec('pragma journal_mode = wal')
}

/** Kysely's own SQLite adapter admits one connection and no transactional DDL; this driver has both. */
class TwoHandleAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }

  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

function sqliteDialect(handles: SqliteHandles, shouldBatch: () => boolean): Dialect {
  return {
    createAdapter: () => new TwoHandleAdapter(),
    createDriver: () => new SqliteDriver(handles, shouldBatch),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}
