// Protected hosts as admins and the operator list, read, register and change them: each change in one authorized transaction, with its event.
import type { ApprovalValues } from '#domain/approvals/approval-change.ts'
import type { ApprovalRequest } from '#domain/approvals/approval.ts'
import type { EventAction } from '#domain/audit/event.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import {
  changedHostFields,
  fieldErrorsInHost,
  fieldsOfHost,
  normalizedHost,
  whatNeedsApprovalOfHost,
} from '#domain/hosts/host-fields.ts'
import { deleteHost, findHostByName, listHosts, lockHost, storeHost, updateHost } from '#domain/hosts/host.service.ts'
import { type HostFields, NEW_HOST, type ProtectedHost } from '#domain/hosts/host.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { withGiven } from '#foundation/kernel/given-fields.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { groupNamesOfHosts, resolveHostReferences } from './host-references.service.ts'
import { type GroupNames, type HostChanges, hostValues, requestedHost } from './host-request.ts'

/** How much of a text that may be anything the event of a refused change holds. */
const LONGEST_SHOWN = 100

/** A host with the names of the groups in its row, by id. */
export interface NamedHost {
  readonly host: ProtectedHost
  readonly groups: GroupNames
}

/** A new host. What is left out is as in `NEW_HOST`. */
export type NewHost = HostChanges & Pick<HostFields, 'name'>

/** Returns a page of the hosts by name. */
export async function listNamedHosts(
  ctx: With<'db'>,
  listing: Parameters<typeof listHosts>[1],
): Promise<{ readonly items: readonly NamedHost[]; readonly next: string | null }> {
  const { items, next } = await listHosts(ctx, listing)
  const groups = await groupNamesOfHosts(ctx, items)
  return { items: items.map((host) => ({ host, groups })), next }
}

/** Returns the host with this name, whose case does not matter. Throws `host.not_found`. */
export async function readHostByName(ctx: With<'db'>, name: string): Promise<ProtectedHost> {
  const host = await findHostByName(ctx, name.toLowerCase())
  if (host === undefined) throw new Refusal('host.not_found')
  return host
}

/** Returns the same with the names of its groups. */
export async function readNamedHost(ctx: With<'db'>, name: string): Promise<NamedHost> {
  const host = await readHostByName(ctx, name)
  return { host, groups: await groupNamesOfHosts(ctx, [host]) }
}

/**
 * Registers a host. Throws `request.validation_failed`, `host.name_taken`, `host.too_many`. It needs a second admin under the two-person rule:
 * without it, deleting a host and registering it again with other rules would be a change that one admin makes alone.
 */
export function createHost(ctx: ChangeDeps, { name, ...given }: NewHost): Promise<ProtectedHost> {
  return makeHost(ctx, ctx.newId(), { ...withGiven(NEW_HOST, given), name })
}

function makeHost(ctx: ChangeDeps, id: string, wanted: HostFields): Promise<ProtectedHost> {
  const fields = normalizedHost(wanted)
  const details = { host: fields.name.slice(0, LONGEST_SHOWN) }
  return auditedChange(ctx, { action: 'host.created', details }, async (tx) => {
    const { host, request } = await writeNewHost(tx, id, fields)
    await requireApproval(tx, request, null)
    return host
  })
}

/** Stores a new host, whose fields are normalized; returns it with the request that a second admin would have to approve. */
export async function writeNewHost(
  tx: InTransaction<ChangeDeps>,
  id: string,
  fields: HostFields,
): Promise<{ readonly host: ProtectedHost; readonly request: ApprovalRequest }> {
  const resolved = await resolvePossible(tx, fields)
  const host = await storeHost(tx, { id, fields: resolved, createdBy: actorOf(tx.principal) })
  const values = hostValues(host, await groupNamesOfHosts(tx, [host])) as ApprovalValues['create-host']
  return { host, request: { kind: 'create-host', newName: host.name, values: { ...values, hostId: id } } }
}

