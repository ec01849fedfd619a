// The rules of a forgotten password: who gets the mail, and whether its link still works.
//
//   request ──┬─▶ nothing       unknown, shut out, without a verified email, or three mails within the hour
//             └─▶ mailed link ──┬─▶ new password ──▶ second-factor, enrolment or complete, as after the password of a sign-in
//                               └─▶ expired, used, or credentials or email changed since
// Tested in test/attacks/password-reset.test.ts.
import { emailTagOf } from '#domain/mail/password-link.ts'
import type { ShutOutReason } from '#domain/users/account-expiry.ts'
import type { User } from '#domain/users/user.ts'

/** Why a request sends no mail; recorded in the audit log, never answered (enumeration). */
export type NoMail = 'unknown_user' | ShutOutReason | 'unverified_email'

/** Returns why this user gets no mail; undefined if the mail may be sent to the user's email. */
export function reasonForNoMail(user: User | undefined, shutOut: ShutOutReason | undefined): NoMail | undefined {
  if (user === undefined) return 'unknown_user'
  if (shutOut !== undefined) return shutOut
  return emailTagOf(user) === null ? 'unverified_email' : undefined
}

/**
 * Whether the user is as the link was issued: of the same credential epoch, and with the email that the mail went to. A link to a former
 * email would give the account to its new owner.
 */
export function isStillFor(
  link: { readonly epoch: number; readonly about: string | null },
  user: Pick<User, 'credentialEpoch' | 'email' | 'emailVerifiedAt'>,
): boolean {
  return link.epoch === user.credentialEpoch && link.about !== null && link.about === emailTagOf(user)
}
