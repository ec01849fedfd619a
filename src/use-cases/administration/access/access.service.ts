// Loads the user whom an administrative action targets, and checks what the principal may do to them.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { EndingScope } from '#domain/audit/ending.ts'
import type { EventAction, EventDetails } from '#domain/audit/event.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { sealPlaintextSecret } from '#domain/factors/totp/plaintext-secret.service.ts'
import { findUserById, lockUserById } from '#domain/users/user.service.ts'
import { isUserId, type User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { actorOf, isAuthenticated, type Principal } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { requireMayManage } from './role-grant.service.ts'

/** The target of an administrative action: the integer id of the URL. */
export interface UserRef {
  readonly id: number
}

/** Returns the user with this id, as `find` reads them. Throws `user.not_found`. */
export async function readUser(ctx: With<'db'>, { id }: UserRef, find = findUserById): Promise<User> {
  const user = isUserId(id) ? await find(ctx, id) : undefined
  if (user === undefined) throw new Refusal('user.not_found')
  return user
}

/** Retries before the row is locked, so that a user who keeps changing their account cannot block an admin from disabling it. */
const RETRIES_BEFORE_LOCK = 2

/**
 * Reads and changes a user in one authorized transaction. If a concurrent request changed the user meanwhile (lost update), it retries;
 * a precondition is checked in each run, and throws `resource.stale`. `work` records the event of its success; a refusal of a rule is
 * recorded here, as a refused `action`. Throws `user.not_found`, and `role.beyond_own` for a user with a permission that the principal
 * lacks.
 */
export function withTargetUser<Ctx extends ChangeDeps, Result>(
  ctx: Ctx,
  ref: UserRef,
  action: EventAction,
  work: (tx: InTransaction<Ctx>, user: User) => Promise<Result>,
  precondition?: Precondition<User>,
): Promise<Result> {
  const { principal } = ctx
  // A change of the principal's own account conflicts with every other change of it on the user's row, so it needs no lock.
  const lock = isAuthenticated(principal) && principal.user.id !== ref.id ? 'share' : 'none'
  return auditedChange(ctx, { action, lock }, async (tx, facts, conflicts) => {
    const user = await readUser(tx, ref, conflicts < RETRIES_BEFORE_LOCK ? findUserById : lockUserById)
    facts.target = user.subject
    requireMayManage(tx.principal, user.rolePermissions)
    precondition?.(user)
    return work(tx, user)
  })
}

/** Records an event about a user, with the username, which is known from the event alone once the user is deleted. */
export function recordAbout(
  ctx: ChangeDeps,
  { subject, username }: User,
  action: EventAction,
  details: EventDetails = {},
  ending?: EndingScope,
): Promise<string> {
  return recordEvent(ctx, { action, target: subject, details: { username, ...details }, ending })
}

/**
 * Seals the plaintext TOTP secret of an externally inserted row, so that a reset removes it and an invitation is refused because of it.
 * It cannot run inside a transaction, so it is called before one.
 */
export async function sealTargetSecret(ctx: ChangeDeps, ref: UserRef): Promise<void> {
  const { id, insertedExternally } = await readUser(ctx, ref)
  if (insertedExternally) await sealPlaintextSecret(ctx, id)
}

/** Throws `user.own_account` if the target is the principal: users change their own account below /account, after re-authentication. */
export function requireOtherUser(principal: Principal, user: User): void {
  if (actorOf(principal) === user.subject) throw new Refusal('user.own_account')
}
