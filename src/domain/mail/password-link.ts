// The link by which a user chooses a new password, mailed to a verified email.
// Tested in test/attacks/password-reset.test.ts.
import type { User } from '#domain/users/user.ts'
import { foldName } from '#foundation/kernel/fold.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'

/** The page of the link; the token is its last segment. */
export const RESET_PATH = '/password-reset'

/** Returns a hash of the user's verified email, which the link is bound to; null without a verified email. */
export function emailTagOf({ email, emailVerifiedAt }: Pick<User, 'email' | 'emailVerifiedAt'>): string | null {
  return email === null || emailVerifiedAt === null ? null : hashOf(Secret.of(foldName(email)))
}
