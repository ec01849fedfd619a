// Opens SQLite files: their creation, access, pragmas and connections.
import { type Driver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { closeSync, existsSync, openSync, realpathSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { minutes } from '#foundation/kernel/time.ts'
import { DataFolderError, makeDataFolder } from '../../data-folder.ts'
import { errorCode } from '../../system.ts'
import { type Database, type OpenOptions, withEngine } from '../database.ts'
import { isBusy } from '../errors.ts'
import type { Schema } from '../schema.ts'
import { CommitCount, RECORD_SUFFIX } from './commit-count.ts'
import { accessProblem, closedFolder } from './file-access.ts'
import { LongReadDriver, readingHandle, SqliteDriver, type SqliteHandles } from './sqlite-driver.ts'
import { SqliteHandle } from './sqlite-handle.ts'
import { SqliteReader } from './sqlite-reader.ts'
import { BUSY_TIMEOUT, retryWhileBusy } from './write-lock.ts'

/** `dataDir` is the folder that is created for a new file; any other folder must exist. */
type SqliteOptions = OpenOptions & { readonly dataDir?: string }

/** The file cannot be opened as a database of this program; the message is a sentence for the operator. */
export class DatabaseFileError extends Error {
  override readonly name = 'DatabaseFileError'
}

/** Milliseconds that SQLite itself waits for a lock. It blocks the event loop meanwhile, so the driver waits any longer time by itself. */
const HANDLE_TIMEOUT = 20

/**
 * Opens a SQLite file. A new file is readable by its owner only. A file with content keeps its journal mode until `migrate` has
 * accepted it, so that no byte of another program's database changes. Throws a `DatabaseFileError` that names the file if it is
 * missing (and `create` is false), is no database or cannot be accessed, and `service.busy` if another program keeps it locked.
 */
export async function openSqlite(path: string, options: SqliteOptions): Promise<Database> {
  const file = resolve(path)
  const handles = await openHandles(file, options).catch((error: unknown) => refuseFile(file, error))
  const { shouldBatch = () => false } = options
  const kysely = kyselyWith(() => new SqliteDriver(handles, shouldBatch))
  // Kysely closes a driver only after its first use.
  await kysely.connection().execute(async () => undefined)
  let turn: Promise<void> | undefined
  const facts = { dialect: 'sqlite', keepsStatements: async () => true } as const
  return withEngine(kysely, {
    ...facts,
    lostCommits: handles.count,
    forLongReads: withEngine(
      kyselyWith(() => new LongReadDriver(handles)),
      facts,
    ),
    shortcuts: {
      // Requests that arrived together are all parsed before the first of them reads, and read before the first is answered: the code of
      // each step stays in the processor's caches (cohort scheduling, decision 0046). They wait for one promise, because after each
      // immediate Node runs all that follows from it, up to the answer.
      read: async (query, values) => {
        await (turn ??= nextTurn().then(() => void (turn = undefined)))
        return retryWhileBusy(() => readingHandle(handles).run(query.sql, values).rows)
      },
      runInTransaction: (query, values) => handles.writer.run(query.sql, values).rows,
    },
  })
}

function kyselyWith(createDriver: () => Driver): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new TwoHandleAdapter(),
      createDriver,
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
}

function refuseFile(file: string, error: unknown): never {
  if (isBusy(error) || error instanceof DatabaseFileError || error instanceof DataFolderError) throw error
  const message = error instanceof Error ? error.message : 'unknown reason'
  const reason = accessProblem(file) ?? message
  throw new DatabaseFileError(`The database ${file} cannot be opened: ${reason}.`, { cause: error })
}

function prepareFile(file: string, { create, dataDir }: SqliteOptions): void {
  if (existsSync(file)) {
    if (!statSync(file).isFile()) throw new DatabaseFileError(`The database ${file} is not a file.`)
    return
  }
  const closed = closedFolder(file)
  if (closed !== undefined) throw new DatabaseFileError(`The database ${file} cannot be opened: ${closed}.`)
  if (!create) throw new DatabaseFileError(`There is no database at ${file}. "serve" or "db migrate" creates one.`)
  if (dirname(file) === dataDir) makeDataFolder(dataDir)
  else requireFolder(file)
  createFile(file)
}

/** Creates an empty file, unless another process has just done so. A record of commits that was left beside it is that of another database. */
function createFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return
    throw error
  }
  rmSync(file + RECORD_SUFFIX, { force: true })
}

/** With a folder created for any path, a mistyped path would become an empty database, in which all users seem to be lost. */
function requireFolder(file: string): void {
  const folder = statSync(dirname(file), { throwIfNoEntry: false })
  if (folder?.isDirectory()) return
  const problem = folder === undefined ? 'there is no folder' : 'there is a file, and no folder, at'
  throw new DatabaseFileError(
    `There is no database at ${file}, and none can be created: ${problem} ${dirname(file)}. Is the path in database_url right? If it is, create the folder first.`,
  )
}

async function openHandles(file: string, options: SqliteOptions): Promise<SqliteHandles> {
  const { onStatement } = options
  prepareFile(file, options)
  const real = realpathSync(file)
  const hadLog = (statSync(`${real}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
  const opened: { close(): void }[] = []
  const open = (): DatabaseSync => {
    const handle = new DatabaseSync(file, { timeout: HANDLE_TIMEOUT })
    opened.push(handle)
    return handle
  }
  try {
    const writer = open()
    // Another process may be creating the same file.
    await retryWhileBusy(() => applyPragmas(writer))
    const count = await retryWhileBusy(() => new CommitCount({ file: real, db: writer, hadLog }))
    opened.push({ close: () => count.release() })
    const reader = open()
    // Only the writer changes the file. Temporary tables stay in memory, so that no secret is written to another file.
    reader.exec('pragma query_only = on; pragma temp_store = memory')
    const reading = { file, busyTimeout: BUSY_TIMEOUT, cache: CACHE, ...(onStatement && { onStatement }) }
    return {
      count,
      writer: new SqliteHandle(writer, onStatement),
      reader: new SqliteHandle(reader, onStatement),
      thread: new SqliteReader(reading),
      longThread: new SqliteReader({ ...reading, endAfter: LONG_IDLE }),
    }
  } catch (error) {
    for (const handle of opened) handle.close()
    throw error
  }
}

/** The page cache in KiB. With SQLite's default of 2 MiB, each look-up among some ten thousand users reads pages from the system again. */
const CACHE = 8192

/** Long reads are rare, and their thread takes some 15 MiB. */
const LONG_IDLE = minutes(1)

/** `secure_delete` overwrites deleted content with zeros, so that no cleared secret stays in the file. */
function applyPragmas(writer: DatabaseSync): void {
  writer.exec('pragma secure_delete = on; pragma synchronous = full; pragma temp_store = memory')
  writer.exec(`pragma cache_size = -${CACHE}`)
  const { page_count: pages } = writer.prepare('pragma page_count').get() as { page_count: number }
  if (pages === 0) writer.exec('pragma journal_mode = wal')
}

/** Kysely's own SQLite adapter allows one connection and no transactional DDL; this driver supports several and DDL in transactions. */
class TwoHandleAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }

  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
