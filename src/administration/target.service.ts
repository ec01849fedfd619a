import { inTransaction, type With } from '../context.ts'
import { sealHandTypedSecret } from '../factors/totp/first-sight.service.ts'
import type { Caller } from '../kernel/caller.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type Precondition, startingOver } from '../users/start-over.ts'
import { findUserById } from '../users/user.service.ts'
import type { User } from '../users/user.ts'
import { isUserId } from './user-list.ts'

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

/** Reads a user and changes them in one transaction, over again when somebody else changed them in between. */
export function onUser<Ctx extends With<'db'>, Result>(
  ctx: Ctx,
  ref: UserRef,
  work: (tx: Ctx, user: User) => Promise<Result>,
  precondition?: Precondition,
): Promise<Result> {
  const once = (): Promise<Result> =>
    inTransaction(ctx, async (tx) => {
      const user = await readUser(tx, ref)
      precondition?.(user)
      return work(tx, user)
    })
  return startingOver(once, precondition)
}

/**
 * Seals the user's code secret, should it still stand in the row as somebody typed it: a reset must reach it, and an
 * invitation must not pass it by. Call it before the transaction, which it cannot be part of.
 */
export async function sealAtFirstSight(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'caller'>,
  ref: UserRef,
): Promise<void> {
  const { id, handTyped } = await readUser(ctx, ref)
  if (handTyped) await sealHandTypedSecret(ctx, id)
}

/** What an admin may do to others only; their own account has its own ways, with their own password. */
export function refuseOwnAccount(caller: Caller, user: User): void {
  const own = caller.kind === 'signed-in' && caller.user.subject === user.subject
  if (own) throw new Refusal('user.own_account')
}
