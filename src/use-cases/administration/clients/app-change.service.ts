// The transaction of a change of an app, and what its caller gets where it waits for a second admin.
import type { EventAction } from '#domain/audit/event.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { lockClient } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import type { InTransaction } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

/** How much of a name that may be anything the event of a refused change holds. */
export const LONGEST_SHOWN = 100

interface AppChange {
  readonly id: string
  readonly action: EventAction
  readonly precondition?: Precondition<Client> | undefined
}

/** Locks the app, checks the precondition, and runs the work. Throws `app.not_found` and what these throw. */
export function withApp<Result>(
  ctx: ChangeDeps,
  { id, action, precondition }: AppChange,
  work: (tx: InTransaction<ChangeDeps>, client: Client) => Promise<Result>,
): Promise<Result> {
  return auditedChange(ctx, { action, details: { client: id.slice(0, LONGEST_SHOWN) } }, async (tx, facts) => {
    const client = await lockClient(tx, id)
    facts.details = { app: client.name, client: id }
    precondition?.(client)
    return work(tx, client)
  })
}

/** The id of the request that waits for a second admin: nothing is stored yet, and the secret works when it is approved. */
export interface Waiting {
  readonly approval: string | null
}

/** Runs a change whose caller keeps a secret also where the change waits for a second admin. */
export async function waitable<Result>(change: () => Promise<Result>) {
  try {
    return { result: await change(), approval: null }
  } catch (error) {
    const approval = error instanceof Refusal ? error.facts.approval : undefined
    if (approval === undefined) throw error
    return { result: undefined, approval }
  }
}
