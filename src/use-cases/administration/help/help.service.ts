// What the help desk does for a user without permissions. It sees no link to a password or an invitation: with one it could be the user.
import type { EventAction } from '#domain/audit/event.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { findUnusedLink } from '#domain/links/link.service.ts'
import { isMailOn } from '#domain/mail/mail.service.ts'
import { queuePasswordLinkOfHelp } from '#domain/mail/password-link.service.ts'
import { emailTagOf } from '#domain/mail/password-link.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import type { NewExemption } from '#domain/policies/rollout/exemption.ts'
import {
  helpablePolicies,
  type HelpablePolicy,
  lastHelpExemption,
  noteHelpExemption,
} from '#domain/policies/rollout/help-exemption.service.ts'
import { fieldErrorsInHelpExemption, nextHelpExemption } from '#domain/policies/rollout/help-exemption.ts'
import { mailBucket, requireMailWithinLimit } from '#domain/throttle/mail-limit.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { foldName } from '#foundation/kernel/fold.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import { readUser, recordAbout, sealTargetSecret, type UserRef, withTargetUser } from '../access/access.service.ts'
import { requireHelpable } from '../access/role-grant.service.ts'
import { readRefusedEvent, type RefusedEvent } from '../audit/refused-event.service.ts'
import { issueMailedInvitation, requireInvitable } from '../invitations/invitation.service.ts'
import type { MailedInvitation } from '../invitations/invitation.ts'
import { type ExemptUser, giveExemption } from '../policy-rollout/exemptions.service.ts'

/** The network of an event of the operator, which came over none. */
const LOCAL = 'local'

/** What the help desk can do for a user now. */
export interface Help {
  /** The verified email to which a link to a new password can be mailed, or why it cannot. */
  readonly password: Mailable
  /** The email to which the invitation can be sent again, or why it cannot; null for a user who needs none. */
  readonly invitation: Mailable | null
  /** The policies from which the help desk may exempt the user. */
  readonly policies: readonly HelpablePolicy[]
  /** From when on it may exempt them again; null if it may now. */
  readonly nextExemption: Instant | null
}

/** An email, or why there is none. */
type Mailable = { readonly to: string } | { readonly refusal: Refusal }

export async function helpFor(ctx: With<'db' | 'now' | 'config' | 'principal'>, user: User): Promise<Help> {
  return {
    password: await passwordRecipient(ctx, user),
    invitation: user.secondFactorAt === null ? await invitationRecipient(ctx, user) : null,
    policies: await helpablePolicies(ctx, user),
    nextExemption: nextHelpExemption(await lastHelpExemption(ctx, user), ctx.now),
  }
}

/** The verified email to which a link to a new password can be mailed. */
async function passwordRecipient(ctx: With<'db' | 'now' | 'config' | 'principal'>, user: User): Promise<Mailable> {
  const refused = await whyNoLink(ctx, user)
  if (refused) return { refusal: refused }
  const { email } = user
  if (email === null || emailTagOf(user) === null) return { refusal: new Refusal('help.unverified_email') }
  return mayGetPasswordLink(ctx, user) ? { to: email } : { refusal: new Refusal('help.both_resets') }
}

async function invitationRecipient(ctx: With<'db' | 'now' | 'config'>, user: User): Promise<Mailable> {
  const refused = await whyNoLink(ctx, user)
  if (refused) return { refusal: refused }
  const to = await invitedEmail(ctx, user)
  return to === null ? { refusal: new Refusal('help.not_mailed') } : { to }
}

/** Why no link at all can be mailed to a user. */
async function whyNoLink(ctx: With<'db' | 'now' | 'config'>, user: User): Promise<Refusal | undefined> {
  if (!isMailOn(ctx.config)) return new Refusal('help.mail_off')
  return (await whyShutOut(ctx, user)) === undefined ? undefined : new Refusal('help.shut_out')
}

/** The email to which the last invitation was mailed, if it is still that of the user; null where there is none. */
async function invitedEmail(ctx: With<'db'>, user: User): Promise<string | null> {
  const mailedTo = (await findUnusedLink(ctx, 'invitation', user))?.mailedTo ?? null
  const isSame = mailedTo !== null && user.email !== null && foldName(mailedTo) === foldName(user.email)
  return isSame ? user.email : null
}

export interface MailedPasswordLink {
  readonly mailedTo: string
  readonly expiresAt: Instant
}

/**
 * Mails a user the link to a new password, at the verified email. No page shows it, and the password stays until it is used. Throws
 * `user.not_found`, `role.beyond_own`, `role.beyond_help`, `help.mail_off`, `help.shut_out`, `help.unverified_email`, `help.both_resets` and,
 * after three mails within an hour, `help.mail_limit`.
 */
