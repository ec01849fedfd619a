// Sets who may use an app back to what it was before the last change, as the audit log has it.
import { listEvents } from '#domain/audit/audit.service.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { accessBefore, type AccessFields, changesAccess } from '#domain/clients/access-change.ts'
import { fieldsOf } from '#domain/clients/client-fields.ts'
import { readClient } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import type { With } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { isKnownAccess } from './access-check.service.ts'
import { changeApp } from './clients.service.ts'

/** Among so many changes of apps, the newest first, the last one of an app is searched. */
const LOOKED_BACK = 200

export interface AccessChange {
  readonly at: Instant
  /** Who could use the app before. */
  readonly before: AccessFields
}

/**
 * Returns the last change of who may use an app; undefined where there is none, where it does not stand any more, or where a role or group of before
 * is gone: without that, the app could be for everyone.
 */
export async function lastAccessChange(ctx: With<'db'>, client: Client): Promise<AccessChange | undefined> {
  const { items } = await listEvents(ctx, { action: 'app.changed', result: 'done', limit: LOOKED_BACK })
  const event = items.find(({ details }) => changesAccess(details, client.id))
  const before = event?.details && accessBefore(fieldsOf(client), event.details)
  if (event === undefined || !before || !(await isKnownAccess(ctx, before))) return undefined
  return { at: event.at, before }
}

/** Undoes it. Throws `app.not_found`, `resource.stale`, and what a change throws. Under the two-person rule it needs a second admin. */
export async function undoAccessChange(
  ctx: ChangeDeps,
  id: string,
  precondition?: Precondition<Client>,
): Promise<Client> {
  const client = await readClient(ctx, id)
  precondition?.(client)
  const change = await lastAccessChange(ctx, client)
  if (change === undefined) throw new Refusal('resource.stale')
  return changeApp(ctx, id, change.before, precondition)
}
