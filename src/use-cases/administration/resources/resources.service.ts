// Resources as admins and the operator list, read, register and change them: each change in one authorized transaction, with its event.
import type { ApprovalValues } from '#domain/approvals/approval-change.ts'
import type { ApprovalRequest } from '#domain/approvals/approval.ts'
import type { EventAction } from '#domain/audit/event.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { namesOfClients } from '#domain/clients/client.service.ts'
import {
  changedResourceFields,
  fieldsOfResource,
  normalizedResource,
  whatNeedsApprovalOfResource,
} from '#domain/clients/resource-fields.ts'
import {
  deleteResource,
  listResources,
  lockResource,
  readResource,
  storeResource,
  updateResource,
} from '#domain/clients/resource.service.ts'
import { NEW_RESOURCE, type Resource, type ResourceFields, type ServedResource } from '#domain/clients/resource.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { withGiven } from '#foundation/kernel/given-fields.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { requestedResource, type ResourceChanges, resourceValues } from './resource-request.ts'

/** How much of a text that may be anything the event of a refused change holds. */
const LONGEST_SHOWN = 100

/** A resource with the names of the apps in its row, by id; an app that was deleted has none. */
export interface NamedResource {
  readonly resource: ServedResource
  readonly names: ReadonlyMap<string, string>
}

/** A new resource. What is left out is as in `NEW_RESOURCE`. */
export type NewResource = ResourceChanges & Pick<ResourceFields, 'uri' | 'name'>

/** Returns a page of the resources by URI. */
export async function listNamedResources(
  ctx: With<'db'>,
  listing: Parameters<typeof listResources>[1],
): Promise<{ readonly items: readonly NamedResource[]; readonly next: string | null }> {
  const { items, next } = await listResources(ctx, listing)
  const names = await namesOfClients(ctx, items.flatMap(clientsOf))
  return { items: items.map((resource) => ({ resource, names })), next }
}

/** Returns a resource. Throws `resource.not_found`. */
export async function readNamedResource(ctx: With<'db'>, id: string): Promise<NamedResource> {
  const resource = await readResource(ctx, id)
  return { resource, names: await namesOfClients(ctx, clientsOf(resource)) }
}

function clientsOf({ servedBy, allowedClients }: ResourceFields): string[] {
  return [...(servedBy === null ? [] : [servedBy]), ...(allowedClients === 'all' ? [] : allowedClients)]
}

/**
 * Registers a resource. Throws `request.validation_failed`, `resource.uri_taken`, `resource.too_many`. It needs a second admin under the
 * two-person rule.
 */
export function createResource(ctx: ChangeDeps, { uri, name, ...given }: NewResource): Promise<Resource> {
  return makeResource(ctx, ctx.newId(), { ...withGiven(NEW_RESOURCE, given), uri, name })
}

function makeResource(ctx: ChangeDeps, id: string, wanted: ResourceFields): Promise<Resource> {
  const fields = normalizedResource(wanted)
  const { uri, name } = fields
  const details = { resource: name.slice(0, LONGEST_SHOWN), uri: uri.slice(0, LONGEST_SHOWN) }
  return auditedChange(ctx, { action: 'resource.created', details }, async (tx) => {
    const { resource, request } = await writeNewResource(tx, id, fields)
    await requireApproval(tx, request, null)
    return resource
  })
}

/** Stores a new resource, whose fields are normalized; returns it with the request that a second admin would have to approve. */
export async function writeNewResource(
  tx: InTransaction<ChangeDeps>,
  id: string,
  fields: ResourceFields,
): Promise<{ readonly resource: Resource; readonly request: ApprovalRequest }> {
  const { uri, name } = fields
  const resource = await storeResource(tx, { id, fields, createdBy: actorOf(tx.principal) })
  const values = resourceValues(fields, await namesOfResource(tx, fields)) as ApprovalValues['create-resource']
  return { resource, request: { kind: 'create-resource', newName: name, values: { ...values, resourceId: id, uri } } }
}

