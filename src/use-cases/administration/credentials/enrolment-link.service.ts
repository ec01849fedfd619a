// The link by which a user enrols a new second factor after a reset, and its mail.
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { issueLink, withdrawLinks } from '#domain/links/link.service.ts'
import { type NewMail, queueMail } from '#domain/mail/mail.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction } from '#foundation/context.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import { recordAbout } from '../access/access.service.ts'
import { ENROLMENT_LINK_PATH } from './enrolment-link.ts'

export interface EnrolmentLink {
  /** Shown once; only its hash is stored. It opens nothing without the password. */
  readonly token: Secret
  readonly expiresAt: Instant
  /** Whether the link was also queued for the user's verified email. */
  readonly mailed: boolean
}

/**
 * Issues the link that replaces earlier ones, and queues it for the user's verified email; inside the transaction of the reset. Returns
 * null for a user without a password, whom the link could not ask for it, and for one who is shut out. `user` must be current, since the
 * link holds the credential epoch.
 */
export async function replaceEnrolmentLink(ctx: InTransaction<ChangeDeps>, user: User): Promise<EnrolmentLink | null> {
  const { subject, credentialEpoch: epoch } = user
  await withdrawLinks(ctx, { purpose: 'enrolment', subject })
  if (user.hashedPassword === null || (await whyShutOut(ctx, user)) !== undefined) return null
  const lifetime = ctx.config.invitationLifetime
  const { link, token } = await issueLink(ctx, { purpose: 'enrolment', subject, epoch, lifetime })
  const { id, expiresAt } = link
  await recordAbout(ctx, user, 'enrolment_link.issued', { expires_at: toRfc3339(expiresAt) })
  const mail = await mailLink(ctx, user, { id, path: ENROLMENT_LINK_PATH, token, expiresAt })
  return { token, expiresAt, mailed: mail !== null }
}

/** Queues the mail to the user's verified email; returns its id, and null where there is no such email or no mail. */
async function mailLink(
  ctx: InTransaction<ChangeDeps>,
  { subject, username, email, emailVerifiedAt, locale, timeZone }: User,
  link: NonNullable<NewMail['link']>,
): Promise<string | null> {
  if (email === null || emailVerifiedAt === null) return null
  const zone = timeZone !== null && { time_zone: timeZone }
  const facts = { name: username, link_ends_at: toRfc3339(link.expiresAt), ...zone }
  return queueMail(ctx, { template: 'second-step-reset', recipient: email, subject, locale, facts, link })
}
