// The user’s own name, email, language and time zone, the whole record as the legacy app sends it, and deletion.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { queueDeletion } from '#domain/back-channel/app-deliveries.service.ts'
import { fieldErrorsInNewPassword, newPasswordHash } from '#domain/factors/password/password.service.ts'
import { isMailOn } from '#domain/mail/mail.service.ts'
import { dropLinkMails, MAILED_PURPOSES } from '#domain/mail/mailed-links.service.ts'
import { changeEmail } from '#domain/notices/email-change.service.ts'
import { endLinksOf } from '#domain/notices/former-email-links.service.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import { passwordPolicy } from '#domain/policies/evaluation/password-policy.service.ts'
import { secondFactorPolicy } from '#domain/policies/policy.service.ts'
import { staleAuthentication } from '#domain/sessions/reauthentication.ts'
import { guessAtName, throttleDetails } from '#domain/throttle/guess.service.ts'
import {
  consumeGuess,
  type Guess,
  recordFailure,
  recordRefusedGuess,
  refundGuess,
  refusing,
} from '#domain/throttle/throttle.service.ts'
import { requireOtherAdmin } from '#domain/users/acting-admins.service.ts'
import { changeEvent, differing, fieldErrorsInProfile, type ProfileChanges } from '#domain/users/profile.ts'
import { deleteUserRow, updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, WithAuthenticated } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal, requireNoFieldErrors, withEventId } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { loadOwnAccount, withOwnAccount } from '../own-account/own-account.service.ts'
import { guessOwnPassword, type PasswordDeps, storeOwnPassword } from '../password/own-password.service.ts'

type Deps = WithAuthenticated<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'limits'>

/** What a user may change of their own profile: everything but the role. */
export type OwnChanges = Omit<ProfileChanges, 'role'>

/**
 * Changes the given fields. Where mail is on, a new email needs a recent authentication and waits for its confirmation. Throws
 * `request.validation_failed`, `user.username_taken`, `user.email_taken`, `access.reauthentication_required`, `throttle.blocked`, and
 * `resource.stale` if the precondition fails.
 */
export async function changeProfile(ctx: Deps, wanted: OwnChanges, precondition?: Precondition<User>): Promise<User> {
  requireNoFieldErrors(fieldErrorsInProfile({ locale: wanted.locale, timeZone: wanted.timeZone }))
  requireFreshAuthenticationForEmail(ctx, wanted)
  const change = () => withOwnAccount(ctx, 'user.changed', (tx, user) => applyChanges(tx, user, wanted), precondition)
  return claimingNames(ctx, wanted, change)
}

async function applyChanges(ctx: InTransaction<Deps>, user: User, wanted: OwnChanges): Promise<User> {
  const changes = differing(user, wanted)
  if (Object.keys(changes).length === 0) return user
  const { email, ...others } = changes
  const waits = email !== undefined && isMailOn(ctx.config)
  const changed = waits
    ? await changeEmail(ctx, await updateUser(ctx, user, others), email)
    : await updateUser(ctx, user, changes)
  if (email !== undefined && !waits) await endLinksOf(ctx, user, email)
  // An email that waits for its confirmation is no change yet; its request has an event of its own.
  const written = waits && email !== null ? others : changes
  if (Object.keys(written).length > 0) await recordEvent(ctx, changeEvent(user, changed, written))
  if (others.username !== undefined) await notifyUser(ctx, changed, 'username-changed')
  return changed
}

/** Throws if a new email needs a recent authentication: where mail is on, an email can be a way back into the account. */
function requireFreshAuthenticationForEmail(ctx: Deps, { email }: OwnChanges): void {
  const isSame = email === undefined || email === ctx.principal.user.email
  if (isSame || !isMailOn(ctx.config)) return
  const stale = staleAuthentication(ctx.principal, ctx.now, ctx.config.reauthenticationLifetime)
  if (stale !== undefined) throw stale
}

/** The whole record, as clients of the legacy app send it. */
export interface WholeProfile {
  readonly username: string
  readonly email: string | null
  readonly fullName: string | null
  readonly password: Secret
}