/**
 * Changes what an admin says about a resource. Throws `resource.not_found`, `request.validation_failed`; with a precondition `resource.stale`.
 * Under the two-person rule everything but another name, fewer scopes or apps and a shorter life needs a second admin.
 */
export function changeResource(
  ctx: ChangeDeps,
  id: string,
  changes: ResourceChanges,
  precondition?: Precondition<Resource>,
): Promise<Resource> {
  return withResource(ctx, { id, action: 'resource.changed', precondition }, async (tx, before) => {
    const fields = normalizedResource(withGiven(fieldsOfResource(before), changes))
    const { resource, request } = await writeResourceChange(tx, before, fields)
    if (request !== null) await requireApproval(tx, request, null)
    return resource
  })
}

/**
 * Stores fields, which are normalized, of a resource that is locked; returns it with the request that a second admin would have to approve, null
 * if none has to.
 */
export async function writeResourceChange(
  tx: InTransaction<ChangeDeps>,
  before: Resource,
  fields: Omit<ResourceFields, 'uri'>,
): Promise<{ readonly resource: Resource; readonly request: ApprovalRequest | null }> {
  const resource = await updateResource(tx, before, fields)
  if (whatNeedsApprovalOfResource(before, resource).length === 0) return { resource, request: null }
  const { name, ...changed } = changedIn(before, resource)
  const values = { ...resourceValues(changed, await namesOfResource(tx, changed)), name, resourceId: before.id }
  return { resource, request: { kind: 'change-resource', newName: before.name, values } }
}

/** Deletes a resource: no token for it can be used again. Throws `resource.not_found`; with a precondition `resource.stale`. */
export function removeResource(ctx: ChangeDeps, id: string, precondition?: Precondition<Resource>): Promise<void> {
  return withResource(ctx, { id, action: 'resource.deleted', precondition }, deleteResource)
}

interface ResourceChange {
  readonly id: string
  readonly action: EventAction
  readonly precondition: Precondition<Resource> | undefined
}

/** Locks the resource, checks the precondition, and runs the work. Throws `resource.not_found` and what these throw. */
function withResource<Result>(
  ctx: ChangeDeps,
  { id, action, precondition }: ResourceChange,
  work: (tx: InTransaction<ChangeDeps>, resource: Resource) => Promise<Result>,
): Promise<Result> {
  return auditedChange(ctx, { action, details: { resource_id: id.slice(0, LONGEST_SHOWN) } }, async (tx, facts) => {
    const resource = await lockResource(tx, id)
    const { name, uri } = resource
    facts.details = { resource: name, resource_id: resource.id, uri }
    precondition?.(resource)
    return work(tx, resource)
  })
}

function changedIn(before: Resource, after: Resource): ResourceChanges {
  const changed = new Set<string>(changedResourceFields(before, after))
  return Object.fromEntries(Object.entries(fieldsOfResource(after)).filter(([field]) => changed.has(field)))
}

/** Returns the names of the apps in fields of a resource, for the person who decides about it. */
export async function namesOfResource(
  ctx: With<'db'>,
  { servedBy, allowedClients }: ResourceChanges,
): Promise<Parameters<typeof resourceValues>[1]> {
  const allowed = allowedClients === 'all' ? undefined : allowedClients
  const names = await namesOfClients(ctx, [...(servedBy ? [servedBy] : []), ...(allowed ?? [])])
  return {
    servedByName: servedBy ? names.get(servedBy) : undefined,
    allowedClientNames: allowed?.map((id) => names.get(id) ?? id),
  }
}

type ResourceApproval = Extract<ApprovalRequest, { readonly values: { readonly resourceId: string } }>

/** Makes the change of a request about a resource, for the admin who asked, in the transaction that ends the request. */
export async function makeApprovedResourceChange(ctx: ChangeDeps, approval: ResourceApproval): Promise<void> {
  const { kind, values, newName: name = '' } = approval
  const { resourceId: id } = values
  const fields = requestedResource(values)
  if (kind === 'create-resource')
    await makeResource(ctx, id, { ...withGiven(NEW_RESOURCE, fields), uri: values.uri, name })
  else await changeResource(ctx, id, { ...fields, name: values.name })
}
