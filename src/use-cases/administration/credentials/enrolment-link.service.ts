// The link by which a user enrols a new second factor after a reset, and the mail that tells of the reset.
import { issueLink, withdrawLinks } from '../../../domain/links/link.service.ts'
import { queueMail } from '../../../domain/mail/mail.service.ts'
import type { NewMail } from '../../../domain/mail/mail.service.ts'
import type { User } from '../../../domain/users/user.ts'
import type { Secret } from '../../../foundation/kernel/secret.ts'
import { toRfc3339 } from '../../../foundation/kernel/time.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import { recordAbout } from '../access/access.service.ts'
import type { ChangeDeps } from '../access/access.service.ts'
import type { Invitation } from '../invitations/invitation.ts'
import { ENROLMENT_LINK_PATH } from './enrolment-link.ts'

export interface EnrolmentLink {
  /** Shown once; only its hash is stored. It opens nothing without the password. */
  readonly token: Secret
  readonly expiresAt: Instant
  /** Whether the link was also queued for the user's verified address. */
  readonly mailed: boolean
}

/**
 * Issues the link that replaces earlier ones, and tells the user at a verified address that the second step was reset; inside the
 * transaction of the reset. Returns null for a user without a password, whom the link could not ask for it, and for a disabled one.
 * `user` must be current, since the link holds the credential epoch; `invitation` is the one that follows a reset of the password.
 */
export async function replaceEnrolmentLink(
  ctx: ChangeDeps,
  user: User,
  invitation: Invitation | null,
): Promise<EnrolmentLink | null> {
  const { subject, credentialEpoch: epoch } = user
  await withdrawLinks(ctx, { purpose: 'enrolment', subject })
  if (user.hashedPassword === null || user.disabled) {
    await tellOfReset(ctx, user, { invitation_ends_at: invitation?.expiresAt })
    return null
  }
  const lifetime = ctx.config.invitationLifetime
  const { link, token } = await issueLink(ctx, { purpose: 'enrolment', subject, epoch, lifetime })
  const { id, expiresAt } = link
  await recordAbout(ctx, user, 'enrolment_link.issued', { expires_at: toRfc3339(expiresAt) })
  const sent = { id, path: ENROLMENT_LINK_PATH, token, expiresAt }
  const mail = await tellOfReset(ctx, user, { link_ends_at: expiresAt }, sent)
  return { token, expiresAt, mailed: mail !== null }
}

/** Queues the mail to the user's verified address; returns its id, and null where there is no such address or no mail. */
async function tellOfReset(
  ctx: ChangeDeps,
  { subject, username, email, emailVerifiedAt, locale, timeZone }: User,
  ends: Readonly<Record<string, Instant | undefined>>,
  link?: NewMail['link'],
): Promise<string | null> {
  if (email === null || emailVerifiedAt === null) return null
  const times = Object.entries(ends).flatMap(([name, at]) => (at === undefined ? [] : [[name, toRfc3339(at)] as const]))
  const facts = { name: username, ...Object.fromEntries(times), ...(timeZone !== null && { time_zone: timeZone }) }
  const mail = { template: 'second-step-reset', recipient: email, subject, locale, facts } as const
  return queueMail(ctx, { ...mail, ...(link !== undefined && { link }) })
}
