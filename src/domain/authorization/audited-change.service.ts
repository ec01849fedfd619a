// The one way to write a change: one transaction that authorizes the principal again, and the event of its refusal.
import { recordRefusal } from '#domain/audit/audit.service.ts'
import type { EventAction, EventDetails } from '#domain/audit/event.ts'
import { type InTransaction, inTransaction, type With } from '#foundation/context.ts'
import { retryOnConflict } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { lockFor, type LockName } from '#foundation/platform/database/lock.ts'
import { inAuthorizedTransaction } from './authorization.service.ts'

/** The dependencies of a change, which is authorized again and recorded. */
export type ChangeDeps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** What the event of a refusal names. The work of a change sets what it has read. */
export interface ChangeFacts {
  target?: string | null
  details?: EventDetails
}

export interface Change extends Readonly<ChangeFacts> {
  /** The action of the event of a refusal; left out where a refusal is no event. */
  readonly action?: EventAction
  /** `token`: the work itself checks it, by the attempt or the link whose token it reads. `principal` by default. */
  readonly authorizedBy?: 'principal' | 'token'
  /**
   * `share`, by default: no other transaction can end the session or reduce the rights of the principal before this one has ended. `none`
   * for a change of the principal's own rows, with which such a transaction conflicts anyway.
   */
  readonly lock?: 'share' | 'none'
  /** Taken in this order before the work begins. */
  readonly locks?: readonly LockName[]
}

/** Gets the context of the transaction, the facts of this run, and the number of lost updates before it. */
export type ChangeWork<Ctx, Result> = (tx: InTransaction<Ctx>, facts: ChangeFacts, conflicts: number) => Promise<Result>

/** Thrown by the work of a change that needs a second admin. It rolls the change back; then `openRequest` stores the request instead. */
export class ApprovalRequired extends Error {
  /** Returns the id of the request, or of the one that waits for the same. */
  readonly openRequest: (ctx: ChangeDeps) => Promise<string>

  constructor(openRequest: (ctx: ChangeDeps) => Promise<string>) {
    super('A second admin must approve this change')
    this.openRequest = openRequest
  }
}

/**
 * Runs a change, whose work records its own event. It is repeated after a lost update, each time with fresh facts. After the rollback a
 * change that needs a second admin becomes a request, with the refusal `approval.waiting`, and any other refusal of a rule becomes an event.
 * Inside another transaction, such as that of an approval, it joins it and throws what the work throws: an event would be rolled back with
 * the transaction, so its owner repeats, asks and records. Throws `access.invalid_token`, `service.busy` and what the work throws.
 */
export async function auditedChange<Ctx extends ChangeDeps, Result>(
  ctx: Ctx,
  change: Change,
  work: ChangeWork<Ctx, Result>,
): Promise<Result> {
  const { action, target, details, authorizedBy = 'principal', lock = 'share', locks = [] } = change
  let facts: ChangeFacts = {}
  const run = (conflicts: number): Promise<Result> => {
    // The database may run it again by itself, after a serialization failure.
    const once = async (tx: InTransaction<Ctx>): Promise<Result> => {
      facts = { ...(target !== undefined && { target }), ...(details && { details }) }
      for (const name of locks) await lockFor(tx.db, name)
      return work(tx, facts, conflicts)
    }
    if (authorizedBy === 'token') return inTransaction(ctx, once)
    return inAuthorizedTransaction(ctx, once, { lock: lock === 'share' ? lock : undefined })
  }
  if (ctx.db.isTransaction) return run(0)
  try {
    return await retryOnConflict(run).catch((error: unknown) => openRequest(ctx, error))
  } catch (error) {
    throw action === undefined ? error : await recordRefusal(ctx, { action, ...facts }, error)
  }
}

async function openRequest(ctx: ChangeDeps, error: unknown): Promise<never> {
  if (!(error instanceof ApprovalRequired)) throw error
  throw new Refusal('approval.waiting', { approval: await error.openRequest(ctx) })
}
