// The database of the origin app: one table of users with eight columns.
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

import { sql } from 'kysely'

import { columnsOf } from '../database-facts.ts'
import type { Database } from '../schema.ts'
import { createUsers } from './users-table.ts'

export const ORIGIN_COLUMNS = [
  'id',
  'email',
  'username',
  'full_name',
  'hashed_password',
  'otp_secret',
  'disabled',
  'role',
] as const

export async function isOriginTable(db: Database): Promise<boolean> {
  const found = await columnsOf(db, 'users')
  return found.length === ORIGIN_COLUMNS.length && ORIGIN_COLUMNS.every((column) => found.includes(column))
}

/**
 * Rebuilds `users` with the columns it needs and with ids that are never given again (the origin's table reused those
 * of deleted users). Ids and rows stay as they are, ill-formed ones too; judging them is for later.
 */
export async function adoptUsers(trx: Database): Promise<void> {
  const columns = sql.join(ORIGIN_COLUMNS.map((column) => sql.ref(column)))
  await createUsers(trx, 'sqlite', 'users_adopted')
  await sql`insert into users_adopted (${columns}) select ${columns} from users order by id`.execute(trx)
  await trx.schema.dropTable('users').execute()
  await trx.schema.alterTable('users_adopted').renameTo('users').execute()
}

/**
 * Copies a SQLite file aside as it was last committed, readable by its owner only, and gives the copy's path. Never
 * overwrites. The copy holds whatever the original held in plain. Throws when the copy is not complete; then there is none.
 */
export function copyAside(path: string): string {
  const copy = freeName(`${path}.before-doorward`)
  // Its own handle: SQLite copies in no transaction, while the writer holds the lock against everyone else.
  const handle = new DatabaseSync(path, { timeout: 1000 })
  const before = process.umask(0o077)
  try {
    handle.prepare('vacuum into ?').run(copy)
    chmodSync(copy, 0o600)
    forceToDisk(copy)
    return copy
  } catch (error) {
    if (existsSync(copy)) rmSync(copy)
    throw new Error(`The database could not be copied to ${copy}, so nothing was changed`, { cause: error })
  } finally {
    process.umask(before)
    handle.close()
  }
}

/**
 * Makes an adopted file, and the log beside it, readable by its owner only, as a file of ours is from the beginning. False
 * where it belongs to somebody else or its file system knows no modes; then it stays as it is.
 */
export function keepForOwner(path: string): boolean {
  const files = [path, `${path}-wal`, `${path}-shm`].filter((file) => existsSync(file))
  try {
    if (files.some((file) => statSync(file).uid !== process.getuid?.())) return false
    for (const file of files) chmodSync(file, 0o600)
    return true
  } catch {
    return false
  }
}

/** SQLite leaves that to us when it copies. */
function forceToDisk(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function freeName(wanted: string): string {
  let name = wanted
  for (let number = 2; existsSync(name); number++) name = `${wanted}.${number}`
  return name
}
