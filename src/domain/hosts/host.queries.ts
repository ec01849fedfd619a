import type { Database } from '#foundation/platform/database/database.ts'
import { forUpdate } from '#foundation/platform/database/lock.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { countRows, hasRow } from '#foundation/platform/database/row-count.ts'
import type { ProtectedHostTable } from '#foundation/platform/database/schema.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import { type HostFields, needsGroups, type ProtectedHost, rulesIn } from './host.ts'

const COLUMNS = [
  'id',
  'name',
  'rules',
  'shared_groups',
  'api_tokens',
  'preflights',
  'created_at',
  'created_by',
  'revision',
] as const

type HostRow = Omit<ProtectedHostTable, 'needs_groups'>

const preparedById = preparedQuery((db: Database, id: string) =>
  db.selectFrom('protected_host').select(COLUMNS).where('id', '=', id),
)
const preparedByName = preparedQuery((db: Database, name: string) =>
  db.selectFrom('protected_host').select(COLUMNS).where('name', '=', name),
)

export async function selectHost(db: Database, id: string): Promise<ProtectedHost | undefined> {
  const [row] = await preparedById(db, id)
  return row && hostFromRow(row)
}

export async function selectHostByName(db: Database, name: string): Promise<ProtectedHost | undefined> {
  const [row] = await preparedByName(db, name)
  return row && hostFromRow(row)
}

/** Returns the host with this id, locked for a change until the transaction ends. */
export async function takeHost(trx: Database, id: string): Promise<ProtectedHost | undefined> {
  const query = trx.selectFrom('protected_host').select(COLUMNS).where('id', '=', id)
  const row = await forUpdate(trx, query).executeTakeFirst()
  return row && hostFromRow(row)
}

function hostFromRow(row: HostRow): ProtectedHost {
  return {
    id: row.id,
    name: row.name,
    rules: rulesIn(row.rules),
    sharedGroups: JSON.parse(row.shared_groups) as string[],
    apiTokens: row.api_tokens === 1,
    preflights: row.preflights === 1,
    createdAt: row.created_at,
    createdBy: row.created_by,
    revision: row.revision,
  }
}

function columnsOf(fields: HostFields) {
  return {
    rules: JSON.stringify(fields.rules),
    shared_groups: JSON.stringify(fields.sharedGroups),
    needs_groups: needsGroups(fields) ? 1 : 0,
    api_tokens: fields.apiTokens ? 1 : 0,
    preflights: fields.preflights ? 1 : 0,
  } as const
}

/** Inserts a host; returns false if another one has its name. */
export async function insertHost(trx: Database, host: ProtectedHost): Promise<boolean> {
  const { id, name, createdAt, createdBy, revision } = host
  const row = await trx
    .insertInto('protected_host')
    .values({ id, name, ...columnsOf(host), created_at: createdAt, created_by: createdBy, revision })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Writes what an admin says about a host but its name, if the row still has the revision that was read; returns whether it did. */
export function updateHostRow(trx: Database, host: ProtectedHost): Promise<boolean> {
  const { id, revision } = host
  return updatedOne(
    trx
      .updateTable('protected_host')
      .set({ ...columnsOf(host), revision: revision + 1 })
      .where('id', '=', id)
      .where('revision', '=', revision),
  )
}

/** Deletes a host with its sessions and codes. */
export async function deleteHostRows(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('host_code').where('host_id', '=', id).execute()
  await trx.deleteFrom('host_session').where('host_id', '=', id).execute()
  await trx.deleteFrom('protected_host').where('id', '=', id).execute()
}

export function countHosts(db: Database): Promise<number> {
  return countRows(db.selectFrom('protected_host'))
}

export function hasHostRow(db: Database): Promise<boolean> {
  return hasRow(db.selectFrom('protected_host').select('id'))
}

export interface HostListing {
  /** The name of the last host of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

/** Returns hosts by name. */
export async function selectHosts(db: Database, { after, limit }: HostListing): Promise<ProtectedHost[]> {
  const rows = await db
    .selectFrom('protected_host')
    .select(COLUMNS)
    .$if(after !== undefined, (query) => query.where('name', '>', after ?? ''))
    .orderBy('name')
    .limit(limit)
    .execute()
  return rows.map(hostFromRow)
}

/** Returns the hosts whose users choose a host for an API token. */
export function selectHostsWithTokens(db: Database): Promise<Pick<ProtectedHost, 'id' | 'name'>[]> {
  return db.selectFrom('protected_host').select(['id', 'name']).where('api_tokens', '=', 1).orderBy('name').execute()
}

export function selectHostNames(db: Database, ids: readonly string[]): Promise<Pick<ProtectedHost, 'id' | 'name'>[]> {
  return db.selectFrom('protected_host').select(['id', 'name']).where('id', 'in', ids).execute()
}

/** Returns the hosts that have rules, so that those which name a role or a group are found among them. */
export async function selectRules(db: Database): Promise<Pick<ProtectedHost, 'name' | 'rules'>[]> {
  const rows = await db.selectFrom('protected_host').select(['name', 'rules']).orderBy('name').execute()
  return rows.map(({ name, rules }) => ({ name, rules: rulesIn(rules) }))
}
