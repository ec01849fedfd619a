// Whether users can sign in to an app, and the end of their sign-ins.
import type { ApprovalRequest } from '#domain/approvals/approval.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import {
  type DeliveryState,
  deliveryStateOf,
  forgetApp,
  notifyAgain,
} from '#domain/back-channel/app-deliveries.service.ts'
import { deleteClient, readClient, setClientDisabled } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { revokeGrantsOf } from '#domain/grants/grant.service.ts'
import type { With } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { withApp } from './app-change.service.ts'

/** Disables an app and ends its sign-ins; a disabled one stays so. Throws `app.not_found`, `resource.stale`. */
export function disableApp(ctx: ChangeDeps, id: string, precondition?: Precondition<Client>): Promise<Client> {
  return withApp(ctx, { id, action: 'app.disabled', precondition }, async (tx, client) => {
    await revokeGrantsOf(tx, { clientId: id })
    return setClientDisabled(tx, client, true)
  })
}

/** Lets users sign in to an app again. Throws `app.not_found`, `resource.stale`. It needs a second admin under the two-person rule. */
export function enableApp(ctx: ChangeDeps, id: string, precondition?: Precondition<Client>): Promise<Client> {
  return withApp(ctx, { id, action: 'app.enabled', precondition }, async (tx, client) => {
    const after = await setClientDisabled(tx, client, false)
    if (client.disabledAt !== null) await requireApproval(tx, requestForEnabling(client), null)
    return after
  })
}

/** Returns what a second admin must approve before users can sign in to a disabled app again. */
export function requestForEnabling({ id, name }: Client): ApprovalRequest {
  return { kind: 'enable-app', newName: name, values: { clientId: id } }
}

/** Deletes an app with its secrets, and ends its sign-ins. Throws `app.not_found`, `resource.stale`. */
export function deleteApp(ctx: ChangeDeps, id: string, precondition?: Precondition<Client>): Promise<void> {
  return withApp(ctx, { id, action: 'app.deleted', precondition }, async (tx, client) => {
    await revokeGrantsOf(tx, { clientId: id })
    await deleteClient(tx, client)
    await forgetApp(tx, client)
  })
}

/** Ends all sign-ins to an app; returns how many. Its users can sign in again. Throws `app.not_found`. */
export function endAppGrants(ctx: ChangeDeps, id: string): Promise<number> {
  return withApp(ctx, { id, action: 'app.grants_ended' }, async (tx, client) => {
    const ended = await revokeGrantsOf(tx, { clientId: id })
    const details = { app: client.name, client: id, grants: ended }
    await recordEvent(tx, { action: 'app.grants_ended', details, ending: { clientId: id } })
    return ended
  })
}

/** Returns in short which ends of sessions have not reached an app yet. Throws `app.not_found`. */
export async function readDeliveries(ctx: With<'db'>, id: string): Promise<DeliveryState> {
  return deliveryStateOf(ctx, await readClient(ctx, id))
}

/** Sends an app at once the ends of sessions that did not reach it; returns how many. Throws `app.not_found`. */
export function sendDeliveriesAgain(ctx: ChangeDeps, id: string): Promise<number> {
  return withApp(ctx, { id, action: 'app.deliveries_retried' }, notifyAgain)
}
