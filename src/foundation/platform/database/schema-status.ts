// Finds out what a database is: empty, of the legacy app, of this program in some schema version, or of another program.
import { sql } from 'kysely'

import { VERSION } from '../project.ts'
import { allTables, columnsOf, existingTables, tablesReferringTo } from './database-facts.ts'
import type { Database } from './database.ts'
import { isDatabaseError } from './errors.ts'
import { MIGRATIONS } from './migrations/list.ts'
import { isLegacyTable, LEGACY_COLUMNS } from './migrations/upgrade-legacy-database.ts'
import { idInRange } from './migrations/users-table.ts'
import { preparedQuery } from './prepared-query.ts'
import type { Schema } from './schema.ts'

export interface StoredVersion {
  readonly version: number
  readonly oldestProgram: number
  /** The version of the program that made this schema, as in package.json; null or absent if that program did not store it. */
  readonly changedBy?: string | null
}

export type SchemaStatus =
  | { readonly state: 'empty' | 'origin'; readonly wanted: number }
  | { readonly state: 'current' | 'behind' | 'ahead' | 'too-new'; readonly version: number; readonly wanted: number }
  | { readonly state: 'foreign'; readonly wanted: number; readonly reason: string }

/** The database belongs to another program or is too new for this one; the message is a sentence for the operator. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
}

const VERSION_COLUMNS = ['id', 'version', 'oldest_program']

/** All tables of this program without `users`, which is recognized by its columns, because the legacy app has a table of that name too. */
const OWN_TABLES = Object.keys({
  attempt: true,
  session: true,
  session_count: true,
  totp_factor: true,
  consumed_totp_step: true,
  link: true,
  outbox: true,
  notice: true,
  email_change: true,
  throttle_bucket: true,
  audit_event: true,
  keyring_key: true,
  user_search: true,
  user_count: true,
  passkey: true,
  passkey_challenge: true,
  recovery_code: true,
  api_token: true,
  approval_request: true,
  approval_policy: true,
  clock_jump: true,
  job: true,
  schema_version: true,
  named_lock: true,
  registration: true,
  spent_challenge: true,
  role: true,
  user_group: true,
  group_member: true,
  group_manager: true,
  policy: true,
  policy_version: true,
  policy_exemption: true,
  help_exemption: true,
  policy_progress: true,
  remembered_device: true,
  attribute: true,
  user_attribute: true,
  client: true,
  client_secret: true,
  client_attribute: true,
  client_icon: true,
  resource: true,
  protected_host: true,
  host_session: true,
  host_code: true,
  openid_setting: true,
  client_consent: true,
  client_session: true,
  client_grant: true,
  client_token: true,
  client_user: true,
  client_delivery: true,
  ending_cursor: true,
  signing_key: true,
} satisfies Record<Exclude<keyof Schema, 'users'>, true>)

/** Returns what the database is, without changing it. */
export async function schemaStatus(db: Database): Promise<SchemaStatus> {
  const wanted = MIGRATIONS.at(-1)?.version ?? 0
  const { stored, reason } = await versionOrReason(db)
  if (stored) return { state: stateOf(stored, wanted), version: stored.version, wanted }
  if (reason !== undefined) return { state: 'foreign', wanted, reason }
  return { state: (await isLegacyTable(db)) ? 'origin' : 'empty', wanted }
}

/** Whether this program can work on the database: its schema is the program's own, or a newer one that still admits this program. */
export function isKnown({ state }: SchemaStatus): boolean {
  return state === 'current' || state === 'ahead'
}

/**
 * Whether a statement failed because the database has a schema that this program does not know, as after the start of a newer program.
 * The schema is read only after a failure of the database that has no other reading. False if it cannot be read.
 */
export async function isSchemaUnknown(db: Database, error: unknown): Promise<boolean> {
  if (!isDatabaseError(error)) return false
  return schemaStatus(db).then(
    (status) => !isKnown(status),
    () => false,
  )
}

function stateOf({ version, oldestProgram }: StoredVersion, wanted: number) {
  if (version === wanted) return 'current'
  if (version < wanted) return 'behind'
  return oldestProgram > wanted ? 'too-new' : 'ahead'
}

