import { recordEvent } from '../../audit/audit.service.ts'
import type { WithSignedIn } from '../../context.ts'
import { faultsInPassword } from '../../factors/password/password.ts'
import { checkPassword, newPasswordHash } from '../../factors/password/password.service.ts'
import type { Fault } from '../../kernel/fault.ts'
import { Refusal, refuseFaults } from '../../kernel/refusal.ts'
import type { Secret } from '../../kernel/secret.ts'
import { drawGuess, giveBack, lookingAt } from '../../throttle/throttle.service.ts'
import { userBuckets } from '../../throttle/throttle.ts'
import { changeUser } from '../../users/user.service.ts'
import type { User } from '../../users/user.ts'
import { keepOnlyThisSession, onMyself, readMyself } from '../myself.service.ts'

export type PasswordPowers = WithSignedIn<
  'db' | 'now' | 'newId' | 'random' | 'keyring' | 'caller' | 'config' | 'hasher'
>

export interface PasswordChange {
  readonly current: Secret
  readonly next: Secret
}

/** Another password for whoever knows the present one. Ends every other session. Refuses with `password.wrong`. */
export async function changeOwnPassword(ctx: PasswordPowers, { current, next }: PasswordChange): Promise<User> {
  const user = await readMyself(ctx)
  refuseFaults(faultsInOwnPassword(ctx, user, next, '/new'))
  if (!(await isOwnPassword(ctx, user, current))) {
    const details = { username: user.username }
    await recordEvent(ctx, {
      action: 'password.changed',
      target: user.subject,
      result: 'refused',
      reason: 'wrong_password',
      details,
    })
    throw new Refusal('password.wrong')
  }
  const hash = await newPasswordHash(ctx, next)
  return onMyself(ctx, 'password.changed', (tx, present) => storeOwnPassword(tx, present, { checked: user, hash }))
}

/**
 * Whether this is the person's present password, for the price of one guess at it: a stolen session must not be a way
 * to guess without end. A right guess costs nothing.
 */
export async function isOwnPassword(ctx: PasswordPowers, user: User, password: Secret): Promise<boolean> {
  const guess = { network: ctx.caller.origin.network, buckets: userBuckets(user.subject, ['password']) }
  await drawGuess(ctx, guess)
  const { matched } = await lookingAt(ctx, guess, () => checkPassword(ctx, user, password))
  if (matched) await giveBack(ctx, guess)
  return matched
}

export function faultsInOwnPassword(ctx: PasswordPowers, user: User, password: Secret, pointer: string): Fault[] {
  const about = { username: user.username, email: user.email, instanceName: ctx.config.instanceName }
  return faultsInPassword(password.reveal(), about, ctx.config.passwords).map((fault) => ({ ...fault, pointer }))
}

/** Stores a new password's hash inside a transaction, unless the password that was checked is no longer the stored one. */
export async function storeOwnPassword(
  ctx: PasswordPowers,
  present: User,
  { checked, hash }: { readonly checked: User; readonly hash: Secret },
): Promise<User> {
  if (present.hashedPassword?.reveal() !== checked.hashedPassword?.reveal()) throw new Refusal('password.wrong')
  const changed = await changeUser(ctx, present, { hashedPassword: hash, passwordChangeAskedAt: null })
  const sessions = await keepOnlyThisSession(ctx, changed)
  await recordEvent(ctx, {
    action: 'password.changed',
    target: changed.subject,
    details: { username: changed.username, sessions },
  })
  return changed
}