export interface ReplacedProfile {
  readonly user: User
  /** The session's new token, if the password changed. */
  readonly token?: Secret
}

/**
 * Replaces the record, password included. The current password changes nothing; another one is a change of password: it requires
 * recent authentication, must satisfy the policy, ends every other session and gives this one another token. Throws the codes of
 * `changeProfile`, `access.reauthentication_required` and `password.wrong`.
 */
export async function replaceProfile(
  ctx: PasswordDeps,
  { password, ...wanted }: WholeProfile,
  precondition?: Precondition<User>,
): Promise<ReplacedProfile> {
  const user = await loadOwnAccount(ctx)
  precondition?.(user)
  requireNoFieldErrors(fieldErrorsInProfile(differing(user, wanted)))
  const { matched, guess } = await guessOwnPassword(ctx, user, password)
  if (!matched) {
    await countAnotherPassword(ctx, user, guess)
    requireNoFieldErrors(
      await fieldErrorsInNewPassword(ctx, { policy: await passwordPolicy(ctx), password, user: wanted }),
    )
  }
  const hash = matched ? null : await newPasswordHash(ctx, password)
  const store = async (tx: InTransaction<PasswordDeps>, current: User): Promise<ReplacedProfile> => {
    const changed = await applyChanges(tx, current, wanted)
    if (hash === null) return { user: changed }
    return storeOwnPassword(tx, changed, { checked: user, hash, endApiTokens: false })
  }
  return claimingNames(ctx, wanted, () => withOwnAccount(ctx, 'user.changed', store, precondition))
}

// Another password counts as a failed guess, with recent authentication and without, so that a stolen session reveals few taken names.
async function countAnotherPassword(ctx: PasswordDeps, { subject }: User, guess: Guess): Promise<void> {
  const stale = staleAuthentication(ctx.principal, ctx.now, ctx.config.reauthenticationLifetime)
  if (stale === undefined) return refusing(ctx, guess, (tx) => recordFailure(tx, guess))
  const event = await recordRefusedGuess(ctx, guess, {
    action: 'password.changed',
    target: subject,
    result: 'refused',
    reason: 'reauthentication_required',
    details: throttleDetails(secondFactorPolicy(ctx), guess),
  })
  throw withEventId(stale, event)
}

/** Deletes the user's own account and all its data; its audit events stay. Throws `user.last_admin`. */
export function deleteOwnAccount(ctx: Deps): Promise<void> {
  return withOwnAccount(ctx, 'user.deleted', async (tx, user) => {
    await requireOtherAdmin(tx, user)
    const event = { action: 'user.deleted', target: user.subject, details: { username: user.username } } as const
    await queueDeletion(tx, user.subject, await recordEvent(tx, event))
    await deleteUserRow(tx, user)
    await dropLinkMails(tx, user.subject, MAILED_PURPOSES)
  })
}

/**
 * Runs a change of the user's own record. A change of username or email consumes a guess first. A taken name counts as a failure,
 * because the answer reveals that another user has it (enumeration). A free name refunds only its own guess; if it reset the count,
 * requests for free names would allow any number of others. Throws `throttle.blocked`.
 */
async function claimingNames<Result>(ctx: Deps, wanted: ProfileChanges, work: () => Promise<Result>): Promise<Result> {
  const { username, email = null } = differing(ctx.principal.user, wanted)
  if (username === undefined && email === null) return work()
  const guess = guessAtName(ctx)
  await consumeGuess(ctx, guess)
  const outcome = await work().then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  )
  const isTaken = 'error' in outcome && outcome.error instanceof Refusal && TAKEN.has(outcome.error.code)
  // Each mail to an email that is not confirmed counts too, so that a session cannot send any number of them.
  const counts = isTaken || (email !== null && isMailOn(ctx.config))
  await (counts ? refusing(ctx, guess, (tx) => recordFailure(tx, guess)) : refundGuess(ctx, guess))
  if ('error' in outcome) throw outcome.error
  return outcome.result
}

const TAKEN: ReadonlySet<string> = new Set(['user.username_taken', 'user.email_taken'])
