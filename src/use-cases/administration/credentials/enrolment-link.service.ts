// The link by which a user enrols a new second factor after a reset, and the mail that tells of the reset.
import { issueLink, withdrawLinks } from '../../../domain/links/link.service.ts'
import { queueMail } from '../../../domain/mail/mail.service.ts'
import type { User } from '../../../domain/users/user.ts'
import type { Secret } from '../../../foundation/kernel/secret.ts'
import { toRfc3339 } from '../../../foundation/kernel/time.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import { recordAbout } from '../access/access.service.ts'
import type { ChangeDeps } from '../access/access.service.ts'
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
 * `user` must be current, since the link holds the credential epoch.
 */
export async function replaceEnrolmentLink(ctx: ChangeDeps, user: User): Promise<EnrolmentLink | null> {
  const { subject, credentialEpoch: epoch, email, emailVerifiedAt, locale, timeZone } = user
  await withdrawLinks(ctx, { purpose: 'enrolment', subject })
  const issued =
    user.hashedPassword === null || user.disabled
      ? null
      : await issueLink(ctx, { purpose: 'enrolment', subject, epoch, lifetime: ctx.config.invitationLifetime })
  const ends = issued && toRfc3339(issued.link.expiresAt)
  if (ends !== null) await recordAbout(ctx, user, 'enrolment_link.issued', { expires_at: ends })
  const link = issued && {
    id: issued.link.id,
    path: ENROLMENT_LINK_PATH,
    token: issued.token,
    expiresAt: issued.link.expiresAt,
  }
  const facts = {
    name: user.username,
    ...(ends !== null && { link_ends_at: ends }),
    ...(timeZone !== null && { time_zone: timeZone }),
  }
  const told = email !== null && emailVerifiedAt !== null
  const mail = told
    ? await queueMail(ctx, {
        template: 'second-step-reset',
        recipient: email,
        subject,
        locale,
        facts,
        ...(link !== null && { link }),
      })
    : null
  return issued && { token: issued.token, expiresAt: issued.link.expiresAt, mailed: mail !== null }
}
