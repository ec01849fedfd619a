// The rules of a forgotten password: who gets the mail, and whether its link still works.
//
//   request ──┬─▶ nothing       unknown, shut out, without a verified address, or three mails within the hour
//             └─▶ mailed link ──┬─▶ new password ──▶ second-factor, enrolment or complete, as after the password of a sign-in
//                               └─▶ expired, used, or credentials or address changed since
import type { ShutOutReason } from '../../domain/users/account-expiry.ts'
import type { User } from '../../domain/users/user.ts'
import { foldName } from '../../foundation/kernel/fold.ts'
import { hashOf } from '../../foundation/kernel/secret-token.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import { minutes } from '../../foundation/kernel/time.ts'

/** How long the link of a forgotten password works. */
export const RESET_LIFETIME = minutes(30)

/** The page of the link; the token is its last segment. */
export const RESET_PATH = '/password-reset'

/** Why a request sends no mail; recorded in the audit log, never answered (enumeration). */
export type NoMail = 'unknown_user' | ShutOutReason | 'unverified_email'

/** Returns why this user gets no mail; undefined if the mail may be sent to the user's address. */
export function reasonForNoMail(user: User | undefined, shutOut: ShutOutReason | undefined): NoMail | undefined {
  if (user === undefined) return 'unknown_user'
  if (shutOut !== undefined) return shutOut
  return addressTagOf(user) === null ? 'unverified_email' : undefined
}

/** Returns a hash of the user's verified address, which the link is bound to; null without a verified address. */
export function addressTagOf({ email, emailVerifiedAt }: Pick<User, 'email' | 'emailVerifiedAt'>): string | null {
  return email === null || emailVerifiedAt === null ? null : hashOf(Secret.of(foldName(email)))
}

/**
 * Whether the user is as the link was issued: of the same credential epoch, and with the address that the mail went to. A link to a former
 * address would give the account to its new owner.
 */
export function isStillFor(
  link: { readonly epoch: number; readonly about: string | null },
  user: Pick<User, 'credentialEpoch' | 'email' | 'emailVerifiedAt'>,
): boolean {
  return link.epoch === user.credentialEpoch && link.about !== null && link.about === addressTagOf(user)
}