export function mailPasswordLink(ctx: ChangeDeps, ref: UserRef): Promise<MailedPasswordLink> {
  return helping(ctx, ref, 'password_link.mailed', async (tx, user) => {
    const recipient = await passwordRecipient(tx, user)
    if ('refusal' in recipient) throw recipient.refusal
    await requireMailWithinLimit(tx, mailBucket(tx, user.username, user.subject))
    const expiresAt = await queuePasswordLinkOfHelp(tx, { ...user, email: recipient.to })
    await recordAbout(tx, user, 'password_link.mailed', { expires_at: toRfc3339(expiresAt) })
    return { mailedTo: recipient.to, expiresAt }
  })
}

/** Without a second step, as after a reset of it, the password is all that protects the account: a link to a new one needs `users:write`. */
function mayGetPasswordLink({ principal }: With<'principal'>, { secondFactorAt }: User): boolean {
  return secondFactorAt !== null || permissionsOf(principal).includes('users:write')
}

/**
 * Sends a user a new invitation, to the email that the last one was mailed to. Throws `user.not_found`, `role.beyond_own`,
 * `role.beyond_help`, `user.already_enrolled`, `user.disabled`, `user.expired`, `help.mail_off`, `help.not_mailed` and, after three mails within
 * an hour, `help.mail_limit`.
 */
export async function mailInvitationAgain(
  ctx: ChangeDeps,
  ref: UserRef,
): Promise<{ readonly user: User; readonly mailed: MailedInvitation }> {
  await sealTargetSecret(ctx, ref)
  return helping(ctx, ref, 'invitation.issued', async (tx, user) => {
    requireInvitable(tx, user)
    if (!isMailOn(tx.config)) throw new Refusal('help.mail_off')
    if ((await invitedEmail(tx, user)) === null) throw new Refusal('help.not_mailed')
    const invited = await updateUser(tx, user, { invitedAt: tx.now })
    return { user: invited, mailed: await issueMailedInvitation(tx, invited) }
  })
}

/**
 * Exempts a user from a policy that lets the help desk do so: for at most 14 days, once in 90 days from whichever policy. The user is
 * notified. Throws `user.not_found`, `role.beyond_own`, `role.beyond_help`, `request.validation_failed`, `help.policy_forbids`,
 * `help.exempt_already`, `help.exempted_recently` and `policy.exemption_useless`.
 */
export function exemptForHelp(
  ctx: ChangeDeps,
  ref: UserRef,
  { policyId, ...wanted }: NewExemption & { readonly policyId: string },
): Promise<ExemptUser> {
  return helping(ctx, ref, 'policy.exempted', async (tx, user) => {
    requireNoFieldErrors(fieldErrorsInHelpExemption(wanted.endsAt, tx.now))
    // First the row of the user, on which a second helper waits.
    await noteHelpExemption(tx, user)
    const exempt = await giveExemption(tx, user, policyId, { ...wanted, byHelp: true }, requireAllowed)
    await notifyUser(tx, user, 'policy-exempted', { exempt_until_at: toRfc3339(exempt.endsAt) })
    return exempt
  })
}

/** Checked while no other transaction changes the policies. An exemption that an admin gave would be replaced by a shorter one. */
async function requireAllowed(tx: ChangeDeps, user: User, policyId: string): Promise<void> {
  const policy = (await helpablePolicies(tx, user)).find(({ id }) => id === policyId)
  if (policy === undefined) throw new Refusal('help.policy_forbids')
  if (policy.exemptUntil !== null) throw new Refusal('help.exempt_already')
}

/**
 * Returns a refusal of this user by its reference, without those that other users met at the account. Throws `user.not_found`,
 * `role.beyond_help`, and `audit_event.not_found` also for the refusal of another user.
 */
export async function readRefusalOf(
  ctx: With<'db' | 'now' | 'config' | 'principal'>,
  ref: UserRef,
  reference: string,
): Promise<{ readonly user: User; readonly event: RefusedEvent }> {
  const user = await readUser(ctx, ref)
  requireHelpable(ctx.principal, user, 'audit:read')
  const event = await readRefusedEvent(ctx, reference)
  const { person, actor, network } = event
  // A refusal without an actor is one before the sign-in, or of the operator on the server.
  const isOwn = actor === null ? network !== LOCAL : actor.subject === user.subject
  const isTheirs = person?.subject === user.subject && isOwn
  if (!isTheirs) throw new Refusal('audit_event.not_found')
  return { user, event }
}

function helping<Result>(
  ctx: ChangeDeps,
  ref: UserRef,
  action: EventAction,
  work: (tx: InTransaction<ChangeDeps>, user: User) => Promise<Result>,
): Promise<Result> {
  return withTargetUser(ctx, ref, action, (tx, user) => {
    requireHelpable(tx.principal, user)
    return work(tx, user)
  })
}
