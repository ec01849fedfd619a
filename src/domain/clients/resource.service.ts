// Resources: finds, lists, stores, changes and deletes them. Who may do that is asked above this layer.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { With } from '#foundation/context.ts'
import { LostUpdate } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { storableText } from '#foundation/kernel/storable-text.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import { type ClientChangeDeps, findClient } from './client.service.ts'
import { isPublic } from './client.ts'
import { changedResourceFields, fieldErrorsInResource, resourceChangeDetails } from './resource-fields.ts'
import * as queries from './resource.queries.ts'
import { type Resource, type ResourceFields, RESOURCES_MAXIMUM, type ServedResource } from './resource.ts'

/** Returns the resource with this id, also one that is not served; undefined if there is none. */
export function findResource({ db }: With<'db'>, id: string): Promise<ServedResource | undefined> {
  return queries.selectResource(db, storableText(id))
}

export function findResourceByUri({ db }: With<'db'>, uri: string): Promise<ServedResource | undefined> {
  return queries.selectResourceByUri(db, storableText(uri))
}

/** Returns the resource with this id. Throws `resource.not_found`. */
export async function readResource(ctx: With<'db'>, id: string): Promise<ServedResource> {
  return existing(await findResource(ctx, id))
}

/** Returns the same, excluding other changes of it until the transaction ends. Throws `resource.not_found`. */
export async function lockResource(ctx: With<'db'>, id: string): Promise<Resource> {
  return existing(await lockResourceIfExists(ctx, id))
}

/** Returns the same; undefined if there is none. Outside a transaction it locks nothing. */
export function lockResourceIfExists({ db }: With<'db'>, id: string): Promise<Resource | undefined> {
  return queries.takeResource(db, storableText(id))
}

export interface ResourcePage {
  readonly items: readonly ServedResource[]
  /** The URI after which the next page begins; null on the last one. */
  readonly next: string | null
}

/** Returns a page of the resources by URI. */
export async function listResources(
  { db }: With<'db'>,
  { after, limit }: queries.ResourceListing,
): Promise<ResourcePage> {
  const found = await queries.selectResources(db, { after, limit: limit + 1 })
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? (items.at(-1)?.uri ?? null) : null }
}

export function resourcesServedBy({ db }: With<'db'>, clientId: string): Promise<Pick<Resource, 'id' | 'uri'>[]> {
  return queries.selectServedBy(db, clientId)
}

/** Stores a new resource. Throws `request.validation_failed`, `resource.uri_taken`, `resource.too_many`. */
export async function storeResource(
  ctx: ClientChangeDeps,
  {
    id,
    fields,
    createdBy,
  }: { readonly id: string; readonly fields: ResourceFields; readonly createdBy: string | null },
): Promise<Resource> {
  requireNoFieldErrors(fieldErrorsInResource(fields))
  await requireApps(ctx, fields)
  // Two transactions would both count one less than the limit. Resources and policies are made rarely, so they share the lock.
  await lockFor(ctx.db, 'policies')
  if ((await queries.countResources(ctx.db)) >= RESOURCES_MAXIMUM) throw new Refusal('resource.too_many')
  const resource = { ...fields, id, createdAt: ctx.now, createdBy, revision: 1 }
  if (!(await queries.insertResource(ctx.db, resource))) {
    const code = 'resource.uri_taken'
    throw new Refusal(code, { fieldErrors: [{ pointer: '/uri', code }] })
  }
  await recordEvent(ctx, { action: 'resource.created', details: detailsOf(resource) })
  return resource
}

/** Changes what an admin says about a resource that was read, but its URI. Throws `request.validation_failed`, `LostUpdate`. */
export async function updateResource(
  ctx: ClientChangeDeps,
  before: Resource,
  fields: Omit<ResourceFields, 'uri'>,
): Promise<Resource> {
  const after = { ...before, ...fields, uri: before.uri }
  if (changedResourceFields(before, after).length === 0) return before
  requireNoFieldErrors(fieldErrorsInResource(after))
  await requireApps(ctx, after, before)
  if (!(await queries.updateResourceRow(ctx.db, after))) throw new LostUpdate()
  const details = { ...detailsOf(after), ...resourceChangeDetails(before, after) }
  await recordEvent(ctx, { action: 'resource.changed', details })
  return { ...after, revision: after.revision + 1 }
}

/** Deletes a resource. Tokens for it are of no use from then on, also if its URI is registered again. */
export async function deleteResource(ctx: ClientChangeDeps, resource: Resource): Promise<void> {
  await queries.deleteResourceRow(ctx.db, resource.id)
  await recordEvent(ctx, { action: 'resource.deleted', details: detailsOf(resource) })
}

function detailsOf({ id, uri, name }: Resource): Readonly<Record<string, string>> {
  return { resource: name, resource_id: id, uri }
}

/** The apps that are new in the row must exist, and the one that serves it must have a secret, or it could not introspect. */
async function requireApps(
  ctx: With<'db'>,
  { servedBy, allowedClients }: ResourceFields,
  before?: ResourceFields,
): Promise<void> {
  const isNew = servedBy !== before?.servedBy
  const serving = servedBy === null || !isNew ? undefined : await findClient(ctx, servedBy)
  if (servedBy !== null && isNew) {
    const code = serving === undefined ? 'resource.app_unknown' : 'resource.app_public'
    if (serving === undefined || isPublic(serving)) requireNoFieldErrors([{ pointer: '/served_by', code }])
  }
  for (const id of newAmong(allowedClients, before)) {
    if ((await findClient(ctx, id)) === undefined)
      requireNoFieldErrors([{ pointer: '/allowed_clients', code: 'resource.app_unknown' }])
  }
}

function newAmong(allowed: ResourceFields['allowedClients'], before?: ResourceFields): readonly string[] {
  if (allowed === 'all') return []
  const known = before?.allowedClients ?? []
  return known === 'all' ? allowed : allowed.filter((id) => !known.includes(id))
}

function existing<Found extends Resource>(resource: Found | undefined): Found {
  if (resource === undefined) throw new Refusal('resource.not_found')
  return resource
}

/** Returns the ids of the apps that serve resources. */
export function servingIds({ db }: With<'db'>): Promise<string[]> {
  return queries.selectServingIds(db)
}
