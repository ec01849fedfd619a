import { sql } from 'kysely'

import { VERSION } from '../version.ts'
import type { Database, Schema } from './schema.ts'
import { allTables, columnsOf, existingTables, tablesReferringTo } from './database-facts.ts'
import { isOriginTable, ORIGIN_COLUMNS } from './migrations/upgrade-legacy-database.ts'
import { MIGRATIONS } from './migrations/list.ts'
import { idInRange } from './migrations/users-table.ts'

export interface StoredVersion {
  readonly version: number
  readonly oldestProgram: number
  /** The version of the program that made this schema, as in package.json; null or absent where it did not note it. */
  readonly changedBy?: string | null
}

export type SchemaStatus =
  | { readonly state: 'empty' | 'origin'; readonly wanted: number }
  | { readonly state: 'current' | 'behind' | 'ahead' | 'too-new'; readonly version: number; readonly wanted: number }
  | { readonly state: 'foreign'; readonly wanted: number; readonly reason: string }

/** The database is not ours to change, or too new for this program; the message is a sentence for the operator. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
}

const VERSION_COLUMNS = ['id', 'version', 'oldest_program']

/** All of ours; `users` is looked at by its columns, because the origin app has one, too. */
const OWN_TABLES = Object.keys({
  attempt: true,
  session: true,
  totp_factor: true,
  consumed_totp_step: true,
  link: true,
  throttle_bucket: true,
  audit_event: true,
  keyring_key: true,
  user_search: true,
  user_count: true,
  passkey: true,
  passkey_challenge: true,
  recovery_code: true,
  api_token: true,
  clock_jump: true,
  schema_version: true,
  named_lock: true,
} satisfies Record<Exclude<keyof Schema, 'users'>, true>)

/** What the database is, without changing it. */
export async function schemaStatus(db: Database): Promise<SchemaStatus> {
  const wanted = MIGRATIONS.at(-1)?.version ?? 0
  const { stored, reason } = await versionOrReason(db)
  if (stored) return { state: stateOf(stored, wanted), version: stored.version, wanted }
  if (reason !== undefined) return { state: 'foreign', wanted, reason }
  return { state: (await isOriginTable(db)) ? 'origin' : 'empty', wanted }
}

function stateOf(
  { version, oldestProgram }: StoredVersion,
  wanted: number,
): 'current' | 'behind' | 'ahead' | 'too-new' {
  if (version === wanted) return 'current'
  if (version < wanted) return 'behind'
  return oldestProgram > wanted ? 'too-new' : 'ahead'
}

/** The schema version noted in a database of ours; undefined in any other. */
export async function readVersion(db: Database): Promise<StoredVersion | undefined> {
  const found = await columnsOf(db, 'schema_version')
  if (!VERSION_COLUMNS.every((column) => found.includes(column))) return undefined
  return db
    .selectFrom('schema_version')
    .select(['version', 'oldest_program as oldestProgram'])
    .$if(found.includes('changed_by'), (query) => query.select('changed_by as changedBy'))
    .where('id', '=', 1)
    .executeTakeFirst()
}

/** Throws a sentence that names the program to start instead, where the database knows it. */
export function requireSupportedVersion({ version, oldestProgram, changedBy }: StoredVersion, known: number): void {
  if (version <= known || oldestProgram <= known) return
  const by = changedBy ? `, made by Doorward ${changedBy},` : ''
  const newer = changedBy ? `Doorward ${changedBy} or newer` : 'a newer Doorward'
  throw new SchemaError(
    `The database has schema version ${version}${by} and needs a program that knows version ${oldestProgram}; this one is Doorward ${VERSION} and knows ${known}. Start ${newer}, or restore the copy made before the update.`,
  )
}

/** The version as `readVersion` tells it; throws when the database holds tables that another program made under our names. */
export async function readOwnVersion(db: Database): Promise<StoredVersion | undefined> {
  const { stored, reason } = await versionOrReason(db)
  if (reason !== undefined) throw new SchemaError(reason)
  return stored
}

interface Looked {
  readonly stored?: StoredVersion | undefined
  readonly reason?: string
}

// Another process may make the tables between two looks; with them comes their version, so a second look at it tells.
async function versionOrReason(db: Database): Promise<Looked> {
  const stored = await readVersion(db)
  const reason = stored ? undefined : await foreignReason(db)
  if (reason === undefined) return { stored }
  const meanwhile = await readVersion(db)
  return meanwhile ? { stored: meanwhile } : { reason }
}

async function foreignReason(db: Database): Promise<string | undefined> {
  const taken = await existingTables(db, [...OWN_TABLES, 'users_adopted'])
  if (taken.length > 0) {
    return `The database already holds tables that Doorward did not make (${taken.join(', ')}). Give Doorward a database of its own; nothing was changed.`
  }
  const found = await columnsOf(db, 'users')
  if (found.length === 0) return strangersReason(await allTables(db))
  if (db.dialect === 'sqlite' && (await isOriginTable(db))) return (await referredReason(db)) ?? idReason(db)
  return `The database holds a table "users" that Doorward does not know. Found columns: ${found.join(', ')}. Wanted: no such table, or (SQLite only) exactly ${ORIGIN_COLUMNS.join(', ')}. Give Doorward a database of its own; nothing was changed.`
}

const MOST_NAMED = 5

/** Most likely the path or the name of another database was typed; mixing the two could not be undone. */
function strangersReason(tables: readonly string[]): string | undefined {
  if (tables.length === 0) return undefined
  const more = tables.length - MOST_NAMED
  const names = tables.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
  return `The database holds tables of another program (${names}) and none of Doorward’s. Is database_url right? Give Doorward a database of its own, or on PostgreSQL a schema; nothing was changed.`
}

/** Rebuilding `users` would take rows of such tables along. */
async function referredReason(db: Database): Promise<string | undefined> {
  const referring = await tablesReferringTo(db, 'users')
  if (referring.length === 0) return undefined
  return `Other tables refer to the table "users" (${referring.join(', ')}), so Doorward cannot take it over; nothing was changed.`
}

async function idReason(db: Database): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select cast(id as text) as id from users where not ${idInRange()} order by users.id limit 1`.execute(db)
  const [row] = rows
  if (row === undefined) return undefined
  return `A user has the id ${row.id}, which Doorward cannot tell from its neighbours; give that row one below ${Number.MAX_SAFE_INTEGER} and start again. Nothing was changed.`
}
