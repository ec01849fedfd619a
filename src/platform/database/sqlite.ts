import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { type Dialect, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'

import { offerDirectRead } from './direct-read.ts'
import { patiently } from './patience.ts'
import type { Database, Schema } from './schema.ts'
import { SqliteDriver } from './sqlite-driver.ts'
import { SqliteHandle } from './sqlite-handle.ts'

export interface SqliteOptions {
  readonly create: boolean
  readonly onStatement?: (text: string) => void
}

/** Longer would stop the event loop; the driver waits beyond this without blocking. */
const BUSY_TIMEOUT = 20

/**
 * Opens a SQLite file. A new file is readable by its owner only. A file with content keeps its journal mode until
 * `migrate` has accepted it, so that a foreign database is not altered by one byte. Throws an Error naming the file when
 * it is missing (and not to be made) or no database.
 */
export async function openSqlite(path: string, options: SqliteOptions): Promise<Database> {
  const file = resolve(path)
  prepareFile(file, options.create)
  const handles = await openHandles(file, options)
  const db = new Kysely<Schema>({ dialect: sqliteDialect(handles) })
  // Kysely closes only what it has used once.
  await db.connection().execute(async () => undefined)
  offerDirectRead(db, handles.reader)
  return db
}

function prepareFile(file: string, create: boolean): void {
  if (existsSync(file)) {
    if (!statSync(file).isFile()) throw new Error(`The database ${file} is not a file`)
    return
  }
  if (!create) throw new Error(`There is no database at ${file}. "serve" or "db migrate" makes one`)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
}

interface Handles {
  readonly writer: SqliteHandle
  readonly reader: SqliteHandle
}

async function openHandles(file: string, { onStatement }: SqliteOptions): Promise<Handles> {
  const opened: DatabaseSync[] = []
  const open = (): DatabaseSync => {
    const handle = new DatabaseSync(file, {
      timeout: BUSY_TIMEOUT,
      enableForeignKeyConstraints: true,
      allowExtension: false,
    })
    opened.push(handle)
    return handle
  }
  try {
    const writer = open()
    // Another process may be making the same file.
    await patiently(() => settle(writer))
    const reader = open()
    // What is on disk stays the writer's; cleared secrets are overwritten, not just forgotten.
    reader.exec(`pragma query_only = on; pragma temp_store = memory; pragma cache_size = -${READER_CACHE}`)
    return { writer: new SqliteHandle(writer, onStatement), reader: new SqliteHandle(reader, onStatement) }
  } catch (error) {
    for (const handle of opened) handle.close()
    throw new Error(
      `The database ${file} cannot be opened: ${error instanceof Error ? error.message : 'unknown reason'}`,
      { cause: error },
    )
  }
}

/** KiB of pages the reader keeps: with SQLite's own 2 MiB, every look-up among some ten thousand people asks the system for pages again. */
const READER_CACHE = 16_384

function settle(writer: DatabaseSync): void {
  writer.exec('pragma secure_delete = on; pragma synchronous = full; pragma temp_store = memory')
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

function sqliteDialect({ writer, reader }: Handles): Dialect {
  return {
    createAdapter: () => new TwoHandleAdapter(),
    createDriver: () => new SqliteDriver(writer, reader),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}
