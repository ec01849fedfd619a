import type { User } from '../../../domain/users/user.ts'

/** The best that somebody can do the second step with, as lists tell it. */
export function secondFactorOf({ passkeyAt, secondFactorAt }: User): 'passkey' | 'app' | 'none' {
  if (secondFactorAt === null) return 'none'
  return passkeyAt === null ? 'app' : 'passkey'
}