/** Lists of impossible length are refused before each of their names is looked up. */
async function resolvePossible<Fields extends HostFields>(
  tx: InTransaction<ChangeDeps>,
  fields: Fields,
  before?: readonly string[],
): Promise<Fields> {
  requireNoFieldErrors(fieldErrorsInHost(fields, new URL(tx.config.publicUrl).hostname))
  return resolveHostReferences(tx, fields, before)
}

/**
 * Changes what an admin says about a host. Throws `host.not_found`, `request.validation_failed`; with a precondition `resource.stale`. Under
 * the two-person rule everything but what takes access away needs a second admin.
 */
export function changeHost(
  ctx: ChangeDeps,
  name: string,
  changes: HostChanges,
  precondition?: Precondition<ProtectedHost>,
): Promise<ProtectedHost> {
  return withHost(ctx, { name, action: 'host.changed', precondition }, async (tx, before) => {
    const wanted = normalizedHost(withGiven(fieldsOfHost(before), changes))
    const { host, request } = await writeHostChange(tx, before, wanted)
    if (request !== null) await requireApproval(tx, request, null)
    return host
  })
}

/**
 * Stores fields, which are normalized, of a host that is locked; returns it with the request that a second admin would have to approve, null if
 * none has to.
 */
export async function writeHostChange(
  tx: InTransaction<ChangeDeps>,
  before: ProtectedHost,
  fields: HostFields,
): Promise<{ readonly host: ProtectedHost; readonly request: ApprovalRequest | null }> {
  const host = await updateHost(tx, before, await resolvePossible(tx, fields, before.sharedGroups))
  const needsApproval = whatNeedsApprovalOfHost(before, host).length > 0
  return { host, request: needsApproval ? await changeRequest(tx, before, host) : null }
}

async function changeRequest(ctx: With<'db'>, before: ProtectedHost, after: ProtectedHost): Promise<ApprovalRequest> {
  const changed = new Set<string>(changedHostFields(before, after))
  const fields: HostChanges = Object.fromEntries(
    Object.entries(fieldsOfHost(after)).filter(([field]) => changed.has(field)),
  )
  const values = { ...hostValues(fields, await groupNamesOfHosts(ctx, [after])), hostId: before.id }
  return { kind: 'change-host', newName: before.name, values }
}

/** Deletes a host: its requests are refused from then on. Throws `host.not_found`; with a precondition `resource.stale`. */
export function removeHost(ctx: ChangeDeps, name: string, precondition?: Precondition<ProtectedHost>): Promise<void> {
  return withHost(ctx, { name, action: 'host.deleted', precondition }, deleteHost)
}

interface HostChange {
  readonly name: string
  readonly action: EventAction
  readonly precondition: Precondition<ProtectedHost> | undefined
}

/** Locks the host, checks the precondition, and runs the work. Throws `host.not_found` and what these throw. */
function withHost<Result>(
  ctx: ChangeDeps,
  { name, action, precondition }: HostChange,
  work: (tx: InTransaction<ChangeDeps>, host: ProtectedHost) => Promise<Result>,
): Promise<Result> {
  return auditedChange(ctx, { action, details: { host: name.slice(0, LONGEST_SHOWN) } }, async (tx, facts) => {
    const host = await lockHost(tx, (await readHostByName(tx, name)).id)
    facts.details = { host: host.name, host_id: host.id }
    precondition?.(host)
    return work(tx, host)
  })
}

type HostApproval = Extract<ApprovalRequest, { readonly values: { readonly hostId: string } }>

/** Makes the change of a request about a host, for the admin who asked, in the transaction that ends the request. */
export async function makeApprovedHostChange(ctx: ChangeDeps, approval: HostApproval): Promise<void> {
  const { kind, values, newName: name = '' } = approval
  const fields = requestedHost(values)
  if (kind === 'create-host') await makeHost(ctx, values.hostId, { ...withGiven(NEW_HOST, fields), name })
  else await changeHost(ctx, name, fields)
}
