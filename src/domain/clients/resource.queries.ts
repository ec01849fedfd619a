import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { forUpdate } from '#foundation/platform/database/lock.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { countRows } from '#foundation/platform/database/row-count.ts'
import type { ResourceTable } from '#foundation/platform/database/schema.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import type { Resource, ResourceFields, ServedResource } from './resource.ts'

const COLUMNS = [
  'resource.id',
  'resource.uri',
  'resource.name',
  'resource.client_id',
  'resource.token_format',
  'resource.lifetime',
  'resource.scopes',
  'resource.allowed_clients',
  'resource.created_at',
  'resource.created_by',
  'resource.revision',
] as const

function served(db: Database) {
  return db
    .selectFrom('resource')
    .leftJoin('client', 'client.id', 'resource.client_id')
    .select([...COLUMNS, 'client.id as servingId', 'client.disabled_at as servingDisabledAt'])
}

const preparedById = preparedQuery((db: Database, id: string) => served(db).where('resource.id', '=', id))
const preparedByUri = preparedQuery((db: Database, uri: string) => served(db).where('resource.uri', '=', uri))

interface ServedRow extends ResourceTable {
  readonly servingId: string | null
  readonly servingDisabledAt: Instant | null
}

/** Returns the resource with this id, with whether the app that serves it is there. */
export async function selectResource(db: Database, id: string): Promise<ServedResource | undefined> {
  const [row] = await preparedById(db, id)
  return row && servedFromRow(row)
}

/** Returns the resource with exactly this URI. */
export async function selectResourceByUri(db: Database, uri: string): Promise<ServedResource | undefined> {
  const [row] = await preparedByUri(db, uri)
  return row && servedFromRow(row)
}

/** Returns the resource with this id, locked for a change until the transaction ends. */
export async function takeResource(trx: Database, id: string): Promise<Resource | undefined> {
  const query = trx.selectFrom('resource').select(COLUMNS).where('id', '=', id)
  const row = await forUpdate(trx, query).executeTakeFirst()
  return row && resourceFromRow(row)
}

function servedFromRow(row: ServedRow): ServedResource {
  const { client_id: servedBy, servingId, servingDisabledAt } = row
  return { ...resourceFromRow(row), isServed: servedBy === null || (servingId !== null && servingDisabledAt === null) }
}

function resourceFromRow(row: ResourceTable): Resource {
  return {
    id: row.id,
    uri: row.uri,
    name: row.name,
    servedBy: row.client_id,
    tokenFormat: row.token_format,
    lifetime: row.lifetime,
    scopes: row.scopes.split(' ').filter(Boolean),
    allowedClients: JSON.parse(row.allowed_clients) as 'all' | string[],
    createdAt: row.created_at,
    createdBy: row.created_by,
    revision: row.revision,
  }
}

function columnsOf({ name, servedBy, tokenFormat, lifetime, scopes, allowedClients }: ResourceFields) {
  return {
    name,
    client_id: servedBy,
    token_format: tokenFormat,
    lifetime,
    scopes: scopes.join(' '),
    allowed_clients: JSON.stringify(allowedClients),
  }
}

/** Inserts a resource; returns false if another one has its URI. */
export async function insertResource(trx: Database, resource: Resource): Promise<boolean> {
  const { id, uri, createdAt, createdBy, revision } = resource
  const row = await trx
    .insertInto('resource')
    .values({ id, uri, ...columnsOf(resource), created_at: createdAt, created_by: createdBy, revision })
    .onConflict((conflict) => conflict.column('uri').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Writes what an admin says about a resource but its URI, if the row still has the revision that was read; returns whether it did. */
export function updateResourceRow(trx: Database, resource: Resource): Promise<boolean> {
  const { id, revision } = resource
  return updatedOne(
    trx
      .updateTable('resource')
      .set({ ...columnsOf(resource), revision: revision + 1 })
      .where('id', '=', id)
      .where('revision', '=', revision),
  )
}

export async function deleteResourceRow(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('resource').where('id', '=', id).execute()
}

export function countResources(db: Database): Promise<number> {
  return countRows(db.selectFrom('resource'))
}

export interface ResourceListing {
  /** The URI of the last resource of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

export async function selectResources(db: Database, { after, limit }: ResourceListing): Promise<ServedResource[]> {
  const rows = await served(db)
    .$if(after !== undefined, (query) => query.where('resource.uri', '>', after ?? ''))
    .orderBy('resource.uri')
    .limit(limit)
    .execute()
  return rows.map(servedFromRow)
}

export function selectServedBy(db: Database, clientId: string): Promise<Pick<Resource, 'id' | 'uri'>[]> {
  return db.selectFrom('resource').select(['id', 'uri']).where('client_id', '=', clientId).orderBy('uri').execute()
}

/** Returns the ids of the apps that serve resources. */
export async function selectServingIds(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('resource')
    .select('client_id')
    .distinct()
    .where('client_id', 'is not', null)
    .execute()
  return rows.flatMap(({ client_id: id }) => id ?? [])
}
