import { recordRefusal } from '../../../domain/audit/audit.service.ts'
import type { EventAction } from '../../../domain/audit/event.ts'
import { inAuthorizedTransaction } from '../../../domain/authorization/authorization.service.ts'
import type { With } from '../../../foundation/context.ts'
import { sealPlaintextSecret } from '../../../domain/factors/totp/plaintext-secret.service.ts'
import { actorOf, isAuthenticated } from '../../../foundation/kernel/principal.ts'
import type { Principal, Role } from '../../../foundation/kernel/principal.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import { retryOnConflict } from '../../../domain/users/optimistic-locking.ts'
import type { Precondition } from '../../../domain/users/optimistic-locking.ts'
import { findUserById, lockUserById } from '../../../domain/users/user.service.ts'
import { staleAuthentication } from '../../../domain/sessions/reauthentication.ts'
import type { User } from '../../../domain/users/user.ts'
import { isUserId } from '../../../domain/users/user.ts'

/** The user an administrator means: the integer id of the URL. */
export interface UserRef {
  readonly id: number
}

/** The user behind an id; refuses with `user.not_found`. */
export async function readUser(ctx: With<'db'>, { id }: UserRef): Promise<User> {
  const user = isUserId(id) ? await findUserById(ctx, id) : undefined
  if (user === undefined) throw new Refusal('user.not_found')
  return user
}

/** So many races may be lost to somebody who changes their account all the time, perhaps so that nobody can switch them off. */
const PATIENT_RUNS = 2

/** The same, and nobody else changes them until the transaction ends. */
async function takeUser(ctx: With<'db'>, { id }: UserRef): Promise<User> {
  const user = isUserId(id) ? await lockUserById(ctx, id) : undefined
  if (user === undefined) throw new Refusal('user.not_found')
  return user
}

/** Makes nobody an admin on an old proof: a stolen session must not leave a second way in. Throws `access.reauthentication_required`. */
export function requireFreshAuthenticationToGrant(
  ctx: With<'principal' | 'now' | 'config'>,
  role: Role | undefined,
): void {
  const stale = role === 'admin' ? staleAuthentication(ctx.principal, ctx.now, ctx.config.proofLifetime) : undefined
  if (stale !== undefined) throw stale
}

type Recording = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/**
 * Reads a user and changes them in one transaction, over again when somebody else changed them in between. The work
 * records what it did; what a rule refuses is recorded here, as a refused `action`.
 */
export function withTargetUser<Ctx extends Recording, Result>(
  ctx: Ctx,
  ref: UserRef,
  action: EventAction,
  work: (tx: Ctx, user: User) => Promise<Result>,
  precondition?: Precondition,
): Promise<Result> {
  let target: string | null = null
  const { principal } = ctx
  // A change of one's own account conflicts with every other change of it, without a lock.
  const lock = isAuthenticated(principal) && principal.user.id !== ref.id ? 'share' : undefined
  const look = async (tx: Ctx, lost: number): Promise<Result> => {
    const user = await (lost < PATIENT_RUNS ? readUser : takeUser)(tx, ref)
    target = user.subject
    precondition?.(user)
    return work(tx, user)
  }
  const once = (lost: number): Promise<Result> => inAuthorizedTransaction(ctx, (tx) => look(tx, lost), { lock })
  return retryOnConflict(once, precondition).catch(async (error: unknown) => {
    throw await recordRefusal(ctx, { action, target }, error)
  })
}

/**
 * Seals the user's code secret, should it still stand in the row as somebody typed it: a reset must reach it, and an
 * invitation must not pass it by. Call it before the transaction, which it cannot be part of.
 */
export async function sealTargetSecret(ctx: Recording, ref: UserRef): Promise<void> {
  const { id, insertedExternally } = await readUser(ctx, ref)
  if (insertedExternally) await sealPlaintextSecret(ctx, id)
}

/** What an admin may do to others only; their own account has its own ways, with their own password. */
export function requireOtherUser(principal: Principal, user: User): void {
  if (actorOf(principal) === user.subject) throw new Refusal('user.own_account')
}
