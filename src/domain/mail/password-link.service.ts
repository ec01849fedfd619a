// Issues the link to a new password and queues its mail: for a user who asks for it, or for the help desk.
import { issueLink, withdrawLinks } from '#domain/links/link.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { isAuthenticated } from '#foundation/kernel/principal.ts'
import { RESET_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { queueMail } from './mail.service.ts'
import { emailTagOf, RESET_PATH } from './password-link.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/**
 * Issues the link that a name was asked for, which ends earlier ones of the user, and queues its mail. A name without a user runs the same
 * statements (response time).
 */
export async function queueRequestedPasswordLink(
  tx: InTransaction<Deps>,
  login: string,
  user: User | undefined,
): Promise<void> {
  const { link, token } = await replaceLink(tx, user, null)
  await queueMail(tx, {
    template: 'password-reset',
    recipient: user?.email ?? login,
    subject: user?.subject ?? null,
    locale: user?.locale ?? null,
    facts: { name: user?.username ?? login },
    link: { id: link.id, path: RESET_PATH, token, expiresAt: link.expiresAt },
  })
}

/** The same for a user whom the help desk helps; returns when the link expires. Its email must be verified. */
export async function queuePasswordLinkOfHelp(
  tx: InTransaction<Deps>,
  user: User & { readonly email: string },
): Promise<Instant> {
  const { principal } = tx
  const { subject, username, email, locale } = user
  const { link, token } = await replaceLink(tx, user, email)
  await queueMail(tx, {
    template: 'password-link',
    recipient: email,
    subject,
    locale,
    facts: { name: username, ...(isAuthenticated(principal) && { admin: principal.user.username }) },
    link: { id: link.id, path: RESET_PATH, token, expiresAt: link.expiresAt },
  })
  return link.expiresAt
}

async function replaceLink(tx: Deps, user: User | undefined, mailedTo: string | null) {
  const subject = user?.subject ?? null
  await withdrawLinks(tx, { purpose: 'password-reset', subject: subject ?? tx.newId() })
  return issueLink(tx, {
    purpose: 'password-reset',
    subject,
    epoch: user?.credentialEpoch ?? 0,
    lifetime: RESET_LIFETIME,
    about: user === undefined ? null : emailTagOf(user),
    mailedTo,
  })
}