/** The schema version that is stored in a database of this program; undefined for any other database. */
export async function readVersion(db: Database): Promise<StoredVersion | undefined> {
  const found = await columnsOf(db, 'schema_version')
  if (!VERSION_COLUMNS.every((column) => found.includes(column))) return undefined
  const [row] = await (found.includes('changed_by') ? versionWithProgram(db) : versionAlone(db))
  return row
}

function versionRow(db: Database) {
  const row = db.selectFrom('schema_version').where('id', '=', 1)
  return row.select(['version', 'oldest_program as oldestProgram'])
}

const versionAlone = preparedQuery(versionRow)
const versionWithProgram = preparedQuery((db: Database) => versionRow(db).select('changed_by as changedBy'))

/**
 * The version as `readVersion` returns it. Throws `SchemaError` if the database belongs to another program, or needs one that knows more
 * than version `known`.
 */
export async function requireKnownVersion(db: Database, known: number): Promise<StoredVersion | undefined> {
  const { stored, reason } = await versionOrReason(db)
  if (reason !== undefined) throw new SchemaError(reason)
  if (stored) requireSupportedVersion(stored, known)
  return stored
}

/** The message names the program that can be used, if it is stored. */
function requireSupportedVersion({ version, oldestProgram, changedBy }: StoredVersion, known: number): void {
  if (version <= known || oldestProgram <= known) return
  const by = changedBy ? `, made by Doorward ${changedBy},` : ''
  const newer = changedBy ? `Doorward ${changedBy} or newer` : 'a newer Doorward'
  throw new SchemaError(
    `The database has schema version ${version}${by} and needs a program that knows version ${oldestProgram}. This is Doorward ${VERSION}, which knows ${known}. Start ${newer}, or restore the copy made before the update.`,
  )
}

/**
 * Another process may create the tables between the two queries. It commits them together with their version, so the version is read
 * again before the database counts as another program's (TOCTOU).
 */
async function versionOrReason(db: Database): Promise<{ stored?: StoredVersion | undefined; reason?: string }> {
  const stored = await readVersion(db)
  const reason = stored ? undefined : await foreignReason(db)
  if (reason === undefined) return { stored }
  const storedMeanwhile = await readVersion(db)
  return storedMeanwhile ? { stored: storedMeanwhile } : { reason }
}

async function foreignReason(db: Database): Promise<string | undefined> {
  const existing = await existingTables(db, [...OWN_TABLES, 'users_adopted'])
  if (existing.length > 0) {
    return `The database already has tables that are not Doorward’s (${existing.join(', ')}). Give Doorward a database of its own. Nothing was changed.`
  }
  const found = await columnsOf(db, 'users')
  if (found.length === 0) return otherProgramReason(await allTables(db))
  if (db.dialect === 'sqlite' && (await isLegacyTable(db))) return (await referredReason(db)) ?? idReason(db)
  return `The database has a table "users" that Doorward does not know. Found columns: ${found.join(', ')}. Expected: no such table, or (SQLite only) exactly ${LEGACY_COLUMNS.join(', ')}. Give Doorward a database of its own. Nothing was changed.`
}

const MOST_NAMED = 5

/** The URL probably names another program's database by mistake. Tables of both programs in one database could not be separated again. */
function otherProgramReason(tables: readonly string[]): string | undefined {
  if (tables.length === 0) return undefined
  const more = tables.length - MOST_NAMED
  const names = tables.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
  return `The database has tables of another program (${names}) and none of Doorward’s. Is database_url right? Give Doorward a database of its own, or on PostgreSQL a schema. Nothing was changed.`
}

/** The in-place upgrade rebuilds `users`, which would delete or change the rows of tables that refer to it. */
async function referredReason(db: Database): Promise<string | undefined> {
  const referring = await tablesReferringTo(db, 'users')
  if (referring.length === 0) return undefined
  return `Other tables refer to the table "users" (${referring.join(', ')}), so Doorward cannot upgrade it in place. Nothing was changed.`
}

async function idReason(db: Database): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select cast(id as text) as id from users where not ${idInRange()} order by users.id limit 1`.execute(db)
  const [row] = rows
  if (row === undefined) return undefined
  return `A user has the id ${row.id}, which is not a safe integer, so Doorward cannot distinguish it from others. Give that row an id below ${Number.MAX_SAFE_INTEGER} and start again. Nothing was changed.`
}
