// Resets the second factor, sets the password, ends a session and lifts a lockout of another user, for admins and the operator.
import { revokeApiTokensOf } from '#domain/api-tokens/api-token.service.ts'
import type { Given } from '#domain/approvals/approval-change.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { fieldErrorsInNewPassword, newPasswordHash } from '#domain/factors/password/password.service.ts'
import { moveGrantsToEpoch } from '#domain/grants/grant.service.ts'
import { hasMailedLinkSinceSignIn } from '#domain/links/link.service.ts'
import { dropLinkMails, withdrawMailedLinks } from '#domain/mail/mailed-links.service.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import { passwordPolicy } from '#domain/policies/evaluation/password-policy.service.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import { endSession, endSessionsOf, moveSessionToEpoch } from '#domain/sessions/session.service.ts'
import { requireMailWithinLimit, sentMailBucket } from '#domain/throttle/mail-limit.service.ts'
import { resetUserBuckets } from '#domain/throttle/throttle.service.ts'
import { requireOtherAdmin } from '#domain/users/acting-admins.service.ts'
import { findUser, updateUser } from '#domain/users/user.service.ts'
import { type User, waitsForInvitation } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import {
  readUser,
  recordAbout,
  requireOtherUser,
  sealTargetSecret,
  type UserRef,
  withTargetUser,
} from '../access/access.service.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { requireHelpable } from '../access/role-grant.service.ts'
import { issueInvitation } from '../invitations/invitation.service.ts'
import type { Invitation } from '../invitations/invitation.ts'
import { selectSessionOwner } from '../users/find-user.view.ts'
import { dropFactors, type FactorCounts, listSessionsOf } from './credentials-summary.service.ts'
import { type EnrolmentLink, replaceEnrolmentLink } from './enrolment-link.service.ts'

export interface FactorReset extends Given<'reset-second-factor'> {
  /** The admin's reason; recorded in the audit log. Not blank. */
  readonly reason: string
}

export interface SecondFactorReset {
  readonly user: User
  /** Made where the password was reset too: the user chooses a new one. */
  readonly invitation: Invitation | null
  /** Made where the password stays: the link asks for it. Null also for a user who is shut out, and for one without a password. */
  readonly enrolment: EnrolmentLink | null
  readonly removed: FactorCounts
}

/**
 * Removes every authenticator app, passkey and recovery code of a user, ends their sessions, revokes their API tokens and resets their
 * buckets; they enrol anew by the link that is made, or at the next sign-in, and are notified by mail. Throws `request.validation_failed`
 * without a reason, `access.insufficient_permissions` for the password without `users:write`, `role.beyond_help`, `user.not_joined`, `help.both_resets`,
 * `help.mail_limit` after three times, `user.not_found`, `user.own_account`, and for an admin who resets the last active admin `user.last_admin`, since that one could no longer
 * act as admin.
 */
export async function resetSecondFactor(
  ctx: ChangeDeps,
  ref: UserRef,
  wanted: FactorReset,
): Promise<SecondFactorReset> {
  const { resetPassword = false } = wanted
  const reason = wanted.reason.trim()
  requireNoFieldErrors(reason === '' ? [{ pointer: '/reason', code: 'field.missing' }] : [])
  await sealTargetSecret(ctx, ref)
  return withTargetUser(ctx, ref, 'totp.reset', async (tx, user) => {
    // The invitation that follows it opens the account, so a help desk that resets second steps must not be enough for it.
    if (resetPassword && !permissionsOf(tx.principal).includes('users:write')) {
      throw new Refusal('access.insufficient_permissions')
    }
    requireHelpable(tx.principal, user, 'users:reset-factors')
    // Such a reset would remove nothing but the invitation.
    if (waitsForInvitation(user)) throw new Refusal('user.not_joined')
    await requireNoPasswordLink(tx, user)
    // The operator may reset the last active admin, who keeps the password or gets an invitation.
    if (tx.principal.kind !== 'operator') await requireOtherAdmin(tx, user)
    requireOtherUser(tx.principal, user)
    const request = { kind: 'reset-second-factor', values: { resetPassword }, reason: wanted.reason } as const
    if (isPrivileged(user)) await requireApproval(tx, request, user)
    await requireWithinLimit(tx, 'reset', user)
    const removed = await dropFactors(tx, user.subject)
    const sessions = await endSessionsOf(tx, user.subject)
    const apiTokens = await revokeApiTokensOf(tx, user.subject)
    const changed = await forgetFactors(tx, user, resetPassword)
    await resetUserBuckets(tx, user.subject)
    await recordAbout(tx, user, 'totp.reset', {
      reason,
      apps: removed.apps,
      passkeys: removed.passkeys,
      recovery_codes: removed.recoveryCodes,
      sessions,
      api_tokens: apiTokens,
      password: resetPassword,
    })
    const invitation = resetPassword ? await issueInvitation(tx, changed) : null
    const enrolment = await replaceEnrolmentLink(tx, changed)
    // Beside the mail with the enrolment link: a user who did not ask for the reset can say so (“This wasn’t me”).
    await notifyUser(tx, changed, 'factors-reset')
    return { user: changed, removed, invitation, enrolment }
  })
}

// Without `users:write` the two resets are not made one after the other either. The reader of the mailbox who has used a link of the help desk
// has no second step, so such a link counts until the user signs in. One that the user asked for does not: a stranger can ask for it too.
async function requireNoPasswordLink(ctx: ChangeDeps, user: User): Promise<void> {
  if (permissionsOf(ctx.principal).includes('users:write')) return
  if (await hasMailedLinkSinceSignIn(ctx, 'password-reset', user)) throw new Refusal('help.both_resets')
}

