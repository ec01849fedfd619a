import type { User } from '../../../domain/users/user.ts'

/** The strongest second factor of a user, as lists show it. */
export function secondFactorOf({ passkeyAt, secondFactorAt }: User): 'passkey' | 'app' | 'none' {
  if (secondFactorAt === null) return 'none'
  return passkeyAt === null ? 'app' : 'passkey'
}
