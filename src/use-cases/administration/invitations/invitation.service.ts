// Issues invitations.
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { type IssuedLink, issueLink } from '#domain/links/link.service.ts'
import { isMailOn, queueMail } from '#domain/mail/mail.service.ts'
import { withdrawMailedLinks } from '#domain/mail/mailed-links.service.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import { requireMailWithinLimit, sentMailBucket } from '#domain/throttle/mail-limit.service.ts'
import { isExpired } from '#domain/users/account-expiry.ts'
import { updateUser } from '#domain/users/user.service.ts'
import { statusOf, type User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { isAuthenticated, type PrincipalUser } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { type Duration, toRfc3339 } from '#foundation/kernel/time.ts'
import { recordAbout, sealTargetSecret, type UserRef, withTargetUser } from '../access/access.service.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { requireFreshAuthenticationToGrant } from '../access/role-grant.service.ts'
import {
  type Delivery,
  fieldErrorsInDelivery,
  type Invitation,
  INVITATION_PATH,
  type MailedInvitation,
} from './invitation.ts'
import {
  type InvitationMail,
  selectInvitationMail,
  selectInvitations,
  type UnusedInvitation,
} from './invitations.view.ts'

export interface InvitationWish {
  /** The lifetime in milliseconds; the configured one if left out. */
  readonly lifetime?: Duration | null | undefined
  /** The language of a mail to a user who has none, such as that of the page; that of the inviter if left out. */
  readonly locale?: string | null | undefined
}

export interface Invited {
  readonly user: User
  readonly invitation: Invitation
}

/**
 * Creates an invitation and revokes earlier ones. Throws `user.not_found`; `user.already_enrolled` for a user with a second factor,
 * since the link would replace a password in use; `user.disabled`, `user.expired`; and `access.reauthentication_required` for a user with permissions
 * without recent authentication, since the link gives access to that account.
 */
export async function inviteUser(ctx: ChangeDeps, ref: UserRef, wish: InvitationWish = {}): Promise<Invited> {
  await sealTargetSecret(ctx, ref)
  return withTargetUser(ctx, ref, 'invitation.issued', async (tx, user) => {
    requireInvitable(tx, user)
    await requireInvitationApproval(tx, user, wish, 'link')
    const invited = await updateUser(tx, user, { invitedAt: tx.now })
    return { user: invited, invitation: await issueInvitation(tx, invited, wish) }
  })
}

/**
 * Does the same, but sends the link to the user's email by mail and does not return it. Throws also `request.validation_failed` if
 * mail is off or the user has no email, and `help.mail_limit` after three mails within an hour.
 */
export async function mailInvitation(
  ctx: ChangeDeps,
  ref: UserRef,
  wish: InvitationWish = {},
): Promise<{ readonly user: User; readonly mailed: MailedInvitation }> {
  await sealTargetSecret(ctx, ref)
  return withTargetUser(ctx, ref, 'invitation.issued', async (tx, user) => {
    requireInvitable(tx, user)
    requireMailDelivery(tx, user.email)
    await requireInvitationApproval(tx, user, wish, 'mail')
    const invited = await updateUser(tx, user, { invitedAt: tx.now })
    return { user: invited, mailed: await issueMailedInvitation(tx, invited, wish) }
  })
}

async function requireInvitationApproval(
  ctx: InTransaction<ChangeDeps>,
  user: User,
  { lifetime = null }: InvitationWish,
  delivery: Delivery,
): Promise<void> {
  if (isPrivileged(user)) await requireApproval(ctx, { kind: 'invite', values: { lifetime, delivery } }, user)
}

/** Throws `request.validation_failed`, at `/delivery`, if an invitation cannot be mailed to this email. */
function requireMailDelivery(ctx: With<'config'>, email: string | null | undefined): void {
  requireNoFieldErrors(fieldErrorsInDelivery('mail', { isOn: isMailOn(ctx.config), email }))
}

/** Throws what `inviteUser` throws for this user. */
export function requireInvitable(ctx: With<'principal' | 'now' | 'config'>, user: User): void {
  if (user.disabled) throw new Refusal('user.disabled')
  if (isExpired(user, ctx.now)) throw new Refusal('user.expired')
  if (user.secondFactorAt !== null) throw new Refusal('user.already_enrolled')
  requireFreshAuthenticationToGrant(ctx, user.rolePermissions)
}

/** Issues and records an invitation, inside a transaction. `user` must be current, since the link holds their credential epoch. */
export async function issueInvitation(ctx: ChangeDeps, user: User, wish: InvitationWish = {}): Promise<Invitation> {
  const { link, token } = await issueRecorded(ctx, user, wish, null)
  return { token, expiresAt: link.expiresAt }
}

/**
 * The same for an invitation that is mailed: the mail is queued in the transaction, and the link remembers the email. Throws
 * `help.mail_limit` after three within an hour.
 */
export async function issueMailedInvitation(
  ctx: InTransaction<ChangeDeps>,
  user: User,
  wish: InvitationWish = {},
): Promise<MailedInvitation> {
  const mailedTo = user.email ?? ''
  await requireMailWithinLimit(ctx, sentMailBucket('invitation', user.subject))
  const issued = await issueRecorded(ctx, user, wish, mailedTo)
  const { principal } = ctx
  const inviter = isAuthenticated(principal) || principal.kind === 'approved' ? principal.user : undefined
  await queueInvitation(ctx, user, issued, { template: 'invitation', inviter, locale: wish.locale })
  return { mailedTo, expiresAt: issued.link.expiresAt }
}

interface InvitationMailWish {
  readonly template: 'invitation' | 'invitation-reminder'
  /** Undefined for the operator and for a deleted user. */
  readonly inviter: Pick<PrincipalUser, 'username' | 'locale'> | undefined
  readonly locale?: string | null | undefined
}

/** Queues the mail of a link, in the language of the user, else in `locale`, else in that of the inviter. */
export async function queueInvitation(
  ctx: InTransaction<ChangeDeps>,
  user: User,
  { link: { id, expiresAt, mailedTo }, token }: IssuedLink,
  { template, inviter, locale }: InvitationMailWish,
): Promise<void> {
  await queueMail(ctx, {
    template,
    recipient: mailedTo ?? '',
    subject: user.subject,
    locale: user.locale ?? locale ?? inviter?.locale ?? null,
    facts: {
      name: user.username,
      expires_at: toRfc3339(expiresAt),
      ...(inviter && { invited_by: inviter.username }),
      ...(user.expiresAt !== null && { account_expires_at: toRfc3339(user.expiresAt) }),
      ...(user.timeZone !== null && { time_zone: user.timeZone }),
    },
    link: { id, path: INVITATION_PATH, token, expiresAt },
  })
}

async function issueRecorded(ctx: ChangeDeps, user: User, { lifetime }: InvitationWish, mailedTo: string | null) {
  const { subject, credentialEpoch: epoch } = user
  await withdrawMailedLinks(ctx, subject, ['invitation'])
  const wanted = { purpose: 'invitation', subject, epoch, lifetime: lifetime ?? ctx.config.invitationLifetime } as const
  const issued = await issueLink(ctx, { ...wanted, mailedTo })
  const delivery = mailedTo === null ? 'link' : 'mail'
  await recordAbout(ctx, user, 'invitation.issued', { expires_at: toRfc3339(issued.link.expiresAt), delivery })
  return issued
}

/** Returns by subject the last invitation of each invited user, expired or not. */
export async function lastInvitations(
  ctx: With<'db'>,
  users: readonly User[],
): Promise<ReadonlyMap<string, UnusedInvitation>> {
  const invited = users.filter((user) => statusOf(user) === 'invited').map(({ subject }) => subject)
  const made = invited.length === 0 ? [] : await selectInvitations(ctx.db, invited)
  return new Map(made.map((one) => [one.subject, one]))
}

/** Returns how far the mail of a user's open invitation has come; undefined if it was not mailed, or long ago. */
export function invitationMail(ctx: With<'db'>, user: User): Promise<InvitationMail | undefined> {
  return selectInvitationMail(ctx.db, { subject: user.subject, epoch: user.credentialEpoch })
}