async function forgetFactors(ctx: ChangeDeps, user: User, resetPassword: boolean): Promise<User> {
  const password = resetPassword ? { hashedPassword: null, invitedAt: ctx.now } : { invitedAt: null }
  const forgotten = { secondFactorAt: null, passkeyAt: null, ...password }
  const changed = await updateUser(ctx, user, forgotten, { bumpEpoch: true })
  await withdrawMailedLinks(ctx, user.subject, ['invitation'])
  return changed
}

type Options = Given<'set-password'>

/** Throws `request.validation_failed` as `setPassword` would, so that a prompt can reject the password before it asks to repeat it. */
export async function requireValidPassword(
  ctx: With<'db' | 'now' | 'config' | 'knownPasswords'>,
  user: User,
  password: Secret,
): Promise<void> {
  requireNoFieldErrors(await fieldErrorsInNewPassword(ctx, { policy: await passwordPolicy(ctx), password, user }))
}

/** Sets a user's password; their second factor stays. Throws `user.not_found`, `request.validation_failed`, `service.busy`. */
export async function setPassword(
  ctx: ChangeDeps & With<'hasher' | 'knownPasswords'>,
  ref: UserRef,
  password: Secret,
  options: Options = {},
): Promise<User> {
  await requireValidPassword(ctx, await readUser(ctx, ref), password)
  const hashedPassword = await newPasswordHash(ctx, password)
  return setPasswordHash(ctx, ref, hashedPassword, options)
}

/** Sets a user's password by its hash, which a request of the two-person rule has kept. Throws `user.not_found`. */
export function setPasswordHash(
  ctx: ChangeDeps,
  ref: UserRef,
  passwordHash: Secret,
  options: Options = {},
): Promise<User> {
  return withTargetUser(ctx, ref, 'password.set', async (tx, user) => {
    const { mustChange = false, keepSessions = false } = options
    const values = { mustChange, keepSessions }
    if (isPrivileged(user)) await requireApproval(tx, { kind: 'set-password', values, passwordHash }, user)
    return storePassword(tx, user, passwordHash, options)
  })
}

async function storePassword(
  ctx: InTransaction<ChangeDeps>,
  user: User,
  hashedPassword: Secret,
  options: Options,
): Promise<User> {
  const running = await listSessionsOf(ctx, user)
  const passwordChangeAskedAt = options.mustChange ? ctx.now : null
  // The new epoch ends an open invitation, so a user who had not accepted it waits for none.
  const joined = user.secondFactorAt === null && { invitedAt: null }
  const changes = { hashedPassword, passwordChangeAskedAt, ...joined }
  const changed = await updateUser(ctx, user, changes, { bumpEpoch: true })
  await dropLinkMails(ctx, user.subject, ['invitation'])
  let apiTokens = 0
  if (options.keepSessions) {
    for (const { id } of running) await moveSessionToEpoch(ctx, id, changed.credentialEpoch)
    await moveGrantsToEpoch(ctx, user.subject, { from: user.credentialEpoch, to: changed.credentialEpoch })
  } else {
    await endSessionsOf(ctx, user.subject)
    apiTokens = await revokeApiTokensOf(ctx, user.subject)
  }
  await resetUserBuckets(ctx, user.subject)
  const details = { must_change: options.mustChange ?? false, sessions: running.length, api_tokens: apiTokens }
  await recordAbout(ctx, user, 'password.set', details, options.keepSessions === true ? undefined : {})
  await notifyUser(ctx, changed, 'password-set')
  return changed
}

/**
 * Resets the buckets of a user, so that the next guess is allowed at once, and notifies the user; returns how many. Throws
 * `user.not_found`, `role.beyond_help` and, after three times, `help.mail_limit`.
 */
export function unlockUser(ctx: ChangeDeps, ref: UserRef): Promise<number> {
  return withTargetUser(ctx, ref, 'throttle.unblocked', async (tx, user) => {
    requireHelpable(tx.principal, user, 'users:write')
    const opened = await resetUserBuckets(tx, user.subject)
    if (opened === 0) return opened
    await requireWithinLimit(tx, 'unlocked', user)
    await recordAbout(tx, user, 'throttle.unblocked', { buckets: opened })
    await notifyUser(tx, user, 'unlocked')
    return opened
  })
}

// Each time allows further guesses and sends mails, so a stolen session of a helper could guess on and fill a mailbox. The operator, who can
// write the database anyway, opens the account of a user for whom others have used up the limit.
async function requireWithinLimit(tx: ChangeDeps, kind: 'unlocked' | 'reset', { subject }: User): Promise<void> {
  if (tx.principal.kind !== 'operator') await requireMailWithinLimit(tx, sentMailBucket(kind, subject))
}

/**
 * Ends one session of any user. Throws `session.not_found` if it has ended or does not exist, and `role.beyond_own` if its user has a
 * permission that the principal lacks.
 */
export async function revokeSession(ctx: ChangeDeps, id: string): Promise<void> {
  // A session never gets another owner, so this may be read before the transaction.
  const subject = await selectSessionOwner(ctx.db, id)
  const owner = subject === undefined ? undefined : await findUser(ctx, subject)
  if (owner === undefined) throw new Refusal('session.not_found')
  await withTargetUser(ctx, owner, 'session.ended', async (tx, user) => {
    if (!(await endSession(tx, { subject: user.subject, id }))) throw new Refusal('session.not_found')
    await recordEvent(tx, {
      action: 'session.ended',
      target: user.subject,
      details: { session: id },
      ending: { sessionId: id },
    })
  })
}
