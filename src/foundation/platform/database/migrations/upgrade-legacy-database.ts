// The in-place upgrade of a legacy database, which has one table of users with eight columns.
import { sql } from 'kysely'
import { chmodSync, existsSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

import { syncPath } from '../../data-folder.ts'
import { columnsOf } from '../database-facts.ts'
import type { Database } from '../database.ts'
import { RECORD_SUFFIX } from '../sqlite/commit-count.ts'
import { createUsers } from './users-table.ts'

export const LEGACY_COLUMNS = [
  'id',
  'email',
  'username',
  'full_name',
  'hashed_password',
  'otp_secret',
  'disabled',
  'role',
] as const

/** Whether the table `users` has exactly the columns of the legacy app. */
export async function isLegacyTable(db: Database): Promise<boolean> {
  const found = await columnsOf(db, 'users')
  return found.length === LEGACY_COLUMNS.length && LEGACY_COLUMNS.every((column) => found.includes(column))
}

/**
 * Rebuilds `users` with the columns of this program and with ids that are never reused; the legacy table reused the ids of deleted users.
 * Ids and rows are copied unchanged, also ill-formed ones, which the health page reports.
 */
export async function upgradeLegacyUsers(trx: Database): Promise<void> {
  const columns = sql.join(LEGACY_COLUMNS.map((column) => sql.ref(column)))
  await createUsers(trx, 'users_adopted')
  await sql`insert into users_adopted (${columns}) select ${columns} from users order by id`.execute(trx)
  await trx.schema.dropTable('users').execute()
  await trx.schema.alterTable('users_adopted').renameTo('users').execute()
}

/**
 * Copies the committed content of a SQLite file to a new file that is readable by its owner only, and returns its path. It never
 * overwrites a file. The copy contains the plaintext secrets of the original. If it cannot be completed, it is removed and this throws.
 */
export function copyAside(path: string): string {
  const copy = unusedName(`${path}.before-doorward`)
  // A handle of its own, because `vacuum into` cannot run in a transaction, and the writer's transaction must keep its lock.
  const handle = new DatabaseSync(path, { timeout: 1000 })
  const before = process.umask(0o077)
  try {
    handle.prepare('vacuum into ?').run(copy)
    chmodSync(copy, 0o600)
    // `vacuum into` does not sync its file.
    syncPath(copy, 'r+')
    return copy
  } catch (error) {
    if (existsSync(copy)) rmSync(copy)
    throw new Error(`The database could not be copied to ${copy}, so nothing was changed`, { cause: error })
  } finally {
    process.umask(before)
    handle.close()
  }
}

/** Makes a file, its log and the record of its commits readable by its owner only; false, unchanged, if another account owns it or the file system has no modes. */
export function restrictToOwner(path: string): boolean {
  const files = ['', '-wal', '-shm', RECORD_SUFFIX].map((suffix) => path + suffix).filter((file) => existsSync(file))
  try {
    if (files.some((file) => statSync(file).uid !== process.getuid?.())) return false
    for (const file of files) chmodSync(file, 0o600)
    return true
  } catch {
    return false
  }
}

function unusedName(wanted: string): string {
  let name = wanted
  for (let number = 2; existsSync(name); number++) name = `${wanted}.${number}`
  return name
}
